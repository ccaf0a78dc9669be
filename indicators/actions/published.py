"""Loads published figures as approved ones, with their source; repeating changes nothing."""

from collections.abc import Iterable

from django.db import transaction

from departments.actions import audit
from departments.selectors.clock import read_database_time
from indicators.actions.approvals import add_revisions
from indicators.actions.recompute import request_series_recompute
from indicators.catalogue.published import PublishedFigure
from indicators.catalogue.reader import CatalogueError
from indicators.models import ApprovedFigure, Origin, Series, Source

NUMBERS = ("value", "numerator", "denominator")


@transaction.atomic
def load_published_figures(*, figures: Iterable[PublishedFigure]) -> int:
    """Approve the published figures that are new or changed and return how many.

    A figure that a department has reported itself is never replaced. CatalogueError names a figure whose
    indicator is not measured for its region.
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
                **{name: getattr(figure, name) for name in NUMBERS},
            )
        )
    add_revisions(revisions)
    if revisions:
        audit.record(audit.Act(event="published_figures_loaded", details={"figures": len(revisions)}))
        request_series_recompute(series_ids=[revision.series_id for revision in revisions])
    return len(revisions)


def _find_series(figure: PublishedFigure) -> Series:
    series = Series.objects.filter(
        indicator__code=figure.indicator,
        region__code=figure.region,
        allocations__target__programme__code=figure.programme,
    ).first()
    if series is None:
        raise CatalogueError(
            f"Published figure {figure.indicator} {figure.quarter}: programme {figure.programme} does not measure it"
            f" for the region {figure.region}."
        )
    return series


def _replaces(figure: PublishedFigure, current: ApprovedFigure) -> bool:
    if current.origin == Origin.REPORTED:
        return False
    return current.origin != Origin.PUBLISHED or any(
        getattr(current, name) != getattr(figure, name) for name in NUMBERS
    )


def _keep_source(figure: PublishedFigure) -> Source:
    source, _created = Source.objects.get_or_create(
        title=figure.source_title,
        address=figure.source_address,
        quote=figure.quote[:200],
        period_text=figure.period_text,
        note=figure.note,
    )
    return source
