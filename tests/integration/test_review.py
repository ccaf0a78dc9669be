"""Reviewing: differences first, then what is unusual, then the rest; and the trail of a figure."""

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import translation

from departments.models import User
from indicators.actions.figures import Entry, save_figure
from indicators.actions.submissions import (
    approve_submission,
    reopen_submission,
    return_submission,
    submit_submission,
)
from indicators.models import Figure, Series, Submission
from indicators.presenters.review import ReviewView, present_review
from indicators.presenters.trail import present_trail
from indicators.selectors.entry import load_grid
from indicators.selectors.trail import list_figure_trail
from tests.integration.entry_world import QUARTER, World, approve_earlier, make_world

D = Decimal


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def now(world: World) -> Submission:
    return Submission.objects.get(pk=world.submission.pk)


def enter(world: World, series: Series, *, by: User | None = None, **fields: object) -> None:
    current = Figure.objects.filter(series=series).first()
    entry = Entry(version_seen=current.version if current else 0, **fields)  # type: ignore[arg-type]
    save_figure(submission=world.submission, series=series, entry=entry, by=by or world.clerk)


def submitted(world: World) -> Submission:
    enter(world, world.rate, numerator=D(95), denominator=D(100))
    enter(world, world.small_rate, nothing_occurred=True)
    enter(world, world.count, value=D(1), explanation="申报受理较晚")
    return submit_submission(submission=world.submission, version_seen=now(world).version, by=world.clerk)


def approved(world: World) -> Submission:
    return approve_submission(submission=submitted(world), version_seen=now(world).version, by=world.reviewer)


def changed(world: World) -> Submission:
    reopen_submission(submission=approved(world), version_seen=now(world).version, reason="更正", by=world.reviewer)
    enter(world, world.rate, numerator=D(96), denominator=D(100))
    return submit_submission(submission=world.submission, version_seen=now(world).version, by=world.clerk)


def view(world: World) -> ReviewView:
    with translation.override("en"):
        return present_review(load_grid(now(world)))


def names(found: ReviewView) -> list[tuple[str, list[str], bool]]:
    return [(section.title, [line.row.name for line in section.rows], section.is_folded) for section in found.sections]


def test_the_first_time_what_is_unusual_comes_first(world: World) -> None:
    submitted(world)
    found = view(world)
    assert found.lede == "3 figures: 1 wants a look."
    assert [(title, len(rows), folded) for title, rows, folded in names(found)] == [
        ("Unusual, missing or behind", 1, False),
        ("Nothing unusual", 2, False),
    ]
    assert not found.has_before


def test_after_an_approval_differences_come_first_and_the_rest_is_folded(world: World) -> None:
    changed(world)
    found = view(world)
    assert found.lede == "3 figures: 1 figure was changed and 1 wants a look."
    assert [(title, len(rows), folded) for title, rows, folded in names(found)] == [
        ("Different from what was approved before", 1, False),
        ("Unusual, missing or behind", 1, False),
        ("Unchanged, nothing unusual", 1, True),
    ]
    line = found.sections[0].rows[0]
    assert (line.before, line.now) == ("95 / 100", "96 / 100")


def test_a_draft_has_nothing_to_review(world: World) -> None:
    assert view(world).lede == "Not submitted: nothing to review yet."


def test_the_page_shows_explanation_before_and_now(world: World) -> None:
    changed(world)
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.reviewer)
    page = client.get(f"/review/{world.submission.pk}/").content.decode()
    for words in ("申报受理较晚", "95 / 100", "96 / 100", "Approve all", "submitted by Li Min"):
        assert words in page


def test_a_decided_form_is_listed_and_can_be_reopened(world: World) -> None:
    approved(world)
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.reviewer)
    assert "Decided lately" in client.get("/review/").content.decode()
    page = client.get(f"/review/{world.submission.pk}/").content.decode()
    assert "Reopen" in page
    assert "Approve all" not in page


# The trail


def trail(world: World, series: Series) -> list[tuple[str, str, str, str]]:
    with translation.override("en"):
        lines = present_trail(list_figure_trail(series, QUARTER), indicator=series.indicator)
    return [(line.person, line.act, line.change, line.words) for line in lines]


def test_the_trail_names_every_step_with_old_and_new_values(world: World) -> None:
    enter(world, world.rate, numerator=D(90), denominator=D(100), by=world.second_clerk)
    submitted(world)
    return_submission(
        submission=world.submission,
        version_seen=now(world).version,
        reason="",
        remarks={world.rate.pk: "Check"},
        by=world.reviewer,
    )
    enter(world, world.rate, numerator=D(95), denominator=D(101))
    submit_submission(submission=world.submission, version_seen=now(world).version, by=world.clerk)
    approve_submission(submission=world.submission, version_seen=now(world).version, by=world.reviewer)
    steps = trail(world, world.rate)
    assert sorted(steps) == sorted(
        [
            ("Zhao Yan", "entered", "90 / 100", ""),
            ("Li Min", "changed", "90 / 100 → 95 / 100", ""),
            ("Li Min", "submitted", "", ""),
            ("Wang Qiang", "returned", "", "Check"),
            ("Li Min", "changed", "95 / 100 → 95 / 101", ""),
            ("Li Min", "submitted", "", ""),
            ("Wang Qiang", "approved", "", ""),
        ]
    )


def test_a_figure_that_was_cleared_leaves_what_it_was(world: World) -> None:
    enter(world, world.rate, numerator=D(90), denominator=D(100))
    enter(world, world.rate)
    assert ("Li Min", "cleared", "90 / 100 → —", "") in trail(world, world.rate)


def test_what_was_not_entered_here_says_where_it_comes_from(world: World) -> None:
    approve_earlier(world.count, str(QUARTER), value=D(7))
    assert trail(world, world.count) == [("the system", "approved", "7", "demonstration data")]


def test_the_trail_has_a_page_for_those_who_see_the_form(world: World) -> None:
    submitted(world)
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.reviewer)
    path = f"/entry/{world.submission.pk}/trail/{world.rate.pk}/"
    assert "95 / 100" in client.get(path).content.decode()
    assert client.get(f"/entry/{world.submission.pk}/trail/0/").status_code == 404
    client.force_login(world.foreign_clerk)
    assert client.get(path).status_code == 404
