"""Denominators that carry over: which holds, when it fills a figure, and what the page refuses."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import translation

from departments.errors import Invalid, NotAllowed
from departments.models import AuditEntry, User
from indicators.actions.denominators import carry_denominator
from indicators.actions.figures import Entry, save_figure
from indicators.engine.period import Quarter
from indicators.models import CarriedDenominator
from indicators.selectors.denominators import load_carried
from indicators.selectors.entry import load_grid
from tests.integration.entry_world import QUARTER, World, make_world

D = Decimal


@pytest.fixture(autouse=True)
def english():  # type: ignore[no-untyped-def]
    with translation.override("en"):
        yield


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def carry(
    world: World, value: int = 500, *, since: str = "2018Q1", to: str = "", by: User | None = None, **more: object
):  # type: ignore[no-untyped-def]
    given = {"series": world.rate, "source": "Yearbook 2018, page 56"} | more
    return carry_denominator(
        submission=world.submission,
        value=D(value),
        valid_from=Quarter.parse(since),
        valid_to=Quarter.parse(to) if to else None,
        by=by or world.clerk,
        **given,
    )


def holding(world: World, quarter: str) -> Decimal | None:
    found = load_carried(series=[world.rate.pk], quarter=Quarter.parse(quarter)).get(world.rate.pk)
    return found.value if found else None


def test_it_holds_from_its_quarter_until_the_next_begins(world: World) -> None:
    carry(world, 500, since="2017Q1")
    carry(world, 600, since="2018Q1")
    assert [holding(world, quarter) for quarter in ("2016Q4", "2017Q1", "2017Q4", "2018Q1", "2020Q4")] == [
        None,
        500,
        500,
        600,
        600,
    ]


def test_it_ends_with_its_last_quarter(world: World) -> None:
    carry(world, to="2018Q2")
    assert (holding(world, "2018Q2"), holding(world, "2018Q3")) == (500, None)


def test_a_numerator_alone_takes_it(world: World) -> None:
    carry(world)
    figure = save_figure(submission=world.submission, series=world.rate, entry=Entry(numerator=D(480)), by=world.clerk)
    assert (figure.numerator, figure.denominator) == (480, 500)


def test_a_figures_own_denominator_wins(world: World) -> None:
    carry(world)
    entry = Entry(numerator=D(480), denominator=D(490))
    figure = save_figure(submission=world.submission, series=world.rate, entry=entry, by=world.clerk)
    assert figure.denominator == 490


def test_an_empty_figure_stays_empty(world: World) -> None:
    carry(world)
    for entry in (Entry(nothing_occurred=True), Entry(version_seen=1)):
        figure = save_figure(submission=world.submission, series=world.rate, entry=entry, by=world.clerk)
        assert (figure.numerator, figure.denominator) == (None, None)


def test_figures_saved_before_keep_theirs(world: World) -> None:
    carry(world)
    save_figure(submission=world.submission, series=world.rate, entry=Entry(numerator=D(480)), by=world.clerk)
    carry(world, 600)
    assert world.rate.figures.get().denominator == 500
    assert CarriedDenominator.objects.count() == 1
    assert AuditEntry.objects.filter(event="denominator_carried").count() == 2


def test_the_grid_knows_it(world: World) -> None:
    carry(world)
    row = load_grid(world.submission).by_series[world.rate.pk]
    assert row.carried is not None
    assert row.carried.value == 500


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"value": 0}, "above 0", id="zero"),
        pytest.param({"value": -5}, "above 0", id="negative"),
        pytest.param({"to": "2017Q4"}, "lies before the first", id="quarters out of order"),
        pytest.param({"source": " "}, "where the number comes from", id="no source"),
    ],
)
def test_what_cannot_be_is_refused(world: World, changes: dict, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        carry(world, **changes)


def test_only_counted_figures_of_the_form_have_one(world: World) -> None:
    with pytest.raises(Invalid, match="do not belong to this form"):
        carry(world, series=world.count)


def test_only_the_clerk_enters_it(world: World) -> None:
    for person in (world.reviewer, world.office, world.foreign_clerk):
        with pytest.raises(NotAllowed):
            carry(world, by=person)


# The page


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def send(world: World, user: User, **changes: str):  # type: ignore[no-untyped-def]
    sent = {"key": str(uuid4()), "series": str(world.rate.pk), "value": "1,234", "valid_from": str(QUARTER)}
    sent |= {"valid_to": "", "source": "Yearbook"} | changes
    return client_of(user).post(f"/entry/{world.submission.pk}/denominators/", sent)


def test_the_page_takes_numbers_as_people_write_them(world: World) -> None:
    assert send(world, world.clerk).status_code == 302
    page = client_of(world.clerk).get(f"/entry/{world.submission.pk}/denominators/").content.decode()
    assert "1 denominator carries over into this quarter." in page
    assert "1\u202f234" in page
    form = client_of(world.clerk).get(f"/entry/{world.submission.pk}/").content.decode()
    assert 'placeholder="1\u202f234"' in form


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"value": "12,3"}, 422),
        ({"value": ""}, 422),
        ({"series": "987654321"}, 422),
        ({"valid_from": "x"}, 422),
        ({"owner_id": "1"}, 422),
    ],
)
def test_the_page_refuses_and_keeps_what_was_typed(world: World, changes: dict, status: int) -> None:
    answer = send(world, world.clerk, **changes)
    assert answer.status_code == status
    assert "Yearbook" in answer.content.decode()
    assert not CarriedDenominator.objects.exists()


def test_others_read_the_page_and_are_refused(world: World) -> None:
    address = f"/entry/{world.submission.pk}/denominators/"
    assert client_of(world.reviewer).get(address).status_code == 200
    assert send(world, world.reviewer).status_code == 403
    assert send(world, world.foreign_clerk).status_code == 404
