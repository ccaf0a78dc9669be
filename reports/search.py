"""The search: targets, clauses, regions and departments of every programme by words, by number or by initials."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import pgettext

from departments.models import Department, Region
from indicators.bounds import write_bound
from indicators.models import Clause, Target
from qscounty.web.formats import format_quarter
from qscounty.web.pinyin import find_initials, normalise
from reports.scopes import PageContext
from reports.search_names import list_clauses, list_offices, list_regions, list_targets
from reports.search_scopes import list_pages
from reports.search_words import write_search
from reports.stamps import recall

SHOWN = 8
"""Hits of one kind that a page about several programmes shows of each."""
SHOWN_OF_ONE = 200
"""The same on a page about one."""
LONGEST = 60
"""Characters of a question that are read; the rest is left out."""
ONE = "one"
"""What the address says in `within` to search the page's own programme alone."""


@dataclass(frozen=True, slots=True)
class Hit:
    """What the page shows of something that was found."""

    title: str
    place: str
    url: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found. `names` are read as a whole and by initials, `texts` only as they stand.

    `show` is asked of hits alone: written for everything that there is, bounds and addresses take most of the time.
    """

    show: Callable[[], Hit]
    names: tuple[str, ...]
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind; `more` are not shown here, but at `more_url` where there is one."""

    kind: str
    title: str
    hits: list[Hit]
    more: int
    more_url: str = ""

    @property
    def count(self) -> int:
        """Number of hits, shown or not."""
        return len(self.hits) + self.more


@dataclass(frozen=True, slots=True)
class Section:
    """What was found in one programme; `quarter` is the one that its links lead to, where it is not the page's."""

    code: str
    title: str
    quarter: str
    groups: list[Group]

    @property
    def count(self) -> int:
        """Number of hits of all kinds."""
        return sum(group.count for group in self.groups)


@dataclass(frozen=True, kw_only=True)
class SearchPage:
    """Everything that the page shows; `wider_url` searches the other programmes, too, where the page does not."""

    question: str
    lede: str
    sections: list[Section] = field(default_factory=list)
    wider_url: str = ""


def make_search_page(page: PageContext, text: str, *, within: str = "") -> SearchPage:
    """Return what fits the question in every programme that the person sees, the page's own first.

    At most nine queries however many programmes there are, none for an empty question. `within` is `ONE` for the
    page's own programme alone, anything else for all.
    """
    question = " ".join(text.split())[:LONGEST]
    has_others = len(page.programmes) > 1
    is_narrow = within == ONE or not has_others
    if not question:
        return SearchPage(question="", lede=write_search("", [], is_narrow=is_narrow))
    pages = [page] if is_narrow else list_pages(page)
    kinds = list_entries(pages)
    sections = [_make_section(page, other, kinds[other.programme.pk], question, is_narrow) for other in pages]
    sections = [section for section in sections if section.groups]
    counts = [(section.title, {group.title: group.count for group in section.groups}) for section in sections]
    return SearchPage(
        question=question,
        lede=write_search(question, counts, is_narrow=is_narrow),
        sections=sections,
        wider_url=page.link("reports:search", q=question) if is_narrow and has_others else "",
    )


def _make_section(
    page: PageContext, other: PageContext, kinds: Iterable["Kind"], question: str, is_narrow: bool
) -> Section:
    more_url = "" if is_narrow else other.link("reports:search", q=question, within=ONE)
    is_same = other.quarter == page.quarter
    return Section(
        code=other.programme.code,
        title=other.programme.short_name,
        quarter="" if is_same else format_quarter(other.quarter.year, other.quarter.number),
        groups=search(kinds, question, shown=SHOWN_OF_ONE if is_narrow else SHOWN, more_url=more_url),
    )


Kind = tuple[str, str, Sequence[Entry]]
"""A kind's key, its name, and everything that there is of it."""


def search(kinds: Iterable[Kind], question: str, *, shown: int = SHOWN, more_url: str = "") -> list[Group]:
    """Return the hits of each kind, the nearest first and `shown` at most; kinds without a hit are left out."""
    words = normalise(question).split()
    groups = []
    for kind, title, entries in kinds:
        ranked = [
            (rank, place) for place, entry in enumerate(entries) if (rank := rank_entry(entry, words)) is not None
        ]
        if ranked:
            hits = [entries[place].show() for _rank, place in sorted(ranked)[:shown]]
            more = len(ranked) - len(hits)
            groups.append(Group(kind, title, hits, more, f"{more_url}#{kind}" if more and more_url else ""))
    return groups


def rank_entry(entry: Entry, words: Sequence[str]) -> int | None:
    """Return how far an entry is from the words, 0 the nearest; None where one of them does not fit."""
    ranks = [_rank_word(entry, word) for word in words]
    fitting = [rank for rank in ranks if rank is not None]
    return sum(fitting) if words and len(fitting) == len(ranks) else None


def _rank_word(entry: Entry, word: str) -> int | None:
    """Return 0 for a name, 1 for its beginning, 2 for initials from the first, 3 for a part, 4 and 5 for the rest."""
    names = [normalise(name) for name in entry.names]
    if word in names:
        return 0
    if any(name.startswith(word) for name in names):
        return 1
    starts = [find_initials(name, word) for name in entry.names]
    if 0 in starts:
        return 2
    if any(word in name for name in names):
        return 3
    if any(start > 0 for start in starts):
        return 4
    return 5 if any(word in normalise(text) for text in entry.texts) else None


def list_entries(pages: Sequence[PageContext]) -> dict[int, list[Kind]]:
    """Return everything that the person sees, by programme and kind; six queries, none once recalled."""
    key = ("search", pages[0].scope, *((page.programme.pk, page.quarter, page.basis) for page in pages))
    targets, clauses, regions, offices = recall(
        key,
        lambda: (list_targets(pages), list_clauses(pages), list_regions(pages), list_offices(pages)),
        moment=pages[0].moment,
    )
    found: dict[int, list[Kind]] = {}
    for page in pages:
        owner = page.programme.pk
        found[owner] = [
            ("targets", pgettext("found", "Targets"), [_enter_target(page, *both) for both in targets.get(owner, [])]),
            ("clauses", pgettext("found", "Clauses"), [_enter_clause(page, one) for one in clauses.get(owner, [])]),
            ("regions", pgettext("found", "Regions"), [_enter_region(page, one) for one in regions.get(owner, [])]),
            (
                "departments",
                pgettext("found", "Departments"),
                [_enter_department(page, one) for one in offices.get(owner, [])],
            ),
        ]
    return found


def _enter_target(page: PageContext, goal: Target, allocation: int) -> Entry:
    indicator, number = goal.indicator, goal.clause.number
    names = (indicator.name_zh, indicator.name_en)
    texts = (goal.quote, number, indicator.definition_zh, indicator.definition_en)

    def show() -> Hit:
        place = " · ".join([number, write_bound(goal, goal.level, goal.level_hi)])
        return Hit(indicator.name, place, page.link("reports:target", allocation))

    return Entry(show, names, texts)


def _enter_clause(page: PageContext, clause: Clause) -> Entry:
    def show() -> Hit:
        url = f"{page.link('reports:programme')}#clause-{clause.pk}"
        return Hit(f"{clause.number} {clause.title}", clause.gist, url)

    return Entry(show, (clause.number, clause.title_zh, clause.title_en), (clause.gist_zh, clause.gist_en))


def _enter_region(page: PageContext, region: Region) -> Entry:
    names = (region.name_zh, region.short_zh, region.name_en, region.code)
    return Entry(lambda: Hit(region.name, region.code, page.link("reports:region", region.code)), names)


def _enter_department(page: PageContext, department: Department) -> Entry:
    region = department.region
    names = (department.name_zh, department.short_zh, department.name_en, department.short_en)

    def show() -> Hit:
        return Hit(department.name, region.name, page.link("reports:department", region.code, department.code))

    return Entry(show, names)
