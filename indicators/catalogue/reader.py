"""Reads and checks catalogue files; every error names the file, the entry and the field. No database."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from indicators.catalogue.schema import CatalogueFile, IndicatorEntry, TargetEntry

CATALOGUE_FOLDER = Path(__file__).parent


class CatalogueError(Exception):
    """One or more sentences, each naming file, entry and field."""


def list_catalogue_paths(folder: Path = CATALOGUE_FOLDER) -> list[Path]:
    """Return the catalogue files in the order of their seeds."""
    return sorted(folder.glob("*.toml"))


def read_catalogue(path: Path) -> CatalogueFile:
    """Return the checked file; CatalogueError with every problem found."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=str)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path.name}: not readable as TOML: {error}.") from error
    try:
        catalogue = CatalogueFile.model_validate(raw)
    except ValidationError as error:
        problems = [_describe(path.name, raw, dict(detail)) for detail in error.errors()]
        raise CatalogueError("\n".join(problems)) from error
    problems = [f"{path.name}: {problem}" for problem in _list_inconsistencies(catalogue)]
    if problems:
        raise CatalogueError("\n".join(problems))
    return catalogue


def _describe(file_name: str, raw: dict[str, Any], detail: dict[str, Any]) -> str:
    """Return “file: target ‘code’, field ‘level’: what is wrong”."""
    section, *rest = detail["loc"]
    entry = raw.get(section)
    name = str(section)
    if isinstance(entry, list) and rest and isinstance(rest[0], int):
        index = rest.pop(0)
        item = entry[index]
        label = item.get("code") or item.get("number") or index + 1 if isinstance(item, dict) else index + 1
        name = f"{section} “{label}”"
    field = f", field “{'.'.join(map(str, rest))}”" if rest else ""
    return f"{file_name}: {name}{field}: {detail['msg'].removeprefix('Value error, ')}."


def _list_inconsistencies(catalogue: CatalogueFile) -> Iterator[str]:
    yield from _list_repeated(catalogue)
    if sum(department.is_office for department in catalogue.department) != 1:
        yield "department: exactly one is the leadership office (is_office = true)."
    yield from _list_unknown_clauses(catalogue)
    yield from _list_unknown_departments(catalogue)
    indicators = {indicator.code: indicator for indicator in catalogue.indicator}
    for target in catalogue.target:
        indicator = indicators.get(target.indicator)
        if indicator is None:
            yield f"target “{target.code}”, field “indicator”: no indicator “{target.indicator}”."
        else:
            yield from _list_mismatches(target, indicator)
    for part in catalogue.indicator:
        if part.whole is not None:
            yield from _list_faults_of_whole(part, indicators.get(part.whole))
    for code in sorted(indicators.keys() - {target.indicator for target in catalogue.target}):
        yield f"indicator “{code}”: no target uses it."


def _list_unknown_clauses(catalogue: CatalogueFile) -> Iterator[str]:
    clauses = {clause.number for clause in catalogue.clause}
    places = [("target", target.code, target.clause) for target in catalogue.target]
    places += [("reward", reward.code, reward.clause) for reward in catalogue.reward]
    places += [("left_out", entry.quote, entry.clause) for entry in catalogue.left_out]
    for kind, name, clause in places:
        if clause not in clauses:
            yield f"{kind} “{name}”, field “clause”: no clause “{clause}”."


def _list_unknown_departments(catalogue: CatalogueFile) -> Iterator[str]:
    departments = {department.code for department in catalogue.department}
    for target in catalogue.target:
        for field, codes in (("lead", [target.lead]), ("supporting", target.supporting)):
            for code in codes:
                if code not in departments:
                    yield f"target “{target.code}”, field “{field}”: no department “{code}”."


def _list_faults_of_whole(part: IndicatorEntry, whole: IndicatorEntry | None) -> Iterator[str]:
    """A part and its whole are entered as values in one unit, so that they can be held against each other."""
    place = f"indicator “{part.code}”, field “whole”"
    if whole is None:
        yield f"{place}: no indicator “{part.whole}”."
    elif whole == part or whole.whole is not None:
        yield f"{place}: “{part.whole}” is a part itself; name the whole."
    elif part.is_counted or whole.is_counted or part.unit_zh != whole.unit_zh:
        yield f"{place}: part and whole are entered as values in one unit; these two are not."


def _list_mismatches(target: TargetEntry, indicator: IndicatorEntry) -> Iterator[str]:
    if (target.accumulation == "ratio") != indicator.is_counted:
        yield (
            f"target “{target.code}”, field “accumulation”: “ratio” goes with an indicator that has a numerator"
            f" and a denominator; “{indicator.code}” is not so."
        )
    if indicator.scale == "yes_no" and target.level != 1:
        yield f"target “{target.code}”, field “level”: a yes/no target has the level 1."


def _list_repeated(catalogue: CatalogueFile) -> Iterator[str]:
    for kind, names in (
        ("clause", [clause.number for clause in catalogue.clause]),
        ("department", [department.code for department in catalogue.department]),
        ("indicator", [indicator.code for indicator in catalogue.indicator]),
        ("target", [target.code for target in catalogue.target]),
        ("reward", [reward.code for reward in catalogue.reward]),
    ):
        for name, count in Counter(names).items():
            if count > 1:
                yield f"{kind} “{name}”: used {count} times; a code is used once in a file."
