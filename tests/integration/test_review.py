"""Reviewing: differences first, then what is unusual, then the rest; and the trail of a figure."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import translation

from departments.errors import Invalid, Locked, NotAllowed, Stale
from departments.models import AuditEntry, Membership, User
from departments.roles import Role
from indicators.actions.check_marks import check_figures
from indicators.actions.figures import Entry, save_figure
from indicators.actions.submissions import (
    approve_submission,
    reopen_submission,
    return_submission,
    submit_submission,
)
from indicators.models import CheckMark, Figure, Series, Submission
from indicators.presenters.review import ReviewView, present_review
from indicators.presenters.trail import present_trail
from indicators.selectors.entry import load_grid
from indicators.selectors.trail import list_figure_trail
from tests.integration.entry_world import QUARTER, World, approve_earlier, make_world

D = Decimal


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


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


# Checking off


def versions(world: World, *series: Series) -> dict[int, int]:
    return {one.pk: Figure.objects.get(series=one).version for one in series or (world.rate, world.small_rate)}


def check(world: World, *, by: User | None = None, version: int | None = None, **given: object) -> None:
    given = {"seen": versions(world), "are_settled": True} | given
    version = now(world).version if version is None else version
    check_figures(submission=now(world), version_seen=version, by=by or world.reviewer, **given)  # type: ignore[arg-type]


def test_all_unchanged_are_checked_off_in_one_act_and_the_rest_remains(world: World) -> None:
    changed(world)
    assert view(world).settle == "Check off the 1 unchanged"
    check(world, seen=versions(world, world.small_rate))
    found = view(world)
    assert (found.settle, found.settled) == ("", "")
    assert found.progress == "Checked: 1 of 3; look at the others."
    assert [line.row.is_checked for section in found.sections for line in section.rows] == [False, False, True]
    assert now(world).status == "submitted"


def test_on_a_first_review_what_bears_no_finding_is_settled(world: World) -> None:
    submitted(world)
    assert view(world).settle == "Check off the 2 with nothing unusual"
    check(world)
    check(world, seen=versions(world, world.count), are_settled=False)
    found = view(world)
    assert found.progress == "Every figure is checked. Approve the form."
    assert found.sections[-1].is_folded


def test_checking_twice_changes_nothing(world: World) -> None:
    submitted(world)
    for _ in range(2):
        check(world)
    assert CheckMark.objects.count() == 2
    assert AuditEntry.objects.filter(event="figures_checked").count() == 1


def test_what_moved_is_refused_and_nothing_is_marked(world: World) -> None:
    submitted(world)
    with pytest.raises(Stale):
        check(world, version=1)
    with pytest.raises(Stale):
        check(world, seen={world.rate.pk: 2})
    with pytest.raises(Stale):
        check(world, seen=versions(world, world.rate, world.count))
    with pytest.raises(Invalid, match="do not belong"):
        check(world, seen={999_999: 0})
    assert not CheckMark.objects.exists()


def test_nobody_checks_off_their_own_entry_nor_a_form_that_is_not_submitted(world: World) -> None:
    submitted(world)
    Membership.objects.filter(user=world.clerk).update(role=Role.REVIEWER)
    with pytest.raises(NotAllowed, match="entered"):
        check(world, by=User.objects.get(pk=world.clerk.pk))
    for user in (world.office, world.second_clerk):
        with pytest.raises(NotAllowed):
            check(world, by=user)
    approve_submission(submission=now(world), version_seen=now(world).version, by=world.reviewer)
    with pytest.raises(Locked):
        check(world)
    assert not CheckMark.objects.exists()


def test_after_a_return_only_what_was_changed_is_looked_at_again(world: World) -> None:
    submitted(world)
    check(world)
    return_submission(submission=now(world), version_seen=now(world).version, reason="更正", by=world.reviewer)
    enter(world, world.rate, numerator=D(96), denominator=D(100))
    submit_submission(submission=world.submission, version_seen=now(world).version, by=world.clerk)
    rows = {row.series.pk: row.is_checked for row in load_grid(now(world)).rows}
    assert rows == {world.rate.pk: False, world.small_rate.pk: True, world.count.pk: False}


def post_check(world: World, **more: str) -> HttpResponse:
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.reviewer)
    seen = " ".join(f"{pk}:{version}" for pk, version in versions(world).items())
    sent = {"version": str(now(world).version), "key": str(uuid4()), "seen": seen, "settled": "on"} | more
    return client.post(f"/review/{world.submission.pk}/check/", sent)


def test_the_page_checks_off_and_says_how_far_it_is(world: World) -> None:
    submitted(world)
    answer = post_check(world)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/review/{world.submission.pk}/")
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.reviewer)
    page = client.get(f"/review/{world.submission.pk}/").content.decode()
    assert page.count("✓ Checked") == 2
    assert "Checked: 2 of 3" in page
    one = post_check(world, seen=f"{world.count.pk}:1", settled="")
    assert one.headers["Location"].endswith(f"#r{world.count.pk}")


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"version": "1"}, 409),
        ({"seen": ""}, 422),
        ({"seen": "1"}, 422),
        ({"seen": "x:1"}, 422),
        ({"seen": "9:1"}, 422),
        ({"key": "no"}, 422),
    ],
)
def test_a_page_that_is_old_or_broken_is_refused(world: World, more: dict[str, str], status: int) -> None:
    submitted(world)
    assert post_check(world, **more).status_code == status
    assert not CheckMark.objects.exists()


def test_a_double_click_is_one_act(world: World) -> None:
    submitted(world)
    key = str(uuid4())
    assert [post_check(world, key=key).status_code for _ in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(event="figures_checked").count() == 1


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
