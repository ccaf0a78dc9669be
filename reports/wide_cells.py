"""The cells of the wide matrix: one letter, ratio and allocation for each result, packed by the database itself.

Eighteen thousand rows turned into Python objects cost more than everything else on the page together; a text that the
database joins passes through untouched. What was packed is kept in memory under the stamp of the results that it was
made from, so that a change of any of them is never missed.
"""

import gzip
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from django.contrib.postgres.aggregates import StringAgg
from django.core.cache import cache
from django.db.models import Case, CharField, F, FloatField, Func, IntegerField, Value, When
from django.db.models.functions import Cast, Coalesce
from django.http import QueryDict
from numpy.typing import NDArray

from departments.models import Region, User
from departments.permissions import scope_of
from indicators.engine.target import Gap, Rating
from indicators.models import Target
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
class Packed:
    """Aligned texts, one place a result, in the order of regions and targets; empty where nothing has a result.

    `letters` has one letter a place; the others are whole numbers parted by commas, `ratios` in thousandths and
    empty where there is none.
    """

    regions: str = ""
    targets: str = ""
    allocations: str = ""
    letters: str = ""
    ratios: str = ""


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


def load_packed(page: PageContext, tag: str) -> Packed:
    """Return the results under the tag, from memory or from the database."""
    known: Packed | None = cache.get(f"cells-{tag}")
    if known is None:
        known = pack_cells(page)
        cache.set(f"cells-{tag}", known, KEPT_FOR)
    return known


def load_json(page: PageContext, tag: str) -> bytes:
    """Return the packed results as compressed JSON, as they are sent."""
    known: bytes | None = cache.get(f"cells-json-{tag}")
    if known is None:
        known = gzip.compress(json.dumps(asdict(load_packed(page, tag))).encode(), compresslevel=1)
        cache.set(f"cells-json-{tag}", known, KEPT_FOR)
    return known


def pack_cells(page: PageContext) -> Packed:
    """Return the results of the quarter that the person sees, packed; two queries.

    The texts are aligned because all of them join the same rows in the order in which the query meets them.
    Regions are named so that the index of regions and quarters serves.
    """
    places = [region.pk for region in list_result_regions(page)]
    results = list_results(page).filter(region__in=places).select_related(None)
    packed = results.annotate(letter=write_letter(), thousandths=_write_thousandths()).order_by()
    found: dict[str, Any] = packed.aggregate(
        regions=_join("region_id"),
        targets=_join("target_id"),
        allocations=_join("allocation_id"),
        letters=StringAgg("letter", ""),
        ratios=_join("thousandths"),
    )
    return Packed(**{name: text or "" for name, text in found.items()})


@dataclass(frozen=True, kw_only=True)
class Outline:
    """Rows and columns of the matrix in their order, and what stands in the cells.

    `places` and `goals` are keys of regions and targets, `letters` what stands in their cell; shapes (n,).
    """

    regions: list[Region]
    targets: list[Target]
    places: NDArray[np.int64]
    goals: NDArray[np.int64]
    letters: NDArray[np.str_]


def make_outline(page: PageContext, packed: Packed) -> Outline:
    """Return the regions and targets that have results of their own in the quarter; two queries."""
    places, goals = _split(packed.regions), _split(packed.targets)
    own, known = set(np.unique(places).tolist()), np.unique(goals).tolist()
    targets = Target.objects.filter(pk__in=known).order_by("position", "pk").select_related("indicator", "clause")
    targets = targets.only(*_SHOWN)  # the texts of two hundred targets are long, and none is shown
    return Outline(
        regions=[region for region in list_result_regions(page) if region.pk in own],
        targets=name_targets(page, targets),
        places=places,
        goals=goals,
        letters=np.frombuffer(packed.letters.encode("ascii"), dtype="S1").astype("U1"),
    )


_SHOWN = (
    "comparator", "level", "level_hi", "basis", "position", "clause__number", "indicator__domain",
    "indicator__name_zh", "indicator__name_en", "indicator__unit_zh", "indicator__unit_en",
)  # fmt: skip


def _split(text: str) -> NDArray[np.int64]:
    return np.array(text.split(",") if text else [], dtype=np.int64)


def write_letter() -> Case:
    """Return an expression for the letter of a result."""
    whens = [When(**{name: value}, then=Value(letter)) for (name, value), letter in LETTERS.items()]
    return Case(*whens, default=Value("c"), output_field=CharField())


def _join(name: str) -> StringAgg:
    return StringAgg(Coalesce(Cast(F(name), CharField()), Value("")), ",")


def _write_thousandths() -> Func:
    """Return an expression for the ratio, null for none: LEAST would make the bound of an absent one."""
    capped = Case(When(ratio__gt=RATIO_AT_MOST, then=Value(RATIO_AT_MOST)), default=F("ratio"))
    # Rounded as a number of the processor: as a decimal, which Django would make of it, it takes four times as long.
    return Cast(Func(capped * 1000, function="round", output_field=FloatField()), IntegerField())
