"""The sentences of a bulletin, in Chinese; each is right for none, one, many and all.

Conclusion and ranking are the sentences of the pages and of the annual analysis. The caller has chosen Chinese.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from qscounty.web.formats import compare, format_number, format_quarter, format_ratio, format_share
from qscounty.web.sentences import drop_emphasis
from qscounty.web.shares import share_out
from reports.annual.content import Reporting
from reports.annual.text import LOW_SHARE, close_up, write_ranking
from reports.bulletins import words
from reports.bulletins.content import BulletinContent
from reports.cells import Cell
from reports.league import LeagueRow
from reports.letters.words import write_day
from reports.sentences import write_overview

NAMED_MOST = 10
LEADS_NAMED = 3
_YEAR = re.compile(r"[0-9]{4}$")
"""The year that some programmes bear at the end of their short name; the quarter's own stands beside it."""


def write_title(content: BulletinContent) -> str:
    """Return what the bulletin is called."""
    page = content.page
    quarter = format_quarter(page.quarter.year, page.quarter.number)
    programme = _YEAR.sub("", page.programme.short_zh)
    return close_up(words.TITLE.format(quarter=quarter, programme=programme))


def write_text(key: str, content: BulletinContent) -> str:
    """Return the text of a section, a line for each paragraph. Errors: KeyError for a section that is not known."""
    return close_up(_WRITERS[key](content))


def _write_addressee(content: BulletinContent) -> str:
    return words.ADDRESSEES[content.page.programme.region.level]  # type: ignore[index]


def _write_opening(content: BulletinContent) -> str:
    page, day = content.page, content.as_of
    document = f"（{page.programme.document_number}）" if page.programme.document_number else ""
    if day is None:
        basis = words.FROM_NOTHING
    elif page.publication is not None:
        basis = words.FROM_EDITION.format(edition=page.publication.edition, day=write_day(day))
    else:
        basis = words.FROM_APPROVED.format(day=write_day(day))
    quarter = format_quarter(page.quarter.year, page.quarter.number)
    name = page.programme.name_zh
    return words.OPENING_TEXT.format(name=name, document=document, quarter=quarter, basis=basis)


def _write_overall(content: BulletinContent) -> str:
    cell = content.cell
    told = drop_emphasis(write_overview(cell, domains=content.domains, before=content.before))
    return "\n".join(part for part in (told, write_shares(cell), write_score(cell, content.before)) if part)


def write_shares(cell: Cell) -> str:
    """Return the shares of what is due, which add to 100.0; empty where nothing is."""
    if not cell.due:
        return ""
    parts = cell.bar
    shares = dict(zip(parts, share_out(list(parts.values())), strict=True))
    return words.SHARES.format(due=cell.due, **shares)


def write_score(cell: Cell, before: Cell | None) -> str:
    """Return the score and its change since the quarter before; empty where nothing is due."""
    if not cell.due:
        return ""
    if not cell.is_rated:
        return words.NO_SCORE
    said = words.SCORE_SAID.format(score=format_number(cell.score, 1))
    change = compare(cell.score, before.score if before is not None and before.is_rated else None)
    if change is None:
        return f"{said}。"
    ending = words.CHANGES.get(change.direction, words.CHANGES["down"]).format(size=change.size)
    return f"{said}，{ending}。"


def _write_ranking(content: BulletinContent) -> str:
    return write_ranking(content.league.rows)


def _write_mentions(content: BulletinContent) -> str:
    share = format_ratio(LOW_SHARE, 0)
    return "\n".join(
        [
            words.PRAISE,
            _write_praise(content),
            words.NAME,
            *_write_named(content, share),
            words.RULE.format(share=share),
        ]
    )


def _write_praise(content: BulletinContent) -> str:
    if not content.league.rows:
        return words.NO_REGIONS
    praised = content.mentions.praised
    return words.PRAISED.format(names=_list_regions(praised)) if praised else words.NOBODY_PRAISED


def _write_named(content: BulletinContent, share: str) -> list[str]:
    found = content.mentions
    parts = [
        words.NAMED.format(names=_list_regions(found.named)) if found.named else "",
        words.UNRANKED.format(names=_list_regions(found.unranked)) if found.unranked else "",
        words.LATE.format(names=_list_late(content, found.late), share=share) if found.late else "",
    ]
    return [part for part in parts if part] or [words.NOBODY_NAMED]


def _list_regions(rows: Sequence[LeagueRow]) -> str:
    return join_names([row.region.name_zh for row in rows], words.REGIONS)


def _list_late(content: BulletinContent, late: Sequence[Reporting]) -> str:
    root = content.page.root.pk
    return join_names(
        [
            f"{'' if one.department.region_id == root else one.department.region.name_zh}{one.department.short_zh}"
            f"（{format_share(one.reported, one.due)}）"
            for one in late
        ],
        words.DEPARTMENTS,
    )


def join_names(names: Sequence[str], noun: str) -> str:
    """Return names in a row; of many the first, with how many there are of what `noun` says."""
    more = words.MORE.format(count=len(names), noun=noun) if len(names) > NAMED_MOST else ""
    return words.SEPARATOR.join(names[:NAMED_MOST]) + more


def _write_behind(content: BulletinContent) -> str:
    if not content.cell.rated:
        return words.NOTHING_RATED
    if not content.behind_count:
        return words.NOTHING_BEHIND
    shown = len(content.behind)
    silent = sum(not one.explanation for one in content.behind)
    said = words.ALL_SAID if not silent else words.NONE_SAID if silent == shown else words.SOME_SAID
    listed = words.ALL_SHOWN if shown == content.behind_count else words.FIRST_SHOWN
    return words.SOME_BEHIND.format(
        count=content.behind_count, shown=listed.format(count=shown), said=said.format(count=silent)
    )


def _write_demands(content: BulletinContent) -> str:
    cell = content.cell
    wordings = [
        (content.behind_count, _write_fix(content)),
        (content.out_of_reach, words.LOST),
        (cell.at_risk, words.WATCH),
        (cell.not_reported, words.REPORT),
    ]
    told = [wording.format(count=count) for count, wording in wordings if count] + [words.KEEP]
    if len(told) == 1:
        return told[0]
    return "\n".join(
        words.DEMAND.format(number=number, text=text) for number, text in zip(words.NUMBERS, told, strict=False)
    )


def _write_fix(content: BulletinContent) -> str:
    """Return who has to put right what is behind: the departments with the most of the list first."""
    counts = Counter(one.result.department.short_zh for one in content.behind)
    leads = [name for name, _count in counts.most_common(LEADS_NAMED)]
    wording = words.FIX if len(counts) > LEADS_NAMED else words.FIX_FEW
    # The names are people's words: braces in them are not places for numbers.
    return wording.format(leads=words.SEPARATOR.join(leads)).replace("{", "{{").replace("}", "}}")


_WRITERS: dict[str, Callable[[BulletinContent], str]] = {
    words.ADDRESSEE: _write_addressee,
    words.OPENING: _write_opening,
    words.OVERALL: _write_overall,
    words.RANKING: _write_ranking,
    words.MENTIONS: _write_mentions,
    words.BEHIND: _write_behind,
    words.DEMANDS: _write_demands,
}
