"""Frozen words and levels say what the live ones said, column by column, and survive changes of the tables' shape."""

import json
from dataclasses import fields
from uuid import uuid4

import numpy as np
import pytest
from django.utils.translation import override

from indicators.engine.target import Path
from indicators.models import Allocation, Programme, Target, Threshold
from indicators.selectors.thresholds import load_margins, load_thresholds, margins_of_rows, thresholds_of
from reports.actions import export_jobs
from reports.catalogue_copies import read_catalogue, write_catalogue
from reports.exports.jobs import process_due_exports
from reports.models import ExportJob
from reports.target_columns import load_target_columns, make_target_columns
from tests.builders import Q3
from tests.reports.export_world import make_kinds
from tests.reports.publication_world import make_publishing_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_publishing_world()


def test_columns_made_from_objects_are_those_that_the_database_gives():
    """The trajectory of an edition is drawn from frozen objects, that of approved figures from the table."""
    make_kinds()
    for allocation in Allocation.objects.select_related("target__indicator"):
        loaded, made = load_target_columns(allocation), make_target_columns(allocation)
        for column in fields(loaded):
            left, right = getattr(loaded, column.name), getattr(made, column.name)
            np.testing.assert_array_equal(left, right, err_msg=f"{allocation.target.code} {column.name}")


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param({"path": Path.SCHEDULED.value, "schedule": {"2016Q4": "90", "2015Q4": "85.5"}}, id="staged"),
        pytest.param({"path": Path.SEASONAL.value, "season": [0.1, 0.3, 0.6, 1.0]}, id="own seasons"),
    ],
)
def test_columns_of_a_plan_are_the_same_too(city, plan):
    target = city.world.allocations[0].target
    Target.objects.filter(pk=target.pk).update(**plan)
    allocation = Allocation.objects.select_related("target__indicator").get(pk=city.world.allocations[0].pk)
    loaded, made = load_target_columns(allocation), make_target_columns(allocation)
    np.testing.assert_array_equal(loaded.schedule, made.schedule)
    np.testing.assert_array_equal(loaded.season, made.season)


def test_thresholds_of_a_copy_are_those_of_the_table(city):
    for kind, value in (("green_from_score", 85), ("margin_rate_points", 3), ("coverage_at_least_ratio", "0.4")):
        Threshold.objects.create(programme=city.programme, kind=kind, valid_from=Q3 - 2, value=value)
    Threshold.objects.create(programme=None, kind="margin_rate_points", valid_from=Q3 - 8, value=1)
    copy = read_catalogue(write_catalogue(programme=city.programme, quarter=Q3))
    for quarter in (Q3 - 3, Q3):
        live = load_thresholds(programme_id=city.programme.pk, quarter=quarter)
        assert thresholds_of(copy.thresholds, quarter) == live
    assert margins_of_rows(copy.thresholds) == load_margins(programme_id=city.programme.pk)


def test_a_column_that_was_removed_is_passed_over_and_a_new_one_has_its_default(city):
    rows = json.loads(write_catalogue(programme=city.programme, quarter=Q3))
    for row in rows:
        row["fields"]["a_column_of_old_times"] = 1
        row["fields"].pop("doubt_zh", None)
    copy = read_catalogue(json.dumps(rows))
    assert len(copy.targets) == Target.objects.filter(programme=city.programme).count()
    assert {target.doubt_zh for target in copy.targets.values()} == {""}


def test_a_copy_holds_its_own_programme_only(city):
    make_kinds()
    copy = read_catalogue(write_catalogue(programme=city.programme, quarter=Q3))
    assert {target.programme_id for target in copy.targets.values()} == {city.programme.pk}
    assert Programme.objects.count() > 1


def test_the_button_asks_for_the_bytes_of_the_edition_that_the_page_shows(client, city, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    city.publish()
    client.force_login(city.asker)
    place = "?programme=changzhi-test&quarter=2018Q3"
    for basis in ("publication-1", "approved"):
        client.post(f"/exports/ask/{place}&basis={basis}", {"key": str(uuid4())})
    process_due_exports()
    live, edition, scheduled = ExportJob.objects.order_by("-pk")
    assert (edition.publication, live.publication) == (scheduled.publication, None)
    assert edition.sha256 == scheduled.sha256
    assert live.sha256 != scheduled.sha256  # its manifest says: approved


def test_the_name_of_the_programme_is_that_of_the_edition(client, city):
    city.publish()
    city.world.city.__class__.objects.filter(pk=city.world.city.pk).update(name_zh="改名市", short_zh="改名")
    Programme.objects.filter(pk=city.programme.pk).update(name_zh="改过名的方案", short_zh="改名方案", name_en="x")
    client.force_login(city.asker)
    place = "?programme=changzhi-test&quarter=2018Q3"
    headers = {"accept-language": "zh-hans"}
    for address in ("/", "/programme/", "/leader/", "/targets/"):
        frozen = client.get(f"{address}{place}&basis=publication-1", headers=headers).content.decode()
        live = client.get(f"{address}{place}", headers=headers).content.decode()
        assert "改名方案" in live or "改过名的方案" in live
        main = frozen[frozen.index("<main") :]
        assert "改名方案" not in main
        assert "改过名的方案" not in main
        assert "改名市" not in main


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_language_of_whoever_asks_changes_no_byte(city, settings, tmp_path, language):
    settings.MEDIA_ROOT = tmp_path
    edition = city.publish()
    process_due_exports()
    first = ExportJob.objects.get()
    with override(language):
        again = export_jobs.ask_for_export(programme=city.programme, quarter=Q3, publication=edition, by=city.asker)
        process_due_exports()
    again.refresh_from_db()
    assert again.sha256 == first.sha256
