"""Resources of many rows: an ordered queryset, its key for the next page, and how a chunk becomes rows."""

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from indicators.engine.period import Quarter
from indicators.models.attainment import ALL, DOMAIN_CODES
from reports.api.queries import InvalidParameter

CHUNK = 2000


@dataclass(frozen=True, kw_only=True)
class Paged:
    """Rows by primary key. `objects` are read from the beginning, `make` turns a chunk of them into rows.

    `key` names the columns of the primary key; pages go by it, so that rows added meanwhile move none of the others.
    `upto` is a number that every cursor carries on, for what has to be read as it stood on the first page.
    """

    objects: QuerySet[Any]
    key: tuple[str, ...]
    make: Callable[[Sequence[Any]], list[list[Any]]]
    upto: int = 0

    def read_page(self, cursor: str, limit: int) -> tuple[list[list[Any]], str]:
        """Return one page and the cursor of the next, empty on the last."""
        rows = self.objects.order_by(*self.key)
        if cursor:
            _upto, place = read_cursor(cursor, len(self.key))
            rows = rows.filter(pk__gt=tuple(place) if len(place) > 1 else place[0])
        found = list(rows[: limit + 1])
        more = len(found) > limit
        return self.make(found[:limit]), self._write_cursor(found[limit - 1]) if more else ""

    def read_all(self) -> Iterator[list[Any]]:
        """Yield every row through a cursor of the database, a chunk in memory at a time; inside a transaction."""
        rows = self.objects.order_by(*self.key).iterator(chunk_size=CHUNK)
        while chunk := list(islice(rows, CHUNK)):
            yield from self.make(chunk)

    def _write_cursor(self, last: Any) -> str:
        values = [_code_of(getattr(last, name)) for name in self.key]
        return base64.urlsafe_b64encode(json.dumps([self.upto, *values]).encode()).decode().rstrip("=")


def key_of_model(rows: QuerySet[Any]) -> tuple[str, ...]:
    """Return the columns of the primary key, live or frozen."""
    return tuple(field.attname for field in rows.model._meta.pk_fields)


def _code_of(value: Any) -> int:
    """Return a column of a key as the database holds it; None of a domain stands for all of them."""
    if isinstance(value, Quarter):
        return value.ordinal
    return ALL if value is None else DOMAIN_CODES.get(value, value)


def read_cursor(text: str, size: int) -> tuple[int, list[int]]:
    """Return what the cursor carries on and the key after which the page begins. Errors: InvalidParameter."""
    try:
        found = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        found = None
    is_whole = isinstance(found, list) and len(found) == size + 1
    if not is_whole or not all(type(one) is int and 0 <= one < 2**63 for one in found):
        sentence = _("Parameter “cursor” is not one of ours; take the address in “next” as it is.")
        raise InvalidParameter("cursor", sentence)
    return found[0], found[1:]
