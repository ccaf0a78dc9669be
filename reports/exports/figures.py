"""The approved figures behind an edition's results: explanations, published sources, corrections. One query each."""

from itertools import pairwise
from typing import NamedTuple

from django.db.models import QuerySet

from indicators.engine.period import Quarter
from indicators.models import ApprovedFigure
from reports.exports.source import Edition
from reports.sources import current_figures_of, figures_of


def load_explanations(edition: Edition) -> dict[int, str]:
    """Return what the department said about its figure of the quarter, by series."""
    rows = _current(edition).filter(quarter=edition.quarter).exclude(explanation="")
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
    rows = _current(edition).filter(source__isnull=False).order_by("quarter", "series_id")
    keys = rows.values_list("series_id", "quarter", "source_id")
    found = [(series_id, quarter, edition.sources[source_id]) for series_id, quarter, source_id in keys]
    return [
        Published(series_id, quarter, source.title, source.address, source.period_text)
        for series_id, quarter, source in found
    ]


def list_corrections(edition: Edition) -> list[tuple[ApprovedFigure, ApprovedFigure]]:
    """Return (before, after) of every figure that was approved again, up to the quarter, by region in their order.

    In the second and every later edition only what was corrected since the one before, which told of the others.
    """
    since = edition.earlier.inputs_revision or 0 if edition.earlier else 0
    corrected = _figures(edition).filter(revision__gte=2, pk__gt=since).values("series_id", "quarter")
    keys = {(row["series_id"], row["quarter"]) for row in corrected.order_by()}
    rows = _figures(edition).filter(series__in={key[0] for key in keys}).select_related("series__indicator")
    indicators = {facts.target.indicator_id: facts.target.indicator for facts in edition.targets.values()}
    found: list[tuple[ApprovedFigure, ApprovedFigure]] = []
    for before, after in pairwise(rows.order_by("series_id", "quarter", "revision") if keys else ()):
        if (before.series_id, before.quarter) == (after.series_id, after.quarter) and after.pk > since:
            for row in (before, after):
                row.series.indicator = indicators.get(row.series.indicator_id, row.series.indicator)
            found.append((before, after))
    places = {key: place for place, key in enumerate(edition.regions)}
    return sorted(found, key=lambda pair: places.get(pair[0].series.region_id, len(places)))


def _figures(edition: Edition) -> QuerySet[ApprovedFigure]:
    """Return every revision of the programme's figures up to the quarter."""
    return _within(edition, figures_of(edition.publication))


def _current(edition: Edition) -> QuerySet[ApprovedFigure]:
    """Return the revisions that count, of the programme's figures up to the quarter."""
    return _within(edition, current_figures_of(edition.publication))


def _within(edition: Edition, figures: QuerySet[ApprovedFigure]) -> QuerySet[ApprovedFigure]:
    series = edition.results.order_by().values(edition.columns[1])
    return figures.filter(series__in=series, quarter__lte=edition.quarter)
