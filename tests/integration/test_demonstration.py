"""The demonstration: plausible, marked, with misses, gaps, late reports and a correction, and loaded once."""

import io

import pytest
from django.core.management import call_command
from django.db.models import F, Max
from django.utils import timezone

from departments.demonstration import PASSWORD, describe_accounts
from departments.models import Membership, User
from departments.roles import Role
from departments.selectors.trail import find_chain_breaks
from indicators.engine.target import Gap, Rating
from indicators.models import (
    Allocation,
    ApprovedFigure,
    Attainment,
    Figure,
    Origin,
    Programme,
    RecomputeRequest,
    Submission,
)
from indicators.models.submission import Status
from indicators.selectors.calendar import find_window_to_report, is_closed
from indicators.selectors.trail import list_figure_trail

pytestmark = [pytest.mark.usefixtures("demonstration", "db"), pytest.mark.slow]


def test_loading_again_changes_nothing_but_the_window():
    def count():
        return {model: model.objects.count() for model in (User, ApprovedFigure, Figure, Submission, Allocation)}

    before = count()
    call_command("load_demonstration", stdout=io.StringIO())
    assert count() == before


def test_every_invented_figure_says_so():
    origins = dict(ApprovedFigure.objects.values_list("origin").annotate(n=Max("id")))
    assert set(origins) == {Origin.DEMONSTRATION, Origin.PUBLISHED}
    assert not User.objects.filter(is_demonstration=False).exists()


def test_nothing_is_invented_beside_a_published_figure():
    for figure in ApprovedFigure.objects.filter(origin=Origin.PUBLISHED, series__allocations__isnull=False):
        year = list(range(figure.quarter.year * 4, figure.quarter.year * 4 + 4))
        beside = ApprovedFigure.objects.filter(series=figure.series, quarter__in=year).exclude(pk=figure.pk)
        assert not beside.exists()


@pytest.mark.parametrize("code", ["zhejiang-2012", "minqing-2012", "changzhi-2015", "hangzhou-2011", "panan-2018"])
def test_every_programme_has_one_open_quarter_which_is_its_last(code):
    programme = Programme.objects.get(code=code)
    window = find_window_to_report(programme)
    assert window.quarter == programme.last_quarter
    earlier = programme.reporting_quarters.filter(quarter__lt=programme.last_quarter)
    assert all(is_closed(one) for one in earlier)


def test_results_stand_when_loading_ends():
    assert not RecomputeRequest.objects.filter(done_version__lt=F("requested_version")).exists()
    for programme in Programme.objects.all():
        quarters = Attainment.objects.filter(programme=programme).values("quarter").distinct().count()
        assert quarters == programme.last_quarter.ordinal - programme.first_quarter.ordinal + 1


@pytest.mark.parametrize("rating", [Rating.GREEN, Rating.AMBER, Rating.RED])
def test_there_are_results_of_every_colour(rating):
    assert Attainment.objects.filter(rating=rating).count() > 50


@pytest.mark.parametrize("gap", [Gap.NOT_DUE, Gap.NOT_REPORTED, Gap.AWAITING])
def test_there_are_gaps(gap):
    assert Attainment.objects.filter(gap=gap).exists()


def test_most_rated_results_are_green_as_in_a_programme_that_works():
    rated = Attainment.objects.exclude(rating=Rating.GREY)
    assert 0.6 < rated.filter(rating=Rating.GREEN).count() / rated.count() < 0.97


def test_some_reports_were_late():
    late = Submission.objects.filter(
        programme__reporting_quarters__quarter=F("quarter"),
        submitted_at__date__gt=F("programme__reporting_quarters__due_on"),
    )
    assert late.exists()


def test_there_are_corrections_and_the_newest_counts():
    corrected = ApprovedFigure.objects.filter(revision=2)
    assert corrected.count() > 3
    for figure in corrected[:20]:
        first = ApprovedFigure.objects.get(series=figure.series, quarter=figure.quarter, revision=1)
        assert (first.is_current, figure.is_current) == (False, True)
        assert figure.numerator == first.numerator + 1


def test_the_newest_quarter_has_work_left():
    newest = Submission.objects.filter(quarter=F("programme__last_quarter"))
    assert {Status.APPROVED, Status.SUBMITTED, Status.DRAFT} <= set(newest.values_list("status", flat=True))
    clerk = User.objects.get(username="changzhi-food-drug-clerk")
    draft = newest.get(department__memberships__user=clerk)
    assert draft.status == Status.DRAFT
    assert draft.figures.exists()


def test_the_trail_of_the_newest_quarter_goes_from_entering_to_approval():
    figure = ApprovedFigure.objects.filter(quarter=F("submission__programme__last_quarter"), revision=1).first()
    lines = list_figure_trail(figure.series, figure.quarter)
    assert [line.act for line in reversed(lines)] == ["enter", "submit", "approve"]
    assert lines[0].at <= timezone.now()


def test_four_eyes_hold_in_the_demonstration_too():
    assert not ApprovedFigure.objects.filter(entered_by=F("approved_by")).exists()
    assert not Submission.objects.filter(submitted_by=F("decided_by")).exists()


def test_county_decomposition_is_marked_and_only_that():
    marked = Allocation.objects.filter(is_demonstration=True, target__programme__code="changzhi-2015")
    assert marked.filter(series__region__level="county").count() > 300
    assert not Allocation.objects.filter(is_demonstration=False, target__code="food-inspection-pass-rate").exclude(
        series__region__code="1404"
    )


def test_the_trail_of_loading_holds():
    assert list(find_chain_breaks()) == []


def test_accounts_are_described_and_work(client):
    lines = describe_accounts()
    assert lines[-1].endswith(PASSWORD)
    names = [line.split()[0] for line in lines[:-1]]
    assert {"changzhi-food-drug-clerk", "changzhi-food-drug-reviewer", "changzhi-office", "auditor"} <= set(names)
    response = client.post("/login/", {"username": "changzhi-office", "password": PASSWORD})
    assert (response.status_code, response.headers["Location"]) == (302, "/")


def test_every_department_has_a_clerk_and_a_reviewer():
    for role in (Role.CLERK, Role.REVIEWER):
        with_role = set(Membership.objects.filter(role=role).values_list("department_id", flat=True))
        assert with_role == set(Allocation.objects.values_list("series__department_id", flat=True))
