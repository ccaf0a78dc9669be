"""Where the letters of a programme stand: not issued, issued, or changed since; and the addendum that would follow."""

from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import pgettext_lazy

from indicators.models import Programme
from reports.letters.changes import Change, list_changes
from reports.letters.terms import Recipient, Term, freeze_terms, hash_of, load_terms
from reports.models import Letter


class LetterState(models.TextChoices):
    """Where the letter of one recipient stands; derived, never stored."""

    NOT_ISSUED = "not_issued", pgettext_lazy("letter", "Not issued")
    ISSUED = "issued", pgettext_lazy("letter", "Issued")
    CHANGED = "changed", pgettext_lazy("letter", "Changed since: addendum needed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One recipient: what is given now, every letter so far (oldest first), and what changed since the newest."""

    recipient: Recipient
    terms: list[Term]
    letters: list[Letter] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def state(self) -> LetterState:
        """Where the letter stands."""
        if not self.letters:
            return LetterState.NOT_ISSUED
        return LetterState.CHANGED if self.changes else LetterState.ISSUED

    @property
    def newest(self) -> Letter | None:
        """The letter or addendum that counts."""
        return self.letters[-1] if self.letters else None

    @property
    def seen(self) -> str:
        """A word for what would be issued: another word once targets or letters have moved on."""
        return hash_of([freeze_terms(self.terms), len(self.letters)])


def list_standings(programme: Programme) -> list[Standing]:
    """Return the standing of every recipient, those included that have a letter and no target any more."""
    terms = load_terms(programme)
    letters: dict[Recipient, list[Letter]] = {}
    related = ("region", "department__region", "issued_by")
    for letter in Letter.objects.filter(programme=programme).select_related(*related).order_by("number"):
        letters.setdefault(Recipient(letter.region, letter.department), []).append(letter)
    return [
        _stand(recipient, terms.get(recipient, []), letters.get(recipient, [])) for recipient in {**terms, **letters}
    ]


def _stand(recipient: Recipient, terms: list[Term], letters: list[Letter]) -> Standing:
    changes = list_changes(letters[-1].content["terms"], freeze_terms(terms)) if letters else []
    return Standing(recipient=recipient, terms=terms, letters=letters, changes=changes)


def name_standings(standings: list[Standing]) -> str:
    """Return a word for everything that would be issued at once."""
    return hash_of([[*standing.recipient.key, standing.seen] for standing in standings])
