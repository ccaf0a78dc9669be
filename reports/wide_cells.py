"""The cells of the wide matrix: one letter, ratio and allocation for each result, read as columns.

Eighteen thousand rows turned into Python objects cost more than everything else on the page together. What was read is
kept in memory under the stamp of the results that it was made from, so that a change of any of them is never missed.
"""

import gzip
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.core.cache import cache
from django.http import QueryDict
from numpy.typing import NDArray

from departments.models import Region, User
from departments.permissions import scope_of
from indicators.engine.target import Gap, Rating
from indicators.models import Target
from indicators.selectors.copying import copy_rows
from reports.scopes import APPROVED, PageContext
from reports.selectors import list_result_regions, list_results
from reports.sources import name_targets
from reports.stamps import find_whole_programme, read_results_stamp, write_tag

LETTERS: Mapping[tuple[str, int], str] = {
    ("rating", Rating.GREEN.value): "G",
    ("rating", Rating.AMBER.value): "A",
    ("rating", Rating.RED.value): "R",
    ("gap", Gap.NOT_REPORTED.value): "n",
    ("gap", Gap.NOT_COMPUTABLE.value): "c",
    ("gap", Gap.AWAITING.value): "w",
    ("gap", Gap.NOT_DUE.value): "d",
    ("gap", Gap.NOT_APPLICABLE.value): "x",
}
"""Colours are capitals, gaps are small; a cell without a target has no letter."""

KEPT_FOR = 3600  # seconds
RATIO_AT_MOST = 9.999
"""A ratio beyond is shown as this one: 1000 % and 5000 % say the same to whoever looks for red."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The results of a quarter in the order in which they were found; every array is (n,).

    `places`, `goals` and `allocations` are keys of regions, targets and allocations; `ratios` are in thousandths, NaN
    where there is none.
    """

    places: NDArray[np.int64]
    goals: NDArray[np.int64]
    allocations: NDArray[np.int64]
    letters: NDArray[np.str_]
    ratios: NDArray[np.float64]


def make_tag(page: PageContext) -> str:
    """Return a text that moves whenever a result that the person sees may have changed; one query.

    Every replaced result takes a new version; a removed one changes the count.
    """
    return write_tag(
        programme_id=page.programme.pk,
        root_id=page.root.pk,
        quarter=page.quarter,
        basis=page.basis,
        stamp=read_results_stamp(page.programme.pk, snapshot=page.snapshot),
        department_ids=page.department_ids,
    )


def find_tag(user: User, query: QueryDict) -> str | None:
    """Return the tag of an address that names programme, quarter and basis, before anything is loaded; two queries.

    None where it takes a look at the page: for a person of some departments, for an edition, and where the address
    leaves something open.
    """
    quarter, basis = query.get("quarter"), query.get("basis")
    if not quarter or basis != APPROVED:
        return None
    known = find_whole_programme(scope_of(user), query.get("programme", ""))
    if known is None:
        return None
    return write_tag(
        programme_id=known.programme_id,
        root_id=known.region_id,
        quarter=quarter,
        basis=basis,
        stamp=known.stamp,
        department_ids=None,
    )


def load_cells(page: PageContext, tag: str) -> Cells:
    """Return the results under the tag, from memory or from the database."""
    known: Cells | None = cache.get(f"cells-{tag}")
    if known is None:
        known = read_cells(page)
        cache.set(f"cells-{tag}", known, KEPT_FOR)
    return known


def load_json(page: PageContext, tag: str) -> bytes:
    """Return the results as they are sent: compressed JSON, the letters as one text, numbers as `_write` has them.

    `ratios` −1: there is none.
    """
    known: bytes | None = cache.get(f"cells-json-{tag}")
    if known is None:
        cells = load_cells(page, tag)
        packed = {
            "regions": _write(cells.places),
            "targets": _write(cells.goals),
            "allocations": _write(cells.allocations),
            "letters": "".join(cells.letters.tolist()),
            "ratios": _write(np.nan_to_num(cells.ratios, nan=-1)),
        }
        known = gzip.compress(json.dumps(packed).encode(), compresslevel=1)
        cache.set(f"cells-json-{tag}", known, KEPT_FOR)
    return known


def _write(numbers: NDArray[Any]) -> str:
    """Return whole numbers as the base64 of four bytes each, the lowest first."""
    return b64encode(numbers.astype("<i4").tobytes()).decode("ascii")


def read_cells(page: PageContext) -> Cells:
    """Return the results of the quarter that the person sees; two queries.

    Regions are named so that the index of regions and quarters serves.
    """
    regions = [region.pk for region in list_result_regions(page)]
    results = list_results(page).filter(region__in=regions)
    rows = copy_rows(results, "region_id", "target_id", "allocation_id", "rating", "gap", "ratio")
    return Cells(
        places=rows["region_id"].astype(np.int64),
        goals=rows["target_id"].astype(np.int64),
        allocations=rows["allocation_id"].astype(np.int64),
        letters=find_letters(rows["rating"], rows["gap"]),
        ratios=np.rint(np.minimum(rows["ratio"], RATIO_AT_MOST) * 1000),
    )


def find_letters(ratings: NDArray[np.integer[Any]], gaps: NDArray[np.integer[Any]]) -> NDArray[np.str_]:
    """Return the letter of each result, shape (n,); "c" for what none stands for."""
    letters = np.full(len(ratings), LETTERS["gap", Gap.NOT_COMPUTABLE.value])
    for (name, value), letter in LETTERS.items():
        letters[(ratings if name == "rating" else gaps) == value] = letter
    return letters


@dataclass(frozen=True, kw_only=True)
class Outline:
    """Rows and columns of the matrix in their order, and what stands in the cells."""

    regions: list[Region]
    targets: list[Target]
    cells: Cells


def make_outline(page: PageContext, cells: Cells) -> Outline:
    """Return the regions and targets that have results of their own in the quarter; two queries."""
    own, known = set(np.unique(cells.places).tolist()), np.unique(cells.goals).tolist()
    targets = Target.objects.filter(pk__in=known).order_by("position", "pk").select_related("indicator", "clause")
    targets = targets.only(*_SHOWN)  # the texts of two hundred targets are long, and none is shown
    return Outline(
        regions=[region for region in list_result_regions(page) if region.pk in own],
        targets=name_targets(page, targets),
        cells=cells,
    )


_SHOWN = (
    "comparator", "level", "level_hi", "basis", "position", "clause__number", "indicator__domain",
    "indicator__scale", "indicator__name_zh", "indicator__name_en", "indicator__unit_zh", "indicator__unit_en",
)  # fmt: skip
