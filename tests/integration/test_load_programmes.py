"""The five catalogues come into the database, again without a change, and say where a file is wrong."""

import csv
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from departments.models import AuditEntry, Region
from indicators.actions.programmes import load_catalogues
from indicators.catalogue.reader import CatalogueError, list_catalogue_paths, read_catalogue
from indicators.models import (
    Allocation,
    ApprovedFigure,
    Indicator,
    LeftOut,
    Origin,
    Programme,
    RecomputeRequest,
    ReportingQuarter,
    RewardRule,
    Series,
    Target,
    Threshold,
)
from indicators.selectors.catalogue import COLUMNS

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(five_programmes, db):
    """The five programmes; what a test changes is rolled back."""


def snapshot():
    """Return every row that loading writes, besides the trail."""
    models = (
        Region,
        Programme,
        Indicator,
        Target,
        Series,
        Allocation,
        ReportingQuarter,
        RewardRule,
        Threshold,
        LeftOut,
    )
    return {model.__name__: sorted(map(str, model.objects.values_list())) for model in (*models, ApprovedFigure)}


def export(*arguments):
    out = io.StringIO()
    call_command("export_catalogue", *arguments, stdout=out)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def catalogue_of(seed):
    path = next(path for path in list_catalogue_paths() if path.name.startswith(seed))
    return path.name, read_catalogue(path)


def reload(seed, change):
    """Load one programme again as `change` makes it."""
    name, catalogue = catalogue_of(seed)
    return load_catalogues(catalogues={name: change(catalogue)})


def test_every_target_of_every_file_is_loaded(loaded):
    files = {c.programme.code: len(c.target) for c in map(read_catalogue, list_catalogue_paths())}
    assert len(files) == 5
    assert {p.code: p.targets.count() for p in Programme.objects.all()} == files


def test_loading_again_changes_nothing(loaded):
    before, entries = snapshot(), AuditEntry.objects.count()
    call_command("load_programmes", stdout=io.StringIO())
    assert snapshot() == before
    assert AuditEntry.objects.count() == entries


@pytest.mark.parametrize(
    ("programme", "target", "regions"),
    [
        pytest.param("zhejiang-2012", "product-inspection-pass-rate", 90, id="every county of Zhejiang"),
        pytest.param("zhejiang-2012", "demonstration-counties", 1, id="the province itself"),
        pytest.param("changzhi-2015", "good-air-days-counties", 13, id="every county of Changzhi"),
        pytest.param("changzhi-2015", "good-air-days-city", 1, id="the urban area"),
        pytest.param("hangzhou-2011", "patent-grants", 1, id="the city"),
    ],
)
def test_targets_are_given_to_their_regions(loaded, programme, target, regions):
    assert Allocation.objects.filter(target__programme__code=programme, target__code=target).count() == regions


def test_two_targets_on_one_thing_share_a_series(loaded):
    """Source: Pan'an 二 and 三(二)6·四, good-air days 98 % and 95 %; ADR 3."""
    allocations = Allocation.objects.filter(target__code__startswith="good-air-days-share-")
    assert allocations.count() == 2
    assert len({allocation.series_id for allocation in allocations}) == 1


def test_every_target_has_one_lead_which_reports(loaded):
    for target in Target.objects.prefetch_related("responsibilities", "allocations__series"):
        leads = [row.department_id for row in target.responsibilities.all() if row.responsibility == "lead"]
        assert len(leads) == 1
        assert {allocation.series.department_id for allocation in target.allocations.all()} == set(leads)


def test_every_quarter_has_a_window_that_opens_after_it(loaded):
    for programme in Programme.objects.all():
        windows = list(programme.reporting_quarters.order_by("quarter"))
        assert len(windows) == programme.last_quarter.ordinal - programme.first_quarter.ordinal + 1
        assert all(window.opens_on == window.quarter.ends_before for window in windows)
        assert all(window.opens_on < window.due_on < window.closes_on for window in windows)


def test_published_figures_keep_their_source(loaded):
    figures = ApprovedFigure.objects.filter(origin=Origin.PUBLISHED).select_related("source")
    assert figures.count() == 8
    assert all(figure.source.title and figure.source.address.startswith("http") for figure in figures)
    days = figures.get(series__indicator__code="good-air-days")
    assert (str(days.quarter), days.value) == ("2020Q4", 272)


def test_figures_for_comparison_are_not_rated(loaded):
    rated = ApprovedFigure.objects.filter(series__allocations__isnull=False).distinct()
    assert rated.count() == 3


def test_rewards_are_rules_and_not_targets(loaded):
    rules = RewardRule.objects.filter(programme__code="minqing-2012")
    assert rules.count() == 12
    assert not Target.objects.filter(clause__in=rules.values("clause")).exists()
    banded = rules.exclude(tiers=[]).get()
    assert [tier["percent"] for tier in banded.tiers] == ["10", "15", "20"]
    assert banded.tiers[-1]["to_amount"] is None


def test_a_change_asks_for_a_recompute(loaded):
    asked = RecomputeRequest.objects.get(programme__code="panan-2018", region=None, parent=None).requested_version
    reload("004", lambda c: replace_target(c, "pm25-mean-29", level=28))
    after = RecomputeRequest.objects.get(programme__code="panan-2018", region=None, parent=None).requested_version
    assert after > asked
    assert Target.objects.get(code="pm25-mean-29").level == 28


def replace_target(catalogue, code, **changes):
    targets = [t.model_copy(update=changes) if t.code == code else t for t in catalogue.target]
    assert targets != catalogue.target
    return catalogue.model_copy(update={"target": targets})


def drop_target(catalogue, code):
    return catalogue.model_copy(update={"target": [t for t in catalogue.target if t.code != code]})


def test_a_target_without_figures_can_be_dropped(loaded):
    reload("004", lambda c: drop_target(c, "tcm-tourism-zone-launch"))
    assert not Target.objects.filter(code="tcm-tourism-zone-launch").exists()


def test_a_target_with_figures_cannot_be_dropped(loaded):
    before = snapshot()
    with pytest.raises(CatalogueError, match=r"003_.*patent-grants.*figures were entered"):
        reload("003", lambda c: drop_target(c, "patent-grants"))
    assert snapshot() == before


def test_another_lead_moves_the_allocation_and_keeps_the_old_figures(loaded):
    target = Target.objects.get(programme__code="hangzhou-2011", code="patent-grants")
    other = next(d.code for d in catalogue_of("003")[1].department if d.code != target.departments.first().code)
    reload("003", lambda c: replace_target(c, "patent-grants", lead=other, supporting=[]))
    assert target.allocations.get().series.department.code == other
    assert ApprovedFigure.objects.filter(series__indicator=target.indicator).exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(
            {"regions": ["99"]}, r"target “pm25-mean-29”, field “regions”: no region with the code 99", id="region"
        ),
    ],
)
def test_errors_name_file_target_and_field(loaded, change, message):
    with pytest.raises(CatalogueError, match=rf"004_panan_2018\.toml: {message}"):
        reload("004", lambda c: replace_target(c, "pm25-mean-29", **change))


def test_two_definitions_of_one_indicator_are_refused(loaded):
    name, catalogue = catalogue_of("004")
    indicator = catalogue.indicator[0].model_copy(update={"decimals": 3})
    other = catalogue.model_copy(update={"indicator": [indicator]})
    with pytest.raises(CatalogueError, match=rf"other\.toml: indicator “{indicator.code}”, field “decimals”"):
        load_catalogues(catalogues={name: catalogue, "other.toml": other})


def test_the_export_has_its_columns_and_every_target(loaded):
    rows = export()
    assert list(rows[0]) == COLUMNS
    assert len(rows) == Target.objects.count()
    assert {row["seed"] for row in rows} == {"000", "001", "002", "003", "004"}


def test_the_export_of_one_programme_is_in_document_order(loaded):
    rows = export("--programme", "changzhi-2015")
    assert {row["programme"] for row in rows} == {"changzhi-2015"}
    expected = Target.objects.filter(programme__code="changzhi-2015").order_by("position")
    assert [row["name_zh"] for row in rows] == [target.indicator.name_zh for target in expected]


@pytest.mark.parametrize(
    ("code", "columns"),
    [
        pytest.param(
            ("changzhi-2015", "drug-test-pass-rate"),
            {"comparator": ">=", "value": "98.5", "unit": "%", "due": "2020Q4", "accumulation": "ratio"},
            id="rate",
        ),
        pytest.param(
            ("changzhi-2015", "national-tourism-brand-zones"),
            {"comparator": "between", "value": "1", "value_hi": "3", "unit": "个"},
            id="range",
        ),
        pytest.param(
            ("changzhi-2015", "cod-emissions-reduction"),
            {"comparator": ">=", "value": "11.3", "unit": "%", "basis": "reduction"},
            id="reduction has the unit of its basis",
        ),
        pytest.param(
            ("zhejiang-2012", "international-standards-share-gain"),
            {"value": "5", "unit": "个百分点", "basis": "points"},
            id="points",
        ),
        pytest.param(("zhejiang-2012", "cod-cut"), {"value": "", "comparator": ">="}, id="awaited level is empty"),
        pytest.param(
            ("panan-2018", "construction-output"), {"comparator": ">", "value": "150", "path": "annual"}, id="above"
        ),
    ],
)
def test_the_export_says_what_the_document_says(loaded, code, columns):
    programme, target = code
    name = Target.objects.get(programme__code=programme, code=target).indicator.name_zh
    row = next(row for row in export("--programme", programme) if row["name_zh"] == name)
    assert {column: row[column] for column in columns} == columns


def test_the_export_names_the_known_codes_for_an_unknown_one(loaded):
    with pytest.raises(CommandError, match=r"No programme has the code “x”; the codes are: zhejiang-2012"):
        export("--programme", "x")


def test_every_sentence_without_a_target_is_kept_with_its_clause_and_reason(loaded):
    for catalogue in map(read_catalogue, list_catalogue_paths()):
        kept = LeftOut.objects.filter(programme__code=catalogue.programme.code).select_related("clause")
        stored = [(row.clause.number, row.quote, row.reason_zh, row.reason_en) for row in kept.order_by("position")]
        assert stored == [(e.clause, e.quote, e.reason_zh, e.reason_en) for e in catalogue.left_out]
    assert LeftOut.objects.count() == 180


def test_a_sentence_that_the_file_drops_or_rewords_is_dropped_or_reworded(loaded):
    programme = Programme.objects.get(seed="004")
    before = list(programme.left_out.values_list("quote", flat=True))

    def change(catalogue):
        kept = [catalogue.left_out[0].model_copy(update={"reason_en": "Reworded."}), *catalogue.left_out[2:]]
        return catalogue.model_copy(update={"left_out": kept})

    assert sum(reload("004", change).values()) > 0
    assert list(programme.left_out.values_list("quote", flat=True)) == [before[0], *before[2:]]
    assert programme.left_out.first().reason_en == "Reworded."
    assert sum(reload("004", lambda catalogue: catalogue).values()) > 0
    assert list(programme.left_out.values_list("quote", flat=True)) == before
    assert sum(reload("004", lambda catalogue: catalogue).values()) == 0


def test_the_database_keeps_no_sentence_without_words_or_reason(loaded):
    row = LeftOut.objects.first()
    for field in ("quote", "reason_zh", "reason_en"):
        with pytest.raises(IntegrityError, match="leftout_words_and_reason"), transaction.atomic():
            LeftOut.objects.filter(pk=row.pk).update(**{field: ""})
