"""Takes a good workbook apart and puts it together with one thing wrong."""

import io
import re
import struct
import zipfile
from collections.abc import Callable, Mapping

from tests.excel.forms import form_bytes

FORM_PART, RECORD_PART = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
BOOK_PART, STRINGS_PART, STYLES_PART = "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"
RELATIONS_PART, TYPES_PART = "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRINGS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_INLINE = re.compile(r'(<c [^>]*?) t="inlineStr"><is>(.*?)</is></c>', re.DOTALL)
Edit = Callable[[bytes], bytes]


def take_apart(content: bytes) -> dict[str, bytes]:
    """Return the parts by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def put_together(parts: Mapping[str, bytes] | list[tuple[str, bytes]], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a package; a list may name a part twice."""
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", method) as package:
        for name, part in parts.items() if isinstance(parts, Mapping) else parts:
            package.writestr(name, part, compresslevel=1 if len(part) > 1_000_000 else 6)
    return saved.getvalue()


def share_texts(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Return the parts with their texts in a part of their own, as Excel and WPS write them."""
    texts: list[str] = []

    def move(match: re.Match[str]) -> str:
        texts.append(match[2])
        return f'{match[1]} t="s"><v>{len(texts) - 1}</v></c>'

    parts = dict(parts)
    for name in (FORM_PART, RECORD_PART):
        parts[name] = _INLINE.sub(move, parts[name].decode()).encode()
    items = "".join(f"<si>{text}</si>" for text in texts)
    parts[STRINGS_PART] = f'<?xml version="1.0"?><sst xmlns="{_MAIN}" count="{len(texts)}">{items}</sst>'.encode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = f'<Relationship Id="rIdS" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
    override = f'<Override PartName="/{STRINGS_PART}" ContentType="{_STRINGS_TYPE}"/></Types>'
    parts[RELATIONS_PART] = swap("</Relationships>", relation)(parts[RELATIONS_PART])
    parts[TYPES_PART] = swap("</Types>", override)(parts[TYPES_PART])
    return parts


def form_parts() -> dict[str, bytes]:
    """Return the parts of a good form."""
    return share_texts(take_apart(form_bytes()))


def rebuild(
    *, edit: Mapping[str, Edit] | None = None, add: Mapping[str, bytes] | None = None, drop: tuple[str, ...] = ()
) -> bytes:
    """Return a good form with parts edited, added or left out."""
    parts = form_parts()
    for name, change in (edit or {}).items():
        parts[name] = change(parts[name])
    parts |= add or {}
    return put_together({name: part for name, part in parts.items() if name not in drop})


def swap(old: str, new: str, *, count: int = 1) -> Edit:
    """Return an edit that replaces a text; it has to be there."""

    def change(part: bytes) -> bytes:
        assert old.encode() in part, old
        return part.replace(old.encode(), new.encode(), count)

    return change


def before_end(addition: str, *, of: str = "</worksheet>") -> Edit:
    """Return an edit that puts something before an end tag."""
    return swap(of, addition + of)


def cell_xml(row: int, xml: str) -> Edit:
    """Return an edit that puts cells at the end of a row of the form."""

    def change(part: bytes) -> bytes:
        start = part.index(f'<row r="{row}"'.encode())
        end = part.index(b"</row>", start)
        return part[:end] + xml.encode() + part[end:]

    return change


def in_cell(name: str, xml: str) -> Edit:
    """Return an edit that replaces a cell of the form whole."""

    def change(part: bytes) -> bytes:
        start = part.index(f'<c r="{name}"'.encode())
        end = part.index(b">", start)
        end = end + 1 if part[end - 1 : end] == b"/" else part.index(b"</c>", start) + 4
        return part[:start] + xml.encode() + part[end:]

    return change


def in_directory(content: bytes, name: str, offset: int, layout: str, value: int, *, local: int = -1) -> bytes:
    """Return the package with a field of a part's directory entry changed, and of its local header where given."""
    changed = bytearray(content)
    at = content.index(b"PK\x01\x02")
    while content[at + 46 : at + 46 + len(name)] != name.encode():
        at = content.index(b"PK\x01\x02", at + 4)
    struct.pack_into(layout, changed, at + offset, value)
    if local >= 0:
        struct.pack_into(layout, changed, struct.unpack_from("<I", content, at + 42)[0] + local, value)
    return bytes(changed)
