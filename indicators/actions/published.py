"""Loads published figures as approved ones, with their source; repeating changes nothing."""

from collections.abc import Iterable
from decimal import Decimal

from departments.actions import audit
from departments.actions.acts import act
from departments.models import Region
from departments.selectors.clock import read_database_time
from indicators.actions.approvals import add_revisions
from indicators.actions.recompute import request_series_recompute
from indicators.catalogue.published import PublishedFigure
from indicators.catalogue.reader import CatalogueError
from indicators.models import ApprovedFigure, Origin, Series, Source, Target
from indicators.models.target import Responsibility


@act
def load_published_figures(*, figures: Iterable[PublishedFigure]) -> int:
    """Approve the published figures that are new or changed and return how many.

    A figure that a department has reported itself is never replaced. A figure for a region without the target
    stands for comparison: it has no allocation and is never rated. CatalogueError names what does not exist.
    """
    now = read_database_time()
    revisions = []
    for figure in figures:
        series = _find_series(figure)
        current = ApprovedFigure.objects.filter(series=series, quarter=figure.quarter, is_current=True).first()
        if current is not None and not _replaces(figure, current):
            continue
        revisions.append(
            ApprovedFigure(
                series=series,
                quarter=figure.quarter,
                revision=current.revision + 1 if current else 1,
                origin=Origin.PUBLISHED,
                source=_keep_source(figure),
                approved_at=now,
                **_numbers(figure),
            )
        )
    add_revisions(revisions)
    if revisions:
        audit.record(audit.Act(event="published_figures_loaded", details={"figures": len(revisions)}))
        request_series_recompute(series_ids=[revision.series_id for revision in revisions])
    return len(revisions)


def _find_series(figure: PublishedFigure) -> Series:
    """Return the series of the figure; one without an allocation, for comparison only, is made on demand."""
    target = Target.objects.filter(programme__code=figure.programme, indicator__code=figure.indicator).first()
    region = Region.objects.filter(code=figure.region).first()
    if target is None or region is None:
        raise CatalogueError(
            f"Published figure {figure.indicator} {figure.quarter}: programme {figure.programme} has no such"
            f" indicator, or there is no region {figure.region}."
        )
    lead = target.responsibilities.get(responsibility=Responsibility.LEAD).department
    return Series.objects.get_or_create(indicator=target.indicator, region=region, department=lead)[0]


def _replaces(figure: PublishedFigure, current: ApprovedFigure) -> bool:
    if current.origin == Origin.REPORTED:
        return False
    return current.origin != Origin.PUBLISHED or any(
        getattr(current, name) != number for name, number in _numbers(figure).items()
    )


def _numbers(figure: PublishedFigure) -> dict[str, Decimal | None]:
    """Return the figure's columns; the rate beside its own counts is not kept twice."""
    value = figure.value if figure.denominator is None else None
    return {"value": value, "numerator": figure.numerator, "denominator": figure.denominator}


def _keep_source(figure: PublishedFigure) -> Source:
    source, _created = Source.objects.get_or_create(
        title=figure.source_title,
        address=figure.source_address,
        quote=figure.quote[:200],
        period_text=figure.period_text,
        note=figure.note,
    )
    return source
