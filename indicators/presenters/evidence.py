"""Evidence files in a row of the grid and on their own page."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from indicators.models import Evidence
from qscounty.web.formats import NO_BREAK_SPACE, format_trimmed
from qscounty.web.times import format_instant


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """One file: where it is opened and removed, how large it is, who brought it when."""

    pk: int
    name: str
    url: str
    size: str
    by: str
    at: str


def present_evidence(files: Iterable[Evidence]) -> list[FileView]:
    """Return the files as shown."""
    return [
        FileView(
            pk=file.pk,
            name=file.name,
            url=reverse("indicators:evidence-file", args=[file.pk]),
            size=write_size(file.size),
            by=str(file.uploaded_by),
            at=format_instant(file.uploaded_at),
        )
        for file in files
    ]


def write_size(size: int) -> str:
    """Return bytes as kB or MB of 1024 each, e.g. 1.4 MB."""
    kilobytes = size / 1024
    if kilobytes < 1024:
        return f"{format_trimmed(max(kilobytes, 1.0), 0)}{NO_BREAK_SPACE}kB"
    return f"{format_trimmed(kilobytes / 1024, 1)}{NO_BREAK_SPACE}MB"
