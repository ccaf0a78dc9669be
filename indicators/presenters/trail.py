"""The trail of a figure in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from indicators.models import Indicator
from indicators.presenters.figures import write_figure
from indicators.selectors.trail import TrailLine
from qscounty.web.times import format_instant

_ACTS: dict[str, Promise] = {
    "enter": pgettext_lazy("trail", "entered"),
    "change": pgettext_lazy("trail", "changed"),
    "clear": pgettext_lazy("trail", "cleared"),
    "submit": pgettext_lazy("trail", "submitted"),
    "withdraw": pgettext_lazy("trail", "withdrew"),
    "return": pgettext_lazy("trail", "returned"),
    "approve": pgettext_lazy("trail", "approved"),
    "reopen": pgettext_lazy("trail", "reopened"),
    "ask": pgettext_lazy("trail", "asked to reopen"),
}
_ORIGINS: dict[str, Promise] = {
    "published": pgettext_lazy("trail", "published figure"),
    "demonstration": pgettext_lazy("trail", "demonstration data"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailView:
    """One line: when, who, what, from what to what, why."""

    at: str
    person: str
    act: str
    change: str
    words: str


def present_trail(lines: Iterable[TrailLine], *, indicator: Indicator) -> list[TrailView]:
    """Return the lines in their order."""
    return [
        TrailView(
            at=format_instant(line.at),
            person=str(line.person or pgettext("trail", "the system")),
            act=str(_ACTS[line.act]),
            change=_write_change(line, indicator),
            words=line.words or str(_ORIGINS.get(line.origin, "")),
        )
        for line in lines
    ]


def write_lede(lines: Sequence[TrailView], *, indicator: Indicator) -> str:
    """Return who did what last with the figure; `lines` with the newest first."""
    if not lines:
        return _("%(indicator)s: nothing has happened to this figure yet.") % {"indicator": indicator.name}
    last = lines[0]
    return _("%(indicator)s: last %(act)s by %(person)s at %(time)s.") % {
        "indicator": indicator.name,
        "act": last.act,
        "person": last.person,
        "time": last.at,
    }


def _write_change(line: TrailLine, indicator: Indicator) -> str:
    if line.after is None:
        return ""
    after = write_figure(line.after, indicator)
    if line.before is None or line.before.is_empty:
        return after
    before = write_figure(line.before, indicator)
    return after if before == after else f"{before} → {after}"
