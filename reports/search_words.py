"""The sentence over the hits of a search."""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from qscounty.web.formats import is_chinese
from qscounty.web.sentences import join_words


def write_search(question: str, counts: Sequence[tuple[str, Mapping[str, int]]], *, is_narrow: bool) -> str:
    """Return what was found, as one sentence.

    `counts` has for each programme with a hit its short name, and the number of hits by the name of their kind,
    without zeros. `is_narrow` where the page's own programme alone was searched.
    """
    if not question:
        return _("Search targets, clauses, regions and departments by words or pinyin initials.")
    kinds: Counter[str] = Counter()
    for _name, found in counts:
        kinds.update(found)
    if not kinds:
        return _write_nothing(question, is_narrow=is_narrow)
    total = kinds.total()
    values = {"count": total, "question": question, "parts": join_words(_list_parts(kinds))}
    if is_narrow:
        return (
            ngettext(
                "%(count)d hit for “%(question)s”: %(parts)s.",
                "%(count)d hits for “%(question)s”: %(parts)s.",
                total,
            )
            % values
        )
    return ngettext(
        "%(count)d hit for “%(question)s” in %(where)s: %(parts)s.",
        "%(count)d hits for “%(question)s” in %(where)s: %(parts)s.",
        total,
    ) % (values | {"where": _write_where([name for name, _found in counts])})


def _write_nothing(question: str, *, is_narrow: bool) -> str:
    if is_narrow:
        return _("Nothing fits “%(question)s” in this programme.") % {"question": question}
    return _("Nothing fits “%(question)s” in any programme that you may see.") % {"question": question}


def _write_where(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return ngettext("%(count)d programme", "%(count)d programmes", len(names)) % {"count": len(names)}


def _list_parts(kinds: Mapping[str, int]) -> list[str]:
    return [
        pgettext("found", "%(count)d in %(kind)s") % {"count": count, "kind": kind if is_chinese() else kind.lower()}
        for kind, count in kinds.items()
    ]
