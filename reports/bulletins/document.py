"""The Word document of a bulletin, composed from what is kept alone: the same text and figures give the same bytes."""

import re
from collections.abc import Iterator
from datetime import date

from django.utils import timezone

from reports.bulletins import words
from reports.bulletins.figures import thaw_figures
from reports.documents.blocks import Block, Closing, Heading, Paragraph, Title
from reports.documents.writer import write_document
from reports.letters.words import write_day
from reports.models import Bulletin

SUBHEADING = re.compile(r"（[一二三四五六七八九十]+）[^。，；：]{1,30}")
"""A line of its own like （一）表扬; one with a sentence in it is a paragraph."""
ONE_LINE = 18
"""Characters of a title in a line."""
_NOTE, _COLON = "注：", "："


def write_bulletin(bulletin: Bulletin) -> bytes:
    """Return the bytes of the document: of a draft with the day on which it was last saved."""
    return write_document(compose_bulletin(bulletin), name=bulletin.title, on=_find_day(bulletin))


def name_file(bulletin: Bulletin) -> str:
    """Return the name under which the file is handed out."""
    serial = bulletin.serial or words.DRAFT_FILE
    return words.FILE.format(programme=bulletin.programme.short_zh, quarter=bulletin.quarter, serial=serial)


def compose_bulletin(bulletin: Bulletin) -> Iterator[Block]:
    """Yield title with serial number, the sections with their figures, and who issues."""
    yield Title(break_title(bulletin.title), bulletin.serial or words.DRAFT)
    for section in bulletin.sections:
        figures = thaw_figures(section["figures"])
        lines = [line.strip() for line in section["text"].splitlines() if line.strip()]
        if not lines and not figures:
            continue
        if words.HEADINGS[section["key"]]:
            yield Heading(words.HEADINGS[section["key"]])
        for line in lines:
            yield write_line(line, is_address=section["key"] == words.ADDRESSEE)
        yield from figures
    yield Closing(bulletin.office.name_zh, write_day(_find_day(bulletin)))


def break_title(title: str) -> str:
    """Return a title that is too long for a line with a break where its words end, where that is known."""
    before, name, after = title.partition(words.TITLE_END)
    return f"{before}\n{name}{after}" if len(title) > ONE_LINE and before and name else title


def write_line(line: str, *, is_address: bool) -> Block:
    """Return a line of the text as what it is: whom it addresses, a heading, a note or a paragraph."""
    if SUBHEADING.fullmatch(line):
        return Heading(line, 2)
    if line.startswith(_NOTE):
        return Paragraph(line, is_small=True)
    return Paragraph(line, is_indented=not (is_address and line.endswith(_COLON)))


def _find_day(bulletin: Bulletin) -> date:
    return timezone.localdate(bulletin.issued_at or bulletin.edited_at)
