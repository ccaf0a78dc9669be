"""The two sides of a comparison: what each may be, its results, and how those of both are matched.

A side is a programme, a quarter, a basis, and one region or the whole programme. Within one programme targets are
matched by themselves, between two by their indicator; places by region, unless both sides are one region each. Of two
programmes neither of which lies within the other, the programmes' own regions stand for each other.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from django.http import Http404
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from departments.models import Region
from indicators.models import Target
from indicators.selectors.copying import copy_rows
from qscounty.web.formats import format_quarter
from reports.cascade import group_targets, is_in_line
from reports.comparison import STORED, Facts, Ints
from reports.matching import Results
from reports.pickers import name_basis
from reports.scopes import PageContext
from reports.selectors import list_result_regions, list_results
from reports.sources import name_region

WHOLE = ""
"""The word in addresses for every region of the programme."""

_TARGETS_AT_MOST = 1_000_000
"""More than any programme's last position: lists go by region, then by target."""

_KEYS = ("target_id", "allocation_id", "region_id", "department_id")


@dataclass(frozen=True, kw_only=True)
class Side:
    """What is compared. `regions` are those with results, among which one can choose; `region` None is all of them.

    `is_provisional`: results of it are still to be computed; never of an edition.
    """

    page: PageContext
    region: Region | None
    regions: list[Region] = field(default_factory=list)
    is_provisional: bool = False

    @cached_property
    def name(self) -> str:
        """The side in words, for the head of its column."""
        page, quarter = self.page, self.page.quarter
        place = self.region.name if self.region else _("whole programme")
        parts = [page.programme.short_name, place, format_quarter(quarter.year, quarter.number), self.basis_name]
        return " · ".join(parts)

    @property
    def is_live(self) -> bool:
        """Whether the side shows results as they stand, not those of an edition."""
        return self.page.publication is None

    @property
    def basis_name(self) -> str:
        """The basis in words."""
        return _("Approved now, provisional") if self.is_provisional else name_basis(self.page)

    @property
    def code(self) -> str:
        """The region as the address names it."""
        return self.region.code if self.region else WHOLE


def get_side_or_404(page: PageContext, code: str, *, is_provisional: bool = False) -> Side:
    """Return the side of the region with `code`, WHOLE for all of them; two queries at most.

    Http404 for a region that does not exist, or lies outside what the person sees of the programme; one without
    results in the quarter is a side without results.
    """
    regions = list_result_regions(page)
    region = next((region for region in regions if region.code == code), None) if code != WHOLE else None
    if code != WHOLE and region is None:
        found = Region.objects.filter(code=code, code__startswith=page.root.code).first() if page.sees_all else None
        if found is None:
            raise Http404
        region = name_region(page, found)
    return Side(page=page, region=region, regions=regions, is_provisional=is_provisional)


def load_sides(before: Side, after: Side) -> tuple[Results, Results]:
    """Return the results of both sides, matched by numbers that they share; four queries at most."""
    programmes = before.page.programme, after.page.programme
    is_by_place = before.region is None or after.region is None
    is_apart = not is_in_line(*programmes)
    by_target = programmes[0].pk == programmes[1].pk
    old = load_targets(before.page, with_indicators=not by_target)
    is_one = by_target and before.page.frozen is after.page.frozen
    targets = [old, old if is_one else load_targets(after.page, with_indicators=not by_target)]
    things = name_things(*targets, by_target=by_target)
    numbers = Numbers()
    sides = []
    for side, known in zip((before, after), targets, strict=True):
        places = {region.pk: region.code if is_by_place else "" for region in side.regions}
        if is_apart:
            places[side.page.programme.region_id] = ""
        sides.append(_load(side, places, known, things, numbers))
    return sides[0], sides[1]


def name_things(old: Mapping[int, Any], new: Mapping[int, Any], *, by_target: bool) -> dict[int, str]:
    """Return by key of the target what its results are matched by: its code, which versions share, or its indicator.

    Indicators of two programmes are one where the cascade takes them for one: by their code, or by equal names.
    """
    if by_target:
        return {pk: target.code for pk, target in [*old.items(), *new.items()]}
    groups = group_targets([*old.values(), *new.values()])
    return {target.pk: str(number) for number, group in enumerate(groups) for target in group}


class Numbers(dict[Hashable, int]):
    """A number for every name, the same for the same one on both sides."""

    def __missing__(self, name: Hashable) -> int:
        self[name] = len(self)
        return self[name]


def _load(
    side: Side,
    places: Mapping[int, str],
    targets: Mapping[int, Any],
    things: Mapping[int, str],
    numbers: Numbers,
) -> Results:
    """Return the results of a side; its regions are named so that the index of regions and quarters serves."""
    ranks = {region.pk: rank for rank, region in enumerate(side.regions)}
    wanted = ranks.keys() if side.region is None else ranks.keys() & {side.region.pk}
    rows = copy_rows(list_results(side.page).filter(region__in=wanted), *_KEYS, *STORED)
    region, target = _Column.of(rows["region_id"]), _Column.of(rows["target_id"])
    return Results(
        allocation=rows["allocation_id"],
        region=rows["region_id"],
        department=rows["department_id"],
        place=region.tell(lambda pk: numbers["place", places[pk]]),
        thing=target.tell(lambda pk: numbers["thing", things[pk]]),
        code=target.tell(lambda pk: numbers["code", targets[pk].code]),
        order=region.tell(lambda pk: ranks[pk]) * _TARGETS_AT_MOST + target.tell(lambda pk: targets[pk].position),
        facts=Facts(
            **{name: rows[name] for name in STORED},
            version=target.tell(lambda pk: targets[pk].version),
            name=target.tell(lambda pk: numbers["name", targets[pk].programme_id, targets[pk].code]),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Column:
    """Keys, (n,), as the different ones among them and the place of each among these."""

    different: list[int]
    place: NDArray[np.intp]

    @classmethod
    def of(cls, keys: Ints) -> "_Column":
        different, place = np.unique(keys, return_inverse=True)
        return cls(different.tolist(), place)

    def tell(self, what: Callable[[int], int]) -> Ints:
        """Return what is told of each key, shape (n,); KeyError where nothing is known of one."""
        return np.array([what(key) for key in self.different], dtype=np.int64)[self.place]


def load_targets(page: PageContext, *, with_indicators: bool) -> dict[int, Any]:
    """Return what names and orders the targets of the programme, by key; one query, none of an edition."""
    if page.frozen is not None:
        return page.frozen.targets
    found = Target.objects.filter(programme=page.programme).only("code", "version", "position", "programme_id")
    if with_indicators:
        found = found.select_related("indicator").only(*_NAMING)
    return {target.pk: target for target in found}


_NAMING = ("code", "version", "position", "programme_id", "indicator__code", "indicator__name_zh")
