"""Write docs/reference/attainment-rules.md from the template and the tables: `python -m tests.spec.rules`."""

import re
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from indicators.engine.attainment import RULE_VERSION
from tests.spec.case import Case

TEMPLATE = Path(__file__).with_name("attainment-rules.template.md")
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "attainment-rules.md"

SHOWN = ("measured", "expected", "expected_hi", "ratio", "completion")


def page() -> str:
    """Return the page as it should be."""
    text = TEMPLATE.read_text(encoding="utf-8").replace("{version}", str(RULE_VERSION))
    return re.sub(r"\{cases:(\w+)\}", lambda found: table(import_module(f"tests.spec.tables.{found[1]}").CASES), text)


def table(cases: list[Case]) -> str:
    """Return cases as a table; the results are those the engine gives."""
    lines = ["| case | target | figures, the last one judged | result |", "|---|---|---|---|"]
    lines += [f"| {_cell(case.name)} | {_target(case)} | {_figures(case)} | {_result(case)} |" for case in cases]
    return "\n".join(lines)


def _target(case: Case) -> str:
    """Return the target in the fewest words."""
    bound = f"{case.target.get('comparator', '>=')} {_number(case.target.get('level'))}"
    if "level_hi" in case.target:
        bound += f"–{_number(case.target['level_hi'])}"
    quarters = {"first_quarter", "due_quarter"} & case.target.keys()
    span = f"{case.full_target()['first_quarter']}–{case.full_target()['due_quarter']}" if quarters else ""
    left_out = {"comparator", "level", "level_hi", "first_quarter", "due_quarter"}
    rest = [f"{name} {_value(value)}" for name, value in case.target.items() if name not in left_out]
    return _cell(", ".join([bound, *rest, *([span] if span else [])]))


def _figures(case: Case) -> str:
    """Return the figures from their first quarter on."""
    return _cell(f"{case.start}: " + "; ".join(_value(figure) for figure in case.figures))


def _result(case: Case) -> str:
    """Return what the engine makes of the case."""
    result = case.run()
    verdict = result["rating"] if result["gap"] == "none" else f"grey: {result['gap'].replace('_', ' ')}"
    if result["gap_input"] not in ("none", "figure"):
        verdict += f" ({result['gap_input'].replace('_', ' ')})"
    letters = zip(("m", "E", "E hi", "r", "completion"), SHOWN, strict=True)
    numbers = [f"{letter} = {_number(result[name])}" for letter, name in letters if result[name] is not None]
    missing = [f"missing {', '.join(result['missing_quarters'])}"] if "incomplete" in result["flags"] else []
    return _cell("; ".join([f"**{verdict}**", *numbers, *missing, *result["flags"]]))


def _value(value: Any) -> str:
    """Return a figure or a field of a target."""
    if isinstance(value, tuple):
        return "/".join(_number(part) for part in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_value(part)}" for name, part in value.items())
    if isinstance(value, list):
        return " ".join(_number(part) for part in value)
    return "–" if value is None else _number(value)


def _number(value: Any) -> str:
    """Return a number with at most six digits after the first, in plain notation where that is short."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "?" if value is None else str(value).replace("_", " ")
    rounded = float(f"{value:.7g}")
    return f"{rounded:g}" if rounded and not 1e-5 < abs(rounded) < 1e9 else f"{Decimal(repr(rounded)).normalize():f}"


def _cell(text: str) -> str:
    """Return text that does not end the cell of a table."""
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
