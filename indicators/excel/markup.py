"""Walks the XML of a part with expat: no document types, no entities, UTF-8 only.

Other readers of the same bytes must not see anything else, hence the strictness about encodings. Source: trust
case T39.
"""

import re
from collections.abc import Callable
from typing import Any
from xml.parsers import expat

from indicators.excel.refused import Refused
from indicators.workbook_rows import Fault

_ENCODING = re.compile(rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']*)""")

Start = Callable[[str, dict[str, str]], None]


def walk(
    part: bytes,
    *,
    name: str,
    start: Start,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Call the handlers for every element of `part`; names come as "namespace local". Refused for bad XML."""
    parser: Any = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise Refused(Fault.DOCTYPE, piece=name)

    check_encoding(part, name=name)
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(part, True)
    except expat.ExpatError as error:
        raise Refused(Fault.DAMAGED, piece=f"{name}: {error}") from error


def check_encoding(part: bytes, *, name: str) -> None:
    """Refuse any encoding but UTF-8: not every reader heeds what the first line says."""
    if part[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in part[:4]:
        raise Refused(Fault.BAD_PACKAGE, piece=f"{name}: UTF-16")
    declared = _ENCODING.match(part)
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"):
        raise Refused(Fault.BAD_PACKAGE, piece=f"{name}: {declared[1].decode('ascii', 'replace')}")


def local(name: str) -> str:
    """Return an element's or attribute's name without its namespace."""
    return name.rpartition(" ")[2]


def attribute(attributes: dict[str, str], wanted: str) -> str:
    """Return an attribute by its local name; empty where it is missing."""
    return next((value for name, value in attributes.items() if local(name) == wanted), "")


def is_true(value: str | None) -> bool:
    """Return whether an XML boolean says yes."""
    return value in ("1", "true", "on")
