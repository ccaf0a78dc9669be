"""Which results two sources of the same quarter tell differently: an edition and the next, or what stands now."""

from typing import Any

from django.db.models import QuerySet

from indicators.engine.period import Quarter
from indicators.models import Attainment, Programme
from reports.catalogue_copies import CATALOGUE, write_catalogue
from reports.models import Publication, PublishedPart, PublishedResult

FIGURE = ("numerator", "denominator", "accumulated", "measured")
TARGET = ("level", "level_hi", "comparator", "expected", "expected_hi", "reference", "weight")
THRESHOLD = ("margin",)
RATING = ("rating", "gap", "gap_input", "ratio", "flags")
COMPARED = (*FIGURE, *TARGET, *THRESHOLD, *RATING)
"""What is compared. Times of computing and versions of rules alone are no difference."""


def list_frozen(publication: Publication, quarter: Quarter | None = None) -> QuerySet[PublishedResult]:
    """Return the frozen results of an edition's own quarter, or of another one within it."""
    return PublishedResult.objects.filter(publication=publication, quarter=quarter or publication.quarter)


def list_live(programme: Programme, quarter: Quarter) -> QuerySet[Attainment]:
    """Return the results as they stand now."""
    return Attainment.objects.filter(programme=programme, quarter=quarter)


def find_changed(before: QuerySet[Any], after: QuerySet[Any]) -> list[int]:
    """Return the allocations whose results differ, or that only one side has, ascending."""
    old, new = _read(before), _read(after)
    return sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))


def has_changed(publication: Publication) -> bool:
    """Return whether a new edition would say anything else: results, or the words of the catalogue."""
    programme, quarter = publication.programme, publication.quarter
    if find_changed(list_frozen(publication), list_live(programme, quarter)):
        return True
    kept = PublishedPart.objects.get(publication=publication, name=CATALOGUE)
    return kept.text != write_catalogue(programme=programme, quarter=quarter)


def _read(results: QuerySet[Any]) -> dict[int, tuple[Any, ...]]:
    rows = results.order_by().values_list("allocation_id", *COMPARED)
    return {row[0]: row[1:] for row in rows.iterator(chunk_size=5000)}
