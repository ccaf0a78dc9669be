"""The base of every table: plain HTML, sortable by links, paged, empty in words."""

from collections.abc import Iterator, Sequence
from typing import Any

import django_tables2
from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

ROWS_A_PAGE = 50


class Table(django_tables2.Table):
    """A table in the look of the house; `empty_text` says what to do when there is nothing."""

    class Meta:
        template_name = "_components/table.html"
        attrs = {"class": "rows"}
        empty_text = _("Nothing fits. Widen the choice above.")

    @property
    def drawn_rows(self) -> Iterator[SafeString]:
        """Yield the rows of the page as they stand in the table.

        The attributes of a column's cells are made once: by a template, and anew for each cell, fifty rows took 40 ms.
        """
        names = [column.name for column in self.columns]
        opened = [column.attrs["td"].as_html().replace("{", "{{").replace("}", "}}") for column in self.columns]
        frame = "<tr>" + "".join(f"<td {own}>{{}}</td>" for own in opened) + "</tr>"
        for row in self.paginated_rows:
            yield format_html(frame, *(row.get_cell(name) for name in names))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("empty_text", self._meta.empty_text or Table.Meta.empty_text)
        super().__init__(*args, **kwargs)


ALL = "all"
"""The page that holds every row, to be printed."""
MOST_AT_ONCE = 1_000
"""Rows of that page, of more the first: a browser lays out no more in a second, and nobody reads fifty sheets."""


class ForgivingPaginator(Paginator):
    """Pages whose address may be old: what is no page is the first, what lies beyond the last is the last."""

    def __init__(self, *args: Any, known: int | None = None, **kwargs: Any) -> None:
        """`known`: how many rows there are, where they were counted for something else already."""
        super().__init__(*args, **kwargs)
        if known is not None:
            self.count = known

    @property
    def is_all(self) -> bool:
        """Whether every row stands on one page, as far as there may be on one."""
        return self.per_page == MOST_AT_ONCE

    def validate_number(self, number: int | float | str) -> int:
        """Return the nearest page that exists."""
        try:
            wanted = int(number)
        except ValueError:
            return 1
        return min(max(wanted, 1), self.num_pages)


def turn_to_page(table: Table, number: int | str, *, known: int | None = None, rows_a_page: int = 0) -> None:
    """Cut the table into pages and turn to one of them, or to all of them at once."""
    table.paginate(
        page=number,
        per_page=MOST_AT_ONCE if number == ALL else rows_a_page or ROWS_A_PAGE,
        paginator_class=ForgivingPaginator,
        known=known,
    )


def find_page(rows: Sequence[Any], number: int | str) -> Page[Any]:
    """Return the page of rows that are no table, as above."""
    paginator = ForgivingPaginator(rows, MOST_AT_ONCE if number == ALL else ROWS_A_PAGE)
    return paginator.get_page(paginator.validate_number(number))


def read_order(query: QueryDict, known: Sequence[str]) -> list[str]:
    """Return the columns to order by, those in falling order with a minus before them; none for the usual order.

    A column that is not shown orders nothing: nobody could see why, nor turn it round.
    """
    names = [name for text in query.getlist("sort") for name in text.split(",")]
    return [name for name in names if name.removeprefix("-") in known]


class NumberColumn(django_tables2.Column):
    """A column of numbers: right-aligned, in figures of one width."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"th": {"class": "n"}, "td": {"class": "n"}})
        super().__init__(*args, **kwargs)
