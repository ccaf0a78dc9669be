"""The container of .xls files, as far as finding the one stream that holds the sheets.

Every chain of sectors is bounded by the file's own size, so that a loop ends. Runs in the child process.
Source: trust rule 19, case T43; [MS-CFB].
"""

import struct
from collections.abc import Iterator

from indicators.excel.refused import Refused
from indicators.workbook_rows import Fault

MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_LAST_REGULAR = 0xFFFFFFFA
_STREAM, _STORAGE, _ROOT = 2, 1, 5


class CompoundFile:
    """A container read whole; `entries` are (name, kind, first sector, size) in the order of the directory."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        try:
            self._open()
        except (struct.error, IndexError) as error:
            raise Refused(Fault.DAMAGED, piece=str(error)) from error

    def _open(self) -> None:
        content = self._content
        shift, small_shift = struct.unpack_from("<HH", content, 30)
        if content[:8] != MAGIC or shift not in (9, 12) or small_shift != 6:
            raise Refused(Fault.DAMAGED)
        self._size, self._small_size = 1 << shift, 1 << small_shift
        directory, _, self._cutoff, small_table = struct.unpack_from("<IIII", content, 48)
        more, _ = struct.unpack_from("<II", content, 68)
        self._table: list[int] = []
        for sector in self._list_table_sectors(more):
            self._table.extend(struct.unpack(f"<{self._size // 4}I", self._sector(sector)))
        self.entries = list(self._read_entries(self._chain(directory)))
        roots = [entry for entry in self.entries if entry[1] == _ROOT]
        if not roots:
            raise Refused(Fault.DAMAGED)
        self._small = self._chain(roots[0][2]) if roots[0][2] < _LAST_REGULAR else b""
        packed = self._chain(small_table) if small_table < _LAST_REGULAR else b""
        self._small_table = list(struct.unpack(f"<{len(packed) // 4}I", packed))

    def _list_table_sectors(self, more: int) -> Iterator[int]:
        yield from (s for s in struct.unpack_from("<109I", self._content, 76) if s < _LAST_REGULAR)
        for _ in range(len(self._content) // self._size + 1):
            if more >= _LAST_REGULAR:
                return
            *sectors, more = struct.unpack(f"<{self._size // 4}I", self._sector(more))
            yield from (s for s in sectors if s < _LAST_REGULAR)
        raise Refused(Fault.DAMAGED)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        sector = self._content[start : start + self._size]
        if not sector:
            raise Refused(Fault.DAMAGED)
        return sector.ljust(self._size, b"\0")

    def _chain(self, first: int) -> bytes:
        """Return the bytes of a chain of sectors; Refused where it loops or leaves the file."""
        parts, most = [], len(self._content) // self._size + 1
        while first < _LAST_REGULAR:
            parts.append(self._sector(first))
            if len(parts) > most:
                raise Refused(Fault.DAMAGED)
            first = self._table[first]
        return b"".join(parts)

    def _read_entries(self, directory: bytes) -> Iterator[tuple[str, int, int, int]]:
        for start in range(0, len(directory) - 127, 128):
            length, kind = struct.unpack_from("<HB", directory, start + 64)
            first, size = struct.unpack_from("<II", directory, start + 116)
            if kind in (_STREAM, _STORAGE, _ROOT) and 2 <= length <= 64:
                name = directory[start : start + length - 2].decode("utf-16-le", "replace")
                yield name, kind, first, size

    @property
    def names(self) -> list[str]:
        """The names of all streams and storages."""
        return [name for name, *_ in self.entries]

    def read(self, name: str) -> bytes:
        """Return the stream of this name; Refused unless there is exactly one."""
        found = [entry for entry in self.entries if entry[0].lower() == name.lower() and entry[1] == _STREAM]
        if len(found) != 1:
            raise Refused(Fault.DAMAGED, piece=name)
        _, _, first, size = found[0]
        try:
            stream = self._chain(first) if size >= self._cutoff else self._read_small(first)
        except IndexError as error:
            raise Refused(Fault.DAMAGED, piece=name) from error
        if len(stream) < size:
            raise Refused(Fault.DAMAGED, piece=name)
        return stream[:size]

    def _read_small(self, first: int) -> bytes:
        parts: list[bytes] = []
        while first < _LAST_REGULAR:
            parts.append(self._small[first * self._small_size : (first + 1) * self._small_size])
            if len(parts) > len(self._small_table) + 1:
                raise Refused(Fault.DAMAGED)
            first = self._small_table[first]
        return b"".join(parts)
