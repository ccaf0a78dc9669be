"""How a rating is shown: colour letter, shape and word, the three always together."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from indicators.engine.target import Gap, Rating
from indicators.labels import GAPS, RATINGS

SHAPES = {Rating.GREEN: "●", Rating.AMBER: "▲", Rating.RED: "■"}
LETTERS = {Rating.GREEN: "G", Rating.AMBER: "A", Rating.RED: "R", Rating.GREY: "N"}
GAP_SHAPES = {
    Gap.NOT_REPORTED: "◌",
    Gap.NOT_DUE: "◇",
    Gap.AWAITING: "◔",
    Gap.NOT_APPLICABLE: "○",
    Gap.NOT_COMPUTABLE: "×",
}
TOO_LITTLE = pgettext_lazy("cell", "Too little reported")


@dataclass(frozen=True, slots=True)
class Mark:
    """`letter` is the style (G, A, R, N), `shape` stands before the word and is "" for the hatched greys."""

    letter: str
    shape: str
    word: str | Promise

    @property
    def is_grey(self) -> bool:
        """Whether there is no rating."""
        return self.letter == "N"


def mark_result(rating: int, gap: int) -> Mark:
    """Return the mark of one result; grey bears the name of its gap."""
    if rating == Rating.GREY:
        return Mark(LETTERS[Rating.GREY], "", GAPS.get(gap, RATINGS[Rating.GREY]))
    return mark_rating(rating)


def mark_rating(rating: int) -> Mark:
    """Return the mark of a cell of many results; grey says that too little is reported."""
    kind = Rating(rating)
    word = TOO_LITTLE if kind is Rating.GREY else RATINGS[kind]
    return Mark(LETTERS[kind], SHAPES.get(kind, ""), word)
