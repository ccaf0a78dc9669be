"""Writes docs/reference/entry-form.md from the layout and the tables: python -m tests.excel.generate_entry_form."""

from pathlib import Path

from indicators.engine.number_refusals import Refusal
from indicators.excel import child, guard, layout, package, sheet_scan
from indicators.excel.layout import COUNTS, INPUTS, LOCKED, NUMBERS, Column
from indicators.workbook_rows import Fault
from tests.excel.cell_forms import CELL_FORMS, CellForm

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "entry-form.md"

_COLUMNS = {
    Column.KEY: "identifier of the row, hidden",
    Column.INDICATOR: "indicator",
    Column.REGION: "region",
    Column.LEVEL: "bounds of the targets that the figure serves",
    Column.UNIT: "unit",
    Column.WORDING: "what to enter: the words of numerator and denominator, or the value",
    Column.NUMERATOR: "numerator, a count from 0",
    Column.DENOMINATOR: "denominator, a count from 0",
    Column.VALUE: "value, in the unit beside it",
    Column.NOTHING: "“yes” where nothing occurred; the numbers then stay empty",
    Column.EXPLANATION: f"explanation, at most {layout.EXPLANATION_LENGTH} characters",
    Column.LAST_QUARTER: "last quarter's figure",
    Column.LAST_YEAR: "the figure of the same quarter a year ago",
}
_UNITS = {
    "count": "plain counts (件, 批次, numerators and denominators)",
    "percent": "rates in %",
    "share": "shares of 1",
    "per_mille": "rates in ‰",
    "measure": "units of their own (万元, mg/m³)",
    "choice": "yes or no",
}
_OPENING = """# The entry form as a workbook

This page is written by `python -m tests.excel.generate_entry_form` from `indicators/excel/layout.py` and the tables of
the tests; a test fails when it is out of date. Change the tables, not the page.

A department takes its form out at `entry/<id>/form.xlsx`, fills it in with Excel, WPS or LibreOffice, and sends it
back at `entry/<id>/upload/`. Many forms go to `uploads/` at once. Nothing counts before a clerk of the department has
seen every difference and confirmed it; then all of it counts, or nothing.
"""
_READING = """## What happens on return

1. **Outside**: size and first bytes. 2. **Package**: the directory of the .xlsx is checked before anything is
unpacked. 3. **Scan**: every part that will be read is gone through for what a reader of values passes over in silence.
Steps 2 and 3 and the reading run in a child process with bounds; the web process never parses a file from outside.
What is read is packed anew from the parts that were scanned, so that no reader can see others.

The hidden sheet says what the form was given out with: whose it is, the version of every figure, its units, and a copy
of every locked text, under a seal made with the site's key. So three things can be told apart:

- a row that nobody touched changes nothing, even if the figure has changed here meanwhile;
- a row that says what stands here already changes nothing;
- a row that was filled in, while someone else changed the figure here, is **out of date** and stops the whole file.

A file that was applied before (same SHA-256, same form) changes nothing. Only working figures are written, by the
action that saves every entry: locks, versions and the trail are the same.
"""


def page() -> str:
    """Return the whole page as text."""
    return "\n".join([_OPENING, _columns(), _READING, _limits(), _numbers(), _faults()])


def _columns() -> str:
    rows = [f"| {column} | {_COLUMNS[column]} | {_role(column)} |" for column in Column]
    head = (
        f"Rows {layout.TITLE_ROW} to {layout.FACTS_ROW} say whose form it is, row {layout.HEADER_ROW} holds the titles,"
        f" figures begin in row {layout.FIRST_ROW}. The hidden sheet is `{layout.RECORD_SHEET}`, version"
        f" {layout.FORM_VERSION}."
    )
    return "\n".join(["## Layout", "", head, "", "| column | holds | |", "|---|---|---|", *rows, ""])


def _role(column: Column) -> str:
    if column in INPUTS:
        return "entry: number" if column in NUMBERS else "entry"
    return "locked" if column in LOCKED else "hidden"


def _limits() -> str:
    rows = [
        ("size of a file", f"{guard.MOST_BYTES // 2**20} MB"),
        ("unpacked, all parts", f"{package.MOST_UNPACKED // 2**20} MB"),
        ("parts", str(package.MOST_PARTS)),
        ("unpacked to packed, of a part above 1 MB", f"{package.MOST_RATIO} : 1"),
        ("rows of figures", str(layout.MOST_ROWS)),
        ("columns", str(sheet_scan.MOST_COLUMNS)),
        ("cells of a sheet", str(sheet_scan.MOST_CELLS)),
        ("memory of the child", f"{child.MOST_MEMORY // 2**20} MB"),
        ("processor time of the child", f"{child.MOST_SECONDS} s"),
        ("time for the answer", f"{guard.MOST_SECONDS} s"),
    ]
    lines = [f"| {what} | {most} |" for what, most in rows]
    return "\n".join(["## Bounds", "", "| what | at most |", "|---|---|", *lines, ""])


def _numbers() -> str:
    parts = [
        "## How numbers are read",
        "",
        "Exactly, or refused with the cell; nothing is guessed and nothing rounded.",
        "",
    ]
    for kind, words in _UNITS.items():
        forms = [form for form in CELL_FORMS if form.kind == kind]
        parts += [f"### {words}", "", "| in the cell | read as |", "|---|---|", *map(_line, forms), ""]
    return "\n".join(parts)


def _line(form: CellForm) -> str:
    shown = "" if form.shown == "General" else f" shown as `{form.shown}`"
    read = f"refused: {_refusal(form.expected)}" if form.is_refused else form.expected or "empty"
    return f"| {_quote(form.content)}{shown} | {read}{f'; {form.note}' if form.note else ''} |"


def _refusal(name: str) -> str:
    return name.lower().replace("_", " ")


def _quote(content: object) -> str:
    """Return a cell's content so that blanks and invisible characters can be seen."""
    if content is None:
        return "(nothing)"
    if not isinstance(content, str):
        return f"the {type(content).__name__} {content}"
    text = "".join(c if c.isprintable() or c == "　" else f"⟨{ord(c):04X}⟩" for c in content)
    text = text if len(text) <= 24 else f"{text[:20]}… ({len(content)} characters)"
    return f"`{text}`".replace("|", "\\|") if text.strip() else f"({len(content)} blanks)"


def _faults() -> str:
    refused = ", ".join(f"`{fault}`" for fault in Fault)
    numbers = ", ".join(f"`{_refusal(refusal.name)}`" for refusal in Refusal if refusal)
    return "\n".join(
        [
            "## Codes",
            "",
            f"Stored with a refused file; the words are in `indicators/workbook_words.py`: {refused}.",
            "",
            f"Why a number is refused; the words are in `indicators/number_words.py`: {numbers}.",
            "",
            f"Counts ({', '.join(COUNTS)}) are refused below 0.",
            "",
        ]
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
