"""The one writer of cells: it decides the type of each cell, so that text can never become a formula.

openpyxl turns text with a leading `=` into a live formula and costs ten times as much a cell; here text,
numbers and formulas are three functions, and a formula carries the stored result as its value, so that a reader
that does not compute shows what the software computed. Source: trust rule 20, case T33; ECMA-376 part 1, 18.3.1.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from math import isfinite

ROW_LIMIT, TEXT_LIMIT = 1_048_576, 32_767
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel reads _x0041_ as A
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": ""})

Value = str | float | int | None
"""A formula's stored result; None is shown as nothing until someone computes."""


@lru_cache(maxsize=8192)  # the same words stand in thousands of cells
def escape(text: str) -> str:
    """Return text as XML content; characters that XML does not know are dropped, over-long text is cut."""
    if len(text) > TEXT_LIMIT:
        text = text[: TEXT_LIMIT - 1] + "…"
    return _ESCAPE_LIKE.sub("_x005F_", _ILLEGAL.sub("", text)).translate(_MARKUP)


def clean_text(text: str) -> str:
    """Return text as another writer may take it: without what XML does not know, cut where it is over-long."""
    text = _ILLEGAL.sub("", text).replace("\r", "")
    text = text if len(text) <= TEXT_LIMIT else text[: TEXT_LIMIT - 1] + "…"
    return _ESCAPE_LIKE.sub("_x005F_", text)


def text_cell(reference: str, style: int, text: str) -> str:
    """Return a cell that is text whatever its first character; nothing but the style for empty text."""
    if not text:
        return f'<c r="{reference}" s="{style}"/>'
    return f'<c r="{reference}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def number_cell(reference: str, style: int, number: float | int | None) -> str:
    """Return a number, nothing but the style for an absent one. Errors: ValueError for NaN and infinity."""
    if number is None:
        return f'<c r="{reference}" s="{style}"/>'
    if not isfinite(number):
        raise ValueError(f"{reference}: {number} is no number for a cell.")
    return f'<c r="{reference}" s="{style}"><v>{number!r}</v></c>'


def value_cell(reference: str, style: int, value: Value) -> str:
    """Return a text or a number cell, as the type of the value says."""
    if isinstance(value, str):
        return text_cell(reference, style, value)
    return number_cell(reference, style, value)


def formula_cell(reference: str, style: int, formula: str, value: Value) -> str:
    """Return a formula (without `=`) that belongs to this cell alone, with its stored result."""
    return _formula(reference, style, f"<f>{formula.translate(_MARKUP)}</f>", value)


def shared_formula_cell(reference: str, style: int, *, index: int, value: Value) -> str:
    """Return a cell of a column whose formula stands in its first cell."""
    return _formula(reference, style, f'<f t="shared" si="{index}"/>', value)


def first_of_shared_formula(reference: str, style: int, *, formula: str, index: int, span: str, value: Value) -> str:
    """Return the first cell of a column of formulas over `span`; references in the formula are relative to it.

    Excel shares no formula that names another sheet: such a formula needs `formula_cell`.
    """
    body = f'<f t="shared" ref="{span}" si="{index}">{formula.translate(_MARKUP)}</f>'
    return _formula(reference, style, body, value)


def row(number: int, cells: Iterable[str], *, height: float | None = None) -> str:
    """Return one row; cells stand from left to right. `height` in points, absent: the sheet's own."""
    tall = "" if height is None else f' ht="{height}" customHeight="1"'
    return f'<row r="{number}"{tall}>{"".join(cells)}</row>'


def _formula(reference: str, style: int, body: str, value: Value) -> str:
    if value is None:
        return f'<c r="{reference}" s="{style}">{body}</c>'
    if isinstance(value, str):
        return f'<c r="{reference}" s="{style}" t="str">{body}<v>{escape(value)}</v></c>'
    return f'<c r="{reference}" s="{style}">{body}<v>{value!r}</v></c>'
