"""The sentence with which each page opens, written from the data in either language.

Marked [[…]] is what stands out. Every sentence is right for none, one, many and all; tests hold a table of them.
"""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from indicators.domains import Domain
from indicators.labels import DOMAINS, GAPS, Gap
from qscounty.web.formats import compare, format_number, is_chinese
from qscounty.web.sentences import join_clauses, join_sentences
from reports.cells import Cell
from reports.places import Place

COMPARABLE_SHARE = 0.25
"""By how much the number due may differ from the quarter before for the counts to be compared."""


def write_overview(cell: Cell, *, domains: Mapping[Domain, Cell], before: Cell | None) -> str:
    """Return how many are due and how they stand, where the red is, and what changed since last quarter."""
    rest = [write_concentration({domain: part.red for domain, part in domains.items()}), write_change(cell, before)]
    told = [part for part in rest if part]
    return join_sentences([write_counts(cell), _finish(told) if told else ""])


def write_counts(cell: Cell) -> str:
    """Return how the targets due stand, as one sentence."""
    if not cell.total:
        return _("No target is set here for this quarter.")
    if not cell.due:
        return _write_nothing_due(cell)
    if not cell.reported:
        return _write_none_reported(cell.due)
    if cell.green == cell.due:
        if cell.due == 1:
            return _("The one target due is on target.")
        return _("All %(count)d targets due are on target.") % {"count": cell.due}
    return ngettext("Of %(count)d target due, %(parts)s.", "Of %(count)d targets due, %(parts)s.", cell.due) % {
        "count": cell.due,
        "parts": join_clauses(_list_parts(cell)),
    }


def _list_parts(cell: Cell) -> list[str]:
    parts = [
        ngettext("%(count)d is on target", "%(count)d are on target", cell.green) % {"count": cell.green}
        if cell.green
        else _("none is on target")
    ]
    wordings = [
        (cell.amber, pgettext("counted", "%(count)d close")),
        (cell.red, pgettext("counted", "[[%(count)d behind]]")),
        (cell.not_reported, pgettext("counted", "%(count)d not reported")),
        (cell.not_computable, pgettext("counted", "%(count)d not computable")),
    ]
    return parts + [wording % {"count": count} for count, wording in wordings if count]


def write_calm(cell: Cell) -> str:
    """Return what stands where nothing needs attention: nothing is wrong, or nothing was asked for."""
    if not cell.due:
        return _("Nothing is due this quarter, so nothing can be behind.")
    return _("Nothing is behind, at risk or missing.")


def _write_nothing_due(cell: Cell) -> str:
    counts = [(cell.not_due, Gap.NOT_DUE), (cell.awaiting, Gap.AWAITING), (cell.not_applicable, Gap.NOT_APPLICABLE)]
    parts = [
        pgettext("counted", "%(count)d %(gap)s") % {"count": count, "gap": in_sentence(str(GAPS[gap]))}
        for count, gap in counts
        if count
    ]
    return _("Nothing is due this quarter: %(parts)s.") % {"parts": join_clauses(parts)}


def _write_none_reported(due: int) -> str:
    if due == 1:  # Chinese has one form for all numbers, and "all" of one reads badly
        return _("The one target due is [[not reported]].")
    return _("[[None]] of the %(count)d targets due is reported.") % {"count": due}


def write_concentration(reds: Mapping[Domain, int]) -> str:
    """Return in which domains the red lies; empty where there is none, or only one domain to name."""
    red = sum(reds.values())
    holders = sorted((domain for domain in reds if reds[domain]), key=lambda domain: -reds[domain])
    if not red or len(reds) < 2:
        return ""
    name = {"domain": in_sentence(str(DOMAINS[holders[0]])), "count": len(holders)}
    if red == 1:
        return _("the one behind is in [[%(domain)s]]") % name
    if len(holders) == 1:
        return _("all of those behind are in [[%(domain)s]]") % name
    if reds[holders[0]] * 2 > red:
        return _("those behind are mostly in [[%(domain)s]]") % name
    return _("those behind are spread over %(count)d domains") % name


def write_change(cell: Cell, before: Cell | None) -> str:
    """Return how many more or fewer are on target than a quarter before; empty where nothing was rated then.

    Where many more or fewer were due then, that is said instead: counts of different things do not compare.
    """
    if before is None or not before.rated or not cell.rated:
        return ""
    if abs(cell.due - before.due) > before.due * COMPARABLE_SHARE:
        return ngettext(
            "%(count)d was due in the quarter before", "%(count)d were due in the quarter before", before.due
        ) % {"count": before.due}
    more = cell.green - before.green
    if more == 0:
        return _("as many are on target as in the quarter before")
    if more > 0:
        text = ngettext(
            "%(count)d more is on target than in the quarter before",
            "%(count)d more are on target than in the quarter before",
            more,
        )
    else:
        text = ngettext(
            "%(count)d fewer is on target than in the quarter before",
            "%(count)d fewer are on target than in the quarter before",
            -more,
        )
    return text % {"count": abs(more)}


def write_slice(name: str, cell: Cell, *, before: Cell | None, rank: tuple[Place, int] | None, peers: str) -> str:
    """Return score, place among `rank[1]` peers and change of a region, domain or department.

    `peers` is what they are, in the plural. A cell without enough figures says so instead.
    """
    if not cell.due:
        return _("%(name)s: nothing is due this quarter.") % {"name": name}
    if not cell.is_rated or cell.score is None:
        return _("%(name)s: [[too little]] is reported to say anything, %(reported)d of %(due)d.") % {
            "name": name,
            "reported": cell.reported,
            "due": cell.due,
        }
    score = _("%(name)s scores %(score)s") % {"name": name, "score": format_number(cell.score, 1)}
    parts = [score]
    if rank is not None and rank[1] > 1:
        parts.append(_write_place(rank[0], of=rank[1], peers=peers))
    text = (_COMMA_ZH if is_chinese() else ", ").join(parts)
    change = _write_score_change(cell, before)
    return _finish([text, change]) if change else _finish([text])


_COMMA_ZH = "，"


def _write_place(place: Place, *, of: int, peers: str) -> str:
    words = {"place": place.number, "of": of, "peers": peers}
    if place.is_tied:
        return _("tied for place %(place)d of %(of)d %(peers)s") % words
    return _("place %(place)d of %(of)d %(peers)s") % words


def _write_score_change(cell: Cell, before: Cell | None) -> str:
    change = compare(cell.score, before.score if before is not None else None)
    if change is None:
        return ""
    if change.direction == "same":
        return _("unchanged since the quarter before")
    if change.direction == "up":
        return _("%(points)s points more than the quarter before") % {"points": change.size}
    return _("[[%(points)s points less]] than the quarter before") % {"points": change.size}


def write_ranking(cells: Mapping[str, Cell], *, peers: str) -> str:
    """Return how many of the named cells have which colour, and which is first and which last.

    Cells whose scores look the same share the first or last place: none of them is named before the others.
    """
    if not cells:
        return _("Nothing has a result here yet.")
    return join_sentences([_write_colours(cells, peers), _write_ends(cells, peers)])


def _write_colours(cells: Mapping[str, Cell], peers: str) -> str:
    ratings = [cell.mark.letter if cell.due else "" for cell in cells.values()]
    wordings = [
        (ratings.count("G"), pgettext("places", "%(count)d on target")),
        (ratings.count("A"), pgettext("places", "%(count)d close")),
        (ratings.count("R"), pgettext("places", "[[%(count)d behind]]")),
        (ratings.count("N"), pgettext("places", "%(count)d with too little reported")),
        (ratings.count(""), pgettext("places", "%(count)d with nothing due")),
    ]
    if len(set(ratings)) == 1:
        return _write_all_alike(next(iter(cells.items())), count=len(cells), peers=peers)
    parts = join_clauses([wording % {"count": count} for count, wording in wordings if count])
    return _("%(count)d %(peers)s: %(parts)s.") % {"count": len(cells), "peers": peers, "parts": parts}


def _write_all_alike(first: tuple[str, Cell], *, count: int, peers: str) -> str:
    name, cell = first
    states = {
        "G": pgettext("all places", "on target"),
        "A": pgettext("all places", "close"),
        "R": pgettext("all places", "[[behind]]"),
        "N": pgettext("all places", "[[too little reported]]"),
    }
    state = states[cell.mark.letter] if cell.due else pgettext("all places", "nothing due")
    if count == 1:
        return _("%(name)s alone: %(state)s.") % {"name": name, "state": state}
    return _("All %(count)d %(peers)s: %(state)s.") % {"count": count, "peers": peers, "state": state}


def _write_ends(cells: Mapping[str, Cell], peers: str) -> str:
    """Return who has the highest and who the lowest score as shown; empty where fewer than two have one."""
    rated = {name: round(cell.score, 1) for name, cell in cells.items() if cell.is_rated and cell.score is not None}
    if len(rated) < 2:
        return ""
    most, least = max(rated.values()), min(rated.values())
    words: dict[str, object] = {"most": format_number(most, 1), "least": format_number(least, 1)}
    if most == least:
        return (
            _("Each scores %(most)s.") % words
            if len(rated) == len(cells)
            else _("Each rated one has %(most)s.") % words
        )
    best, worst = ([name for name, score in rated.items() if score == end] for end in (most, least))
    words |= {"best": _name_end(best, peers), "worst": _name_end(worst, peers)}
    if len(best) == len(worst) == 1:
        return _("Highest is %(best)s with %(most)s, lowest %(worst)s with %(least)s.") % words
    return _("Highest: %(best)s with %(most)s; lowest: %(worst)s with %(least)s.") % words


def _name_end(names: Sequence[str], peers: str) -> str:
    return names[0] if len(names) == 1 else _("%(count)d %(peers)s tied") % {"count": len(names), "peers": peers}


def write_list(total: int, *, counts: Mapping[str, int], is_filtered: bool) -> str:
    """Return how many results a list holds and how they stand; `counts` by the letter of the rating."""
    if not total:
        return _("No target fits this choice.") if is_filtered else _("There are no results for this quarter yet.")
    wordings = [
        (counts.get("G", 0), pgettext("counted", "%(count)d on target")),
        (counts.get("A", 0), pgettext("counted", "%(count)d close")),
        (counts.get("R", 0), pgettext("counted", "[[%(count)d behind]]")),
        (counts.get("N", 0), pgettext("counted", "%(count)d without a rating")),
    ]
    parts = join_clauses([wording % {"count": count} for count, wording in wordings if count])
    return ngettext("%(count)d target: %(parts)s.", "%(count)d targets: %(parts)s.", total) % {
        "count": total,
        "parts": parts,
    }


def write_programme(*, targets: int, clauses: int, due: Sequence[tuple[str, int]], doubtful: int) -> str:
    """Return how many targets a programme sets, when most are due, and how many are doubtful."""
    if not targets:
        return _("This programme sets no target yet.")
    first = ngettext("%(count)d target", "%(count)d targets", targets) % {"count": targets}
    second = ngettext("%(count)d clause", "%(count)d clauses", clauses) % {"count": clauses}
    told = [_("%(targets)s in %(clauses)s") % {"targets": first, "clauses": second}]
    if due and due[0][1] == targets > 1:
        told.append(_("all due by %(quarter)s") % {"quarter": due[0][0]})
    elif due:
        told.append(_("%(count)d due by %(quarter)s") % {"count": due[0][1], "quarter": due[0][0]})
    if doubtful:
        told.append(ngettext("[[%(count)d doubtful]]", "[[%(count)d doubtful]]", doubtful) % {"count": doubtful})
    return _finish([(_COMMA_ZH if is_chinese() else ", ").join(told)])


def in_sentence(name: str) -> str:
    """Return a label as it stands inside a sentence: without its capital in English, unless it is all capitals."""
    return name if is_chinese() or name[1:2].isupper() else name[:1].lower() + name[1:]


def _finish(parts: Sequence[str]) -> str:
    """Return parts of a sentence joined by semicolons, with a capital and a full stop."""
    if is_chinese():
        return "；".join(parts) + "。"
    text = "; ".join(parts) + "."
    marked = text.startswith("[[")
    return f"[[{text[2:3].upper()}{text[3:]}" if marked else text[:1].upper() + text[1:]
