"""The provincial workbook of an edition: the same bytes again, from frozen rows alone."""

import io
import zipfile
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from departments.models import Department, Region
from departments.roles import Role
from indicators.actions.recompute import recompute_now
from indicators.models import (
    ApprovedFigure,
    Attainment,
    Clause,
    Indicator,
    Programme,
    RecomputeRequest,
    Source,
    Target,
    Threshold,
)
from reports.actions.publications import ask_to_publish, publish
from reports.editions import name_results
from reports.exports.figures import list_corrections
from reports.exports.files import write_file
from reports.exports.frozen_source import FROZEN_COLUMNS, find_published_edition
from reports.exports.source import COLUMNS, find_edition
from tests.builders import Q3, make_figure, make_user
from tests.reports.export_world import _correct_one, _invent_figures
from tests.taken_back import taken_back

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def changzhi(django_db_setup, django_db_blocker):
    """Changzhi with invented figures, computed once for the module."""
    with django_db_blocker.unblock():
        from django.db import transaction

        outer = taken_back()
        outer.__enter__()
        call_command("load_programmes", stdout=io.StringIO())
        programme = Programme.objects.select_related("region", "office").get(code="changzhi-2015")
        _invent_figures(programme)
        _correct_one(programme)
        recompute_now(programme=programme)
        RecomputeRequest.objects.update(done_version=F("requested_version"))  # the other programmes' wait
        yield programme
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture
def edition(changzhi):
    return publish_once(changzhi)


def publish_once(programme):
    asker, publisher = (make_user(Role.OFFICE, at=programme.region) for _person in range(2))
    asked = ask_to_publish(programme=programme, quarter=Q3, reason="按期上报。", seen=name_results(programme), by=asker)
    return publish(publication=asked, seen=name_results(programme), by=publisher)


def write(source):
    file = io.BytesIO()
    receipt = write_file(source, file)
    return file.getvalue(), receipt


def upset_everything(programme):
    """Change whatever the workbook could wrongly read: results, figures, words, levels, order, thresholds, sources."""
    Target.objects.filter(programme=programme).update(level=Decimal(1), level_hi=None, quote="改了", comparator=1)
    Indicator.objects.update(name_zh="改名", unit_zh="箱", decimals=0, definition_zh="改了。")
    Clause.objects.filter(programme=programme).update(title_zh="改题")
    Region.objects.filter(code__startswith="1404").update(position=0, name_zh="改区", short_zh="改")
    Department.objects.update(name_zh="改局", short_zh="改")
    Source.objects.update(title="改源", address="https://example.gov.cn/changed")
    Programme.objects.filter(pk=programme.pk).update(name_zh="改方案", short_zh="改")
    Threshold.objects.update(value=1)
    corrected = ApprovedFigure.objects.filter(quarter=Q3, is_current=True).first()
    ApprovedFigure.objects.filter(pk=corrected.pk).update(is_current=False)
    numbers = {"value": Decimal(1)} if corrected.numerator is None else {}
    make_figure(corrected.series, Q3, revision=corrected.revision + 1, explanation="改了。", **numbers)
    Attainment.objects.filter(programme=programme).delete()


def test_the_same_edition_gives_the_same_bytes_whatever_happened_since(changzhi, edition):
    before, first = write(find_published_edition(edition))
    upset_everything(changzhi)
    edition.refresh_from_db()
    again, second = write(find_published_edition(edition))
    assert again == before
    assert first == second
    assert first.rows == edition.manifest["results"]["rows"] // 8


def test_the_workbook_of_live_results_does_not_survive_the_same(changzhi):
    """Negative control: what was upset above is read by the workbook of approved results."""
    before, _receipt = write(find_edition(programme=changzhi, quarter=Q3))
    indicator = changzhi.targets.first().indicator
    Indicator.objects.filter(pk=indicator.pk).update(name_zh="改名")
    assert write(find_edition(programme=changzhi, quarter=Q3))[0] != before


def test_an_edition_says_what_the_approved_results_said(changzhi, edition):
    """Every sheet but the cover and the manifest, which name the edition, has the same bytes."""
    live, live_receipt = write(find_edition(programme=changzhi, quarter=Q3))
    frozen, receipt = write(find_published_edition(edition))
    assert receipt.fingerprint == live_receipt.fingerprint
    with zipfile.ZipFile(io.BytesIO(live)) as left, zipfile.ZipFile(io.BytesIO(frozen)) as right:
        assert left.namelist() == right.namelist()
        different = [name for name in left.namelist() if left.read(name) != right.read(name)]
    assert len(different) == 1
    assert different[0].startswith("xl/worksheets/")


def test_the_manifest_names_edition_and_anchor(edition):
    content, _receipt = write(find_published_edition(edition))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name)
    assert "第1版发布（" in text
    assert edition.anchor in text
    assert "尚未发布" not in text


def test_a_published_workbook_reads_no_live_result(edition):
    with CaptureQueriesContext(connection) as queries:
        write(find_published_edition(edition))
    live = ("indicators_attainment", "indicators_target", "indicators_indicator", "indicators_threshold")
    assert not [q["sql"] for q in queries if any(f'FROM "{table}"' in q["sql"] for table in live)]


def test_a_later_edition_lists_what_was_corrected_since(changzhi, edition):
    figure = ApprovedFigure.objects.filter(quarter=Q3, is_current=True, denominator__gt=1).first()
    ApprovedFigure.objects.filter(pk=figure.pk).update(is_current=False)
    make_figure(figure.series, Q3, revision=figure.revision + 1, numerator=Decimal(1), denominator=figure.denominator)
    recompute_now(programme=changzhi)
    second = find_published_edition(publish_once(changzhi))
    pairs = list_corrections(second)
    assert [(before.pk, after.numerator) for before, after in pairs] == [(figure.pk, 1)]
    assert list_corrections(find_published_edition(edition)) == []  # what came later is not in it


def test_columns_stand_in_the_same_order():
    assert len(FROZEN_COLUMNS) == len(COLUMNS)
    assert FROZEN_COLUMNS[1] == "series_id"
    assert FROZEN_COLUMNS[-1] == "is_decomposed_for_show"
