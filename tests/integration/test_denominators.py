"""Denominators that carry over: which holds, when it fills a figure, and what the page refuses."""

import html
import json
import re
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import translation

from departments.errors import Invalid, NotAllowed, Stale
from departments.models import AuditEntry, User
from indicators.actions.denominators import carry_denominator
from indicators.actions.figures import Entry, save_figure
from indicators.calendar_forms import name_seen
from indicators.engine.period import Quarter
from indicators.models import CarriedDenominator
from indicators.selectors.denominators import list_carried, load_carried
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


def seen(world: World, since: str) -> str:
    """Return when the denominator was kept that stands in the place, as a page that is up to date says it."""
    return name_seen(list_carried([world.rate])).get(f"{world.rate.pk}:{since}", "")


def carry(
    world: World, value: int = 500, *, since: str = "2018Q1", to: str = "", by: User | None = None, **more: object
):  # type: ignore[no-untyped-def]
    given = {"series": world.rate, "source": "Yearbook 2018, page 56", "seen": seen(world, since)} | more
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
    sent |= {"valid_to": "", "source": "Yearbook", "seen": json.dumps(name_seen(list_carried([world.rate])))} | changes
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
        ({"seen": "yesterday"}, 422),
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


# Two people, and two clicks


def test_t12_a_colleagues_denominator_is_not_replaced_unseen(world: World) -> None:
    carry(world, 600, by=world.second_clerk)
    with pytest.raises(Stale, match="Zhao Yan entered 600 from this quarter on meanwhile"):
        carry(world, 500, seen="")
    assert holding(world, "2018Q1") == 600
    carry(world, 500)
    assert holding(world, "2018Q1") == 500


def test_t12_the_page_shows_both_and_replaces_when_sent_again(world: World) -> None:
    assert send(world, world.second_clerk, value="600").status_code == 302
    answer = send(world, world.clerk, value="500", seen="{}")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Zhao Yan entered 600" in page
    assert 'value="500"' in page
    assert holding(world, str(QUARTER)) == 600
    fresh = re.search(r'name="seen" value="([^"]+)"', page)
    assert fresh is not None
    assert send(world, world.clerk, value="500", seen=html.unescape(fresh[1])).status_code == 302
    assert holding(world, str(QUARTER)) == 500


@pytest.mark.parametrize("seen", ["[]", "1", '"x"', '{"1": 2}'])
def test_a_page_that_says_nothing_of_what_it_showed_replaces_nothing(world: World, seen: str) -> None:
    send(world, world.second_clerk, value="600")
    assert send(world, world.clerk, value="500", seen=seen).status_code == 409


def test_the_same_denominator_again_is_no_second_entry_in_the_trail(world: World) -> None:
    first = carry(world, 600)
    assert carry(world, 600, seen="") == first
    assert AuditEntry.objects.filter(event="denominator_carried").count() == 1


def test_t11_a_double_click_is_one_act(world: World) -> None:
    key = str(uuid4())
    assert [send(world, world.clerk, key=key, seen="{}").status_code for _ in range(2)] == [302, 302]
    assert send(world, world.clerk, key=key, seen="{}", value="7").status_code == 422
    assert CarriedDenominator.objects.get().value == 1234
