"""Copies results, roll-ups and catalogue into an edition and says what was copied: rows and SHA-256 of each part.

The hash is taken from the frozen rows as PostgreSQL writes them (CSV, times in UTC, fixed order), so that it can be
taken again at any time, by `check_manifest` or with nothing but psql. Source: trust rules 20 and 28; ADR 7.
"""

import hashlib
from typing import Any, Protocol

from indicators.engine.period import Quarter
from indicators.models import Attainment, RollUp
from reports.catalogue_copies import CATALOGUE, write_catalogue
from reports.models import Publication, PublishedPart, PublishedResult, PublishedRollUp

FROZEN_QUARTERS = 8
"""The quarter and the seven before it: what the trends of every page show."""

_FIGURES = "id, series_id, quarter, revision, value, numerator, denominator, nothing_occurred, explanation"

Manifest = dict[str, dict[str, Any]]


class _Cursor(Protocol):
    def execute(self, sql: str, params: Any = None) -> Any: ...
    def mogrify(self, sql: str, params: Any = None) -> bytes: ...
    def copy_expert(self, sql: str, file: Any) -> Any: ...


class _Digest:
    """A file that keeps the SHA-256 and the number of lines of what is written into it."""

    def __init__(self) -> None:
        self.hash, self.size = hashlib.sha256(), 0

    def write(self, block: bytes) -> int:
        self.hash.update(block)
        self.size += len(block)
        return len(block)


def freeze(cursor: _Cursor, *, publication: Publication) -> Manifest:
    """Copy everything that the edition shows and return its manifest; the caller holds figures and results still."""
    first = Quarter(publication.quarter.ordinal - FROZEN_QUARTERS + 1)
    place = {"publication": publication.pk, "programme": publication.programme_id}
    place |= {"first": first.ordinal, "last": publication.quarter.ordinal}
    cursor.execute(_COPY_RESULTS, place)
    cursor.execute(_COPY_ROLLUPS, place)
    text = write_catalogue(programme=publication.programme, quarter=publication.quarter)
    PublishedPart.objects.create(publication=publication, name=CATALOGUE, text=text)
    return describe(cursor, publication=publication)


def describe(cursor: _Cursor, *, publication: Publication) -> Manifest:
    """Return rows and SHA-256 of each frozen part as it stands in the database now."""
    inputs = {
        "publication": publication.pk,
        "programme": publication.programme_id,
        "last": publication.quarter.ordinal,
        "newest": publication.inputs_revision,
    }
    return {
        name: _describe(cursor, query=cursor.mogrify(query, inputs).decode()) for name, query in sorted(_PARTS.items())
    }


def _describe(cursor: Any, *, query: str) -> dict[str, Any]:
    digest = _Digest()
    cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT csv)", digest)
    return {"rows": cursor.rowcount, "bytes": digest.size, "sha256": digest.hash.hexdigest()}


def _list_columns(model: type[Any]) -> list[str]:
    return [str(field.column) for field in model._meta.concrete_fields if field.column]


_RESULTS = _list_columns(Attainment)
_ROLLUPS = _list_columns(RollUp)
_ADDED = ("place", "series_id", "baseline", "is_decomposed_for_show")

# The place is the one in the workbook: by region in customary order, and by target in document order.
_COPY_RESULTS = f"""
    INSERT INTO {PublishedResult._meta.db_table} (publication_id, {", ".join(_ADDED)}, {", ".join(_RESULTS)})
    SELECT %(publication)s,
           row_number() OVER (PARTITION BY r.quarter ORDER BY g.position, g.code, t.position, r.allocation_id),
           a.series_id, a.baseline, a.is_demonstration, {", ".join(f"r.{name}" for name in _RESULTS)}
    FROM {Attainment._meta.db_table} r
    JOIN indicators_allocation a ON a.id = r.allocation_id
    JOIN indicators_target t ON t.id = r.target_id
    JOIN departments_region g ON g.id = r.region_id
    WHERE r.programme_id = %(programme)s AND r.quarter BETWEEN %(first)s AND %(last)s
"""  # noqa: S608  fixed names
_COPY_ROLLUPS = f"""
    INSERT INTO {PublishedRollUp._meta.db_table} (publication_id, {", ".join(_ROLLUPS)})
    SELECT %(publication)s, {", ".join(_ROLLUPS)} FROM {RollUp._meta.db_table}
    WHERE programme_id = %(programme)s AND quarter BETWEEN %(first)s AND %(last)s
"""  # noqa: S608  fixed names

_STAMP = "computed_at"
_STAMPED = ", ".join(f"{name} AT TIME ZONE 'UTC'" if name == _STAMP else name for name in (*_ADDED, *_RESULTS))
_PARTS = {
    "results": f"SELECT {_STAMPED} FROM {PublishedResult._meta.db_table}"  # noqa: S608
    " WHERE publication_id = %(publication)s ORDER BY quarter, place",
    "rollups": f"SELECT {', '.join(_ROLLUPS)} FROM {PublishedRollUp._meta.db_table}"  # noqa: S608
    " WHERE publication_id = %(publication)s ORDER BY quarter, region_id, domain, department_id",
    "catalogue": f"SELECT name, text FROM {PublishedPart._meta.db_table}"  # noqa: S608
    " WHERE publication_id = %(publication)s ORDER BY name",
    "figures": f"SELECT {_FIGURES} FROM indicators_approvedfigure f"  # noqa: S608
    " WHERE id <= %(newest)s AND quarter <= %(last)s AND EXISTS (SELECT 1 FROM reports_publishedresult r"
    " WHERE r.publication_id = %(publication)s AND r.series_id = f.series_id) ORDER BY id",
}
