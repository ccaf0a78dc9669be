"""The catalogue as it was when an edition was published: written as canonical JSON, read back as unsaved objects.

Targets with indicators and clauses, regions, departments, thresholds, the reporting window and the sources of
published figures: everything beside results and figures that a page or the workbook names. Columns that were added to
a table since are left at their defaults, columns that were removed are passed over.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core import serializers
from django.db import models
from django.db.models import Q

from departments.models import Department, Region
from indicators.engine.period import Quarter
from indicators.models import (
    ApprovedFigure,
    Clause,
    Indicator,
    LeftOut,
    Programme,
    ReportingQuarter,
    RewardRule,
    Source,
    Target,
    TargetDepartment,
    Threshold,
)
from reports.models import Publication, PublishedPart

CATALOGUE = "catalogue"
"""The name of the part that holds it."""


@dataclass(frozen=True, kw_only=True)
class CatalogueCopy:
    """Unsaved objects by primary key, joined to each other as loaded ones are."""

    programme: Programme
    window: ReportingQuarter | None
    regions: dict[int, Region] = field(default_factory=dict)
    departments: dict[int, Department] = field(default_factory=dict)
    targets: dict[int, Target] = field(default_factory=dict)
    responsibilities: list[TargetDepartment] = field(default_factory=list)
    thresholds: list[Threshold] = field(default_factory=list)
    sources: dict[int, Source] = field(default_factory=dict)
    clauses: list[Clause] = field(default_factory=list)
    rewards: list[RewardRule] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def write_catalogue(*, programme: Programme, quarter: Quarter) -> str:
    """Return the catalogue as one line of JSON, rows by model and primary key: the same rows give the same text."""
    rows: list[dict[str, Any]] = []
    for found in _list_rows(programme, quarter):
        rows += json.loads(serializers.serialize("json", found.order_by("pk")))
    return json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_catalogue(text: str) -> CatalogueCopy:
    """Return the objects of a frozen catalogue; nothing is read from the database, nothing can be saved by accident."""
    found: dict[type[models.Model], dict[int, Any]] = {}
    for row in serializers.deserialize("json", text, ignorenonexistent=True):
        found.setdefault(type(row.object), {})[row.object.pk] = row.object
    regions, departments = found.get(Region, {}), found.get(Department, {})
    (programme,) = found[Programme].values()
    join(departments.values(), region=regions)
    join([programme], region=regions, office=departments)
    join(regions.values(), parent=regions)
    targets = found.get(Target, {})
    join(
        targets.values(),
        indicator=found.get(Indicator, {}),
        clause=found.get(Clause, {}),
        programme={programme.pk: programme},
    )
    left_out = list(found.get(LeftOut, {}).values())
    join(left_out, clause=found.get(Clause, {}))
    responsibilities = list(found.get(TargetDepartment, {}).values())
    join(responsibilities, target=targets, department=departments)
    return CatalogueCopy(
        programme=programme,
        window=next(iter(found.get(ReportingQuarter, {}).values()), None),
        regions=regions,
        departments=departments,
        targets=targets,
        responsibilities=responsibilities,
        thresholds=list(found.get(Threshold, {}).values()),
        sources=found.get(Source, {}),
        clauses=list(found.get(Clause, {}).values()),
        rewards=list(found.get(RewardRule, {}).values()),
        left_out=left_out,
    )


def load_copy(publication: Publication) -> CatalogueCopy:
    """Return the catalogue that an edition was published with; one query."""
    return read_catalogue(PublishedPart.objects.get(publication=publication, name=CATALOGUE).text)


def copy_now(*, programme: Programme, quarter: Quarter) -> CatalogueCopy:
    """Return the catalogue as it stands now, in the shape in which an edition keeps it."""
    return read_catalogue(write_catalogue(programme=programme, quarter=quarter))


def join(rows: Iterable[models.Model], **related: dict[int, Any]) -> None:
    """Give every row the objects that its keys name, where they are there."""
    for row in rows:
        for name, objects in related.items():
            found = objects.get(getattr(row, f"{name}_id") or 0)
            if found is not None:
                setattr(row, name, found)


def _list_rows(programme: Programme, quarter: Quarter) -> list[models.QuerySet[Any]]:
    """Return the rows to keep, by model."""
    targets = Target.objects.filter(programme=programme)
    seats = Q(series__allocations__target__programme=programme) | Q(responsibilities__target__programme=programme)
    departments = Department.objects.filter(seats | Q(pk=programme.office_id)).distinct()
    codes = set(departments.values_list("region__code", flat=True).order_by()) | {programme.region.code}
    inside = Q(code__startswith=programme.region.code)
    figures = ApprovedFigure.objects.filter(
        series__allocations__target__programme=programme, quarter__lte=quarter, source__isnull=False
    )
    return [
        Programme.objects.filter(pk=programme.pk),
        Region.objects.filter(inside | Q(code__in=codes)),
        departments,
        Clause.objects.filter(programme=programme),
        Indicator.objects.filter(targets__in=targets).distinct(),
        targets,
        TargetDepartment.objects.filter(target__in=targets),
        Threshold.objects.filter(Q(programme=programme) | Q(programme__isnull=True)),
        ReportingQuarter.objects.filter(programme=programme, quarter=quarter),
        Source.objects.filter(pk__in=figures.values("source")),
        RewardRule.objects.filter(programme=programme),
        LeftOut.objects.filter(programme=programme),
    ]
