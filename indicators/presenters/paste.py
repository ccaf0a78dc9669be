"""What a pasted block would change, cell by cell."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.finding_words import describe_finding
from indicators.forms import NUMBERS, ReadEntries
from indicators.presenters.figures import list_fields
from indicators.presenters.rows import RowView, name_row, present_row
from indicators.selectors.grid_rows import Grid, GridRow
from qscounty.web.formats import ABSENT, format_number


@dataclass(slots=True, kw_only=True)
class PastedRow:
    """One row: what stood in its cells, what would stand there, its rating then, what is wrong."""

    pk: int
    name: str
    before: str
    after: str
    is_change: bool
    row: RowView
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class PasteView:
    """The preview. `can_apply`: every cell can be read and something would change."""

    rows: list[PastedRow]
    lede: str
    can_apply: bool
    overflow: str


def present_paste(now: Grid, then: Grid, *, read: ReadEntries, overflow: int) -> PasteView:
    """Return the preview of what was read; `overflow` cells of the block lie beyond the form."""
    rows = [_present(now.by_series[pk], then.by_series[pk], read) for pk in read.typed]
    changes, problems = sum(row.is_change for row in rows), sum(bool(row.problems) for row in rows)
    return PasteView(
        rows=rows,
        lede=_write_lede(changes, problems),
        can_apply=changes > 0 and not problems,
        overflow=ngettext(
            "%(count)d cell lies beyond the form and is left out.",
            "%(count)d cells lie beyond the form and are left out.",
            overflow,
        )
        % {"count": overflow}
        if overflow
        else "",
    )


def _present(now: GridRow, then: GridRow, read: ReadEntries) -> PastedRow:
    pk, indicator = now.series.pk, now.series.indicator
    problems = list(read.problems.get(pk, {}).values())
    entry = read.entries.get(pk)
    fields = [kind for kind, _label in list_fields(indicator)]
    was_none = now.shown is not None and now.shown.nothing_occurred
    before = _("none this quarter") if was_none else _write([getattr(now.shown, kind, None) for kind in fields])
    after = (
        " / ".join(read.typed[pk].get(kind, "") for kind in NUMBERS if kind in fields)
        if entry is None
        else _("none this quarter")
        if entry.nothing_occurred
        else _write([getattr(entry, kind) for kind in fields])
    )
    return PastedRow(
        pk=pk,
        name=name_row(now),
        before=before,
        after=after,
        is_change=before != after,
        row=present_row(then, is_open=True),
        problems=problems,
        notes=[describe_finding(found.code, indicator=indicator, numbers=found.numbers) for found in then.noticed]
        if entry
        else [],
    )


def _write(numbers: list[object]) -> str:
    written = [format_number(number) for number in numbers]  # type: ignore[arg-type]
    return ABSENT if all(text == ABSENT for text in written) else " / ".join(written)


def _write_lede(changes: int, problems: int) -> str:
    if problems:
        return ngettext(
            "%(count)d row cannot be read; correct it in the sheet and paste again. Nothing is changed.",
            "%(count)d rows cannot be read; correct them in the sheet and paste again. Nothing is changed.",
            problems,
        ) % {"count": problems}
    if not changes:
        return _("Everything pasted stands here already.")
    return ngettext("%(count)d row would change.", "%(count)d rows would change.", changes) % {"count": changes}
