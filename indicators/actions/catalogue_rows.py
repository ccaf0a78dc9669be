"""Turns the entries of a catalogue file into model rows; nothing is written here."""

from typing import Any

from departments.models import Department, Region
from indicators.catalogue.schema import (
    COMPARATOR_SIGNS,
    CatalogueFile,
    ClauseEntry,
    DepartmentEntry,
    IndicatorEntry,
    LeftOutEntry,
    ProgrammeEntry,
    RewardEntry,
    TargetEntry,
)
from indicators.engine.period import Quarter
from indicators.engine.target import (
    Accumulation,
    Aggregation,
    Basis,
    CompareOn,
    MarginKind,
    Path,
    RatioRule,
    Scale,
    Window,
)

Fields = dict[str, Any]


def describe_department(entry: DepartmentEntry, *, position: int) -> Fields:
    """Return the fields of a Department besides its region and code."""
    names = ("name_zh", "name_en", "short_zh", "short_en", "is_office")
    return {name: getattr(entry, name) for name in names} | {"position": position}


def describe_programme(entry: ProgrammeEntry, *, region: Region, office: Department) -> Fields:
    """Return the fields of a Programme besides its code."""
    names = ("seed", "name_zh", "name_en", "short_zh", "short_en", "document_number", "issued_on")
    return {name: getattr(entry, name) for name in names} | {
        "region": region,
        "office": office,
        "first_quarter": Quarter.parse(entry.first_quarter),
        "last_quarter": Quarter.parse(entry.last_quarter),
        "conventions": {"zh": entry.conventions_zh, "en": entry.conventions_en},
        "doubts": {"zh": entry.doubts_zh, "en": entry.doubts_en},
        "position": int(entry.seed),
    }


def describe_clause(entry: ClauseEntry, *, position: int) -> Fields:
    """Return the fields of a Clause besides programme and number."""
    return entry.model_dump(exclude={"number"}) | {"position": position}


def describe_indicator(entry: IndicatorEntry) -> Fields:
    """Return the fields of an Indicator besides its code and the whole of which it is a part."""
    return entry.model_dump(exclude={"code", "whole"}) | {
        "domain": entry.domain.value,
        "scale": Scale[entry.scale.upper()].value,
        "aggregation": Aggregation[entry.aggregation.upper()].value,
    }


def describe_target(entry: TargetEntry, *, position: int) -> Fields:
    """Return the fields of a Target besides programme, code, clause and indicator."""
    same = ["level", "level_hi", "baseline", "baseline_zh", "baseline_en", "scope_zh", "scope_en", "quote"]
    same += ["doubt_zh", "doubt_en", "margin", "weight", "veto"]
    return {name: getattr(entry, name) for name in same} | {
        "comparator": COMPARATOR_SIGNS[entry.comparator].value,
        "first_quarter": Quarter.parse(entry.first_quarter),
        "due_quarter": Quarter.parse(entry.due),
        "baseline_quarter": Quarter.parse(entry.baseline_quarter) if entry.baseline_quarter else None,
        "path": Path[entry.path.upper()].value,
        "window": Window[entry.window.upper()].value,
        "accumulation": Accumulation[entry.accumulation.upper()].value,
        "basis": Basis[entry.basis.upper()].value,
        "margin_kind": MarginKind[entry.margin_kind.upper()].value if entry.margin_kind else None,
        "compare_on": CompareOn[entry.compare_on.upper()].value,
        "ratio_rule": RatioRule[entry.ratio_rule.upper()].value,
        "schedule": {quarter: str(level) for quarter, level in entry.schedule.items()},
        "season": [str(share) for share in entry.season],
        "position": position,
    }


def describe_reward(entry: RewardEntry, *, position: int) -> Fields:
    """Return the fields of a RewardRule besides programme, code and clause."""
    names = ("award_zh", "award_en", "amount", "minimum_base", "base_zh", "base_en", "quote", "doubt_zh", "doubt_en")
    return {name: getattr(entry, name) for name in names} | {
        "tiers": [tier.model_dump(mode="json") for tier in entry.tiers],
        "position": position,
    }


def describe_left_out(entry: LeftOutEntry) -> Fields:
    """Return the fields of a LeftOut besides programme, clause and position."""
    return entry.model_dump(exclude={"clause"})


def list_target_regions(entry: TargetEntry, *, programme: ProgrammeEntry, regions: dict[str, Region]) -> list[Region]:
    """Return the regions to which the target is allocated, as they were when the programme began.

    `regions` maps codes to every known region; LookupError names a code that is not among them.
    """
    year = Quarter.parse(programme.first_quarter).year
    found: list[Region] = []
    for name in entry.regions:
        if name in ("counties", "townships"):
            level = {"counties": "county", "townships": "township"}[name]
            found += [region for region in regions.values() if _is_below(region, programme.region, level, year)]
        elif name in regions:
            found.append(regions[name])
        else:
            raise LookupError(f"no region with the code {name}")
    return found


def _is_below(region: Region, code: str, level: str, year: int) -> bool:
    return (
        region.level == level
        and region.code.startswith(code)
        and (region.valid_from or 0) <= year <= (region.valid_to or 9999)
    )


def list_shared_indicator_conflicts(catalogues: dict[str, CatalogueFile]) -> list[str]:
    """Return a sentence for every indicator code that two files define differently."""
    seen: dict[str, tuple[str, IndicatorEntry]] = {}
    problems = []
    for file_name, catalogue in catalogues.items():
        for entry in catalogue.indicator:
            first_file, first = seen.setdefault(entry.code, (file_name, entry))
            if first != entry:
                fields = [name for name in IndicatorEntry.model_fields if getattr(first, name) != getattr(entry, name)]
                problems.append(
                    f"{file_name}: indicator “{entry.code}”, field “{', '.join(fields)}”: differs from {first_file};"
                    " make them equal, or give this one a code of its own."
                )
    return problems
