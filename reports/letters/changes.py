"""What changed between two letters to the same recipient, line by line. Pure: frozen terms in, changes out.

Everything that a row of a letter says is compared, and nothing else: whoever reads letter and addenda knows all that
holds. A target is the same target under its code; its versions share it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from reports.letters import words

Term = Mapping[str, Any]
"""One target as a letter says it; see `terms.Term` for the fields."""

FIELDS: tuple[tuple[str, str], ...] = (
    ("name", words.NAME),
    ("clause", words.CLAUSE),
    ("bound", words.BOUND),
    ("due", words.DUE),
    ("role", words.ROLE),
    ("lead", words.LEADING),
    ("supporting", words.HELPING),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that an addendum lists. `before` is "" for what was added, `after` for what was removed."""

    kind: str
    clause: str
    name: str
    what: str
    before: str
    after: str

    def freeze(self) -> dict[str, str]:
        """Return the change as it is kept in a letter."""
        return asdict(self)


def list_changes(before: Sequence[Term], after: Sequence[Term]) -> list[Change]:
    """Return every change in the order of the newer terms, then what was removed in the order of the older ones."""
    old = {term["key"]: term for term in before}
    kept = {term["key"] for term in after}
    changes: list[Change] = []
    for term in after:
        known = old.get(term["key"])
        changes += [_add(term)] if known is None else _compare(known, term)
    return changes + [_remove(term) for term in before if term["key"] not in kept]


def _add(term: Term) -> Change:
    return Change(
        kind=words.ADDED, clause=term["clause"], name=term["name"], what=words.ADDED, before="", after=_sum_up(term)
    )


def _remove(term: Term) -> Change:
    return Change(
        kind=words.REMOVED, clause=term["clause"], name=term["name"], what=words.REMOVED, before=_sum_up(term), after=""
    )


def _sum_up(term: Term) -> str:
    """Return what a target asks in one line: bound, date, role, and what regions are given."""
    parts = [term["bound"], term["due"], term["role"], *(f"{region} {bound}" for region, bound in term["parts"])]
    return "；".join(part for part in parts if part)


def _compare(before: Term, after: Term) -> Iterator[Change]:
    pairs = [(word, before[name], after[name]) for name, word in FIELDS]
    old, new = dict(before["parts"]), dict(after["parts"])
    pairs += [(f"{words.PART}（{region}）", old.get(region, ""), new.get(region, "")) for region in {**new, **old}]
    for what, was, becomes in pairs:
        if was != becomes:
            yield Change(
                kind=words.CHANGED,
                clause=after["clause"],
                name=after["name"],
                what=what,
                before=was or words.NONE,
                after=becomes or words.NONE,
            )
