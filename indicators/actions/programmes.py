"""Brings programmes in line with the catalogue files; repeating changes nothing."""

from dataclasses import dataclass
from typing import Any

from django.db import models

from departments.actions import audit
from departments.actions.acts import act
from departments.models import Department, Region
from indicators.actions import catalogue_rows as rows
from indicators.actions.allocations import Grant, sync_allocations
from indicators.actions.recompute import request_scope_recompute
from indicators.catalogue.reader import CatalogueError
from indicators.catalogue.schema import CatalogueFile
from indicators.models import (
    Allocation,
    ApprovedFigure,
    Clause,
    Figure,
    Indicator,
    LeftOut,
    Programme,
    RewardRule,
    Series,
    Target,
    TargetDepartment,
)
from indicators.models.target import Responsibility

Fields = dict[str, Any]


@dataclass(kw_only=True)
class Loading:
    """One file on its way into the database, and how many rows it has changed so far."""

    file_name: str
    catalogue: CatalogueFile
    regions: dict[str, Region]
    changed: int = 0

    def find_region(self, code: str, *, place: str) -> Region:
        """Return the region, or raise CatalogueError with file and place."""
        if code not in self.regions:
            raise CatalogueError(f"{self.file_name}: {place}: no region with the code {code}.")
        return self.regions[code]

    def sync(self, model: type[models.Model], *, key: str, scope: Fields, wanted: dict[Any, Fields]) -> dict[Any, Any]:
        """Return the rows of `scope` by the field `key`, made or brought in line with `wanted` (key → fields).

        Rows that `wanted` does not name stay as they are and are returned too.
        """
        stored = {getattr(row, key): row for row in model._default_manager.filter(**scope)}
        new = [model(**scope, **{key: name}, **fields) for name, fields in wanted.items() if name not in stored]
        wrong = [
            _bring_in_line(stored[name], fields)
            for name, fields in wanted.items()
            if name in stored and any(getattr(stored[name], field) != value for field, value in fields.items())
        ]
        if new:
            stored |= {getattr(row, key): row for row in model._default_manager.bulk_create(new)}
        if wrong:
            model._default_manager.bulk_update(wrong, list(next(iter(wanted.values()))))
        self.changed += len(new) + len(wrong)
        return stored


def _bring_in_line(row: models.Model, fields: Fields) -> models.Model:
    for field, value in fields.items():
        setattr(row, field, value)
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
        catalogue.programme.code: load_catalogue(
            loading=Loading(file_name=file_name, catalogue=catalogue, regions=regions)
        )
        for file_name, catalogue in catalogues.items()
    }


@act
def load_catalogue(*, loading: Loading) -> int:
    """Load one programme and return how many rows changed; a change asks for a recompute of the programme."""
    departments = _load_departments(loading)
    programme = _load_programme(loading, departments)
    clauses = _load_clauses(loading, programme)
    targets = _load_targets(loading, programme, clauses=clauses, indicators=_load_indicators(loading))
    _load_responsibilities(loading, programme, targets=targets, departments=departments)
    grants = list(_list_grants(loading, targets, departments))
    loading.changed += sync_allocations(programme=programme, grants=grants)
    _load_rewards(loading, programme, clauses)
    _load_left_out(loading, programme, clauses)
    _remove_missing(loading, programme)
    if loading.changed:
        details = {"file": loading.file_name, "rows": loading.changed}
        audit.record(audit.Act(event="programme_loaded", subject=programme, details=details))
        request_scope_recompute(programme=programme)
    return loading.changed


def _load_departments(loading: Loading) -> dict[str, Department]:
    """Return the file's departments by code; a file may name departments of several regions."""
    found: dict[str, Department] = {}
    entries = list(enumerate(loading.catalogue.department, start=1))
    for code in dict.fromkeys(entry.region for _place, entry in entries):
        region = loading.find_region(code, place="department, field “region”")
        wanted = {
            entry.code: rows.describe_department(entry, position=place)
            for place, entry in entries
            if entry.region == code
        }
        stored = loading.sync(Department, key="code", scope={"region": region}, wanted=wanted)
        found |= {name: stored[name] for name in wanted}
    return found


def _load_programme(loading: Loading, departments: dict[str, Department]) -> Programme:
    entry = loading.catalogue.programme
    office = next(departments[item.code] for item in loading.catalogue.department if item.is_office)
    region = loading.find_region(entry.region, place="programme, field “region”")
    fields = rows.describe_programme(entry, region=region, office=office)
    programme: Programme | None = Programme.objects.filter(code=entry.code).first()
    if programme is None:
        loading.changed += 1
        return Programme.objects.create(code=entry.code, **fields)
    if any(getattr(programme, field) != value for field, value in fields.items()):
        loading.changed += 1
        Programme.objects.filter(pk=programme.pk).update(**fields)
        _bring_in_line(programme, fields)
    return programme


def _load_clauses(loading: Loading, programme: Programme) -> dict[str, Clause]:
    wanted = {
        entry.number: rows.describe_clause(entry, position=place)
        for place, entry in enumerate(loading.catalogue.clause, start=1)
    }
    return loading.sync(Clause, key="number", scope={"programme": programme}, wanted=wanted)


def _load_indicators(loading: Loading) -> dict[str, Indicator]:
    wanted = {entry.code: rows.describe_indicator(entry) for entry in loading.catalogue.indicator}
    found = loading.sync(Indicator, key="code", scope={}, wanted=wanted)
    for entry in loading.catalogue.indicator:
        whole = found[entry.whole].pk if entry.whole else None
        if found[entry.code].whole_id != whole:
            loading.changed += 1
            Indicator.objects.filter(code=entry.code).update(whole=whole)
            found[entry.code].whole_id = whole
    return found


def _load_targets(
    loading: Loading, programme: Programme, *, clauses: dict[str, Clause], indicators: dict[str, Indicator]
) -> dict[str, Target]:
    wanted = {
        entry.code: rows.describe_target(entry, position=place)
        | {"clause_id": clauses[entry.clause].pk, "indicator_id": indicators[entry.indicator].pk}
        for place, entry in enumerate(loading.catalogue.target, start=1)
    }
    return loading.sync(Target, key="code", scope={"programme": programme, "version": 1}, wanted=wanted)


def _load_responsibilities(
    loading: Loading, programme: Programme, *, targets: dict[str, Target], departments: dict[str, Department]
) -> None:
    stored: dict[int, list[tuple[int, str]]] = {}
    for row in TargetDepartment.objects.filter(target__programme=programme).order_by("position"):
        stored.setdefault(row.target_id, []).append((row.department_id, row.responsibility))
    new: list[TargetDepartment] = []
    for entry in loading.catalogue.target:
        target = targets[entry.code]
        units = [(departments[entry.lead].pk, Responsibility.LEAD.value)]
        units += [(departments[code].pk, Responsibility.SUPPORTING.value) for code in entry.supporting]
        if stored.get(target.pk) != units:
            new += [
                TargetDepartment(target=target, department_id=unit, responsibility=responsibility, position=place)
                for place, (unit, responsibility) in enumerate(units)
            ]
    if new:
        TargetDepartment.objects.filter(target__in={row.target_id for row in new}).delete()
        TargetDepartment.objects.bulk_create(new)
        loading.changed += len(new)


def _list_grants(loading: Loading, targets: dict[str, Target], departments: dict[str, Department]) -> list[Grant]:
    grants = []
    for entry in loading.catalogue.target:
        try:
            regions = rows.list_target_regions(entry, programme=loading.catalogue.programme, regions=loading.regions)
        except LookupError as error:
            place = f"target “{entry.code}”, field “regions”"
            raise CatalogueError(f"{loading.file_name}: {place}: {error.args[0]}.") from error
        lead = departments[entry.lead]
        grants += [Grant(target=targets[entry.code], region=region, department=lead) for region in regions]
    return grants


def _load_rewards(loading: Loading, programme: Programme, clauses: dict[str, Clause]) -> None:
    wanted = {
        entry.code: rows.describe_reward(entry, position=place) | {"clause_id": clauses[entry.clause].pk}
        for place, entry in enumerate(loading.catalogue.reward, start=1)
    }
    loading.sync(RewardRule, key="code", scope={"programme": programme}, wanted=wanted)


def _load_left_out(loading: Loading, programme: Programme, clauses: dict[str, Clause]) -> None:
    wanted = {
        place: rows.describe_left_out(entry) | {"clause_id": clauses[entry.clause].pk}
        for place, entry in enumerate(loading.catalogue.left_out, start=1)
    }
    loading.sync(LeftOut, key="position", scope={"programme": programme}, wanted=wanted)


def _remove_missing(loading: Loading, programme: Programme) -> None:
    """Remove what the file no longer has, unless figures hang on it: then say so."""
    catalogue = loading.catalogue
    gone = programme.targets.exclude(code__in=[target.code for target in catalogue.target])
    if gone:
        _check_no_figures(loading, gone)
        loading.changed += len(gone)
        gone.delete()
    loading.changed += programme.left_out.filter(position__gt=len(catalogue.left_out)).delete()[0]
    programme.reward_rules.exclude(code__in=[reward.code for reward in catalogue.reward]).delete()
    programme.clauses.exclude(number__in=[clause.number for clause in catalogue.clause]).delete()


def _check_no_figures(loading: Loading, gone: models.QuerySet[Target]) -> None:
    """Pass if no figure hangs on a series that only these targets use."""
    kept = Allocation.objects.exclude(target__in=gone)
    series = Series.objects.filter(indicator__in=gone.values("indicator")).exclude(allocations__in=kept)
    for model in (ApprovedFigure, Figure):
        if model.objects.filter(series__in=series).exists():
            codes = ", ".join(target.code for target in gone)
            raise CatalogueError(
                f"{loading.file_name}: target “{codes}”: the file no longer has it, but figures were entered for it;"
                " put it back, or keep it with its due date in the past."
            )
