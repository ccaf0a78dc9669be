"""Plain mappings read into columns, for `assess`: every error names the record and its field."""

from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from enum import IntEnum
from math import isfinite, nan
from typing import Any

import numpy as np

from .figures import FigurePanel, scatter, scatter_column
from .period import Quarter
from .target import (
    DEFAULTS,
    Accumulation,
    Basis,
    Comparator,
    CompareOn,
    MarginKind,
    Path,
    RatioRule,
    Scale,
    TargetColumns,
    Window,
)

Record = Mapping[str, Any]

SIGNS = {
    ">=": Comparator.AT_LEAST,
    ">": Comparator.ABOVE,
    "<=": Comparator.AT_MOST,
    "<": Comparator.BELOW,
    "=": Comparator.EQUAL,
    "between": Comparator.BETWEEN,
}
CODES: dict[str, type[IntEnum]] = {
    "basis": Basis,
    "window": Window,
    "accumulation": Accumulation,
    "path": Path,
    "scale": Scale,
    "compare_on": CompareOn,
    "ratio_rule": RatioRule,
    "margin_kind": MarginKind,
}
_TARGET_NUMBERS = ("level", "level_hi", "baseline", "multiplier", "margin", "weight")
_TARGET_QUARTERS = ("first_quarter", "due_quarter", "baseline_quarter")
_TARGET_FIELDS = {
    *("id", "comparator", "decimals", "veto", "schedule", "season"),
    *CODES,
    *_TARGET_NUMBERS,
    *_TARGET_QUARTERS,
}
_FIGURE_NUMBERS = ("value", "numerator", "denominator", "benchmark", "place")
_FIGURE_FIELDS = {"target", "quarter", "nothing", *_FIGURE_NUMBERS}


def read_targets(records: Sequence[Record]) -> tuple[list[Hashable], TargetColumns]:
    """Return the ids of the targets and their columns; the fields are those that `assess` describes.

    Errors: ValueError for a field that is unknown, missing, of the wrong kind or not finite, and for an id
    given twice.
    """
    ids = [_read_id(record) for record in records]
    if len(set(ids)) != len(ids):
        raise ValueError("Two targets have the same id; give each its own.")
    rows = [_read_target(record, f"Target {name!r}") for record, name in zip(records, ids, strict=True)]
    columns = {field: [row[field] for row in rows] for field in (*DEFAULTS, *_TARGET_QUARTERS, "level")}
    steps = enumerate(columns.pop("schedule"))
    schedule = [(row, quarter, level) for row, levels in steps for quarter, level in levels]
    season = np.array(columns.pop("season"), dtype=np.float64).reshape(-1, 4)
    return ids, TargetColumns.of(len(rows), schedule=schedule, season=season, **columns)


def read_figures(records: Sequence[Record], *, ids: Sequence[Hashable], last_quarter: int) -> FigurePanel:
    """Return the panel of the figures up to `last_quarter` (an ordinal), one row for each of `ids`.

    A record with nothing but a benchmark or a place is no figure. Errors: ValueError as in `read_targets`,
    and for a figure of an unknown target or one given twice.
    """
    row_of = {name: row for row, name in enumerate(ids)}
    figures = [figure for record in records if (figure := _read_figure(record, row_of))["quarter"] <= last_quarter]
    first_quarter = min((figure["quarter"] for figure in figures), default=last_quarter)
    shape = (len(ids), last_quarter - first_quarter + 1)
    reported = [figure for figure in figures if figure["reported"]]
    return scatter(
        shape=shape,
        first_quarter=first_quarter,
        rows=_column(reported, "row", dtype=np.intp),
        quarters=_column(reported, "quarter", dtype=np.int32),
        values=_column(reported, "value"),
        numerators=_column(reported, "numerator"),
        denominators=_column(reported, "denominator"),
        nothing=_column(reported, "nothing", dtype=np.bool_),
        **{
            name: scatter_column(
                shape=shape,
                first_quarter=first_quarter,
                rows=_column(given, "row", dtype=np.intp),
                quarters=_column(given, "quarter", dtype=np.int32),
                values=_column(given, name),
            )
            for name in ("benchmark", "place")
            if (given := [figure for figure in figures if isfinite(figure[name])]) is not None
        },
    )


def _column(rows: Sequence[Record], field: str, *, dtype: type = np.float64) -> np.ndarray[Any, Any]:
    """Return one field of the rows as an array."""
    return np.array([row[field] for row in rows], dtype=dtype)


def _read_id(record: Record) -> Hashable:
    """Return the id of a target."""
    name = record.get("id")
    if name is None or not isinstance(name, Hashable):
        raise ValueError(f"The target {dict(record)!r} has no usable “id”; give it one.")
    return name


def _read_target(record: Record, name: str) -> dict[str, Any]:
    """Return the fields of one target as codes, numbers and ordinals; the engine's default for what is left out."""
    _check_fields(record, known=_TARGET_FIELDS, needed=("first_quarter", "due_quarter"), name=name)
    row: dict[str, Any] = {**DEFAULTS, "level": nan, "season": [nan] * 4}
    for field, given in record.items():
        if field in CODES:
            row[field] = _read_word(given, {code.name.lower(): code for code in CODES[field]}, field=field, name=name)
        elif field in _TARGET_NUMBERS:
            row[field] = _read_number(given, field=field, name=name)
        elif field in _TARGET_QUARTERS:
            row[field] = _read_quarter(given, field=field, name=name)
    row["comparator"] = _read_word(record.get("comparator", ">="), SIGNS, field="comparator", name=name)
    row["veto"] = _read_yes_no(record.get("veto", False), field="veto", name=name)
    row["decimals"] = _read_decimals(record.get("decimals", DEFAULTS["decimals"]), name)
    row["schedule"] = [
        (_read_quarter(at, field="schedule", name=name), _read_number(level, field="schedule", name=name))
        for at, level in (record.get("schedule") or {}).items()
    ]
    if record.get("season") is not None:
        row["season"] = [_read_number(share, field="season", name=name) for share in record["season"]]
    if len(row["season"]) != 4:
        raise ValueError(f"{name}: “season” holds {len(row['season'])} numbers; give one for each of the 4 quarters.")
    if row["due_quarter"] < row["first_quarter"]:
        raise ValueError(f"{name}: “due_quarter” lies before “first_quarter”; put them in order.")
    return row


def _read_figure(record: Record, row_of: Mapping[Hashable, int]) -> dict[str, Any]:
    """Return the fields of one figure, with the row of its target."""
    name = f"Figure of {record.get('target')!r} for {record.get('quarter')}"
    _check_fields(record, known=_FIGURE_FIELDS, needed=("target", "quarter"), name=name)
    if record["target"] not in row_of:
        raise ValueError(f"{name}: there is no target with this id; check “target”.")
    figure = {field: _read_number(record.get(field), field=field, name=name) for field in _FIGURE_NUMBERS}
    nothing = _read_yes_no(record.get("nothing", False), field="nothing", name=name)
    return figure | {
        "row": row_of[record["target"]],
        "quarter": _read_quarter(record["quarter"], field="quarter", name=name),
        "nothing": nothing,
        "reported": nothing or any(isfinite(figure[field]) for field in ("value", "numerator", "denominator")),
    }


def _check_fields(record: Record, *, known: set[str], needed: Sequence[str], name: str) -> None:
    """Refuse a record with an unknown or a missing field."""
    unknown = sorted(str(field) for field in record if field not in known)
    if unknown:
        raise ValueError(f"{name}: unknown field “{unknown[0]}”; the fields are {', '.join(sorted(known))}.")
    missing = [field for field in needed if record.get(field) is None]
    if missing:
        raise ValueError(f"{name}: “{missing[0]}” is missing; give it.")


def _read_word(given: object, codes: Mapping[str, IntEnum], *, field: str, name: str) -> IntEnum:
    """Return the code of a word."""
    if not isinstance(given, str) or given not in codes:
        raise ValueError(f"{name}: “{field}” is {given!r}; use one of {', '.join(codes)}.")
    return codes[given]


def _read_number(given: object, *, field: str, name: str) -> float:
    """Return a finite number, NaN for None."""
    if given is None:
        return nan
    if isinstance(given, bool) or not isinstance(given, int | float | Decimal) or not isfinite(given):
        raise ValueError(f"{name}: “{field}” is {given!r}; give a finite number or None.")
    return float(given)


def _read_decimals(given: object, name: str) -> int:
    """Return a number of decimals."""
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= 9:
        raise ValueError(f"{name}: “decimals” is {given!r}; give a whole number from 0 to 9.")
    return given


def _read_yes_no(given: object, *, field: str, name: str) -> bool:
    """Return a yes or no."""
    if not isinstance(given, bool):
        raise ValueError(f"{name}: “{field}” is {given!r}; give True or False.")
    return given


def _read_quarter(given: object, *, field: str, name: str) -> int:
    """Return the ordinal of a quarter such as "2018Q3"."""
    try:
        return Quarter.parse(str(given)).ordinal
    except ValueError as error:
        raise ValueError(f"{name}: “{field}”: {error}") from None
