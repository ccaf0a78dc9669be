"""Brings programmes in line with the catalogue files; repeating changes nothing."""

from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction

from departments.actions import audit
from departments.models import Department, Region
from indicators.actions import catalogue_rows as rows
from indicators.actions.recompute import request_scope_recompute
from indicators.catalogue.reader import CatalogueError
from indicators.catalogue.schema import CatalogueFile, TargetEntry
from indicators.models import (
    Allocation,
    ApprovedFigure,
    Clause,
    Figure,
    Indicator,
    Programme,
    RewardRule,
    Series,
    Target,
    TargetDepartment,
)
from indicators.models.target import Responsibility


@dataclass
class Loading:
    """What one load has found and changed so far."""

    regions: dict[str, Region]
    indicators: dict[str, Indicator] = field(default_factory=dict)
    changed: int = 0

    def upsert(self, model: type[models.Model], key: dict[str, Any], fields: dict[str, Any]) -> Any:
        """Return the row with `key`, made or brought in line with `fields`; counts it if it changed."""
        row = model._default_manager.filter(**key).first()
        if row is None:
            self.changed += 1
            return model._default_manager.create(**key, **fields)
        wrong = {name: value for name, value in fields.items() if getattr(row, name) != value}
        if wrong:
            self.changed += 1
            model._default_manager.filter(pk=row.pk).update(**wrong)
            for name, value in wrong.items():
                setattr(row, name, value)
        return row


def load_catalogues(*, catalogues: dict[str, CatalogueFile]) -> dict[str, int]:
    """Load every file (name → content) and return the number of changed rows by programme code.

    One transaction a programme. CatalogueError names file, target and field of anything that does not fit.
    """
    problems = rows.list_shared_indicator_conflicts(catalogues)
    if problems:
        raise CatalogueError("\n".join(problems))
    regions = {region.code: region for region in Region.objects.all()}
    return {
        catalogue.programme.code: load_catalogue(file_name=file_name, catalogue=catalogue, regions=regions)
        for file_name, catalogue in catalogues.items()
    }


@transaction.atomic
def load_catalogue(*, file_name: str, catalogue: CatalogueFile, regions: dict[str, Region]) -> int:
    """Load one programme and return how many rows changed; a change asks for a recompute of the programme."""
    loading = Loading(regions=regions)
    departments = _load_departments(loading, catalogue, file_name)
    entry = catalogue.programme
    office = next(departments[item.code] for item in catalogue.department if item.is_office)
    region = _find_region(loading, entry.region, file_name=file_name, place="programme, field “region”")
    programme = loading.upsert(
        Programme, {"code": entry.code}, rows.describe_programme(entry, region=region, office=office)
    )
    clauses = {
        item.number: loading.upsert(
            Clause, {"programme": programme, "number": item.number}, rows.describe_clause(item, position=place)
        )
        for place, item in enumerate(catalogue.clause, start=1)
    }
    for item in catalogue.indicator:
        loading.indicators[item.code] = loading.upsert(Indicator, {"code": item.code}, rows.describe_indicator(item))
    for place, target_entry in enumerate(catalogue.target, start=1):
        fields = rows.describe_target(target_entry, position=place) | {
            "clause": clauses[target_entry.clause],
            "indicator": loading.indicators[target_entry.indicator],
        }
        target = loading.upsert(Target, {"programme": programme, "code": target_entry.code, "version": 1}, fields)
        _load_responsibilities(loading, target, target_entry, departments)
        _load_allocations(loading, target, target_entry, catalogue, departments, file_name)
    for place, reward in enumerate(catalogue.reward, start=1):
        fields = rows.describe_reward(reward, position=place) | {"clause": clauses[reward.clause]}
        loading.upsert(RewardRule, {"programme": programme, "code": reward.code}, fields)
    _remove_missing(loading, programme, catalogue, file_name)
    if loading.changed:
        audit.record(
            audit.Act(event="programme_loaded", subject=programme, details={"file": file_name, "rows": loading.changed})
        )
        request_scope_recompute(programme=programme)
    return loading.changed


def _find_region(loading: Loading, code: str, *, file_name: str, place: str) -> Region:
    if code not in loading.regions:
        raise CatalogueError(f"{file_name}: {place}: no region with the code {code}.")
    return loading.regions[code]


def _load_departments(loading: Loading, catalogue: CatalogueFile, file_name: str) -> dict[str, Department]:
    found = {}
    for place, entry in enumerate(catalogue.department, start=1):
        where = f"department “{entry.code}”, field “region”"
        region = _find_region(loading, entry.region, file_name=file_name, place=where)
        found[entry.code] = loading.upsert(
            Department, {"region": region, "code": entry.code}, rows.describe_department(entry, position=place)
        )
    return found


def _load_responsibilities(
    loading: Loading, target: Target, entry: TargetEntry, departments: dict[str, Department]
) -> None:
    wanted = [(departments[entry.lead], Responsibility.LEAD)]
    wanted += [(departments[code], Responsibility.SUPPORTING) for code in entry.supporting]
    stored = list(target.responsibilities.values_list("department_id", "responsibility"))
    if stored == [(department.pk, responsibility.value) for department, responsibility in wanted]:
        return
    loading.changed += 1
    target.responsibilities.all().delete()
    TargetDepartment.objects.bulk_create(
        TargetDepartment(target=target, department=department, responsibility=responsibility, position=place)
        for place, (department, responsibility) in enumerate(wanted)
    )


def _load_allocations(
    loading: Loading,
    target: Target,
    entry: TargetEntry,
    catalogue: CatalogueFile,
    departments: dict[str, Department],
    file_name: str,
) -> None:
    """Allocate the target to its regions; allocations that demonstration data added are left alone."""
    try:
        regions = rows.list_target_regions(entry, programme=catalogue.programme, regions=loading.regions)
    except LookupError as error:
        raise CatalogueError(f"{file_name}: target “{entry.code}”, field “regions”: {error.args[0]}.") from error
    wanted = {region.pk for region in regions}
    stored = {
        allocation.series.region_id: allocation
        for allocation in target.allocations.select_related("series")
        if allocation.series.department_id == departments[entry.lead].pk
        and allocation.series.indicator_id == target.indicator_id
    }
    missing = [region for region in regions if region.pk not in stored]
    surplus = [row.pk for row in target.allocations.all() if not row.is_demonstration and row not in stored.values()]
    surplus += [row.pk for region, row in stored.items() if region not in wanted and not row.is_demonstration]
    if missing or surplus:
        loading.changed += len(missing) + len(surplus)
        Allocation.objects.filter(pk__in=surplus).delete()
        allocate(target=target, regions=missing, department=departments[entry.lead])


def allocate(
    *, target: Target, regions: list[Region], department: Department, is_demonstration: bool = False
) -> list[Allocation]:
    """Give `target` to `regions`, reported by `department`; the series are made where they are missing."""
    Series.objects.bulk_create(
        [Series(indicator=target.indicator, region=region, department=department) for region in regions],
        ignore_conflicts=True,
    )
    series = Series.objects.filter(indicator=target.indicator, region__in=regions, department=department).order_by(
        "region__position", "region__code"
    )
    return Allocation.objects.bulk_create(
        [Allocation(target=target, series=one, is_demonstration=is_demonstration) for one in series]
    )


def _remove_missing(loading: Loading, programme: Programme, catalogue: CatalogueFile, file_name: str) -> None:
    """Remove what the file no longer has, unless figures hang on it: then say so."""
    gone = programme.targets.exclude(code__in=[target.code for target in catalogue.target])
    series = Series.objects.filter(allocations__target__in=gone).exclude(
        allocations__in=Allocation.objects.exclude(target__in=gone)
    )
    used = (
        ApprovedFigure.objects.filter(series__in=series).exists() or Figure.objects.filter(series__in=series).exists()
    )
    if used:
        codes = ", ".join(gone.values_list("code", flat=True))
        raise CatalogueError(
            f"{file_name}: target “{codes}”: the file no longer has it, but figures were entered for it;"
            " put it back, or keep it with its due date in the past."
        )
    loading.changed += gone.count()
    gone.delete()
    programme.reward_rules.exclude(code__in=[reward.code for reward in catalogue.reward]).delete()
    programme.clauses.exclude(number__in=[clause.number for clause in catalogue.clause]).delete()
