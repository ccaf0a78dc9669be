"""A form's figures as the engine sees them: what was approved, with what is being entered laid over it.

The columns and the rules are those of the stored results; nothing here computes. Source: product.md "Entry" (a live
rating from the same engine).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from indicators.engine.attainment import AttainmentColumns, attain
from indicators.engine.check_columns import FigureKinds
from indicators.engine.checks import Findings, find_implausible
from indicators.engine.figures import FigurePanel
from indicators.engine.rating import Margins
from indicators.engine.target import Accumulation, Scale, Window
from indicators.engine.window import accumulate
from indicators.models import Series, Submission
from indicators.selectors.engine_columns import Batch, Choice, load_batch, load_span
from indicators.selectors.series import group_of

HISTORY = 12
"""Quarters before the one being entered that the checks look at."""


class EnteredFigure(Protocol):
    """What is laid over the approved figures: a working figure, or an entry that is not saved yet."""

    @property
    def value(self) -> Decimal | None: ...
    @property
    def numerator(self) -> Decimal | None: ...
    @property
    def denominator(self) -> Decimal | None: ...
    @property
    def nothing_occurred(self) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """n allocations of a form up to its quarter, the last column of every (n, Q) array.

    `series` (n,) names the series of each row. `quarterly` (n, Q) is the figure of each quarter alone, in the
    indicator's unit. `findings` name rows of the batch; a series that serves several targets is checked once,
    in its first row.
    """

    batch: Batch
    series: NDArray[np.int64]
    results: AttainmentColumns
    quarterly: NDArray[np.float64]
    findings: Findings

    @property
    def allocation_ids(self) -> NDArray[np.int64]:
        """The allocation of each row."""
        return self.batch.allocations["allocation_id"]


def load_working(submission: Submission, *, series: Sequence[Series], entered: Mapping[int, EnteredFigure]) -> Working:
    """Return results and findings of a form as if `entered` (by series id) were approved.

    A series without an entry keeps what is approved for the quarter, if anything is.
    """
    with connection.cursor() as cursor:
        span = load_span(cursor, programme_id=submission.programme_id)
        span = replace(span, newest=submission.quarter.ordinal)
        batch = load_batch(cursor, span=span, choice=Choice(series=[one.pk for one in series]))
    ids = batch.allocations["series_id"]
    panel = _lay_over(batch.panel, ids, entered)
    quarter_alone = replace(batch.targets, window=np.full_like(batch.targets.window, Window.QUARTER))
    by_id = {one.pk: one for one in series}
    firsts = np.unique(ids, return_index=True)[1]
    checked = _check(batch, panel, rows=firsts, series=[by_id[int(pk)] for pk in ids[firsts]])
    return Working(
        batch=batch,
        series=ids,
        results=attain(batch.targets, panel, margins=_margins_now(batch)),
        quarterly=accumulate(panel, quarter_alone).accumulated,
        findings=replace(checked, row=firsts[checked.row]),
    )


def _margins_now(batch: Batch) -> Margins:
    """Return the default margins that hold in the form's quarter."""
    return [epoch.margins for epoch in batch.epochs if epoch.since <= batch.span.newest][-1]


def _lay_over(panel: FigurePanel, series: NDArray[np.int64], entered: Mapping[int, EnteredFigure]) -> FigurePanel:
    """Return the panel with the entries in its last column."""
    copies = {
        name: getattr(panel, name).copy() for name in ("value", "numerator", "denominator", "reported", "nothing")
    }
    for row, pk in enumerate(series.tolist()):
        if (figure := entered.get(pk)) is not None:
            numbers = {name: getattr(figure, name) for name in ("value", "numerator", "denominator")}
            for name, number in numbers.items():
                copies[name][row, -1] = np.nan if number is None else float(number)
            has_number = any(number is not None for number in numbers.values())
            copies["nothing"][row, -1] = figure.nothing_occurred
            copies["reported"][row, -1] = has_number or figure.nothing_occurred
    return replace(panel, **copies)


def _check(batch: Batch, panel: FigurePanel, *, rows: NDArray[np.intp], series: list[Series]) -> Findings:
    """Return the findings of the figures in the last column, one row a series."""
    targets = batch.targets.take(rows)
    width = min(panel.shape[1], HISTORY + 1)
    recent = panel.take(rows)
    recent = replace(
        recent,
        first_quarter=recent.first_quarter + recent.shape[1] - width,
        **{name: getattr(recent, name)[:, -width:] for name in FigurePanel.__slots__ if name != "first_quarter"},
    )
    counted = np.array([one.indicator.is_counted for one in series], dtype=np.bool_)
    plain_count = (targets.scale == Scale.CONTINUOUS) & (targets.decimals == 0)
    begins_anew = (targets.window == Window.YEAR_TO_DATE) & (batch.span.newest % 4 == 0)
    grows = np.isin(targets.window, (Window.YEAR_TO_DATE, Window.SINCE_START)) & ~begins_anew
    kinds = FigureKinds.of(
        len(rows),
        share=(counted & (targets.scale == Scale.RATE)) | (targets.scale == Scale.MILESTONE),
        count=plain_count,
        cumulative=plain_count & grows & (targets.accumulation == Accumulation.LAST),
        multiplier=targets.multiplier,
        step=10.0 ** -targets.decimals.astype(np.float64),
        block=_number_groups(series),
        peers=np.array([one.indicator_id for one in series], dtype=np.intp),
        whole=_find_wholes(series),
    )
    return find_implausible(recent, kinds)


def _find_wholes(series: list[Series]) -> NDArray[np.intp]:
    """Return for each row that of its whole in the same region, −1 where the form has none."""
    rows: dict[tuple[int | None, int], int] = {(one.indicator_id, one.region_id): row for row, one in enumerate(series)}
    return np.array([rows.get((one.indicator.whole_id, one.region_id), -1) for one in series], dtype=np.intp)


def _number_groups(series: list[Series]) -> NDArray[np.intp]:
    """Return the number of each row's group of the grid."""
    numbers: dict[tuple[str, int], int] = {}
    return np.array([numbers.setdefault(group_of(one), len(numbers)) for one in series], dtype=np.intp)
