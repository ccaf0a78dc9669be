"""What is open in a form before it can go on: figures that cannot be, and figures that want a word."""

from indicators.models import Submission
from indicators.selectors.entry import load_grid
from indicators.selectors.grid_rows import GridRow


def list_findings(submission: Submission) -> list[GridRow]:
    """Return the rows at which something is open, in the order of the form."""
    return [row for row in load_grid(submission).rows if row.is_blocked or row.wants_word]


def count_open_findings(submission: Submission) -> tuple[int, int]:
    """Return how many cells cannot be right, and how many still lack the explanation they want."""
    grid = load_grid(submission, with_targets=False)
    return grid.blocking, grid.unexplained
