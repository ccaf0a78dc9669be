"""Figures in words and digits as the pages of entry and review show them, and which fields an indicator takes."""

from django.utils.translation import gettext as _

from indicators.answers import write_answer
from indicators.engine.target import Scale
from indicators.models import ApprovedFigure, Figure, Indicator
from qscounty.web.formats import ABSENT, add_unit, format_number


def list_fields(indicator: Indicator) -> list[tuple[str, str]]:
    """Return (field, label) of what is entered for an indicator, in the order of the columns."""
    if indicator.is_counted:
        return [("numerator", indicator.numerator), ("denominator", indicator.denominator)]
    return [("value", indicator.unit)]


def can_be_none(indicator: Indicator) -> bool:
    """Return whether “none this quarter” says something: of counts, not of grades, milestones or yes and no."""
    return indicator.is_counted or indicator.scale == Scale.CONTINUOUS


def write_own(indicator: Indicator, value: float) -> str:
    """Return a figure of one quarter in the indicator's unit; yes and no as words."""
    if answer := write_answer(indicator, value):
        return answer
    number = format_number(value, indicator.decimals)
    return number if number == ABSENT or indicator.unit[0] not in "%‰" else add_unit(number, indicator.unit)


def write_figure(figure: Figure | ApprovedFigure, indicator: Indicator) -> str:
    """Return a figure as a reader sees it: 1 862 / 1 960, yes, none this quarter, or a dash."""
    if figure.is_empty:
        return ABSENT
    if figure.nothing_occurred:
        return _("none this quarter")
    numbers = [getattr(figure, kind) for kind, _label in list_fields(indicator)]
    return " / ".join(write_answer(indicator, number) or format_number(number) for number in numbers)
