"""The cascade: one indicator's targets of province, city and county side by side, and where a lower one is weaker.

Within the programmes that the person sees. Indicators match by their code, and across programmes by equal names.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from departments.models.region import Level
from indicators.bounds import write_bound
from indicators.engine.compare import CEILINGS
from indicators.engine.target import Comparator
from indicators.models import Programme, Target
from qscounty.web.formats import format_quarter
from qscounty.web.sentences import join_clauses
from reports.cascade_targets import list_cascade_targets
from reports.scopes import PageContext

LEVELS = (Level.PROVINCE, Level.CITY, Level.COUNTY)


@dataclass(frozen=True, slots=True)
class CascadeTarget:
    """One target of a level; `finding` says how it stands to the one above it, "" for nothing to say."""

    bound: str
    due: str
    programme: str
    url: str
    finding: str
    is_weaker: bool


@dataclass(frozen=True, slots=True)
class CascadeRow:
    """One indicator with its targets of each level, in the order of `LEVELS`; an empty list is no target.

    None where no programme of the level is seen: nothing can be missing there.
    """

    name: str
    cells: list[list[CascadeTarget] | None]
    is_weaker: bool
    is_missing: bool


@dataclass(frozen=True, kw_only=True)
class Cascade:
    """Everything that the page shows; `can_narrow` where some but not all rows stand in several programmes."""

    lede: str
    levels: list[str]
    rows: list[CascadeRow]
    can_narrow: bool


def make_cascade(page: PageContext, *, only_shared: bool) -> Cascade:
    """Return the indicators of the page's programme with their targets in the programmes of its line; one query.

    `only_shared` leaves out what stands in one programme alone, unless everything does.
    """
    line = [programme for programme in page.programmes if is_in_line(page.programme, programme)]
    groups = group_targets(list_cascade_targets(page.user, line))
    mine = [group for group in groups if any(target.programme_id == page.programme.pk for target in group)]
    levels = {programme.region.level for programme in line}
    rows = [_make_row(page, group, levels) for group in mine]
    shared = [row for row in rows if sum(map(bool, row.cells)) > 1]
    weaker, missing = sum(row.is_weaker for row in rows), sum(row.is_missing for row in rows)
    return Cascade(
        lede=write_cascade(len(rows), programmes=len(line), weaker=weaker, missing=missing),
        levels=[str(level.label) for level in LEVELS],
        rows=sorted(shared if only_shared and shared else rows, key=lambda row: (not row.is_weaker, row.is_missing)),
        can_narrow=0 < len(shared) < len(rows),
    )


def is_in_line(one: Programme, other: Programme) -> bool:
    """Return whether one programme's region lies in the other's, or is the same."""
    codes = sorted((one.region.code, other.region.code), key=len)
    return codes[1].startswith(codes[0])


def group_targets(targets: Iterable[Target]) -> list[list[Target]]:
    """Return the targets that measure the same thing together: same code, or equal Chinese names."""
    groups: dict[str, list[Target]] = {}
    for target in targets:
        known = groups.get(f"code:{target.indicator.code}") or groups.get(f"name:{normalise(target.indicator.name_zh)}")
        group = known if known is not None else []
        group.append(target)
        groups[f"code:{target.indicator.code}"] = group
        groups[f"name:{normalise(target.indicator.name_zh)}"] = group
    return list({id(group): group for group in groups.values()}.values())


def normalise(name: str) -> str:
    """Return a name without spaces and brackets' kinds, as names of one thing differ between documents."""
    return "".join(name.split()).translate(str.maketrans("（）", "()"))


def _make_row(page: PageContext, group: Sequence[Target], levels: set[str]) -> CascadeRow:
    by_level = [[target for target in group if target.programme.region.level == level] for level in LEVELS]
    cells: list[list[CascadeTarget] | None] = []
    above = None
    for level, targets in zip(LEVELS, by_level, strict=True):
        cells.append([_show(page, target, above) for target in targets] if level in levels else None)
        above = find_strictest(targets) or above
    found = [cell for part in cells for cell in part or ()]
    gaps = [not targets for level, targets in zip(LEVELS, by_level, strict=True) if level in levels]
    return CascadeRow(
        name=group[0].indicator.name,
        cells=cells,
        is_weaker=any(cell.is_weaker for cell in found),
        is_missing=any(gaps),
    )


def _show(page: PageContext, target: Target, above: Target | None) -> CascadeTarget:
    weaker = is_weaker(target, above) if above is not None else False
    words = {True: _("weaker than above"), None: _("not comparable"), False: ""}
    due = target.due_quarter
    return CascadeTarget(
        bound=write_bound(target, target.level, target.level_hi),
        due=format_quarter(due.year, due.number),
        programme=target.programme.short_name,
        url=page.link("reports:programme", programme=target.programme.code, quarter="") + f"#clause-{target.clause_id}",
        finding=words[weaker],
        is_weaker=weaker is True,
    )


def is_weaker(target: Target, above: Target) -> bool | None:
    """Return whether a target asks for less than the one above it; None where the two do not compare.

    They compare in one unit and basis, both as floors or both as ceilings, when both have a level; an excluded
    bound asks for more than an included one of the same number.
    """
    alike = target.basis == above.basis and target.unit_of_level_zh == above.unit_of_level_zh
    if not alike or target.level is None or above.level is None:
        return None
    kinds = {target.comparator, above.comparator}
    if kinds <= {Comparator.AT_LEAST.value, Comparator.ABOVE.value}:
        return _demand(target) < _demand(above)
    if kinds <= {kind.value for kind in CEILINGS}:
        return _demand(target, sign=-1) < _demand(above, sign=-1)
    return None


def _demand(target: Target, *, sign: int = 1) -> tuple[Decimal, bool]:
    """Return what is asked for so that more is greater, the number first, then whether it is excluded."""
    excluded = target.comparator in (Comparator.ABOVE, Comparator.BELOW)
    return (sign * (target.level or Decimal(0)), excluded)


def find_strictest(targets: Sequence[Target]) -> Target | None:
    """Return the target that no other of its level outdoes; None for none."""
    strictest = None
    for target in targets:
        if strictest is None or is_weaker(strictest, target):
            strictest = target
    return strictest


def write_cascade(indicators: int, *, programmes: int, weaker: int, missing: int) -> str:
    """Return how many indicators are weaker below than above, and how many lack a target on a level."""
    if not indicators:
        return _("This programme sets no target; there is nothing to compare.")
    if programmes < 2:
        return _("No programme above or below this one can be seen; its targets stand alone.")
    first = ngettext("%(count)d indicator", "%(count)d indicators", indicators) % {"count": indicators}
    wordings = [
        (weaker, pgettext("cascade", "[[%(count)d weaker below than above]]")),
        (missing, pgettext("cascade", "%(count)d without a target on a level")),
    ]
    parts = [wording % {"count": count} for count, wording in wordings if count]
    if not parts:
        return _("%(indicators)s: none is weaker below than above, and none is missing.") % {"indicators": first}
    return _("%(indicators)s: %(parts)s.") % {"indicators": first, "parts": join_clauses(parts)}
