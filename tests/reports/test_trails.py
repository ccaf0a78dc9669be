"""The trail of a figure in sentences: entered, changed, submitted, returned, approved, oldest first."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from types import SimpleNamespace

import pytest
from django.db.models import F
from django.utils import translation

from indicators.models import ApprovedFigure, Figure, Origin, Submission
from indicators.models.submission import Status
from indicators.selectors.trail import TrailLine, list_figure_trail
from reports.trails import Step, list_steps, write_step
from tests.builders import Q3, make_figure, make_world
from tests.integration.entry_world import make_world as make_entry_world

AT = datetime(2018, 10, 12, 1, 41, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


DAYS = SimpleNamespace(is_counted=False, unit="days", scale=0)


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("act", "fields", "said"),
    [
        ("enter", {"after": Figure(value=Decimal(64))}, "Li Min entered 64 days"),
        ("enter", {"after": Figure(value=Decimal(64)), "words": "rain"}, "Li Min entered 64 days: rain"),
        ("change", {"after": Figure(value=Decimal("63.5"))}, "Li Min changed it to 63.5 days"),
        ("change", {"after": Figure(nothing_occurred=True)}, "Li Min changed it to none this quarter"),
        ("clear", {"after": Figure()}, "Li Min cleared it"),
        ("submit", {}, "Li Min submitted the form"),
        ("withdraw", {}, "Li Min withdrew the form"),
        ("return", {"words": "check it"}, "Li Min returned it: check it"),
        ("return", {}, "Li Min returned it: —"),
        ("approve", {}, "Li Min approved it"),
        ("approve", {"words": "fine"}, "Li Min approved it"),
        ("reopen", {"words": "late figure"}, "Li Min reopened it: late figure"),
        ("ask", {"words": "wrong unit"}, "Li Min asked to reopen it: wrong unit"),
        ("submit", {"person": None}, "the system submitted the form"),
    ],
)
def test_steps_in_words(act, fields, said):
    line = TrailLine(**({"at": AT, "act": act, "person": "Li Min"} | fields))
    assert plain(write_step(line, DAYS)) == said
    assert Step(AT, said).time == "2018-10-12 09:41"


@pytest.mark.parametrize(
    ("origin", "submission", "said"),
    [
        (Origin.DEMONSTRATION, None, "Invented for the demonstration"),
        (Origin.DEMONSTRATION, 7, "Li Min approved it"),
        (Origin.REPORTED, 7, "Li Min approved it"),
    ],
)
def test_a_figure_that_a_form_brought_is_not_called_invented(origin, submission, said):
    figure = ApprovedFigure(value=Decimal(1), origin=origin, submission_id=submission)
    line = TrailLine(at=AT, act="approve", person="Li Min", after=figure, origin=origin)
    assert write_step(line, DAYS) == said


@pytest.mark.django_db
def test_published_and_invented_figures_say_where_they_come_from():
    world = make_world(counties=0)
    series = world.allocations[0].series
    first = make_figure(series, Q3, origin=Origin.PUBLISHED)
    steps = list_steps(series, Q3, approved=[first])
    assert [step.text for step in steps] == [f"Taken from a publication: {first.source.title}"]
    other = make_figure(world.allocations[1].series, Q3)
    steps = list_steps(world.allocations[1].series, Q3, approved=[other])
    assert [step.text for step in steps] == ["Invented for the demonstration"]


@pytest.mark.django_db
def test_a_form_without_acts_tells_its_own_history_oldest_first(django_assert_max_num_queries):
    """The demonstration's forms come to their states at once; every page tells the same of them."""
    world = make_entry_world()
    series, form = world.rate, world.submission
    made = {"submission": form, "entered_by": world.clerk, "entered_at": AT}
    Figure.objects.create(series=series, quarter=Q3, numerator=1, denominator=2, **made)
    submitted = {"status": Status.SUBMITTED, "submitted_by": world.clerk}
    decided = {"decided_by": world.reviewer, "reason": "again"}
    acts = [submitted, decided | {"status": Status.RETURNED}, submitted, decided | {"status": Status.APPROVED}]
    for number, act in enumerate(acts):
        name = "decided_at" if "decided_by" in act else "submitted_at"
        rows = Submission.objects.filter(pk=form.pk)
        rows.update(version=F("version") + 1, **act, **{name: AT.replace(hour=2 + number)})
    with django_assert_max_num_queries(5):
        steps = list_steps(series, Q3, approved=[])
    told = [step.text.partition(" ")[2] for step in steps]
    expected = ["entered 1 / 2", "submitted the form", "returned it: again", "submitted the form", "approved it"]
    assert [text.partition(" ")[2] for text in told] == expected, "behind a name of two words"
    assert all(one.at <= other.at for one, other in pairwise(steps))
    lines = list_figure_trail(series, Q3)
    assert [line.at for line in lines] == [step.at for step in reversed(steps)]
