"""The trail of a figure: entered, changed, submitted, returned, approved, oldest first."""

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import translation

from indicators.models import Origin
from reports.trails import _describe_act, list_steps, write_figure
from tests.builders import Q3, make_figure, make_world

AT = datetime(2018, 10, 12, 1, 41, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def figure(**fields):
    nothing = {"value": None, "numerator": None, "denominator": None, "nothing_occurred": False}
    return SimpleNamespace(**(nothing | fields))


@pytest.mark.parametrize(
    ("fields", "unit", "said"),
    [
        ({"value": Decimal(64)}, "days", "64\u00a0days"),
        ({"value": Decimal("93.5")}, "%", "93.5%"),
        ({"numerator": Decimal(1862), "denominator": Decimal(2000)}, "", "1\u202f862 / 2\u202f000"),
        ({"numerator": Decimal(3)}, "", "3 / —"),
        ({"nothing_occurred": True}, "", "none this quarter"),
        ({}, "days", "—"),
    ],
)
def test_figures_in_words(fields, unit, said):
    assert write_figure(figure(**fields), unit) == said


def act(status, **fields):
    nobody = {"submitted_by": None, "submitted_at": None, "decided_by": None, "decided_at": None, "reason": ""}
    return SimpleNamespace(status=status, **(nobody | fields))


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (act("submitted", submitted_by="Li Min", submitted_at=AT), "Li Min submitted the form"),
        (act("returned", decided_by="Wang", decided_at=AT, reason="check it"), "Wang returned it: check it"),
        (act("approved", decided_by="Wang", decided_at=AT), "Wang approved it"),
    ],
)
def test_acts_in_words(event, said):
    step = _describe_act(event)
    assert step is not None
    assert (step.text, step.time) == (said, "2018-10-12 09:41")


@pytest.mark.parametrize("event", [act("draft"), act("submitted"), act("approved"), act("withdrawn")])
def test_acts_without_a_person_are_no_steps(event):
    assert _describe_act(event) is None


@pytest.mark.django_db
def test_published_and_invented_figures_say_where_they_come_from():
    world = make_world(counties=0)
    series = world.allocations[0].series
    first = make_figure(series, Q3, origin=Origin.PUBLISHED)
    steps = list_steps(series, Q3, figures=[first], programme_id=world.programme.pk)
    assert [step.text for step in steps] == [f"Taken from a publication: {first.source.title}"]
    other = make_figure(world.allocations[1].series, Q3)
    steps = list_steps(world.allocations[1].series, Q3, figures=[other], programme_id=world.programme.pk)
    assert [step.text for step in steps] == ["Invented for the demonstration"]
