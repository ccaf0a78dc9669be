"""The second layer of the guard: the package of an .xlsx file, its parts unpacked and counted by ourselves.

What is read later is packed anew from the parts that were looked at, so that no reader can see others. Runs in the
child process. Source: trust rule 19, cases T37 to T39 and T43.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable

from indicators.excel.refused import Refused
from indicators.workbook_rows import Fault

MOST_PARTS = 300
MOST_UNPACKED = 64 * 1024 * 1024  # bytes, all parts together
MOST_RATIO = 100  # unpacked to packed, of a part above a megabyte; sheets of equal rows reach 60
_KNOWN_FLAGS = 0x0002 | 0x0004 | 0x0008 | 0x0800  # deflate options, sizes behind the data, UTF-8 names
_ENCRYPTED = 0x0001 | 0x0040
_BAD_NAME = re.compile(r"(^|/)\.\.?(/|$)|^/|[\\:\x00-\x1f]|//")
_MACROS = re.compile(r"vba|macrosheets/|customui", re.IGNORECASE)
_ACTIVE = re.compile(
    r"activex|embeddings/|oleobject|ctrlprops|querytables?/|connections\.xml|dialogsheets/|webextensions|pivot",
    re.IGNORECASE,
)
_LINKS = re.compile(r"externallinks?/", re.IGNORECASE)


class Package:
    """The parts of a package by name; each is unpacked when it is asked for, against its own word about its size."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        try:
            self._entries = self._read_directory(zipfile.ZipFile(io.BytesIO(content)).infolist())
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
            raise Refused(Fault.DAMAGED, piece=str(error)) from error

    def _read_directory(self, entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
        """Return the entries by their lower-case name; Refused for what an office program never writes."""
        if len(entries) > MOST_PARTS:
            raise Refused(Fault.TOO_COSTLY, piece=f"{len(entries)} parts")
        known: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            name = entry.orig_filename
            if _BAD_NAME.search(name) or name.lower() in known:
                raise Refused(Fault.BAD_PACKAGE, piece=name)
            _check_entry(entry)
            _check_name(name)
            known[name.lower()] = entry
        if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            raise Refused(Fault.TOO_COSTLY)
        _check_overlap(entries, len(self._content))
        return known

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._entries

    @property
    def names(self) -> list[str]:
        """The names of all parts."""
        return [entry.orig_filename for entry in self._entries.values()]

    def read(self, name: str) -> bytes:
        """Return a part; Refused where it is missing, or is not what the directory says."""
        entry = self._entries.get(name.lower())
        if entry is None:
            raise Refused(Fault.DAMAGED, piece=name)
        packed = self._packed(entry)
        part = packed if entry.compress_type == zipfile.ZIP_STORED else self._inflate(packed, entry)
        if len(part) != entry.file_size or zlib.crc32(part) != entry.CRC:
            raise Refused(Fault.DAMAGED, piece=name)
        return part

    def _packed(self, entry: zipfile.ZipInfo) -> bytes:
        head = self._content[entry.header_offset : entry.header_offset + 30]
        if len(head) < 30 or head[:4] != b"PK\x03\x04":
            raise Refused(Fault.DAMAGED, piece=entry.orig_filename)
        start = entry.header_offset + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        return self._content[start : start + entry.compress_size]

    def _inflate(self, packed: bytes, entry: zipfile.ZipInfo) -> bytes:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            part = unpacker.decompress(packed, entry.file_size + 1)
        except zlib.error as error:
            raise Refused(Fault.DAMAGED, piece=entry.orig_filename) from error
        if not unpacker.eof:  # cut off, or more than the directory says
            raise Refused(Fault.DAMAGED, piece=entry.orig_filename)
        return part


def pack(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a package of these parts and nothing else, not compressed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as package:
        for name, part in parts:
            package.writestr(name, part)
    return packed.getvalue()


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & _ENCRYPTED:
        raise Refused(Fault.ENCRYPTED)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or entry.flag_bits & ~_KNOWN_FLAGS:
        raise Refused(Fault.BAD_PACKAGE, piece=entry.orig_filename)
    if entry.file_size > 1024 * 1024 and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
        raise Refused(Fault.TOO_COSTLY, piece=entry.orig_filename)


def _check_name(name: str) -> None:
    for pattern, fault in ((_MACROS, Fault.MACROS), (_LINKS, Fault.EXTERNAL_LINK), (_ACTIVE, Fault.ACTIVE_PART)):
        if pattern.search(name):
            raise Refused(fault, piece=name)


def _check_overlap(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse parts that share their bytes: a small file that unpacks without end."""
    end = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < end:
            raise Refused(Fault.TOO_COSTLY, piece=entry.orig_filename)
        end = entry.header_offset + 30 + len(entry.orig_filename.encode()) + entry.compress_size
    if end > size:
        raise Refused(Fault.DAMAGED)
