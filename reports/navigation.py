"""The side navigation: only what exists and what the person may open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module

from django.urls import NoReverseMatch
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from departments.models import User
from departments.roles import PERMISSIONS_BY_ROLE, Permission, Role
from qscounty.web.addresses import find_address


@dataclass(frozen=True, slots=True)
class Place:
    """One entry as designed: its title, the name of its address, who may open it, and which pages belong to it."""

    title: str | Promise
    name: str
    permission: Permission
    family: str
    badge: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as shown."""

    title: str | Promise
    url: str
    is_current: bool
    badge: int


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading."""

    title: str | Promise
    entries: list[Entry]


_RESULTS = Permission.VIEW_RESULTS
PLACES: list[tuple[str | Promise, list[Place]]] = [
    (
        "",
        [
            Place(pgettext_lazy("navigation", "Overview"), "reports:overview", _RESULTS, "overview"),
            Place(pgettext_lazy("navigation", "Regions"), "reports:region-list", _RESULTS, "region"),
            Place(pgettext_lazy("navigation", "Domains"), "reports:domain-list", _RESULTS, "domain"),
            Place(pgettext_lazy("navigation", "Departments"), "reports:department-list", _RESULTS, "department"),
            Place(pgettext_lazy("navigation", "Targets and clauses"), "reports:target-list", _RESULTS, "target"),
            Place(pgettext_lazy("navigation", "All cells"), "reports:matrix", _RESULTS, "matrix"),
            Place(pgettext_lazy("navigation", "League"), "reports:league", _RESULTS, "league"),
            Place(pgettext_lazy("navigation", "Comparison"), "reports:compare", _RESULTS, "compare"),
            Place(pgettext_lazy("navigation", "Cascade"), "reports:cascade", _RESULTS, "cascade"),
        ],
    ),
    (
        _("This quarter's work"),
        [
            Place(
                pgettext_lazy("navigation", "Entry"),
                "indicators:entry",
                Permission.ENTER_FIGURES,
                "entry",
                badge="entry",
            ),
            Place(
                pgettext_lazy("navigation", "Review"),
                "indicators:review",
                Permission.REVIEW,
                "review",
                badge="review",
            ),
            Place(
                pgettext_lazy("navigation", "Progress"),
                "indicators:progress",
                Permission.VIEW_PROGRESS,
                "progress",
            ),
            Place(_("Returned workbooks"), "indicators:upload-list", Permission.MANAGE_QUARTERS, "upload"),
            Place(
                pgettext_lazy("navigation", "Calendar"), "indicators:calendar", Permission.MANAGE_QUARTERS, "calendar"
            ),
            Place(
                pgettext_lazy("navigation", "Notices"),
                "indicators:notices",
                Permission.VIEW_ENTRY,
                "notices",
                badge="notice",
            ),
        ],
    ),
    (
        _("Reporting upwards"),
        [
            Place(pgettext_lazy("navigation", "Leader's page"), "reports:leader", _RESULTS, "leader"),
            Place(pgettext_lazy("navigation", "Publications"), "reports:publication-list", _RESULTS, "publication"),
            Place(pgettext_lazy("navigation", "Bulletins"), "reports:bulletin-list", _RESULTS, "bulletin"),
            Place(_("Responsibility letters"), "reports:letter-list", Permission.EXPORT, "letter"),
            Place(pgettext_lazy("navigation", "Files"), "reports:export-list", Permission.EXPORT, "export"),
        ],
    ),
    (
        _("Administration"),
        [
            Place(pgettext_lazy("navigation", "Programme"), "reports:programme", _RESULTS, "programme"),
            Place(
                pgettext_lazy("navigation", "Departments and people"),
                "departments:people",
                Permission.MANAGE_PEOPLE,
                "people",
            ),
            Place(pgettext_lazy("navigation", "Trail"), "departments:trail", Permission.VIEW_TRAIL, "trail"),
        ],
    ),
]


def list_navigation(
    roles: Iterable[Role], *, current: str, query: str, badges: Mapping[str, int] | None = None
) -> list[Group]:
    """Return the groups in which whoever holds the roles has an entry.

    `current` is the view's name, `query` is kept by every link, `badges` counts what waits for the person, by kind.
    """
    permitted = {permission for role in roles for permission in PERMISSIONS_BY_ROLE[role]}
    groups = []
    for title, places in PLACES:
        allowed = [place for place in places if place.permission in permitted]
        entries = list(_show(allowed, current=current, query=query, badges=badges or {}))
        if entries:
            groups.append(Group(title, entries))
    return groups


def count_open_work(user: User) -> dict[str, int]:
    """Return what waits for the person, by kind ("entry", "review"); nothing until the entry pages count it."""
    try:
        work = import_module("indicators.selectors.work")
    except ModuleNotFoundError:
        return {}
    counts: dict[str, int] = work.count_open_work(user)
    return counts


def _show(places: Iterable[Place], *, current: str, query: str, badges: Mapping[str, int]) -> Iterable[Entry]:
    view = current.partition(":")[2]
    for place in places:
        try:
            url = find_address(place.name)
        except NoReverseMatch:
            continue
        is_current = view == place.family or view.startswith(f"{place.family}-")
        yield Entry(place.title, f"{url}?{query}" if query else url, is_current, badges.get(place.badge, 0))
