"""Evidence files on disk: what may come in, where it lies, how it is written whole or not at all.

Files lie under MEDIA_ROOT/evidence/<two digits>/<SHA-256>.<kind>, outside the folder that the web server knows; the
person's own name never becomes a path. Source: issue 4 section 4; trust rules 15 and 19, cases T36 and T38, fault F16.
"""

import os
import re
import tempfile
import unicodedata
import zipfile
from hashlib import sha256
from http import HTTPStatus
from io import BytesIO
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.utils.translation import gettext as _

from departments.errors import DomainError, Invalid

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 10
"""Of one figure and quarter."""

LONGEST_NAME = 120
_MOST_ENTRIES, _MOST_UNPACKED = 2_000, 200 * 1024 * 1024
_MAIN_PARTS = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class NoRoom(DomainError):
    """The disk takes no more; nothing was kept."""

    status = HTTPStatus.INSUFFICIENT_STORAGE


def clean_name(name: str) -> str:
    """Return a file's name as it is shown and given back: its last part, without control and direction marks."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(letter for letter in last if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
    stem, dot, ending = kept.strip().rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}{dot}{ending}" if stem else kept.strip()[:LONGEST_NAME]


def check_content(*, name: str, content: bytes) -> str:
    """Return the kind of a file ("pdf", "png", "jpg", "xlsx", "docx"); Invalid says what is wrong with it.

    Ending and content have to agree: a program called .pdf is refused. Office files may hold no macros.
    """
    said = {"name": clean_name(name)}
    if not content:
        raise Invalid(_("%(name)s: the file is empty; choose another one.") % said)
    if len(content) > MOST_BYTES:
        raise Invalid(_("%(name)s: larger than 10 MB; make it smaller, for example by scanning in grey.") % said)
    ending = said["name"].rpartition(".")[2].lower()
    kind = "jpg" if ending == "jpeg" else ending
    if kind not in CONTENT_TYPES:
        raise Invalid(_("%(name)s: only PDF, PNG, JPG, XLSX and DOCX are taken; save it as one of these.") % said)
    if not _is_really(kind, content):
        raise Invalid(_("%(name)s: the content is not what the ending says, or damaged; save the file again.") % said)
    return kind


def _is_really(kind: str, content: bytes) -> bool:
    if kind == "pdf":
        return content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]
    if kind == "png":
        return content.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR") and b"IEND" in content[-64:]
    if kind == "jpg":
        return content.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in content[-4096:]
    return _is_office_file(content, main=_MAIN_PARTS[kind])


def _is_office_file(content: bytes, *, main: str) -> bool:
    """Return whether the bytes are a package with the part `main`, bounded, with plain names and without macros."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False
    names = [part.filename for part in parts]
    return (
        len(parts) <= _MOST_ENTRIES
        and sum(part.file_size for part in parts) <= _MOST_UNPACKED
        and not any(part.flag_bits & 1 for part in parts)
        and len(names) == len(set(names))
        and not any(name.startswith("/") or ".." in name.split("/") or "\\" in name for name in names)
        and not any("vbaproject" in name.lower() for name in names)
        and {"[Content_Types].xml", main} <= set(names)
    )


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of a file, by which it is stored."""
    return sha256(content).hexdigest()


def locate(*, digest: str, kind: str) -> Path:
    """Return where a file lies; ValueError for anything that is not a digest and a known kind."""
    if not re.fullmatch(r"[0-9a-f]{64}", digest) or kind not in CONTENT_TYPES:
        raise ValueError("Evidence is stored by its SHA-256 and kind.")
    return Path(settings.MEDIA_ROOT) / "evidence" / digest[:2] / f"{digest}.{kind}"


def store(*, content: bytes, digest: str, kind: str) -> Path:
    """Keep the bytes and return where; a file that is there already stays. NoRoom if the disk does not take them.

    Written beside its place, brought to the disk, then renamed: whoever finds the file finds all of it.
    """
    path = locate(digest=digest, kind=kind)
    if path.exists():
        return path
    unfinished: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).replace(path)
        unfinished = None
        _sync_directory(path.parent)
    except OSError as error:
        raise NoRoom(
            _("The file could not be kept: the server's disk is full or out of order. Nothing of it was stored.")
        ) from error
    finally:
        if unfinished is not None:
            Path(unfinished).unlink(missing_ok=True)
    return path


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
