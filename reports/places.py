"""Places in a league: equal values share one, and what is too little to rank has none."""

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext as _

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Place:
    """1 is the best; `is_tied` where others share it."""

    number: int
    is_tied: bool

    @property
    def text(self) -> str:
        """The place as it stands in the table."""
        return _("tied %(place)d") % {"place": self.number} if self.is_tied else str(self.number)


def rank(values: Mapping[Key, float], *, decimals: int = 1, is_lower_better: bool = False) -> dict[Key, Place]:
    """Return the place of each value, best first; values that look the same on the page share one.

    After a shared place as many are left out as share it: 1, 2, 2, 4.
    """
    shown = {key: round(value, decimals) for key, value in values.items()}
    counts = Counter(shown.values())
    ordered = sorted(counts, reverse=not is_lower_better)
    first: dict[float, int] = {}
    place = 1
    for value in ordered:
        first[value] = place
        place += counts[value]
    found = {key: Place(first[value], counts[value] > 1) for key, value in shown.items()}
    return dict(sorted(found.items(), key=lambda item: item[1].number))
