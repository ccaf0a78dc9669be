"""The page of a target: evidence through rights, versions with their reasons, steps, outlook, season, paper."""

from datetime import timedelta
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from departments.actions import audit
from departments.roles import Role
from indicators.engine.period import Quarter
from indicators.engine.target import Flag, Path, Rating
from indicators.models import Evidence, ReportingQuarter, Submission, Target
from indicators.models.attainment import Attainment
from indicators.selectors.evidence import list_visible_evidence
from reports.target_history import list_level_steps
from tests.builders import (
    Q3,
    fill,
    make_allocation,
    make_figure,
    make_indicator,
    make_region,
    make_result,
    make_target,
    make_user,
    make_world,
    roll_up,
)
from tests.reports.factories import result_of, target_of
from tests.reports.publication_world import make_publishing_world

pytestmark = pytest.mark.django_db
STATE = "?programme=changzhi-test&quarter=2018Q3"


@pytest.fixture
def world():
    world = make_world(counties=2)
    fill(world, ratings=[Rating.GREEN, Rating.RED])
    make_figure(world.allocations[0].series)
    roll_up(world.programme)
    return world


def read(client, user, allocation, language="en"):
    client.force_login(user)
    answer = client.get(f"/targets/{allocation.pk}/{STATE}", headers={"accept-language": language})
    assert answer.status_code == HTTPStatus.OK
    return answer


def attach(world, *, is_approved=True, quarter=Q3, **fields):
    """Lay a file beside the first allocation's figure, and let the form be approved."""
    series, now = world.allocations[0].series, timezone.now()
    today, days = timezone.localdate(), timedelta(days=10)
    dates = {"opens_on": today - days, "due_on": today, "closes_on": today + days}
    ReportingQuarter.objects.update_or_create(programme=world.programme, quarter=quarter, defaults=dates)
    form = {"programme": world.programme, "department": series.department, "quarter": quarter}
    submission, _made = Submission.objects.get_or_create(**form)
    given = {"name": "抽检报告.pdf", "digest": "a" * 64} | fields
    evidence = Evidence.objects.create(
        submission=submission, series=series, quarter=quarter, kind="pdf", size=2048,
        uploaded_by=world.clerk, uploaded_at=now, **given,
    )  # fmt: skip
    if is_approved:
        rows = Submission.objects.filter(pk=submission.pk)
        rows.update(status="submitted", version=2, submitted_by=world.clerk, submitted_at=now)
        rows.update(status="approved", version=3, decided_by=world.reviewer, decided_at=now)
    return evidence


def names(user, world, *, first=Q3 - 2):
    series = world.allocations[0].series_id
    return [file.name for file in list_visible_evidence(user, series=series, first=first, last=Q3)]


def test_files_of_an_approved_form_are_on_the_page_of_whoever_sees_its_results(client, world):
    evidence = attach(world)
    for user in (world.leader, world.office, world.auditor, world.clerk):
        text = read(client, user, world.allocations[0]).content.decode()
        assert f"/evidence/{evidence.pk}/" in text
        assert "抽检报告.pdf" in text


def test_files_of_a_form_that_is_still_open_are_its_department_s_alone(client, world):
    attach(world, is_approved=False)
    assert names(world.clerk, world) == ["抽检报告.pdf"]
    for user in (world.leader, make_user(Role.LEADER, at=make_region("1401")), world.stranger):
        assert names(user, world) == []
    assert "抽检报告.pdf" not in read(client, world.leader, world.allocations[0]).content.decode()


def test_removed_files_and_those_of_other_quarters_are_left_out(world):
    gone = attach(world, is_approved=False, digest="b" * 64, name="gone.pdf")
    Evidence.objects.filter(pk=gone.pk).update(removed_at=timezone.now(), removed_by=world.clerk)
    attach(world)
    assert names(world.leader, world) == ["抽检报告.pdf"]
    assert names(world.leader, world, first=Q3 + 1) == []


def make_version(world, *, level="95", reason="市政府年度调整"):
    """Return the allocation of a second version of the first target, made by the office with a reason."""
    first = world.allocations[0]
    second = Target.objects.get(pk=first.target_id)
    second.pk, second.version, second.level = None, 2, Decimal(level)
    second.save()
    with transaction.atomic():
        audit.record(audit.Act(event="target_changed", by=world.office, subject=second, reason=reason))
    return make_allocation(second, region=first.series.region, department=first.series.department)


def test_versions_stand_with_bound_person_and_reason_and_lead_to_each_other(client, world):
    second = make_version(world)
    make_result(second)
    text = read(client, world.leader, world.allocations[0]).content.decode()
    history = text.partition("History of the target")[2].partition("</section>")[0]
    assert history.index("Version 1") < history.index("Version 2")
    for words in ("as the document says", "市政府年度调整", str(world.office), "95", f"/targets/{second.pk}/"):
        assert words in history
    assert f"/targets/{world.allocations[0].pk}/" not in history


def test_another_target_s_reason_is_not_shown(client, world):
    other = world.allocations[-1].target
    with transaction.atomic():
        audit.record(audit.Act(event="target_changed", by=world.office, subject=other, reason="别的理由"))
    assert "别的理由" not in read(client, world.leader, world.allocations[0]).content.decode()


@pytest.mark.parametrize(
    ("levels", "steps"),
    [
        pytest.param([], [], id="nothing computed"),
        pytest.param([93.0, 93.0], [], id="never moved"),
        pytest.param([93.0, 94.0, 94.0, 93.0], ["2016Q1", "2016Q2", "2016Q4"], id="up and down again"),
        pytest.param([None, 93.0], ["2016Q1", "2016Q2"], id="was awaited"),
    ],
)
def test_a_level_that_moved_is_told_in_steps(levels, steps):
    target = target_of()
    first = Quarter.of(2016, 1)
    results = [result_of(target, quarter=first + n, level=level) for n, level in enumerate(levels)]
    with translation.override("en"):
        found = list_level_steps(results)
    assert len(found) == len(steps)
    assert all(step[:4] in row.quarter and step[-1] in row.quarter for step, row in zip(steps, found, strict=True))


def test_the_chart_has_the_steps_only_where_the_level_moved(client, world):
    allocation = world.allocations[0]
    assert read(client, world.leader, allocation).context["target"].chart["level"] == []
    make_result(allocation, Q3 - 1)
    Attainment.objects.filter(allocation=allocation, quarter=Q3 - 1).update(level=90)
    page = read(client, world.leader, allocation)
    assert page.context["target"].chart["level"] == [90.0, 93.0]
    assert "90" in page.content.decode().partition("Its level by quarter")[2].partition("</p>")[0]


def lose(allocation):
    """Let the first failure of the year cost a target of 100 %."""
    fields = {"level": 100.0, "numerator": 99.0, "denominator": 100.0, "accumulated": 99.0, "measured": 99.0}
    rows = Attainment.objects.filter(allocation=allocation)
    rows.update(**fields, window_start=Quarter.of(2018, 1))


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["out of reach", "The point of no return was Q3 2018."]), ("zh-hans", ["2018年三季度起已无法挽回。"])],
)
def test_what_is_lost_is_said_with_its_quarter_and_nothing_is_stored(client, world, language, words):
    allocation = world.allocations[1]
    plain = read(client, world.leader, allocation, language).content.decode()
    assert not any(word in plain for word in words)
    lose(allocation)
    text = read(client, world.leader, allocation, language).content.decode()
    assert all(word in text for word in words)
    assert not any(row.flag_set & Flag.OUT_OF_REACH for row in Attainment.objects.filter(allocation=allocation))


def test_what_is_reached_is_called_so_and_not_certain_as_well(client, world):
    allocation = world.allocations[0]
    Attainment.objects.filter(allocation=allocation).update(flags=Flag.ACHIEVED)
    assert "It has been certain" not in read(client, world.leader, allocation).content.decode()


def test_the_usual_course_of_the_year_stands_beside_the_plan_and_decides_nothing(client, world):
    goal = make_target_of_days(world)
    allocation = make_allocation(goal, region=world.city, department=world.departments[0])
    make_result(allocation, rating=Rating.RED)
    for year in (2016, 2017):
        for number, value in enumerate((30, 90, 120, 40), start=1):
            make_figure(allocation.series, Quarter.of(year, number), value=Decimal(value))
    page = read(client, world.leader, allocation)
    text = page.content.decode()
    assert "By the usual course of earlier years &gt;\u00a0240" in text
    assert page.context["target"].mark.letter == "R"
    assert next(value for value in page.context["target"].chart["season"] if value is not None) == 240


def make_target_of_days(world):
    indicator = make_indicator(is_counted=False, unit_zh="天", unit_en="days", decimals=0)
    return make_target(world.programme, indicator=indicator, level=Decimal(280), comparator=2, path=Path.ANNUAL.value)


def test_the_trajectory_is_on_paper_and_without_a_script(client, world):
    allocation = world.allocations[0]

    def draw():
        text = read(client, world.leader, allocation).content.decode()
        return text.partition('<figure class="still">')[2].partition("</figure>")[0]

    assert draw().count("<circle") == 1
    make_result(allocation, Q3 - 1)
    assert draw().count("<circle") == 2
    assert "Actual" in draw()


def test_an_edition_knows_no_file_and_no_version_that_came_later(client):
    city = make_publishing_world()
    world, edition = city.world, city.publish()
    attach(world)
    second = make_version(world)
    address = f"/targets/{world.allocations[0].pk}/{STATE}"
    client.force_login(world.leader)
    text = client.get(f"{address}&basis=publication-{edition.edition}").content.decode()
    assert "抽检报告.pdf" in client.get(address).content.decode()
    assert "抽检报告.pdf" not in text
    assert f"/targets/{second.pk}/" not in text


def test_the_queries_do_not_grow_with_files_versions_and_years(client, world):
    allocation = world.allocations[0]
    read(client, world.leader, allocation)
    with CaptureQueriesContext(connection) as few:
        read(client, world.leader, allocation)
    for number in range(4):
        attach(world, is_approved=False, digest=f"{number}" * 64, name=f"{number}.pdf")
    make_version(world)
    for lag in range(1, 9):
        make_figure(allocation.series, Q3 - lag)
        make_result(allocation, Q3 - lag)
    with CaptureQueriesContext(connection) as many:
        read(client, world.leader, allocation)
    assert len(many) == len(few)
