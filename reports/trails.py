"""The trail of one figure in sentences, oldest first: who entered, returned and approved what, and why."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from indicators.answers import is_question
from indicators.engine.period import Quarter
from indicators.models import ApprovedFigure, Indicator, Origin, Series
from indicators.presenters.figures import write_figure
from indicators.selectors.trail import TrailLine, list_figure_trail
from qscounty.web.formats import ABSENT, add_unit
from qscounty.web.times import format_instant

_SENTENCES: dict[str, str | Promise] = {
    "enter": gettext_lazy("%(person)s entered %(figure)s"),
    "change": gettext_lazy("%(person)s changed it to %(figure)s"),
    "clear": gettext_lazy("%(person)s cleared it"),
    "submit": gettext_lazy("%(person)s submitted the form"),
    "withdraw": gettext_lazy("%(person)s withdrew the form"),
    "return": gettext_lazy("%(person)s returned it: %(reason)s"),
    "approve": gettext_lazy("%(person)s approved it"),
    "reopen": gettext_lazy("%(person)s reopened it: %(reason)s"),
    "ask": gettext_lazy("%(person)s asked to reopen it: %(reason)s"),
}


_EXPLAINED = ("enter", "change", "clear")
"""What is done to a figure comes with its explanation, if there is one; an act's reason is part of its sentence."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a trail."""

    at: datetime
    text: str

    @property
    def time(self) -> str:
        """Day and time in the site's zone."""
        return format_instant(self.at)


def list_steps(series: Series, quarter: Quarter, *, approved: list[ApprovedFigure]) -> list[Step]:
    """Return what happened to a series' figure of one quarter, oldest first; five queries at most.

    `approved` are the revisions of the quarter, oldest first, with their sources.
    """
    lines = reversed(list_figure_trail(series, quarter, approved=approved))
    return [Step(line.at, write_step(line, series.indicator)) for line in lines]


def write_step(line: TrailLine, indicator: Indicator) -> str:
    """Return a step as a sentence, with the reason behind it; of a figure that nobody entered, where it comes from."""
    if isinstance(line.after, ApprovedFigure) and line.after.submission_id is None:
        if line.origin == Origin.PUBLISHED and line.after.source is not None:
            return _("Taken from a publication: %(source)s") % {"source": line.after.source.title}
        if line.origin == Origin.DEMONSTRATION:
            return _("Invented for the demonstration")
    person = line.person or pgettext("trail", "the system")
    words = {"person": person, "figure": _write(line, indicator), "reason": line.words or ABSENT}
    told = str(_SENTENCES[line.act]) % words
    return told + _(": %(why)s") % {"why": line.words} if line.words and line.act in _EXPLAINED else told


def _write(line: TrailLine, indicator: Indicator) -> str:
    if line.after is None:
        return ""
    figure = write_figure(line.after, indicator)
    is_plain = indicator.is_counted or is_question(indicator) or line.after.nothing_occurred
    return figure if is_plain else add_unit(figure, indicator.unit)
