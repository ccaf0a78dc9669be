"""What the page of a bulletin shows of its past: each version, who saved it and what it changed, and one to read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qscounty.web.times import format_instant
from reports.actions.bulletins import LONGEST_REASON
from reports.bulletin_words import name_section
from reports.export_page import KeyForm
from reports.models import Bulletin, BulletinVersion
from reports.permissions import can_write_bulletin, check_user_can_write_bulletin
from reports.scopes import PageContext


class DiscardForm(KeyForm):
    """The version that the person saw, and why the draft goes."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=LONGEST_REASON, required=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One saved version; `changed` are the sections in which it differs from the one before, "" of the first."""

    number: int
    by: str
    changed: str
    url: str
    is_newest: bool


@dataclass(frozen=True, kw_only=True)
class VersionPage:
    """One earlier version, to be read. `sections` are (heading, lines, whether it differs from the version before)."""

    lede: str
    title: str
    sections: list[tuple[str, list[str], bool]]
    back: str


def list_versions(page: PageContext, bulletin: Bulletin) -> list[VersionRow]:
    """Return the versions, the newest first; none to those who do not write. One query."""
    if not can_write_bulletin(page.user, bulletin.programme):
        return []
    found = list(bulletin.versions.select_related("edited_by").order_by("version"))
    before = [None, *found]
    rows = [_make_row(page, bulletin, new, old) for new, old in zip(found, before, strict=False)]
    return rows[::-1]


def make_version_page(page: PageContext, bulletin: Bulletin, number: int) -> VersionPage:
    """Return one version. Errors: NotAllowed for those who do not write; Http404 where there is no such version."""
    check_user_can_write_bulletin(page.user, bulletin.programme)
    found = {one.version: one for one in bulletin.versions.select_related("edited_by").filter(version__lte=number)}
    version = found.get(number)
    if version is None:
        raise Http404
    changed = set(find_changed(version, found.get(number - 1)))
    told = {"version": number, "name": version.edited_by, "time": format_instant(version.edited_at)}
    return VersionPage(
        lede=_("Version %(version)d of the draft, saved by %(name)s %(time)s.") % told,
        title=version.title,
        sections=[(name_section(one["key"]), _split(one["text"]), one["key"] in changed) for one in version.sections],
        back=page.link("reports:bulletin", bulletin.pk),
    )


def find_changed(version: BulletinVersion, before: BulletinVersion | None) -> list[str]:
    """Return the keys of the sections that differ from those of the version before; of a first version none."""
    if before is None:
        return []
    old: dict[str, Mapping[str, Any]] = {one["key"]: one for one in before.sections}
    return [one["key"] for one in version.sections if one != old.get(one["key"])]


def name_changed(version: BulletinVersion, before: BulletinVersion | None) -> str:
    """Return what a version changed, as the list shows it."""
    if before is None:
        return _("Written from the results")
    names: Iterable[str] = (name_section(key) for key in find_changed(version, before))
    return " · ".join([*([_("Title")] if version.title != before.title else []), *names])


def _split(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _make_row(
    page: PageContext, bulletin: Bulletin, version: BulletinVersion, before: BulletinVersion | None
) -> VersionRow:
    return VersionRow(
        number=version.version,
        by=f"{version.edited_by} · {format_instant(version.edited_at)}",
        changed=name_changed(version, before),
        url=page.link("reports:bulletin-version", bulletin.pk, version.version),
        is_newest=version.version == bulletin.version,
    )
