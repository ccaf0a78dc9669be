"""Old workbooks (.xls) built from nothing: a container of streams, and the records of a workbook."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from indicators.excel.layout import RECORD_SHEET, Form
from indicators.excel.seal import seal_form
from tests.excel.forms import SHEET, make_form

_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_SECTOR = 512


def build_container(streams: Mapping[str, bytes], *, storages: Sequence[str] = ()) -> bytes:
    """Return a compound file; streams are padded so that all lie in ordinary sectors."""
    bodies = {name: body.ljust(4096, b"\0") for name, body in streams.items()}
    entries = [("Root Entry", 5, _END, 0)]
    chains: list[int] = []
    content = b""
    for name, body in bodies.items():
        first = len(chains)
        sectors = -(-len(body) // _SECTOR)
        chains += [*range(first + 1, first + sectors), _END]
        content += body.ljust(sectors * _SECTOR, b"\0")
        entries.append((name, 2, first, max(len(streams[name]), 4096)))
    entries += [(name, 1, 0, 0) for name in storages]
    directory = b"".join(_entry(place, *entry, last=len(entries) - 1) for place, entry in enumerate(entries))
    directory = directory.ljust(-(-len(directory) // _SECTOR) * _SECTOR, b"\0")
    first_directory = len(chains)
    sectors = len(directory) // _SECTOR
    chains += [*range(first_directory + 1, first_directory + sectors), _END]
    tables = 1
    while len(chains) + tables > tables * 128:
        tables += 1
    first_table = len(chains)
    chains += [_TABLE] * tables
    table = struct.pack(f"<{len(chains)}I", *chains).ljust(tables * _SECTOR, b"\xff")
    places = [*range(first_table, first_table + tables), *[_FREE] * (109 - tables)]
    head = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII109I",
        bytes.fromhex("d0cf11e0a1b11ae1"), b"", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, tables, first_directory, 0, 4096,
        _END, 0, _END, 0, *places,
    )  # fmt: skip
    return head + content + directory + table


def _entry(place: int, name: str, kind: int, first: int, size: int, *, last: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    right = place + 1 if 0 < place < last else _FREE
    child = 1 if kind == 5 and last else _FREE
    return struct.pack("<64sHBBIII16sIQQIQ", text, len(text), kind, 1, _FREE, right, child, b"", 0, 0, 0, first, size)


def record(kind: int, body: bytes = b"") -> bytes:
    """Return one record."""
    return struct.pack("<HH", kind, len(body)) + body


def text_of(text: str, *, short: bool = False) -> bytes:
    """Return a string as records hold it."""
    body = text.encode("utf-16-le")
    return struct.pack("<B" if short else "<H", len(text)) + b"\1" + body


def label(row: int, column: int, text: str) -> bytes:
    """Return a text in a cell, both counted from 0."""
    return record(0x0204, struct.pack("<HHH", row, column, 0) + text_of(text))


def number(row: int, column: int, value: float, *, style: int = 0) -> bytes:
    """Return a number in a cell; style 1 is 0%."""
    return record(0x0203, struct.pack("<HHHd", row, column, style, value))


@dataclass
class Sheet:
    """A sheet: its name, state (1 hidden, 2 very hidden), kind, and records."""

    name: str
    records: list[bytes] = field(default_factory=list)
    state: int = 0
    kind: int = 0


def build_stream(sheets: Sequence[Sheet], *, before: bytes = b"", version: int = 0x0600) -> bytes:
    """Return the stream of a workbook; `before` are further records of its head."""
    head = record(0x0809, struct.pack("<HHHHII", version, 5, 0, 0, 0, 0)) + record(0x0042, struct.pack("<H", 1200))
    styles = record(0x041E, struct.pack("<H", 164) + text_of("0.0%"))
    styles += b"".join(record(0x00E0, struct.pack("<HH16x", 0, shown)) for shown in (0, 9, 164))
    bodies = [
        record(0x0809, struct.pack("<HHHHII", version, 16, 0, 0, 0, 0)) + b"".join(sheet.records) + record(0x000A)
        for sheet in sheets
    ]
    length = sum(len(record(0x0085, bytes(6) + text_of(sheet.name, short=True))) for sheet in sheets)
    start = len(head) + len(styles) + len(before) + length + 4
    listed = b""
    for sheet, body in zip(sheets, bodies, strict=True):
        listed += record(0x0085, struct.pack("<IBB", start, sheet.state, sheet.kind) + text_of(sheet.name, short=True))
        start += len(body)
    return head + styles + before + listed + record(0x000A) + b"".join(bodies)


def form_sheets(form: Form | None = None, *, cells: Sequence[bytes] = ()) -> list[Sheet]:
    """Return the two sheets of a form, further records put at the end of the first."""
    form = form or make_form()
    visible = [label(r, c, text) for r, line in enumerate(form.head) for c, text in enumerate(line) if text]
    for place, row in enumerate(form.rows, start=len(form.head)):
        visible.append(label(place, 0, row.key))
        texts = zip((1, 2, 3, 4, 5, 11, 12), row.locked, strict=True)
        visible += [label(place, column, text) for column, text in texts if text]
    lines = [*form.lines(), ["seal", seal_form(form)]]
    hidden = [label(r, c, text) for r, line in enumerate(lines) for c, text in enumerate(line) if text]
    return [Sheet(SHEET, [*visible, *cells]), Sheet(RECORD_SHEET, hidden, state=2)]


def build_form(
    form: Form | None = None, *, cells: Sequence[bytes] = (), before: bytes = b"", **streams: bytes
) -> bytes:
    """Return a form as an .xls file."""
    return build_container({"Workbook": build_stream(form_sheets(form, cells=cells), before=before), **streams})
