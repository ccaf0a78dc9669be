"""What a department's form holds when it is given out: from the grid of the entry page to texts and numbers."""

from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from departments.selectors.clock import read_database_time
from indicators.bounds import write_plain_bound
from indicators.engine.target import Scale
from indicators.excel.layout import CHOICE, Column, Form, GivenRow
from indicators.models import Indicator, Submission
from indicators.number_words import unit_of_part, unit_of_value
from indicators.presenters.figures import can_be_none, write_own
from indicators.selectors.calendar import get_window
from indicators.selectors.grid_rows import Grid, GridRow, Judged
from qscounty.web.formats import format_quarter, write_plain


def describe_form(grid: Grid) -> Form:
    """Return the form in the language of the page, with the figures as they stand."""
    submission = grid.submission
    quarter = submission.quarter
    return Form(
        submission_id=submission.pk,
        quarter=str(quarter),
        language=get_language() or "zh-hans",
        issued=f"{timezone.localtime(read_database_time()):%Y-%m-%d %H:%M}",
        sheet=pgettext("sheet", "Entry form"),
        head=_write_head(submission),
        rows=tuple(_describe_row(row) for row in grid.rows),
    )


def name_file(submission: Submission) -> str:
    """Return the file's name: programme, department, quarter."""
    quarter = format_quarter(submission.quarter.year, submission.quarter.number)
    parts = (submission.programme.short_name, submission.department.short_name, quarter)
    return "_".join("".join(c for c in part if c.isalnum() or c in " -") for part in parts) + ".xlsx"


def list_headers(submission: Submission) -> dict[Column, str]:
    """Return the words over the columns."""
    before, year_before = submission.quarter - 1, submission.quarter - 4
    return {
        Column.KEY: _("Identifier"),
        Column.INDICATOR: _("Indicator"),
        Column.REGION: _("Region"),
        Column.LEVEL: _("Target"),
        Column.UNIT: _("Unit"),
        Column.WORDING: _("What to enter"),
        Column.NUMERATOR: _("Numerator"),
        Column.DENOMINATOR: _("Denominator"),
        Column.VALUE: _("Value"),
        Column.NOTHING: _("None this quarter"),
        Column.EXPLANATION: _("Explanation"),
        Column.LAST_QUARTER: format_quarter(before.year, before.number),
        Column.LAST_YEAR: format_quarter(year_before.year, year_before.number),
    }


def _write_head(submission: Submission) -> tuple[tuple[str, ...], ...]:
    """Return the texts of the rows above the figures, over all columns."""
    quarter = format_quarter(submission.quarter.year, submission.quarter.number)
    window = get_window(submission)
    title = _("%(programme)s: figures of %(department)s, %(quarter)s") % {
        "programme": submission.programme.name,
        "department": submission.department.name,
        "quarter": quarter,
    }
    note = _(
        "Fill in the white cells only and leave no formula in them. Numbers may be written like 1234.5, 1,234.5,"
        " 95% or 1.5万. If nothing occurred, choose “yes” under “None this quarter” instead of entering 0."
    )
    facts = _("Due on %(due)s, open until %(closes)s. Return this very file: it knows where its figures belong.") % {
        "due": f"{window.due_on:%Y-%m-%d}",
        "closes": f"{window.closes_on:%Y-%m-%d}",
    }
    lines = [tuple("" if place != 2 else text for place in range(1, 14)) for text in (title, note, facts)]
    return (*lines, tuple(list_headers(submission).values()))


def _describe_row(row: GridRow) -> GivenRow:
    indicator, shown = row.series.indicator, row.shown
    numbers = [getattr(shown, name) if shown else None for name in ("numerator", "denominator", "value")]
    return GivenRow(
        series_id=row.series.pk,
        version=row.figure.version if row.figure else 0,
        units=list_units(indicator),
        numbers=(write_plain(numbers[0]), write_plain(numbers[1]), write_plain(numbers[2])),
        nothing_occurred=bool(shown and shown.nothing_occurred),
        explanation=row.explanation,
        may_be_nothing=can_be_none(indicator),
        is_closed=row.is_elsewhere,
        locked=(
            indicator.name,
            row.series.region.short_name,
            _join(_write_bound(judged) for judged in row.targets),
            indicator.unit,
            _write_wording(indicator),
            write_own(indicator, row.last_quarter),
            write_own(indicator, row.last_year),
        ),
    )


def list_units(indicator: Indicator) -> tuple[int, int, int]:
    """Return the units of numerator, denominator and value; 0 for what the indicator does not take."""
    if indicator.is_counted:
        return int(unit_of_part(indicator.numerator_zh)), int(unit_of_part(indicator.denominator_zh)), 0
    return 0, 0, CHOICE if indicator.scale == Scale.YES_NO else int(unit_of_value(indicator))


def _write_bound(judged: Judged) -> str:
    target = judged.allocation.target
    return write_plain_bound(target, judged.level, target.level_hi)


def _write_wording(indicator: Indicator) -> str:
    if indicator.is_counted:
        return _("%(numerator)s ÷ %(denominator)s") % {
            "numerator": indicator.numerator,
            "denominator": indicator.denominator,
        }
    return _("yes or no") if indicator.scale == Scale.YES_NO else _("the value")


def _join(texts: object) -> str:
    return "\n".join(dict.fromkeys(texts))  # type: ignore[call-overload]
