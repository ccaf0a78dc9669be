"""Words put together in either language: lists, sentences, and the words in them that stand out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from qscounty.web.formats import is_chinese

OPEN, CLOSE = "[[", "]]"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words; `stands_out` is set in the colour of a warning."""

    text: str
    stands_out: bool = False


def split_emphasis(text: str) -> list[Piece]:
    """Return the runs of a sentence in which [[…]] marks what stands out."""
    pieces: list[Piece] = []
    for number, part in enumerate(text.split(OPEN)):
        inside, closed, rest = part.partition(CLOSE)
        if number == 0 or not closed:
            pieces.append(Piece(part))
        else:
            pieces.extend([Piece(inside, stands_out=True), Piece(rest)])
    return [piece for piece in pieces if piece.text]


def drop_emphasis(text: str) -> str:
    """Return the sentence without its marks, for titles and cells."""
    return text.replace(OPEN, "").replace(CLOSE, "")


def join_words(words: Sequence[str]) -> str:
    """Return words as an enumeration: 甲、乙和丙 or A, B and C."""
    if len(words) < 2:
        return "".join(words)
    separator = "、" if is_chinese() else ", "
    return _("%(most)s and %(last)s") % {"most": separator.join(words[:-1]), "last": words[-1]}


def join_clauses(clauses: Sequence[str]) -> str:
    """Return parts of one sentence, parted by commas: 甲，乙，丙 or a, b and c."""
    if is_chinese():
        return "，".join(clauses)
    return join_words(clauses)


def join_sentences(sentences: Iterable[str]) -> str:
    """Return sentences one after the other; Chinese needs no space between them."""
    return ("" if is_chinese() else " ").join(sentence for sentence in sentences if sentence)
