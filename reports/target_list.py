"""The list of targets as its address says it: choices, order and columns, for the page and for the file alike."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise

from indicators.engine.target import Rating
from indicators.marks import LETTERS
from indicators.models.attainment import Attainment
from qscounty.web.tables import read_order
from reports.filters import ResultFilter
from reports.scopes import PageContext
from reports.selectors import (
    list_departments,
    list_result_regions,
    list_results,
    list_results_by_page,
)
from reports.sentences import write_list
from reports.tables import ResultTable

COLUMNS = "columns"
"""The key of the address that names a column to show, once for each; without any all are shown."""

CHOOSABLE = ("region", "department", "measured", "expected", "ratio", "rating")
"""The target itself is always shown."""


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """One column that can be shown or not."""

    key: str
    name: str | Promise
    is_shown: bool


@dataclass(frozen=True, kw_only=True)
class ResultList:
    """The choices, the table in its order and columns (not yet cut into pages), and the sentence above it."""

    filter: ResultFilter
    table: ResultTable
    columns: list[ColumnChoice]
    shown: tuple[str, ...]
    order: list[str]
    count: int
    lede: str
    is_demonstration: bool


def make_result_list(page: PageContext, query: QueryDict) -> ResultList:
    """Return the list that an address names; unknown columns and orders are passed over, as links grow old."""
    choice = ResultFilter(
        query,
        queryset=list_results_by_page(page),
        page=page,
        regions=list_result_regions(page),
        departments=list_departments(page),
    )
    tally = tally_results(choice.qs)
    invented, others = has_demonstration(tally_results(list_results(page)) if choice.is_chosen else tally)
    shown = choose_columns(query, page.user.target_columns)
    order = read_order(query, ("name", *shown))
    table = ResultTable(
        choice.qs,
        page=page,
        is_mixed=others,
        exclude=[key for key in CHOOSABLE if key not in shown],
        order_by=order or None,
    )
    counts = count_letters(tally)
    return ResultList(
        filter=choice,
        table=table,
        columns=[ColumnChoice(key, ResultTable.base_columns[key].verbose_name, key in shown) for key in CHOOSABLE],
        shown=shown,
        order=order,
        count=sum(counts.values()),
        lede=write_list(sum(counts.values()), counts=counts, is_filtered=choice.is_chosen),
        is_demonstration=invented,
    )


def choose_columns(query: QueryDict, kept: str) -> tuple[str, ...]:
    """Return the columns to show: those that the address names, else those that the person keeps."""
    return read_columns(query.getlist(COLUMNS) or kept.split())


def read_columns(named: Iterable[str]) -> tuple[str, ...]:
    """Return the named columns in their fixed order; all where none of the names is that of one."""
    wanted = set(named)
    return tuple(key for key in CHOOSABLE if key in wanted) or CHOOSABLE


@dataclass(frozen=True, slots=True)
class OwnColumns:
    """What a person may do with the columns: keep those of the address, and go back to all of them."""

    address: str
    named: tuple[str, ...]
    can_keep: bool
    can_reset: bool


def offer_columns(query: QueryDict, kept: str) -> OwnColumns | None:
    """Return what can be done, None where nothing can: all columns are shown, and none are kept."""
    named, mine = read_columns(query.getlist(COLUMNS)), read_columns(kept.split())
    can_keep = COLUMNS in query and named != mine
    if not can_keep and not kept:
        return None
    return OwnColumns(query.urlencode(), named, can_keep, bool(kept))


Tally = Mapping[tuple[int, bool, bool], int]
"""How many results there are by rating, whether made from demonstration data, and whether something was measured."""


def tally_results(results: QuerySet[Attainment]) -> Tally:
    """Return the results counted once for everything that the page says about all of them; one query."""
    told = results.order_by().annotate(is_measured=Q(measured__isnull=False))
    rows = told.values_list("rating", "is_demonstration", "is_measured").annotate(count=Count("allocation"))
    return {(rating, is_invented, is_measured): count for rating, is_invented, is_measured, count in rows}


def count_letters(tally: Tally) -> dict[str, int]:
    """Return how many results bear which letter."""
    counts: Counter[str] = Counter()
    for (rating, _invented, _measured), count in tally.items():
        counts[LETTERS[Rating(rating)]] += count
    return dict(counts)


def has_demonstration(tally: Tally) -> tuple[bool, bool]:
    """Return whether any measured result is made from demonstration data, and whether any is not."""
    kinds = {is_invented for _rating, is_invented, is_measured in tally if is_measured}
    return True in kinds, False in kinds
