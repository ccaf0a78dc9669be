"""LibreOffice computes every formula of the workbook to the stored result, and re-rates what is changed.

All files go through one start of the program. A negative control shows that a wrong stored value is found.
"""

import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from django.db import transaction
from openpyxl import load_workbook

from indicators.engine.target import Gap, Rating
from indicators.models import Attainment
from reports.exports import words
from reports.exports.layout import FIRST_ROW, LETTERS, Sheet
from reports.exports.rollups import LETTERS as ROLLUP_LETTERS
from tests.reports.export_world import KINDS, Q3, export, load_programmes, make_kinds, vary
from tests.reports.libreoffice_office import forget_results, list_differences, recalculate
from tests.taken_back import taken_back

pytestmark = [pytest.mark.libreoffice, pytest.mark.django_db]
FIVE = ("zhejiang-2012", "minqing-2012", "changzhi-2015", "hangzhou-2011", "panan-2018")
KIND = "kinds"
GENERATED = ("generated-1", "generated-2", "generated-3")


@dataclass(frozen=True)
class Office:
    """The workbooks as written and as recalculated, by name; `stored` are the results behind the kinds, by name."""

    written: dict[str, Path]
    recalculated: dict[str, Path]
    stored: dict[str, Attainment]


@pytest.fixture(scope="module")
def office(tmp_path_factory, django_db_setup, django_db_blocker):
    directory = tmp_path_factory.mktemp("office")
    written = {}
    with django_db_blocker.unblock(), taken_back():
        for programme in load_programmes():
            written[programme.code] = export(programme, programme.last_quarter)
        programme, targets = make_kinds()
        written[KIND] = export(programme, Q3)
        names = {target.pk: name for name, target in targets.items()}
        results = Attainment.objects.filter(programme=programme, quarter=Q3)
        stored = {names[result.target_id]: result for result in results}
        for seed, name in enumerate(GENERATED):
            vary(programme, seed)
            written[name] = export(programme, Q3)
        transaction.set_rollback(True)
    paths = {}
    for name, content in written.items():
        paths[name] = directory / f"{name}.xlsx"
        paths[name].write_bytes(content)
    paths["changed"] = change_inputs(paths[KIND], directory / "changed.xlsx")
    paths["thresholds"] = change_thresholds(paths[KIND], directory / "thresholds.xlsx")
    done = recalculate(list(paths.values()), directory / "out")
    return Office(written=paths, recalculated=dict(zip(paths, done, strict=True)), stored=stored)


def row_of(kind: str) -> int:
    """Return the row of a kind on the detail sheet."""
    return FIRST_ROW + [name for name, *_rest in KINDS].index(kind)


def cell(kind: str, key: str) -> str:
    """Return the address of a column in the row of a kind."""
    return f"{LETTERS[key]}{row_of(kind)}"


def change_inputs(source: Path, target: Path) -> Path:
    """Change figures, a level, a comparator and a state by hand, as a reader would."""
    workbook = load_workbook(source)
    detail = workbook[Sheet.DETAIL]
    detail[cell("rate met", "numerator")] = 800
    detail[cell("rate not reported", "numerator")] = 950
    detail[cell("rate not reported", "denominator")] = 1000
    detail[cell("rate awaited", "expected")] = 40
    detail[cell("rate exactly met", "comparator")] = ">"
    detail[cell("count behind", "measured")] = 40
    detail[cell("an incident", "measured")] = 0
    detail[cell("benchmark awaited", "reference")] = 90
    detail[cell("done", "given_gap")] = words.NOT_APPLICABLE
    workbook.save(target)
    return target


def change_thresholds(source: Path, target: Path) -> Path:
    """Let nothing be amber that is a rate, and ask more of a cell."""
    workbook = load_workbook(source)
    sheet = workbook[Sheet.THRESHOLDS]
    sheet["C9"], sheet["C6"] = 0, 99
    workbook.save(target)
    return target


@pytest.mark.parametrize("name", [*FIVE, KIND, *GENERATED])
def test_every_formula_comes_to_its_stored_value(office, name):
    count, wrong = list_differences(office.written[name], office.recalculated[name])
    assert count > 500
    assert not wrong, wrong[:10]


@pytest.mark.parametrize("name", [name for name, *_rest in KINDS])
def test_each_kind_has_the_rating_that_the_engine_stored(office, name):
    result = office.stored[name]
    detail = read(office.recalculated[KIND])
    word = words.RATINGS[Rating(result.rating)] if result.gap == Gap.NONE else words.GAPS[Gap(result.gap)]
    assert detail[cell(name, "rating")].value == word
    if result.ratio is not None:
        assert detail[cell(name, "ratio")].value == pytest.approx(result.ratio, rel=1e-9)
    else:
        assert detail[cell(name, "ratio")].value == words.ABSENT


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        pytest.param("rate met", words.GREEN, words.RED, id="a lower numerator"),
        pytest.param("rate not reported", words.NOT_REPORTED, words.GREEN, id="a figure that was missing"),
        pytest.param("rate awaited", words.AWAITING, words.GREEN, id="a level that was awaited"),
        pytest.param("rate exactly met", words.GREEN, words.AMBER, id="the bound excluded"),
        pytest.param("count behind", words.RED, words.GREEN, id="a higher count"),
        pytest.param("an incident", words.RED, words.GREEN, id="an incident taken back"),
        pytest.param("benchmark awaited", words.AWAITING, words.GREEN, id="a benchmark that was awaited"),
        pytest.param("done", words.GREEN, words.NOT_APPLICABLE, id="a state set by hand"),
    ],
)
def test_a_changed_input_rates_again(office, kind, before, after):
    assert read(office.recalculated[KIND])[cell(kind, "rating")].value == before
    assert read(office.recalculated["changed"])[cell(kind, "rating")].value == after


def test_the_generated_sets_differ_in_every_way_that_counts(office):
    ratings = {
        tuple(read(office.recalculated[name])[cell(kind, "rating")].value for kind, *_rest in KINDS)
        for name in (KIND, *GENERATED)
    }
    assert len(ratings) == len(GENERATED) + 1
    assert {words.GREEN, words.AMBER, words.RED, words.NOT_REPORTED, words.NOT_COMPUTABLE} <= set().union(*ratings)


def test_a_changed_input_reaches_the_totals_and_the_lists(office):
    before, after = (load_workbook(office.recalculated[name], data_only=True) for name in (KIND, "changed"))

    def read_total(workbook, key):
        sheet = workbook[Sheet.DOMAINS]
        row = next(n for n in range(FIRST_ROW, sheet.max_row) if sheet[f"B{n}"].value == words.TOTAL)
        return sheet[f"{ROLLUP_LETTERS[key]}{row}"].value

    assert read_total(after, "not_reported") == read_total(before, "not_reported") - 1
    assert (
        read_total(after, "reported") == read_total(before, "reported") + 2
    )  # two awaited, one filled in, one set aside
    assert before[Sheet.SUMMARY]["A3"].value != after[Sheet.SUMMARY]["A3"].value
    names = [before[Sheet.NOT_REPORTED]["D5"].value, after[Sheet.NOT_REPORTED]["D5"].value]
    assert names[0] == "rate not reported"
    assert names[1] in ("", None)


def test_changed_thresholds_rate_again(office):
    detail = read(office.recalculated["thresholds"])
    assert detail[cell("rate within two points", "rating")].value == words.RED
    assert detail[cell("rate met", "rating")].value == words.GREEN


def test_what_is_recalculated_starts_without_results(office, tmp_path):
    forget_results(office.written[KIND], tmp_path / "bare.xlsx")
    detail = load_workbook(tmp_path / "bare.xlsx", data_only=True)[Sheet.DETAIL]
    assert {detail[cell(name, "rating")].value for name, *_rest in KINDS} == {None}


def test_a_wrong_stored_value_is_found(office, tmp_path):
    wrong = tmp_path / "wrong.xlsx"
    with zipfile.ZipFile(office.written[KIND]) as old, zipfile.ZipFile(wrong, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(words.RED.encode() + b"</v>", words.AMBER.encode() + b"</v>"))
    _count, found = list_differences(wrong, office.recalculated[KIND])
    assert any(words.AMBER in sentence for sentence in found)


@cache
def read(path):
    """Return the detail sheet's values."""
    return load_workbook(path, data_only=True)[Sheet.DETAIL]
