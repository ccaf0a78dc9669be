"""Yes and no in words: what the figures 1 and 0 of a question say."""

from django.utils.translation import pgettext

from indicators.engine.target import Scale
from indicators.models import Indicator
from qscounty.web.formats import Number


def list_answers() -> tuple[str, str]:
    """Return the words for 0 and for 1."""
    return pgettext("figure", "No"), pgettext("figure", "Yes")


def is_question(indicator: Indicator) -> bool:
    """Return whether the indicator is answered with yes or no, stored as 1 and 0."""
    return bool(indicator.scale == Scale.YES_NO)


def write_answer(indicator: Indicator, value: Number) -> str | None:
    """Return the answer that a number stands for; None for any other number, and where nothing is asked."""
    return list_answers()[int(value)] if is_question(indicator) and value in (0, 1) else None
