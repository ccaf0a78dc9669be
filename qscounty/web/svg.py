"""Geometry of the small pictures that the server draws: the rating bar and the sparkline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

BAR_WIDTH = 1000
_GAP = 3
_NARROWEST = 8
_COLOURS = ("green", "amber", "red", "grey")
LINE_WIDTH, LINE_HEIGHT, _EDGE = 96.0, 24.0, 3.0


@dataclass(frozen=True, slots=True)
class Segment:
    """One rectangle of a bar; `fill` is the first letter of its colour's class."""

    x: int
    width: int
    fill: str


def draw_bar(counts: Mapping[str, int]) -> list[Segment]:
    """Return the segments of green, amber, red and grey in proportion; the smallest stays visible."""
    present = [(colour, counts.get(colour, 0)) for colour in _COLOURS if counts.get(colour, 0) > 0]
    total = sum(count for _colour, count in present)
    room = BAR_WIDTH - _GAP * max(len(present) - 1, 0)
    widths = [max(_NARROWEST, room * count // total) for _colour, count in present]
    if widths:
        # What rounding left over, or the smallest took, goes to the widest.
        widths[widths.index(max(widths))] += room - sum(widths)
    segments, x = [], 0
    for (colour, _count), width in zip(present, widths, strict=True):
        segments.append(Segment(x=x, width=width, fill="n" if colour == "grey" else colour[0]))
        x += width + _GAP
    return segments


@dataclass(frozen=True, slots=True)
class Line:
    """A sparkline: runs of points (a gap parts them), and its last point."""

    runs: list[str]
    last: tuple[str, str] | None


def draw_line(values: Sequence[float | None]) -> Line:
    """Return the line through the values, scaled to the picture; absent values part it."""
    known = [value for value in values if value is not None and isfinite(value)]
    if not known:
        return Line([], None)
    low, high = min(known), max(known)
    step = (LINE_WIDTH - 2 * _EDGE) / max(len(values) - 1, 1)
    runs: list[list[str]] = [[]]
    last = None
    for place, value in enumerate(values):
        if value is None or not isfinite(value):
            runs.append([])
            continue
        height = 0.5 if high == low else (value - low) / (high - low)
        last = (f"{_EDGE + place * step:.1f}", f"{LINE_HEIGHT - _EDGE - height * (LINE_HEIGHT - 2 * _EDGE):.1f}")
        runs[-1].append(",".join(last))
    return Line([" ".join(run) for run in runs if run], last)
