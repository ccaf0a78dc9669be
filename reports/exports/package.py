"""Puts a workbook together: openpyxl makes everything but the rows, the rows are streamed into their sheets.

The same parts give the same bytes: entries have one fixed time and order, and the document's own times are those
of the data. Every sheet's content has a SHA-256, known once it is written. Source: trust rules 15 and 20.
"""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from openpyxl import Workbook
from openpyxl.xml.functions import tostring

_LEVEL = 3  # of compression: higher ones cost twice the time and save a tenth
_BUFFER = 1 << 18
_HUGE = 200_000
"""Rows from which a sheet may pass 2 GB of XML: its entry then says its sizes in eight bytes, as ZIP64 has them."""
_ROWS = re.compile(rb"<sheetData\s*/>|<sheetData>\s*</sheetData>")
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"\s*/>')
_APPLICATION = (
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>qscounty</Application></Properties>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A sheet as written: its name in the archive, the number of its table's rows, and the SHA-256 of its XML."""

    sheet: str
    name: str
    rows: int
    sha256: str


class Package:
    """An archive being written from a workbook whose sheets hold no rows yet.

    Every sheet must be given its rows once, with `write_sheet`; `close` writes the rest.
    """

    def __init__(self, workbook: Workbook, target: IO[bytes], *, at: datetime) -> None:
        """Take the prepared workbook; `at` is what the document says of its making."""
        self._archive = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)
        self._parts = _list_parts(workbook, at)
        self._names = {sheet.title: f"xl/worksheets/sheet{n}.xml" for n, sheet in enumerate(workbook.worksheets, 1)}
        self.written: list[Part] = []
        self._write("[Content_Types].xml", self._parts.pop("[Content_Types].xml"))

    def name_of(self, sheet: str) -> str:
        """Return the name of a sheet's part in the archive."""
        return self._names[sheet]

    def write_sheet(self, sheet: str, rows: Iterable[str], *, count: int, span: str) -> Part:
        """Stream the rows into the sheet. `count` is the number of table rows, `span` the range that is used."""
        name = self._names[sheet]
        before, after = _split(self._parts.pop(name), span)
        digest = hashlib.sha256()
        # Opened by its name, an entry bears the format's earliest date: no clock gets into the file.
        with self._archive.open(name, "w", force_zip64=count >= _HUGE) as part:
            for block in _in_blocks(before, rows, after):
                digest.update(block)
                part.write(block)
        written = Part(sheet=sheet, name=name, rows=count, sha256=digest.hexdigest())
        self.written.append(written)
        return written

    def close(self) -> None:
        """Write what is left. Errors: ValueError where a sheet got no rows."""
        forgotten = [sheet for sheet, name in self._names.items() if name in self._parts]
        if forgotten:
            raise ValueError(f"No rows were written for {', '.join(forgotten)}.")
        for name, content in sorted(self._parts.items()):
            self._write(name, content)
        self._archive.close()

    def _write(self, name: str, content: bytes) -> None:
        with self._archive.open(name, "w") as part:
            part.write(content)


def save_without_clock(workbook: Workbook, target: IO[bytes], *, at: datetime) -> None:
    """Write a workbook that holds its rows already; the same contents give the same bytes."""
    parts = _list_parts(workbook, at)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for name in sorted(parts, key=lambda name: (name != "[Content_Types].xml", name)):
            with archive.open(name, "w") as part:
                part.write(parts[name])


def _list_parts(workbook: Workbook, at: datetime) -> dict[str, bytes]:
    """Return the parts by name, those that name a time or a program in our own words."""
    buffer = io.BytesIO()
    workbook.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    properties = workbook.properties
    properties.created = properties.modified = at.replace(tzinfo=None, microsecond=0)
    parts["docProps/core.xml"] = tostring(properties.to_tree())
    parts["docProps/app.xml"] = _APPLICATION
    return parts


def _split(content: bytes, span: str) -> tuple[bytes, bytes]:
    """Return what stands before and after the rows; the sheet's stated range becomes `span`."""
    found = _ROWS.search(content)
    if found is None:
        raise ValueError("The prepared sheet already has rows.")
    before = _DIMENSION.sub(f'<dimension ref="{span}"/>'.encode(), content[: found.start()])
    return before + b"<sheetData>", b"</sheetData>" + content[found.end() :]


def _in_blocks(before: bytes, rows: Iterable[str], after: bytes) -> Iterator[bytes]:
    """Yield the sheet in blocks of a size that compresses well."""
    yield before
    gathered: list[str] = []
    size = 0
    for row in rows:
        gathered.append(row)
        size += len(row)
        if size >= _BUFFER:
            yield "".join(gathered).encode()
            gathered.clear()
            size = 0
    yield "".join(gathered).encode() + after
