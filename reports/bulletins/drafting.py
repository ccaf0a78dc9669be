"""Writes the sections of a bulletin from the results that it is about."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import override

from reports.bulletins import words
from reports.bulletins.content import BulletinContent, load_bulletin
from reports.bulletins.figures import freeze_figures, make_figures
from reports.bulletins.text import write_text, write_title
from reports.documents.blocks import Block, Paragraph
from reports.scopes import PageContext

Section = Mapping[str, Any]
"""`key`, `text` and `figures` as `Bulletin.sections` keeps them."""


def draft(page: PageContext, keys: Sequence[str] = tuple(words.HEADINGS)) -> tuple[str, list[Section]]:
    """Return the title and the sections of these keys, always in Chinese; twenty-odd queries, whatever their number."""
    with override("zh-hans"):
        content = load_bulletin(page)
        return write_title(content), [_write(key, content) for key in keys]


def _write(key: str, content: BulletinContent) -> Section:
    figures = make_figures(key, content)
    if key == list(words.HEADINGS)[-1]:
        figures += _note_demonstration(content)
    return {"key": key, "text": write_text(key, content), "figures": freeze_figures(figures)}


def _note_demonstration(content: BulletinContent) -> list[Block]:
    """Return the note that no editing takes away: numbers made for show are never issued as if they were real."""
    return [Paragraph(words.SHOWN, is_small=True)] if content.cell.demonstration else []
