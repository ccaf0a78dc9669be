"""Chinese names by the first letters of their sounds: 长治市 is found by czs, as an office types it."""

import unicodedata
from functools import lru_cache

NAMES_KEPT = 20_000


@lru_cache(maxsize=NAMES_KEPT)
def normalise(text: str) -> str:
    """Return text as it is compared: full-width letters and digits narrow, capitals small, no space at the ends."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


@lru_cache(maxsize=NAMES_KEPT)
def list_initials(text: str) -> tuple[str, ...]:
    """Return the letters with which each character may begin, one string a character: ("cz", "z", "s") for 长治市.

    Characters with several sounds keep all of them, since a dictionary of phrases knows few names of places.
    Anything that is not Chinese stands for itself. The answer depends on the text alone and is kept by it.
    """
    from pypinyin import Style, pinyin  # its dictionary takes a second to load, which only a search should pay

    found: list[str] = []
    for sounds in pinyin(normalise(text), style=Style.FIRST_LETTER, heteronym=True):
        # A run without Chinese comes back as one piece.
        found.extend(sounds[0] if len(sounds) == 1 else ["".join(sounds)])
    return tuple(found)


def find_initials(text: str, letters: str) -> int:
    """Return at which character of `text` the letters begin to fit its initials; -1 where they fit nowhere."""
    if not letters or not (letters.isascii() and letters.isalnum()):
        return -1
    initials = list_initials(text)
    for start in range(len(initials) - len(letters) + 1):
        if all(letter in initials[start + place] for place, letter in enumerate(letters)):
            return start
    return -1
