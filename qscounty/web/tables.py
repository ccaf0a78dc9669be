"""The base of every table: plain HTML, sortable by links, paged, empty in words."""

from typing import Any

import django_tables2
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

ROWS_A_PAGE = 50


class Table(django_tables2.Table):
    """A table in the look of the house; `empty_text` says what to do when there is nothing."""

    class Meta:
        template_name = "_components/table.html"
        attrs = {"class": "rows"}
        empty_text = _("Nothing fits. Widen the choice above.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("empty_text", self._meta.empty_text or Table.Meta.empty_text)
        super().__init__(*args, **kwargs)


class ForgivingPaginator(Paginator):
    """Pages whose address may be old: what is no page is the first, what lies beyond the last is the last."""

    def validate_number(self, number: int | float | str) -> int:
        """Return the nearest page that exists."""
        try:
            wanted = int(number)
        except ValueError:
            return 1
        return min(max(wanted, 1), self.num_pages)


class NumberColumn(django_tables2.Column):
    """A column of numbers: right-aligned, in figures of one width."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"th": {"class": "n"}, "td": {"class": "n"}})
        super().__init__(*args, **kwargs)
