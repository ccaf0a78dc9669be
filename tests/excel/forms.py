"""Forms for the tests, without a database: a rate from counts, plain counts, a share, a measure, yes or no."""

import io
from collections.abc import Callable, Mapping
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from indicators.engine.numbers import NumberUnit
from indicators.excel.form_writer import write_form
from indicators.excel.layout import CHOICE, FIRST_ROW, RECORD_SHEET, Form, GivenRow

SHEET = "填报表"
UNITS = {
    "rate": (NumberUnit.COUNT, NumberUnit.COUNT, 0),
    "count": (0, 0, NumberUnit.COUNT),
    "percent": (0, 0, NumberUnit.PERCENT),
    "share": (0, 0, NumberUnit.SHARE),
    "per_mille": (0, 0, NumberUnit.PER_MILLE),
    "measure": (0, 0, NumberUnit.MEASURE),
    "choice": (0, 0, CHOICE),
}
KINDS = list(UNITS)
ROWS = {kind: FIRST_ROW + place for place, kind in enumerate(KINDS)}
"""The row of the sheet at which each kind stands."""
HEAD = (
    ("", "长治市质量强市实施方案：食药监局2018年三季度填报表", *[""] * 11),
    ("", "只填写白色单元格，不要写公式。", *[""] * 11),
    ("", "截止2018-10-20。", *[""] * 11),
    (
        "识别码",
        "指标",
        "地区",
        "目标",
        "单位",
        "填报内容",
        "分子",
        "分母",
        "数值",
        "本季度无",
        "说明",
        "上季",
        "去年同期",
    ),
)


def make_row(kind: str = "rate", *, series_id: int = 0, **fields: Any) -> GivenRow:
    """Return one row as given out."""
    series_id = series_id or 100 + KINDS.index(kind)
    fields = {
        "version": 0,
        "units": tuple(int(unit) for unit in UNITS[kind]),
        "numbers": ("", "", ""),
        "nothing_occurred": False,
        "explanation": "",
        "locked": (f"指标{series_id}", "长治", "≥ 93%", "%", "合格批次 ÷ 抽查批次", "96.0%", "—"),
        "may_be_nothing": kind != "choice",
    } | fields
    return GivenRow(series_id=series_id, **fields)


def make_form(*rows: GivenRow, **fields: Any) -> Form:
    """Return a form with one row of every kind, or with these rows."""
    fields = {
        "submission_id": 7,
        "quarter": "2018Q3",
        "language": "zh-hans",
        "issued": "2018-10-08 09:00",
        "sheet": SHEET,
        "head": HEAD,
    } | fields
    return Form(rows=rows or tuple(make_row(kind) for kind in KINDS), **fields)


def fill_in(
    content: bytes, cells: Mapping[str, Any] | None = None, *, change: Callable[[Any, Worksheet], None] | None = None
) -> bytes:
    """Return the workbook with cells filled in: a value, or (value, number format)."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    sheet = next(workbook[name] for name in workbook.sheetnames if name != RECORD_SHEET)
    for name, value in (cells or {}).items():
        if isinstance(value, tuple):
            value, sheet[name].number_format = value
        sheet[name].value = value
        if isinstance(value, str):
            sheet[name].data_type = "s"
    if change is not None:
        change(workbook, sheet)
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def form_bytes(cells: Mapping[str, Any] | None = None, *, form: Form | None = None, **more: Any) -> bytes:
    """Return a form's workbook with cells filled in."""
    content = write_form(form or make_form())
    return fill_in(content, cells, **more) if cells or more else content
