"""Two values for one cell: what was typed, and what someone else saved meanwhile. Source: ADR 17, case T12."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.models import Indicator
from indicators.presenters.figures import list_fields, write_figure
from indicators.selectors.grid_rows import GridRow
from qscounty.web.formats import ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeView:
    """Two values for one row: who typed and who saved what, and the words of the two buttons.

    `stands` is the version of the saved figure: whoever chooses the other value names it.
    """

    words: str
    keep: str
    take: str
    stands: int


def present_dispute(row: GridRow) -> DisputeView:
    """Return both values of a row in dispute, with the sentence that asks for a choice."""
    saved, typed = _write_both(row)
    return DisputeView(
        words=describe_dispute(row),
        keep=_("Keep %(value)s") % {"value": saved},
        take=_("Change to %(value)s") % {"value": typed},
        stands=row.figure.version if row.figure else 0,
    )


def describe_dispute(row: GridRow) -> str:
    """Return who typed what and who saved what; "" for a row that is not in dispute."""
    if row.typed is None or row.figure is None:
        return ""
    saved, typed = _write_both(row)
    return _("%(saver)s changed this figure to %(saved)s while %(typist)s typed %(typed)s; choose one.") % {
        "saver": row.figure.entered_by,
        "saved": saved,
        "typist": row.typed.typed_by,
        "typed": typed,
    }


def write_typed(indicator: Indicator, texts: Mapping[str, str]) -> str:
    """Return a row's texts as they were typed, in one line: 95 / 100, none this quarter, or blank."""
    if texts.get("nothing"):
        return _("none this quarter")
    typed = [texts.get(kind, "").strip() for kind, _label in list_fields(indicator)]
    return " / ".join(text or ABSENT for text in typed) if any(typed) else pgettext("figure", "blank")


def _write_both(row: GridRow) -> tuple[str, str]:
    """Return the saved and the typed value; with the words beside them where the figures are the same."""
    if row.typed is None or row.figure is None:
        return "", ""
    indicator, texts = row.series.indicator, row.typed.texts
    saved = pgettext("figure", "blank") if row.figure.is_empty else write_figure(row.figure, indicator)
    typed = write_typed(indicator, texts)
    if saved != typed:
        return saved, typed
    return f"{saved} ({row.figure.explanation or ABSENT})", f"{typed} ({texts.get('explanation') or ABSENT})"
