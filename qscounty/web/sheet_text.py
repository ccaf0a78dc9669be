"""Which text a spreadsheet program would take for a formula: the one home of that rule, for workbooks and CSV alike.

Source: trust rule 20, case T33.
"""

TRIGGERS = "=+-@＝＋－＠\t\r"
"""A text that begins with one of these is computed by some program: full-width signs by Excel in Chinese, tab and
carriage return because programs skip them and look at what follows."""


def is_formula_like(text: str) -> bool:
    """Return whether a spreadsheet program may take the text for a formula; empty text is none."""
    return text[:1] != "" and text[0] in TRIGGERS


def write_csv_text(text: str) -> str:
    """Return text as a quoted CSV field, with an apostrophe before what would be a formula.

    Always quoted: in a list that a program splits at semicolons, what follows one would be a cell of its own.
    Characters that end a text in other programs (NUL) are dropped.
    """
    text = text.replace("\x00", "")
    safe = f"'{text}" if is_formula_like(text) else text
    return '"' + safe.replace('"', '""') + '"'
