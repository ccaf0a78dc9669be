"""The pages of bulletins: the list of a programme, the draft to edit, and what was issued."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from qscounty.web.formats import format_quarter
from qscounty.web.sentences import join_sentences
from qscounty.web.times import format_instant
from reports.actions.bulletins import LONGEST_TITLE, clean_text
from reports.bulletin_versions import DiscardForm, VersionRow, list_versions
from reports.bulletin_words import name_section
from reports.bulletins import words
from reports.bulletins.figures import thaw_figures
from reports.documents.blocks import Block, Grid
from reports.export_page import KeyForm
from reports.models import Bulletin, ExportKind
from reports.permissions import can_issue_bulletin, can_write_bulletin, check_user_can_write_bulletin
from reports.pickers import name_basis, name_edition
from reports.scopes import APPROVED, PageContext

_ROWS, _PER_ROW = 2, 60  # of a text area: at least so many lines, and so many characters in one


class SeenForm(KeyForm):
    """The version that the person saw, and the key that makes sending it twice harmless."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class BulletinForm(SeenForm):
    """Title and texts of a draft; `renew` is the section to be written anew, "" to save alone."""

    title = forms.CharField(label=gettext_lazy("Title"), required=False, max_length=4 * LONGEST_TITLE)
    renew = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in words.HEADINGS:
            self.fields[key] = forms.CharField(label=name_section(key), required=False, widget=forms.Textarea)

    @property
    def texts(self) -> dict[str, str]:
        """The texts by section; only of a form that is valid, and only of the sections that were sent."""
        return {key: self.cleaned_data[key] for key in words.HEADINGS if key in self.data}


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinRow:
    """One bulletin in a list; `serial` is empty of a draft, `file_url` too; `reason` is why it was discarded."""

    title: str
    url: str
    quarter: str
    basis: str
    serial: str
    by: str
    code: str
    file_url: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class BulletinList:
    """Everything that the page of a programme's bulletins shows. `start` None: there is a draft, or no right to one."""

    page: PageContext
    lede: str
    basis: str
    drafts: list[BulletinRow]
    issued: list[BulletinRow]
    discarded: list[BulletinRow]
    start: KeyForm | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """One section: `name` on the page, `heading` in the document ("" for none), `lines` of its text that are not empty.

    `other` is the text that somebody else saved, or that was typed too late; None where they agree.
    """

    key: str
    name: str
    heading: str
    text: str
    lines: list[str]
    rows: int
    other: str | None
    grids: list[Grid]
    charts: list[str]


@dataclass(frozen=True, kw_only=True)
class BulletinPage:
    """Everything that the page of one bulletin shows. `form` and `discard` None: it is issued or discarded.

    `issue` None: the person does not issue it as shown, and `why` says why, "" where something was just refused.
    """

    page: PageContext
    bulletin: Bulletin
    lede: str
    title: str
    other_title: str | None
    sections: list[SectionView]
    form: SeenForm | None
    issue: SeenForm | None
    why: str
    preview: KeyForm | None
    preview_url: str
    preview_kind: str
    file_url: str
    discard: DiscardForm | None
    versions: list[VersionRow]


def list_bulletins(page: PageContext) -> QuerySet[Bulletin]:
    """Return the programme's bulletins, the newest first, without what makes them heavy; drafts only to the office."""
    found = Bulletin.objects.filter(programme=page.programme).defer("sections", "file")
    if not can_write_bulletin(page.user, page.programme):
        found = found.filter(issued_at__isnull=False)
    return found.select_related("edited_by", "issued_by", "discarded_by", "publication").order_by("-quarter", "-pk")


def list_issued(page: PageContext) -> list[BulletinRow]:
    """Return the bulletins that were issued about the page's quarter; one query."""
    found = list_bulletins(page).filter(quarter=page.quarter, issued_at__isnull=False)
    return [_make_row(page, bulletin) for bulletin in found]


def make_bulletin_list(page: PageContext) -> BulletinList:
    """Return the programme's bulletins; one query."""
    found = list(list_bulletins(page))
    drafts = [_make_row(page, one) for one in found if one.is_draft]
    issued = [_make_row(page, one) for one in found if one.is_issued]
    may = can_write_bulletin(page.user, page.programme)
    may = may and not any(one.quarter == page.quarter and one.is_draft for one in found)
    return BulletinList(
        page=page,
        lede=write_list(drafts=len(drafts), issued=len(issued)),
        basis=name_basis(page),
        drafts=drafts,
        issued=issued,
        discarded=[_make_row(page, one) for one in found if one.is_discarded],
        start=KeyForm(initial={"key": uuid4()}, auto_id=False) if may else None,
    )


def write_list(*, drafts: int, issued: int) -> str:
    """Return how many bulletins there are, as the sentence with which the page opens."""
    if not drafts and not issued:
        return _("No bulletin has been issued yet.")
    told = ngettext("%(count)d bulletin is issued.", "%(count)d bulletins are issued.", issued)
    first = told % {"count": issued} if issued else _("No bulletin has been issued yet.")
    open_ = ngettext("[[%(count)d draft]] is not issued.", "[[%(count)d drafts]] are not issued.", drafts)
    return join_sentences([first, open_ % {"count": drafts} if drafts else ""])


def get_bulletin_or_404(page: PageContext, pk: int) -> Bulletin:
    """Return a bulletin of the page's programme; Http404 where there is none. Errors: NotAllowed for others' drafts."""
    found = Bulletin.objects.filter(programme=page.programme, pk=pk)
    people = ("edited_by", "issued_by", "discarded_by")
    bulletin = found.select_related("programme__region", "office", "publication", *people).first()
    if bulletin is None:
        raise Http404
    if not bulletin.is_issued:
        check_user_can_write_bulletin(page.user, page.programme)
    return bulletin


def make_bulletin_page(
    page: PageContext, bulletin: Bulletin, *, typed: Mapping[str, str] | None = None, version: int | None = None
) -> BulletinPage:
    """Return the page of a bulletin; `typed` is what a form held that was refused, `version` what it had seen.

    Nothing typed is lost: it stands in the form, or beside the text where the bulletin was issued meanwhile.
    """
    typed, now = typed or {}, version or bulletin.version
    is_draft = bulletin.is_draft
    title = clean_text(typed.get("title", bulletin.title))
    is_mine = is_draft and can_issue_bulletin(page.user, bulletin)
    fields = {"version": now, "key": uuid4()}
    basis = bulletin.publication.basis if bulletin.publication else APPROVED
    return BulletinPage(
        page=page,
        bulletin=bulletin,
        lede=write_state(bulletin),
        title=title if is_draft else bulletin.title,
        other_title=_find_other(bulletin.title, title, is_draft=is_draft),
        sections=[_make_section(section, typed, is_draft=is_draft) for section in bulletin.sections],
        form=SeenForm(initial=fields, auto_id=False) if is_draft else None,
        issue=SeenForm(initial=fields | {"key": uuid4()}, auto_id=False) if is_mine and not typed else None,
        why="" if is_mine else _("You saved it last; another person of the leadership office issues it."),
        preview=KeyForm(initial={"key": uuid4()}, auto_id=False) if is_draft else None,
        preview_url=page.link("reports:export-ask", quarter=bulletin.quarter, basis=basis),
        preview_kind=ExportKind.BULLETIN.value,
        file_url=page.link("reports:bulletin-file", bulletin.pk) if bulletin.is_issued else "",
        discard=DiscardForm(initial=fields | {"key": uuid4()}, auto_id=False) if is_draft and not typed else None,
        versions=list_versions(page, bulletin),
    )


def write_state(bulletin: Bulletin) -> str:
    """Return whether it is a draft or issued, by whom and when."""
    quarter = format_quarter(bulletin.quarter.year, bulletin.quarter.number)
    told = {"quarter": quarter, "version": bulletin.version, "name": bulletin.edited_by}
    if bulletin.is_discarded:
        at = format_instant(bulletin.discarded_at)
        words_ = told | {"time": at, "name": bulletin.discarded_by, "reason": bulletin.discard_reason}
        return _("Draft about %(quarter)s, discarded by %(name)s %(time)s: %(reason)s") % words_
    if not bulletin.is_issued:
        words_ = told | {"time": format_instant(bulletin.edited_at)}
        return _("Draft about %(quarter)s, version %(version)d, saved by %(name)s %(time)s.") % words_
    words_ = told | {"serial": bulletin.serial, "time": format_instant(bulletin.issued_at), "name": bulletin.issued_by}
    return _("Bulletin %(serial)s about %(quarter)s, issued by %(name)s %(time)s.") % words_


def _make_section(section: Mapping[str, Any], typed: Mapping[str, str], *, is_draft: bool) -> SectionView:
    saved, figures = section["text"], thaw_figures(section["figures"])
    text = clean_text(typed.get(section["key"], saved))
    shown = text if is_draft else saved
    return SectionView(
        key=section["key"],
        name=name_section(section["key"]),
        heading=words.HEADINGS[section["key"]],
        text=shown,
        lines=[line.strip() for line in shown.splitlines() if line.strip()],
        rows=count_rows(shown),
        other=_find_other(saved, text, is_draft=is_draft),
        grids=[block for block in figures if isinstance(block, Grid)],
        charts=_name_charts(figures),
    )


def _find_other(saved: str, typed: str, *, is_draft: bool) -> str | None:
    if saved == typed:
        return None
    return saved if is_draft else typed


def _name_charts(blocks: Sequence[Block]) -> list[str]:
    return [title for title in (getattr(block, "title", "") for block in blocks) if title]


def count_rows(text: str) -> int:
    """Return how many lines a text area needs for the text."""
    return max(_ROWS, sum(1 + len(line) // _PER_ROW for line in text.split("\n")))


def _make_row(page: PageContext, bulletin: Bulletin) -> BulletinRow:
    by = bulletin.issued_by or bulletin.discarded_by or bulletin.edited_by
    at = bulletin.issued_at or bulletin.discarded_at or bulletin.edited_at
    return BulletinRow(
        title=bulletin.title,
        url=page.link("reports:bulletin", bulletin.pk),
        quarter=format_quarter(bulletin.quarter.year, bulletin.quarter.number),
        basis=name_edition(bulletin.publication) if bulletin.publication else pgettext("basis", "Approved"),
        serial=bulletin.serial,
        by=f"{by} · {format_instant(at)}",
        code=bulletin.sha256,
        file_url=page.link("reports:bulletin-file", bulletin.pk) if bulletin.is_issued else "",
        reason=bulletin.discard_reason,
    )
