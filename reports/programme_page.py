"""The page of a programme: its clauses in order with their targets, its doubts, conventions and reward rules."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.bounds import write_bound
from indicators.labels import PATHS
from indicators.models import Allocation, Clause, LeftOut, Programme, RewardRule, Target, TargetDepartment
from indicators.models.target import Responsibility
from indicators.selectors.programmes import filter_allocations
from qscounty.web.formats import ABSENT, format_number, format_quarter
from qscounty.web.language import in_page_language
from qscounty.web.sentences import join_words
from qscounty.web.times import format_day
from reports.scopes import PageContext
from reports.sentences import write_programme


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One target beneath its clause."""

    name: str
    url: str
    bound: str
    quote: str
    scope: str
    due: str
    path: str
    departments: str
    doubt: str
    is_veto: bool
    version: int


@dataclass(frozen=True, slots=True)
class ClauseBlock:
    """One clause with its targets and rewards; both may be none."""

    clause: Clause
    lines: list[TargetLine]
    rewards: list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class ProgrammePage:
    """Everything that the page shows."""

    page: PageContext
    lede: str
    facts: list[tuple[str, str]]
    blocks: list[ClauseBlock]
    conventions: list[str]
    doubts: list[str]
    left_out: list[LeftOut]
    cascade_url: str


def make_programme_page(page: PageContext) -> ProgrammePage:
    """Return the page of the programme; seven queries, whatever its length."""
    programme = page.programme if page.frozen is None else page.frozen.programme
    blocks = _list_blocks(page)
    lines = [line for block in blocks for line in block.lines]
    dues: dict[str, int] = {}
    for line in lines:
        dues[line.due] = dues.get(line.due, 0) + 1
    return ProgrammePage(
        page=page,
        lede=write_programme(
            targets=len(lines),
            clauses=sum(bool(block.lines) for block in blocks),
            due=sorted(dues.items(), key=lambda item: -item[1]),
            doubtful=sum(bool(line.doubt) for line in lines),
        ),
        facts=_list_facts(programme),
        blocks=blocks,
        conventions=_choose_language(programme.conventions),
        doubts=_choose_language(programme.doubts),
        left_out=_list_left_out(page),
        cascade_url=page.link("reports:cascade"),
    )


def _list_left_out(page: PageContext) -> list[LeftOut]:
    """Return the sentences of which no target was made, in the order of the document."""
    if page.frozen is not None:
        return sorted(page.frozen.left_out, key=lambda sentence: sentence.position)
    return list(page.programme.left_out.select_related("clause").order_by("position"))


def _list_facts(programme: Programme) -> list[tuple[str, str]]:
    first, last = programme.first_quarter, programme.last_quarter
    span = {"first": format_quarter(first.year, first.number), "last": format_quarter(last.year, last.number)}
    return [
        (_("Document"), programme.document_number or ABSENT),
        (_("Issued"), format_day(programme.issued_on)),
        (_("Runs"), _("%(first)s to %(last)s") % span),
        (_("Leadership office"), programme.office.name),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Texts:
    """What the document says, as the basis knows it; each in any order."""

    clauses: Iterable[Clause]
    targets: Iterable[Target]
    responsibilities: Iterable[TargetDepartment]
    rewards: Iterable[RewardRule]


def _load_texts(page: PageContext) -> _Texts:
    """Return the texts of an edition without a query, of the programme as it stands with four."""
    if page.frozen is not None:
        copy = page.frozen
        return _Texts(
            clauses=copy.clauses,
            targets=copy.targets.values(),
            responsibilities=copy.responsibilities,
            rewards=copy.rewards,
        )
    return _Texts(
        clauses=page.programme.clauses.all(),
        targets=Target.objects.filter(programme=page.programme).select_related("indicator"),
        responsibilities=TargetDepartment.objects.filter(target__programme=page.programme).select_related("department"),
        rewards=RewardRule.objects.filter(programme=page.programme),
    )


def _list_blocks(page: PageContext) -> list[ClauseBlock]:
    """Return every clause in the order of the document, also those without targets."""
    mine, texts = _find_allocations(page), _load_texts(page)
    leads: dict[int, list[str]] = {}
    for row in sorted(texts.responsibilities, key=lambda row: row.position):
        if row.responsibility == Responsibility.LEAD:
            leads.setdefault(row.target_id, []).append(row.department.short_name)
    lines: dict[int, list[TargetLine]] = {}
    for target in sorted(texts.targets, key=lambda target: (target.position, target.version)):
        if page.sees_all or target.pk in mine:
            line = _make_line(page, target, mine.get(target.pk), join_words(leads.get(target.pk, [])))
            lines.setdefault(target.clause_id, []).append(line)
    rewards: dict[int, list[tuple[str, str]]] = {}
    for rule in sorted(texts.rewards, key=lambda rule: rule.position):
        rewards.setdefault(rule.clause_id, []).append((rule.award, _write_reward(rule)))
    return [
        ClauseBlock(clause, lines.get(clause.pk, []), rewards.get(clause.pk, []))
        for clause in sorted(texts.clauses, key=lambda clause: clause.position)
    ]


def _find_allocations(page: PageContext) -> dict[int, int]:
    """Return the allocation with which each target's page opens: the one of the highest region."""
    allocations = filter_allocations(Allocation.objects.filter(target__programme=page.programme), user=page.user)
    ordered = allocations.order_by("-series__region__code", "-pk").values_list("target_id", "pk")
    return dict(ordered)


def _make_line(page: PageContext, target: Target, allocation: int | None, leads: str) -> TargetLine:
    return TargetLine(
        name=target.indicator.name,
        url=page.link("reports:target", allocation) if allocation else "",
        bound=write_bound(target, target.level, target.level_hi),
        quote=target.quote,
        scope=target.scope,
        due=format_quarter(target.due_quarter.year, target.due_quarter.number),
        path=str(PATHS[target.path]),
        departments=leads,
        doubt=target.doubt,
        is_veto=target.veto,
        version=target.version,
    )


def _write_reward(rule: RewardRule) -> str:
    """Return the amount of a rule in yuan, or its bands in words."""
    if rule.amount is not None:
        return _("%(amount)s yuan") % {"amount": format_number(rule.amount)}
    return _("by bands of %(base)s") % {"base": in_page_language(rule.base_zh, rule.base_en)}


def _choose_language(texts: dict[str, list[str]]) -> list[str]:
    return list(texts.get(in_page_language("zh", "en")) or texts.get("zh") or [])
