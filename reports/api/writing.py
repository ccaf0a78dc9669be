"""Values as JSON and as CSV: numbers with every digit they have, absence as absence, text as text."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from indicators.engine.period import Quarter
from qscounty.web.formats import write_plain
from qscounty.web.sheet_text import write_csv_text

BOM = "\ufeff"  # without it Excel takes UTF-8 for the code page of the machine
LIST_SIGN = "|"


def write_json_value(value: Any) -> str:
    """Return one value as JSON; a Decimal keeps its digits, which a float would not."""
    if isinstance(value, Decimal):
        return write_plain(value)
    if isinstance(value, list):
        return f"[{','.join(map(write_json_value, value))}]"
    return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False)


def write_json_rows(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return rows as a JSON array of objects with the members `names`, in their order."""
    keys = [json.dumps(name) for name in names]
    objects = (
        "{" + ",".join(f"{key}:{write_json_value(value)}" for key, value in zip(keys, row, strict=True)) + "}"
        for row in rows
    )
    return f"[{','.join(objects)}]"


def write_csv_value(value: Any) -> str:
    """Return one value as a CSV field: nothing for absent, quoted for text, bare for numbers and true or false."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return write_plain(value)
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list):
        value = LIST_SIGN.join(map(str, value))
    return write_csv_text(str(_plain(value)))


def write_csv_lines(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield the heading and one line a row, each with its end of line; the mark of UTF-8 stands before the first."""
    yield BOM + ",".join(names) + "\r\n"
    for row in rows:
        yield ",".join(map(write_csv_value, row)) + "\r\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Quarter):
        return str(value)
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value
