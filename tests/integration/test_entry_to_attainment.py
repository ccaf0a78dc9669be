"""The natural path of one figure, in the programme of Changzhi: entered, submitted, approved by another, computed."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from departments.actions.regions import load_regions
from departments.models import Department, Region, User
from departments.roles import Role
from departments.selectors.clock import read_database_date
from indicators.actions.calendar import plan_quarters
from indicators.actions.programmes import load_catalogues
from indicators.actions.recompute import process_due_requests
from indicators.catalogue.reader import CATALOGUE_FOLDER, read_catalogue
from indicators.engine.period import Quarter
from indicators.engine.target import Gap, Rating
from indicators.models import Attainment, Figure, Programme, RecomputeRequest, ReportingQuarter, Series, Submission
from indicators.selectors.entry import load_grid
from tests.integration.entry_world import make_user

QUARTER = Quarter.parse("2018Q3")


@pytest.fixture
def food_drug(db: None) -> Department:
    """Load the document as it is, with its third quarter of 2018 open."""
    load_regions()
    path = next(CATALOGUE_FOLDER.glob("*changzhi*.toml"))
    load_catalogues(catalogues={path.name: read_catalogue(path)})
    programme = Programme.objects.get(code="changzhi-2015")
    plan_quarters(programme=programme)
    today = read_database_date()
    ReportingQuarter.objects.filter(programme=programme, quarter=QUARTER).update(
        opens_on=today, due_on=today, closes_on=today
    )
    return Department.objects.get(region=Region.objects.get(code="1404"), code="food-drug")


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user)
    return client


def act(pk: int) -> dict[str, str]:
    return {"version": str(Submission.objects.get(pk=pk).version), "key": str(uuid4())}


def open_form(clerk: Client, department: Department) -> int:
    path = reverse("indicators:entry-open", args=["changzhi-2015", department.pk, str(QUARTER)])
    return int(clerk.get(path).headers["Location"].strip("/").split("/")[-1])


def fill(series: list[Series]) -> dict[str, str]:
    """Return 95 of 100 for what is counted, and a word beside what is not reported."""
    sent: dict[str, Any] = {}
    for one in series:
        sent[f"{one.pk}-version"] = "0"
        sent[f"{one.pk}-explanation"] = "三季度新增专项抽查，已立案，四季度复检。"
        if one.indicator.is_counted:
            sent |= {f"{one.pk}-numerator": "９５", f"{one.pk}-denominator": "100"}
    return sent


def test_a_clerk_enters_another_approves_and_the_job_computes(food_drug: Department) -> None:
    clerk = client_of(make_user("clerk", Role.CLERK, department=food_drug))
    reviewer = client_of(make_user("reviewer", Role.REVIEWER, department=food_drug))
    pk = open_form(clerk, food_drug)
    series = list(Series.objects.filter(department=food_drug).select_related("indicator"))
    assert len(series) == 11
    assert clerk.post(f"/entry/{pk}/", fill(series)).status_code == 302
    assert clerk.post(f"/entry/{pk}/submit/", act(pk)).status_code == 302
    assert clerk.post(f"/review/{pk}/approve/", act(pk)).status_code == 403
    assert reviewer.post(f"/review/{pk}/approve/", act(pk)).status_code == 302
    waiting = RecomputeRequest.objects.filter(series__in=series)
    assert waiting.count() == sum(one.indicator.is_counted for one in series)
    process_due_requests()
    result = Attainment.objects.get(allocation__series__indicator__name_zh="食品监督抽查合格率", quarter=QUARTER)
    assert (result.measured, result.numerator, result.denominator) == (95.0, 95.0, 100.0)
    assert (result.rating, result.gap) in [(Rating.GREEN, Gap.NONE), (Rating.GREY, Gap.NOT_DUE)]


def test_bad_input_names_the_field_and_the_remedy_in_chinese(food_drug: Department) -> None:
    clerk = client_of(make_user("clerk", Role.CLERK, department=food_drug))
    pk = open_form(clerk, food_drug)
    series = next(one for one in Series.objects.filter(department=food_drug) if one.indicator.is_counted)
    sent = {f"{series.pk}-version": "0", f"{series.pk}-numerator": "12件", f"{series.pk}-denominator": "-5"}
    answer = clerk.post(f"/entry/{pk}/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"{series.indicator.numerator_zh}：数字后有“件”" in page
    assert 'value="12件"' in page
    assert not Figure.objects.exists()


def test_the_page_is_the_computed_result_before_and_after(food_drug: Department) -> None:
    """What the grid showed for the unsaved figure is what the job stores."""
    clerk = client_of(make_user("clerk", Role.CLERK, department=food_drug))
    reviewer = client_of(make_user("reviewer", Role.REVIEWER, department=food_drug))
    pk = open_form(clerk, food_drug)
    series = list(Series.objects.filter(department=food_drug).select_related("indicator"))
    clerk.post(f"/entry/{pk}/", fill(series))
    shown = {
        judged.allocation.pk: (judged.rating, judged.gap)
        for row in load_grid(Submission.objects.get(pk=pk)).rows
        for judged in row.targets
        if judged.allocation and row.is_filled
    }
    clerk.post(f"/entry/{pk}/submit/", act(pk))
    reviewer.post(f"/review/{pk}/approve/", act(pk))
    process_due_requests()
    stored = Attainment.objects.filter(allocation__in=shown, quarter=QUARTER)
    assert {row.allocation_id: (row.rating, row.gap) for row in stored} == shown
    assert len(shown) == stored.count() > 0
