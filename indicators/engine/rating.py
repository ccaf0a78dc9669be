"""Green, amber, red or grey, the gap behind grey, and what stands beside a rating.

Source: attainment rules section 5.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from .compare import FLOORS
from .figures import Bools, Floats
from .quantity import RELATIVE_TOLERANCE
from .target import Gap, Input, MarginKind, Rating, Scale, TargetColumns

Margins = Mapping[Scale, tuple[MarginKind, float]]

DEFAULT_MARGINS: Margins = {
    Scale.CONTINUOUS: (MarginKind.RELATIVE, 0.10),
    Scale.RATE: (MarginKind.ABSOLUTE, 2.0),  # percentage points
    Scale.ORDINAL: (MarginKind.ABSOLUTE, 1.0),  # one grade
    Scale.MILESTONE: (MarginKind.RELATIVE, 0.10),
    Scale.YES_NO: (MarginKind.NONE, 0.0),
}
"""How far amber reaches where the target names no margin. Source: attainment rules section 5."""

PER_CENT = 100.0


def margins_of(targets: TargetColumns, margins: Margins) -> tuple[NDArray[np.int8], Floats, Bools]:
    """Return each target's margin as kind (n,), size (n,) and whether it is the default (n,).

    A margin that is not NaN is the target's own; otherwise its scale's default from `margins`. A rate
    counted in more than hundredths (per mille) takes the default of values: 2 points would be everything.
    """
    per_mille = (targets.scale == Scale.RATE) & (targets.multiplier > PER_CENT)
    scale = np.where(per_mille, np.int8(Scale.CONTINUOUS), targets.scale)
    by_default = np.isnan(targets.margin)
    kinds, sizes = np.zeros(len(Scale) + 1, dtype=np.int8), np.zeros(len(Scale) + 1)
    for code, (default_kind, default_size) in margins.items():
        kinds[code], sizes[code] = default_kind, default_size
    kind = np.where(by_default, kinds[scale], targets.margin_kind)
    return kind, np.where(by_default, sizes[scale], targets.margin), by_default


def amber_margin(bound: Floats, targets: TargetColumns, *, margins: Margins) -> Floats:
    """Return the largest miss that is still amber, in the indicator's unit, shape (n, Q); NaN where none is.

    `bound` (n, Q) is the expectation that is missed. By default nothing is amber at zero tolerance: a
    ceiling or an equality at 0.
    """
    kind, size, by_default = margins_of(targets, margins)
    margin = np.where((kind == MarginKind.RELATIVE)[:, None], np.abs(bound), 1.0) * size[:, None]
    strict = by_default & ~np.isin(targets.comparator, FLOORS)
    none = (kind == MarginKind.NONE)[:, None] | (strict[:, None] & (bound == 0.0))
    return np.where(none, np.nan, margin)


def rate(gap: NDArray[np.int8], met: Bools, *, miss: Floats, margin: Floats, compared: Floats) -> NDArray[np.int8]:
    """Return the Rating of every result, shape (n, Q): grey with a gap, else green, amber or red.

    The miss is a difference, so it is only as exact as the compared value it was taken from.
    """
    within = miss <= margin + RELATIVE_TOLERANCE * np.maximum(np.abs(compared), margin)
    rating = np.where(met, Rating.GREEN, np.where(within, Rating.AMBER, Rating.RED)).astype(np.int8)
    rating[gap != Gap.NONE] = Rating.GREY
    return rating


def resolve_gap(
    *,
    not_applicable: Bools,
    not_due: Bools,
    awaited: NDArray[np.int8],
    reported: Bools,
    fault: NDArray[np.int8],
) -> NDArray[np.int8]:
    """Return the Gap of every result, shape (n, Q); where several apply, the first in the order of the rule."""
    gap = np.where(fault != Input.NONE, Gap.NOT_COMPUTABLE, Gap.NONE).astype(np.int8)
    gap[~reported] = Gap.NOT_REPORTED
    gap[awaited != Input.NONE] = Gap.AWAITING
    gap[not_due] = Gap.NOT_DUE
    gap[not_applicable] = Gap.NOT_APPLICABLE
    return gap


def gap_input(gap: NDArray[np.int8], *, awaited: NDArray[np.int8], fault: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return the Input that each gap names, shape (n, Q); NONE where the gap names none."""
    named = np.where(gap == Gap.AWAITING, awaited, Input.NONE)
    named = np.where(gap == Gap.NOT_COMPUTABLE, fault, named)
    return np.where(gap == Gap.NOT_REPORTED, Input.FIGURE, named).astype(np.int8)
