"""Reads the published figures that belong to catalogue indicators; every error names file, row and column."""

import csv
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple

from indicators.catalogue.reader import CATALOGUE_FOLDER, CatalogueError
from indicators.engine.period import Quarter

PUBLISHED_FILE = CATALOGUE_FOLDER / "published_figures.csv"


class PublishedFigure(NamedTuple):
    """One published figure. Value, or numerator and denominator, in the indicator's unit; absent parts are None."""

    region: str
    indicator: str
    programme: str
    quarter: Quarter
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    period_text: str
    source_title: str
    source_address: str
    quote: str
    note: str


def read_published_figures(path: Path = PUBLISHED_FILE) -> list[PublishedFigure]:
    """Return every row; CatalogueError names the row and the column of the first one that does not fit."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            _read_row(row, place=f"{path.name}: row {line}") for line, row in enumerate(csv.DictReader(file), start=2)
        ]


def _read_row(row: dict[str, str], *, place: str) -> PublishedFigure:
    try:
        quarter = Quarter.parse(row["quarter"])
    except ValueError as error:
        raise CatalogueError(f"{place}, column “quarter”: {error}") from error
    numbers = {
        name: _read_number(row[name], place=f"{place}, column “{name}”")
        for name in ("value", "numerator", "denominator")
    }
    values: dict[str, Any] = row | numbers | {"quarter": quarter}
    return PublishedFigure(**{name: values[name] for name in PublishedFigure._fields})


def _read_number(text: str, *, place: str) -> Decimal | None:
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise CatalogueError(f"{place}: “{text}” is not a number.") from error
    if not number.is_finite():
        raise CatalogueError(f"{place}: “{text}” is not a finite number.")
    return number
