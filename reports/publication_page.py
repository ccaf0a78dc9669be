"""The pages of publications: the state of the quarter, its editions, and what changed between two of them."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from uuid import uuid4

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from indicators.permissions import can_export
from qscounty.web.formats import format_number, format_quarter
from qscounty.web.sentences import join_sentences, join_words
from qscounty.web.times import format_instant
from reports.alarms import find_alarm
from reports.bulletin_page import BulletinRow, list_issued
from reports.catalogue_copies import copy_now, load_copy
from reports.changes import find_changed, has_changed, list_frozen, list_live
from reports.differences import DifferenceLine, list_differences
from reports.editions import QuarterState, find_state, is_provisional
from reports.models import Publication
from reports.permissions import can_confirm, can_publish
from reports.pickers import name_edition
from reports.publication_forms import AskForm, PublishForm
from reports.scopes import PageContext

SHOWN = 500
NOW = "now"
"""The word in addresses for results as they stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionRow:
    """One edition in the list of a quarter."""

    name: str
    url: str
    at: str
    asked_by: str
    published_by: str
    reason: str
    results: str
    changes: str
    code: str


@dataclass(frozen=True, kw_only=True)
class PublicationList:
    """Everything that the page of a quarter shows."""

    page: PageContext
    state: QuarterState
    lede: str
    sub: str
    hints: list[str]
    rows: list[EditionRow]
    asked: Publication | None
    asked_at: str
    ask: AskForm | None
    confirm: PublishForm | None
    bulletins: list[BulletinRow]


@dataclass(frozen=True, kw_only=True)
class PublicationDetail:
    """Everything that the page of an edition shows. `sides` are the names of what is compared, empty for nothing.

    `choices` are what the edition can be compared with: address word, name, whether it is chosen.
    """

    page: PageContext
    publication: Publication
    lede: str
    sub: str
    facts: list[tuple[str, str]]
    parts: list[tuple[str, str, str]]
    board_url: str
    workbook_url: str
    """Empty for whoever may not have files."""
    sides: tuple[str, str] | None
    choices: list[tuple[str, str, bool]]
    alarm: str
    lines: list[DifferenceLine] = field(default_factory=list)
    more: int = 0


def make_publication_list(page: PageContext, *, typed: str = "") -> PublicationList:
    """Return the page of the quarter; `typed` is the reason of a form that was refused."""
    state = find_state(programme=page.programme, quarter=page.quarter)
    fields = {"seen": state.seen, "key": uuid4()}
    may_ask = can_publish(page.user, page.programme) and state.is_publishable
    may_ask = may_ask and (state.newest is None or has_changed(state.newest))
    may_confirm = state.asked is not None and state.is_publishable and can_confirm(page.user, state.asked)
    changes = _count_changes(state)
    return PublicationList(
        page=page,
        state=state,
        lede=write_state(state, changes=changes[0] if changes else 0),
        sub=_("A publication freezes figures, targets, thresholds and results. Later corrections make a new edition."),
        hints=list_hints(state),
        rows=[_make_row(page, edition, changes[place + 1]) for place, edition in enumerate(state.published)],
        asked=state.asked,
        asked_at=format_instant(state.asked.asked_at) if state.asked else "",
        ask=AskForm(initial=fields | {"reason": typed}) if may_ask else None,
        confirm=PublishForm(initial=fields, auto_id=False) if may_confirm else None,
        bulletins=list_issued(page),
    )


def _count_changes(state: QuarterState) -> list[int]:
    """Return how many results differ: now from the newest edition, then each edition from the one before it.

    The first edition differs from nothing: 0.
    """
    if not state.published:
        return []
    sources = [list_live(state.programme, state.quarter), *(list_frozen(edition) for edition in state.published)]
    return [len(find_changed(older, newer)) for newer, older in pairwise(sources)] + [0]


def write_state(state: QuarterState, *, changes: int) -> str:
    """Return where the quarter stands, as the sentence with which the page opens."""
    name = {"quarter": format_quarter(state.quarter.year, state.quarter.number)}
    newest = state.newest
    if newest is not None:
        words = name | {"edition": newest.edition, "time": format_instant(newest.published_at)}
        said = _("%(quarter)s is published: edition %(edition)d of %(time)s.") % words
        if not changes:
            return join_sentences([said, _("Nothing has changed since.")])
        told = ngettext(
            "[[%(count)d result]] has changed since; a new edition would say so.",
            "[[%(count)d results]] have changed since; a new edition would say so.",
            changes,
        )
        return join_sentences([said, told % {"count": changes}])
    if not state.results:
        return _("%(quarter)s has no results yet; there is nothing to publish.") % name
    if not state.is_publishable:
        return _("%(quarter)s is provisional: its results are still being computed.") % name
    if state.forms:
        told = ngettext(
            "%(quarter)s can be published; [[%(count)d form]] that was begun is not approved.",
            "%(quarter)s can be published; [[%(count)d forms]] that were begun are not approved.",
            state.forms,
        )
        return told % (name | {"count": state.forms})
    return _("%(quarter)s can be published.") % name


def list_hints(state: QuarterState) -> list[str]:
    """Return what stands in the way of a publication, and what remains provisional."""
    hints = []
    if state.parked:
        words = ngettext(
            "%(count)d recompute has failed again and again and has to be retried.",
            "%(count)d recomputes have failed again and again and have to be retried.",
            state.parked,
        )
        hints.append(words % {"count": state.parked})
    if state.due:
        words = ngettext("%(count)d recompute is under way.", "%(count)d recomputes are under way.", state.due)
        hints.append(words % {"count": state.due})
    return hints


def _make_row(page: PageContext, edition: Publication, changes: int) -> EditionRow:
    return EditionRow(
        name=_("Edition %(edition)s") % {"edition": edition.edition},
        url=page.link("reports:publication", edition.edition),
        at=format_instant(edition.published_at),
        asked_by=str(edition.asked_by),
        published_by=str(edition.published_by),
        reason=edition.reason,
        results=format_number(edition.manifest["results"]["rows"]),
        changes=format_number(changes) if edition.edition > 1 else "—",
        code=edition.manifest["results"]["sha256"],
    )


def make_publication_detail(page: PageContext, publication: Publication, other: Publication | str) -> PublicationDetail:
    """Return the page of an edition, beside another one, what stands NOW, or nothing (an empty word)."""
    lines = _compare(page, publication, other) if other else []
    return PublicationDetail(
        page=page,
        publication=publication,
        lede=_write_edition(publication, other, len(lines)),
        sub=publication.reason,
        facts=_list_facts(publication),
        parts=[
            (str(_PARTS[name]), format_number(part["rows"]), part["sha256"])
            for name, part in publication.manifest.items()
            if name in _PARTS
        ],
        board_url=page.link("reports:overview", basis=publication.basis),
        workbook_url=(
            page.link("reports:export-list", basis=publication.basis) if can_export(page.user, page.programme) else ""
        ),
        sides=_name_sides(publication, other) if other else None,
        choices=_list_choices(page, publication, other),
        alarm=_write_alarm(publication),
        lines=lines[:SHOWN],
        more=max(len(lines) - SHOWN, 0),
    )


def _compare(page: PageContext, publication: Publication, other: Publication | str) -> list[DifferenceLine]:
    """Return the differences from the earlier side to the later one; what stands now comes after every edition."""
    programme, quarter = publication.programme, publication.quarter
    sides: list[QuerySet[Any]]
    if isinstance(other, Publication):
        before, after = _in_order(publication, other)
        sides, copies = [list_frozen(before), list_frozen(after)], [load_copy(before), load_copy(after)]
    else:
        now = copy_now(programme=programme, quarter=quarter)
        sides, copies = [list_frozen(publication), list_live(programme, quarter)], [load_copy(publication), now]
    if page.department_ids is not None:
        sides = [side.filter(department__in=page.department_ids) for side in sides]
    return list_differences(*sides, old=copies[0], new=copies[1])


def _in_order(one: Publication, other: Publication) -> tuple[Publication, Publication]:
    return (one, other) if one.edition < other.edition else (other, one)


def _name_sides(publication: Publication, other: Publication | str) -> tuple[str, str]:
    if isinstance(other, Publication):
        before, after = _in_order(publication, other)
        return name_edition(before), name_edition(after)
    return name_edition(publication), _name_now(publication)


def _name_now(publication: Publication) -> str:
    """Return what stands now in words: provisional while results of it are still to be computed."""
    if is_provisional(publication.programme):
        return _("Approved now, provisional")
    return _("Approved now")


def _list_choices(page: PageContext, publication: Publication, other: Publication | str) -> list[tuple[str, str, bool]]:
    chosen = str(other.edition) if isinstance(other, Publication) else other
    found = [(str(each.edition), name_edition(each)) for each in page.editions if each.pk != publication.pk]
    return [(word, name, word == chosen) for word, name in [*found, (NOW, _name_now(publication))]]


def _write_alarm(publication: Publication) -> str:
    """Return what the nightly check has found, as a sentence; empty where nothing was."""
    alarm = find_alarm(publication)
    if alarm is None:
        return ""
    parts = join_words([str(_PARTS.get(name, name)) for name in alarm.details["parts"]])
    words = {"time": format_instant(alarm.at), "parts": parts}
    return _("The stored rows are not what was published: %(parts)s (found %(time)s). Tell the administrator.") % words


def _write_edition(publication: Publication, other: Publication | str, changes: int) -> str:
    quarter = publication.quarter
    words = {
        "quarter": format_quarter(quarter.year, quarter.number),
        "edition": publication.edition,
        "time": format_instant(publication.published_at),
    }
    said = _("Edition %(edition)d of %(quarter)s, published %(time)s.") % words
    if not other:
        return join_sentences([said, _("It is the first one.")])
    if isinstance(other, Publication):
        told = ngettext(
            "[[%(count)d result]] differs from edition %(before)d.",
            "[[%(count)d results]] differ from edition %(before)d.",
            changes,
        )
        return join_sentences([said, told % {"count": changes, "before": other.edition}])
    told = ngettext(
        "[[%(count)d result]] stands differently now.", "[[%(count)d results]] stand differently now.", changes
    )
    return join_sentences([said, told % {"count": changes}])


def _list_facts(publication: Publication) -> list[tuple[str, str]]:
    return [
        (_("Asked by"), f"{publication.asked_by} · {format_instant(publication.asked_at)}"),
        (_("Published by"), f"{publication.published_by} · {format_instant(publication.published_at)}"),
        (_("Figures up to"), format_instant(publication.as_of)),
        (_("Rule version"), str(publication.rule_version)),
        (pgettext("publication", "Entry in the trail"), publication.anchor),
    ]


_PARTS = {
    "results": gettext_lazy("Results"),
    "rollups": gettext_lazy("Roll-ups"),
    "figures": gettext_lazy("Figures"),
    "catalogue": gettext_lazy("Targets, regions, departments and thresholds"),
}
