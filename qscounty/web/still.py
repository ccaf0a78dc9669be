"""A chart as a still picture: geometry of lines, marks and axes, for paper and for pages without a script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10
from typing import Any

from qscounty.web.formats import format_number

WIDTH, HEIGHT = 640.0, 230.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 58.0, 12.0, 12.0, 26.0
_STEPS = (1, 2, 2.5, 5, 10)
_TICKS = 4
_LABELS_AT_MOST = 6
_BAR = 8.0
_LINES = ("expected", "expectedHi", "level", "season")


@dataclass(frozen=True, slots=True)
class Run:
    """A line without a gap; `kind` names its style, `points` are ready for an SVG polyline."""

    kind: str
    points: str


@dataclass(frozen=True, slots=True)
class Dot:
    """One measured value: where, and its letter (G, A, R, N)."""

    x: str
    y: str
    letter: str

    @property
    def triangle(self) -> str:
        """The corners of a triangle at the place."""
        x, y = float(self.x), float(self.y)
        return f"{x:.1f},{y - 5:.1f} {x - 5:.1f},{y + 4:.1f} {x + 5:.1f},{y + 4:.1f}"

    @property
    def square(self) -> tuple[str, str]:
        """The upper left corner of a square of 9 at the place."""
        return f"{float(self.x) - 4.5:.1f}", f"{float(self.y) - 4.5:.1f}"


@dataclass(frozen=True, slots=True)
class Label:
    """A word on an axis, with the height of its line on the left axis or its place on the lower one."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Still:
    """The picture; `legend` are pairs of a line's kind and its name."""

    runs: list[Run]
    dots: list[Dot]
    heights: list[Label]
    places: list[Label]
    legend: list[tuple[str, str]]


def draw_still(chart: Mapping[str, Any]) -> Still | None:
    """Return the picture of what `reports.charts` describes; None where there are not two numbers to draw."""
    lines = {name: list(chart.get(name) or []) for name in ("actual", *_LINES)}
    if (end := _project(chart, lines["actual"])) is not None:
        lines["projection"] = end
    known = [value for line in lines.values() for value in line if value is not None and isfinite(value)]
    if len(known) < 2 or len(chart["quarters"]) < 2:
        return None
    ticks = _find_heights(chart, known)
    count = len(chart["quarters"])

    def at(place: int, value: float) -> tuple[str, str]:
        x = _LEFT + place * (WIDTH - _LEFT - _RIGHT) / (count - 1)
        return f"{x:.1f}", f"{_height(value, ticks):.1f}"

    foot = f"{_height(ticks[0], ticks):.1f}"
    draw = _list_stems if chart.get("kind") == "bars" else _list_runs
    dots = zip(lines["actual"], chart["letters"], strict=False)
    step = max(ceil(count / _LABELS_AT_MOST), 1)
    return Still(
        runs=[run for name, values in lines.items() for run in draw(name, values, at, foot)],
        dots=[Dot(*at(place, value), letter) for place, (value, letter) in enumerate(dots) if value is not None],
        heights=[Label(f"{_height(tick, ticks):.1f}", _write_height(chart, tick)) for tick in ticks],
        places=[Label(at(n, ticks[0])[0], chart["quarters"][n]) for n in range(0, count, step)],
        legend=[(name, chart["names"][name]) for name in lines if name in chart["names"] and any(_known(lines[name]))],
    )


def _find_heights(chart: Mapping[str, Any], known: Sequence[float]) -> list[float]:
    """Return the numbers on the left axis, the lowest line first: of a rank whole places, the first on top."""
    if chart.get("answers"):
        return [0.0, 1.0]
    if chart.get("isRank"):
        first, last = floor(min(known)), ceil(max(known))
        step = max(1, ceil((last - first) / _TICKS))
        return [float(place) for place in reversed(range(first, max(last, first + 1) + step, step))]
    return _choose_ticks(min(known) if chart.get("kind") != "bars" else min(0.0, *known), max(known))


def _write_height(chart: Mapping[str, Any], tick: float) -> str:
    """Return the number, or the answer that it stands for."""
    return str(chart["answers"][int(tick)]) if chart.get("answers") else format_number(tick)


def _known(values: Sequence[float | None]) -> list[bool]:
    return [value is not None for value in values]


def _project(chart: Mapping[str, Any], actual: Sequence[float | None]) -> list[float | None] | None:
    """Return a line from the last measured value to the projected one at the end."""
    end, present = chart.get("projection"), [place for place, value in enumerate(actual) if value is not None]
    if end is None or not present:
        return None
    line: list[float | None] = [None] * len(chart["quarters"])
    line[present[-1]], line[-1] = actual[present[-1]], end
    return line


def _list_stems(name: str, values: Sequence[float | None], at: Any, foot: str) -> list[Run]:
    """Return a stem beneath each measured value and a short bar at each other one: what starts again has no path."""
    runs = []
    for place, value in enumerate(values):
        if value is None or not isfinite(value):
            continue
        x, y = at(place, value)
        bar = f"{float(x) - _BAR:.1f},{y} {float(x) + _BAR:.1f},{y}"
        runs.append(Run(name, f"{x},{foot} {x},{y}" if name == "actual" else bar))
    return runs


def _list_runs(name: str, values: Sequence[float | None], at: Any, _foot: str) -> list[Run]:
    """Return the lines between gaps; the projection crosses its gap, a level moves in steps."""
    runs: list[list[str]] = [[]]
    before = ""
    for place, value in enumerate(values):
        if value is None or not isfinite(value):
            if name != "projection":
                runs.append([])
                before = ""
            continue
        x, y = at(place, value)
        if name == "level" and before:
            runs[-1].append(f"{x},{before}")
        runs[-1].append(f"{x},{y}")
        before = y
    return [Run(name, " ".join(run)) for run in runs if len(run) > 1]


def _choose_ticks(low: float, high: float) -> list[float]:
    """Return the round numbers at which lines are drawn, from one at or below `low` to one at or above `high`."""
    span = high - low or abs(high) or 1.0
    rough = span / _TICKS
    size = 10.0 ** floor(log10(rough))
    step = next(nice * size for nice in _STEPS if nice * size >= rough * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(n * step, 10) for n in range(first, max(last, first + 1) + 1)]


def _height(value: float, ticks: Sequence[float]) -> float:
    share = (value - ticks[0]) / (ticks[-1] - ticks[0])
    return HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM)
