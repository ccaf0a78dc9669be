"""What each region and department of a programme is given, read from the targets as they stand, ready to be frozen.

Five queries a programme, whatever its size. Words are Chinese, as in every document.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import override

from departments.models import Department, Region
from indicators.bounds import write_bound
from indicators.engine.target import Scale
from indicators.models import Allocation, Programme, Target, TargetDepartment
from indicators.models.target import Responsibility
from reports.letters import words

VERSION = 1
_ROLES = {Responsibility.LEAD.value: words.LEAD, Responsibility.SUPPORTING.value: words.SUPPORTING}


@dataclass(frozen=True, slots=True)
class Term:
    """One target as a letter says it; every field is text, "" where it does not apply.

    `key` is the target's code. `role` (牵头 or 配合) is said to departments, `parts` ([region, bound] pairs) to the one
    that leads. `lead` and `supporting` are the short names of departments. `is_decomposed_for_show`: by no document.
    """

    key: str
    clause: str
    domain: str
    name: str
    bound: str
    due: str
    lead: str
    supporting: str
    role: str = ""
    parts: list[list[str]] = field(default_factory=list)
    is_decomposed_for_show: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who receives a letter: a region, or a department of one."""

    region: Region | None = None
    department: Department | None = None

    @property
    def key(self) -> tuple[str, int]:
        """What tells recipients apart."""
        owner = self.region or self.department
        assert owner is not None  # noqa: S101  one of the two is there, by construction
        return ("region" if self.region else "department", owner.pk)

    @property
    def name_zh(self) -> str:
        """The Chinese name as it stands in a letter: of a region its government's."""
        if self.region is not None:
            return words.name_government(self.region.name_zh)
        return self.department.name_zh if self.department else ""

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return str(self.region or self.department)


def load_terms(programme: Programme) -> dict[Recipient, list[Term]]:
    """Return who is given what: the regions below the programme's own, then the departments, in customary order."""
    versions = Target.objects.filter(programme=programme).select_related("indicator", "clause").order_by("version")
    newest = {target.code: target for target in versions}
    targets = sorted(newest.values(), key=lambda target: target.position)
    duties = _group(
        TargetDepartment.objects.filter(target__in=targets).select_related("department__region").order_by("position")
    )
    grants = _group(
        Allocation.objects.filter(target__in=targets)
        .select_related("series__region", "series__department__region")
        .order_by("series__region__position", "series__region__code", "pk")
    )
    by_region: dict[Region, list[Term]] = defaultdict(list)
    by_department: dict[Department, list[Term]] = defaultdict(list)
    with override("zh-hans"):
        for target in targets:
            _hand_out(target, programme, grants[target.pk], duties[target.pk], by_region, by_department)
    regions = sorted(by_region, key=lambda region: (region.position, region.code))
    departments = sorted(by_department, key=lambda one: (one.region.code, one.position, one.code))
    return {Recipient(region=region): by_region[region] for region in regions} | {
        Recipient(department=department): by_department[department] for department in departments
    }


def _group(rows: Iterable[Any]) -> Mapping[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        groups[row.target_id].append(row)
    return groups


def _hand_out(
    target: Target,
    programme: Programme,
    grants: list[Allocation],
    duties: list[TargetDepartment],
    by_region: dict[Region, list[Term]],
    by_department: dict[Department, list[Term]],
) -> None:
    """Add the target to the letters of everyone whom it concerns."""
    supporting = _join(row.department for row in duties if row.responsibility == Responsibility.SUPPORTING)
    leading = [row.department for row in duties if row.responsibility == Responsibility.LEAD]
    below = [grant for grant in grants if grant.series.region_id != programme.region_id]
    for region, mine in _by_region(below).items():
        bounds = dict.fromkeys(_write_bound(target, grant) for grant in mine)
        by_region[region].append(
            _make_term(
                target,
                bound=words.SEPARATOR.join(bounds),
                lead=_join(grant.series.department for grant in mine),
                supporting=supporting,
                is_decomposed_for_show=any(grant.is_demonstration for grant in mine),
            )
        )
    own = [grant for grant in grants if grant.series.region_id == programme.region_id]
    roles = {row.department: _ROLES[row.responsibility] for row in duties}
    reporting = dict.fromkeys(grant.series.department for grant in grants)
    for department in {**roles, **reporting}:
        role = roles.get(department, words.LEAD)
        parts = [grant for grant in below if role == words.LEAD and grant.series.department == department]
        by_department[department].append(
            _make_term(
                target,
                bound=_write_bound(target, own[0] if own else None),
                lead=_join(leading),
                supporting=supporting,
                role=role,
                parts=[[grant.series.region.name_zh, _write_bound(target, grant)] for grant in parts],
                is_decomposed_for_show=any(grant.is_demonstration for grant in parts),
            )
        )


def _by_region(grants: list[Allocation]) -> dict[Region, list[Allocation]]:
    found: dict[Region, list[Allocation]] = defaultdict(list)
    for grant in grants:
        found[grant.series.region].append(grant)
    return found


def _make_term(target: Target, **fields: Any) -> Term:
    return Term(
        key=target.code,
        clause=target.clause.number,
        domain=target.indicator.domain,
        name=target.indicator.name_zh,
        due=words.write_due(target.due_quarter),
        **fields,
    )


def _write_bound(target: Target, grant: Allocation | None) -> str:
    """Return the bound that holds: the allocation's own level where it has one, else the target's."""
    if target.indicator.scale == Scale.YES_NO and target.level == 1:
        return words.YES
    level, level_hi = (_own(target, grant, name) for name in ("level", "level_hi"))
    return write_bound(target, level, level_hi)


def _own(target: Target, grant: Allocation | None, name: str) -> Decimal | None:
    own: Decimal | None = getattr(grant, name, None)
    return getattr(target, name) if own is None else own


def _join(departments: Iterable[Department]) -> str:
    return words.SEPARATOR.join(dict.fromkeys(department.short_zh for department in departments))


def freeze(
    *, programme: Programme, recipient: Recipient, terms: list[Term], changes: list[dict[str, str]]
) -> dict[str, Any]:
    """Return everything that a letter says but its number and date, as JSON keeps it."""
    return {
        "version": VERSION,
        "programme": {
            "name": programme.name_zh,
            "document": programme.document_number,
            "issued_on": programme.issued_on.isoformat(),
            "first": programme.first_quarter.year,
            "last": programme.last_quarter.year,
        },
        "giver": words.name_government(programme.region.name_zh),
        "office": programme.office.name_zh,
        "recipient": {"kind": recipient.key[0], "name": recipient.name_zh},
        "terms": freeze_terms(terms),
        "changes": changes,
    }


def freeze_terms(terms: Iterable[Term]) -> list[dict[str, Any]]:
    """Return terms as a letter keeps them."""
    return [asdict(term) for term in terms]


def hash_of(content: Any) -> str:
    """Return the SHA-256 of the canonical JSON: keys in order, no spaces, characters as they are."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
