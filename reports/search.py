"""The search: targets, clauses, regions and departments of a programme by words, by number or by initials."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from indicators.models import Clause, Target
from qscounty.web.formats import is_chinese
from qscounty.web.pinyin import find_initials, normalise
from qscounty.web.sentences import join_words
from reports.bounds import write_bound
from reports.scopes import PageContext
from reports.search_names import list_clauses, list_targets
from reports.selectors import list_departments, list_result_regions

SHOWN = 20
LONGEST = 60
"""Characters of a question that are read; the rest is left out."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found. `names` are read as a whole and by initials, `texts` only as they stand."""

    title: str
    place: str
    url: str
    names: tuple[str, ...]
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind; `more` could not be shown."""

    title: str
    entries: list[Entry]
    more: int

    @property
    def count(self) -> int:
        """Number of hits, shown or not."""
        return len(self.entries) + self.more


@dataclass(frozen=True, kw_only=True)
class SearchPage:
    """Everything that the page shows."""

    question: str
    lede: str
    groups: list[Group]
    elsewhere: list[tuple[str, str]]


def make_search_page(page: PageContext, text: str) -> SearchPage:
    """Return what fits the question in the page's programme; at most four queries, none for an empty question."""
    question = " ".join(text.split())[:LONGEST]
    groups = search(list_entries(page), question) if question else []
    return SearchPage(
        question=question,
        lede=write_search(question, {group.title: group.count for group in groups}),
        groups=groups,
        elsewhere=[
            (other.short_name, page.link("reports:search", programme=other.code, quarter="", q=question))
            for other in page.programmes
            if question and other.pk != page.programme.pk
        ],
    )


def search(kinds: Iterable[tuple[str, Sequence[Entry]]], question: str) -> list[Group]:
    """Return the hits of each kind, the nearest first; kinds without a hit are left out."""
    words = normalise(question).split()
    groups = []
    for title, entries in kinds:
        ranked = [
            (rank, place) for place, entry in enumerate(entries) if (rank := rank_entry(entry, words)) is not None
        ]
        hits = [entries[place] for _rank, place in sorted(ranked)]
        if hits:
            groups.append(Group(title, hits[:SHOWN], max(len(hits) - SHOWN, 0)))
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


def list_entries(page: PageContext) -> list[tuple[str, list[Entry]]]:
    """Return everything of the programme that the person sees, by kind."""
    targets, clauses = list_targets(page), list_clauses(page)
    return [
        (pgettext("found", "Targets"), [_enter_target(page, goal, allocation) for goal, allocation in targets]),
        (pgettext("found", "Clauses"), [_enter_clause(page, clause) for clause in clauses]),
        (
            pgettext("found", "Regions"),
            [
                Entry(r.name, r.code, page.link("reports:region", r.code), (r.name_zh, r.short_zh, r.name_en, r.code))
                for r in list_result_regions(page)
            ],
        ),
        (
            pgettext("found", "Departments"),
            [
                Entry(
                    d.name,
                    d.region.name,
                    page.link("reports:department", d.region.code, d.code),
                    (d.name_zh, d.short_zh, d.name_en, d.short_en),
                )
                for d in list_departments(page)
            ],
        ),
    ]


def _enter_target(page: PageContext, goal: Target, allocation: int) -> Entry:
    indicator = goal.indicator
    return Entry(
        indicator.name,
        " · ".join([goal.clause.number, write_bound(goal, goal.level, goal.level_hi)]),
        page.link("reports:target", allocation),
        (indicator.name_zh, indicator.name_en),
        (goal.quote, goal.clause.number, indicator.definition_zh, indicator.definition_en),
    )


def _enter_clause(page: PageContext, clause: Clause) -> Entry:
    return Entry(
        f"{clause.number} {clause.title}",
        clause.gist,
        f"{page.link('reports:programme')}#clause-{clause.pk}",
        (clause.number, clause.title_zh, clause.title_en),
        (clause.gist_zh, clause.gist_en),
    )


def write_search(question: str, counts: dict[str, int]) -> str:
    """Return what was found, as one sentence; `counts` by the name of the kind, without zeros."""
    if not question:
        return _("Search targets, clauses, regions and departments by words or pinyin initials.")
    total = sum(counts.values())
    if not total:
        return _("Nothing fits “%(question)s” in this programme.") % {"question": question}
    parts = [
        pgettext("found", "%(count)d in %(kind)s") % {"count": count, "kind": kind if is_chinese() else kind.lower()}
        for kind, count in counts.items()
    ]
    return ngettext(
        "%(count)d hit for “%(question)s”: %(parts)s.", "%(count)d hits for “%(question)s”: %(parts)s.", total
    ) % {"count": total, "question": question, "parts": join_words(parts)}
