"""The check list before submission: what cannot be, what wants a word, what is missing, what is explained."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.finding_words import describe_finding
from indicators.forms import list_problems
from indicators.presenters.disputes import describe_dispute
from indicators.presenters.rows import name_row
from indicators.selectors.grid_rows import Grid, GridRow

NAMED = 10


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """One figure on the list, with what is said about it."""

    pk: int
    name: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckItem:
    """One line of the list: done, to be done (it blocks), or only to be known."""

    kind: str
    shape: str
    title: str
    rows: list[CheckedRow]

    @property
    def shown(self) -> list[CheckedRow]:
        """The first of them; the form shows all."""
        return self.rows[:NAMED]

    @property
    def more(self) -> str:
        """How many others there are."""
        count = len(self.rows) - NAMED
        return ngettext("and %(count)d more", "and %(count)d more", count) % {"count": count} if count > 0 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """The list. `can_submit`: nothing on it blocks."""

    lede: str
    items: list[CheckItem]
    can_submit: bool


def present_checklist(grid: Grid) -> Checklist:
    """Return the list in the order in which a clerk works through it."""
    blocked = _take(grid, lambda row: row.is_blocked and not row.is_disputed)
    disputed = _take(grid, lambda row: row.is_disputed)
    silent = _take(grid, lambda row: row.lacks_word and row.is_filled)
    missing = _take(grid, lambda row: row.lacks_word and not row.is_filled)
    explained = _take(grid, lambda row: row.wants_word and not row.lacks_word)
    optional = _take(grid, lambda row: not row.is_filled and not row.wants_word)
    todo = len(blocked) + len(disputed) + len(silent) + len(missing)
    items = [
        _item("bad", blocked, done=_("No figure contradicts itself"), todo=_("Cannot be right: correct these first")),
        _item("word", silent, done=_("Everything unusual is explained"), todo=_("Wants a word beside the cell")),
        _item("word", missing, done=_("Nothing is missing without a word"), todo=_("Missing: enter it, or write why")),
    ]
    if disputed:
        items.insert(0, CheckItem(kind="bad", shape="■", title=_("Two values: choose one"), rows=disputed))
    if explained:
        items.append(CheckItem(kind="known", shape="●", title=_("Explained; the reviewer reads it"), rows=explained))
    if optional:
        items.append(CheckItem(kind="known", shape="●", title=_("Empty; not needed this quarter"), rows=optional))
    return Checklist(lede=_write_lede(grid, todo), items=items, can_submit=not todo and bool(grid.rows))


def _write_lede(grid: Grid, todo: int) -> str:
    if todo:
        return ngettext(
            "%(count)d figure has to be seen to before you can submit.",
            "%(count)d figures have to be seen to before you can submit.",
            todo,
        ) % {"count": todo}
    return ngettext(
        "%(count)d figure is ready to be submitted.", "%(count)d figures are ready to be submitted.", grid.filled
    ) % {"count": grid.filled}


def _item(kind: str, rows: list[CheckedRow], *, done: str, todo: str) -> CheckItem:
    if not rows:
        return CheckItem(kind="done", shape="✓", title=done, rows=[])
    return CheckItem(kind=kind, shape={"bad": "■", "word": "▲"}[kind], title=todo, rows=rows)


def _take(grid: Grid, wanted: Callable[[GridRow], bool]) -> list[CheckedRow]:
    return [CheckedRow(row.series.pk, name_row(row), _say(row)) for row in grid.rows if wanted(row)]


def _say(row: GridRow) -> str:
    """Return what was found at the cell, or the explanation where there is one."""
    if row.wants_word and not row.lacks_word:
        return row.explanation
    if row.is_disputed:
        return describe_dispute(row)
    if row.typed is not None:
        return " ".join(list_problems(row.typed.texts, row.series).values())
    said = [
        describe_finding(found.code, indicator=row.series.indicator, numbers=found.numbers) for found in row.noticed
    ]
    return " ".join(said) or (_("Behind the expected level.") if row.is_red else "")
