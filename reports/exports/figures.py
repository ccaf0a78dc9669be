"""The approved figures behind an edition's results: explanations, published sources, corrections. One query each."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import QuerySet

from indicators.engine.period import Quarter
from indicators.models import ApprovedFigure
from reports.exports.source import CHUNK, Edition, list_results


def load_explanations(edition: Edition) -> dict[int, str]:
    """Return what the department said about its figure of the quarter, by series."""
    rows = _figures(edition).filter(quarter=edition.quarter, is_current=True).exclude(explanation="")
    return dict(rows.values_list("series_id", "explanation"))


class Published(NamedTuple):
    """A published figure: of which series and quarter, and where it was published."""

    series_id: int
    quarter: Quarter
    title: str
    address: str
    period: str


def list_published(edition: Edition) -> list[Published]:
    """Return the published figures up to the quarter, oldest first."""
    rows = _figures(edition).filter(is_current=True, source__isnull=False).order_by("quarter", "series_id")
    fields = ("series_id", "quarter", "source__title", "source__address", "source__period_text")
    return [Published._make(row) for row in rows.values_list(*fields)]


def list_corrections(edition: Edition) -> Iterator[tuple[ApprovedFigure, ApprovedFigure]]:
    """Yield (before, after) of every figure that was approved again, up to the quarter."""
    corrected = _figures(edition).filter(revision__gte=2).values("series_id", "quarter")
    keys = {(row["series_id"], row["quarter"]) for row in corrected.order_by()}
    if not keys:
        return
    rows = _figures(edition).filter(series__in={key[0] for key in keys}).select_related("series__indicator")
    before: ApprovedFigure | None = None
    for row in rows.order_by(
        "series__region__position", "series__region__code", "series_id", "quarter", "revision"
    ).iterator(chunk_size=CHUNK):
        same = before is not None and (before.series_id, before.quarter) == (row.series_id, row.quarter)
        if same and before is not None:
            yield before, row
        before = row


def _figures(edition: Edition) -> QuerySet[ApprovedFigure]:
    """Return every revision of the programme's figures up to the quarter."""
    series = list_results(programme=edition.programme, quarter=edition.quarter).values("allocation__series_id")
    return ApprovedFigure.objects.filter(series__in=series.order_by(), quarter__lte=edition.quarter)
