"""The page of exports: what is under way, what is there to download, and what became of the others."""

from dataclasses import dataclass
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from indicators.permissions import can_export, check_user_can_export
from qscounty.web.formats import format_number, format_quarter
from qscounty.web.sentences import join_sentences
from qscounty.web.times import format_instant
from reports.models import ExportJob, ExportKind, ExportState
from reports.models.export_job import OFFICE_ONLY
from reports.own_layouts import find_used_layout
from reports.permissions import can_issue, can_publish, can_set_layout
from reports.pickers import name_basis, name_edition
from reports.scopes import PageContext

SHOWN = 50
_LETTERS = (ExportKind.LETTERS, ExportKind.ISSUE)
_OPEN = (ExportState.WAITING, ExportState.RUNNING)


class KeyForm(forms.Form):
    """The key that makes sending a form twice harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    """One export as the list shows it; addresses are empty where nothing can be done."""

    pk: int
    name: str
    about: str
    asked: str
    state: str
    progress: int
    detail: str
    code: str
    file_url: str
    can_cancel: bool
    can_retry: bool
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class ExportPage:
    """Everything that the page shows. Each form that asks has a key of its own.

    `own_key` is absent where the office uses no layout of its own, `layouts_url` empty for those who set none.
    """

    page: PageContext
    lede: str
    basis: str
    rows: list[JobRow]
    is_busy: bool
    key: KeyForm
    annual_key: KeyForm
    own_key: KeyForm | None
    layouts_url: str


def make_export_page(page: PageContext) -> ExportPage:
    """Return the programme's exports, newest first; three queries. Raises NotAllowed for those who may not export."""
    check_user_can_export(page.user, page.programme)
    rows = [_make_row(page, job) for job in list_jobs(page)[:SHOWN]]
    return ExportPage(
        page=page,
        lede=_write_lede(rows),
        basis=name_basis(page),
        rows=rows,
        is_busy=any(row.is_open for row in rows),
        key=make_key(),
        annual_key=make_key(),
        own_key=make_key() if find_used_layout(page.programme) else None,
        layouts_url=page.link("reports:layout-list") if can_set_layout(page.user, page.programme) else "",
    )


def make_key() -> KeyForm:
    """Return a form with a key of its own."""
    return KeyForm(initial={"key": uuid4()}, auto_id=False)


def list_jobs(page: PageContext) -> QuerySet[ExportJob]:
    """Return the exports of the page's programme, of every quarter; letters and drafts only to the office."""
    jobs = ExportJob.objects.filter(programme=page.programme)
    if not can_issue(page.user, page.programme):
        jobs = jobs.exclude(kind__in=OFFICE_ONLY)
    return jobs.select_related("programme__region", "programme__office", "publication", "asked_by")


def get_job_or_404(page: PageContext, pk: int) -> ExportJob:
    """Return an export of a programme that the person may export; Http404 whether missing or out of scope."""
    job = list_jobs(page).filter(pk=pk).first()
    if job is None or not can_export(page.user, page.programme):
        raise Http404
    return job


def _make_row(page: PageContext, job: ExportJob) -> JobRow:
    state = job.state
    is_mine = job.asked_by_id == page.user.pk or can_publish(page.user, page.programme)
    quarter = format_quarter(job.quarter.year, job.quarter.number)
    basis = pgettext("basis", "Approved") if job.publication is None else name_edition(job.publication)
    return JobRow(
        pk=job.pk,
        name=str(ExportKind(job.kind).label),
        about=f"{quarter} · {basis}" if job.kind not in _LETTERS else "",
        asked=f"{job.asked_by} · {format_instant(job.asked_at)}",
        state=str(state.label),
        progress=100 * job.progress_done // job.progress_total if job.progress_total else 0,
        detail=_write_detail(job),
        code=job.sha256,
        file_url=page.link("reports:export-file", job.pk) if state is ExportState.DONE else "",
        can_cancel=is_mine and state in _OPEN,
        can_retry=is_mine and state in (ExportState.FAILED, ExportState.CANCELLED),
        is_open=state in _OPEN,
    )


def _write_detail(job: ExportJob) -> str:
    """Return how far the job is, how large its file, until when it is kept, or why it failed."""
    if job.state is ExportState.RUNNING:
        words = {"done": format_number(job.progress_done), "total": format_number(job.progress_total)}
        if job.kind in _LETTERS:
            return _("%(done)s of %(total)s letters written") % words
        return _("%(done)s of %(total)s results written") % words
    if job.state is ExportState.DONE:
        words = {"size": format_number(job.size / 1000, 0), "time": format_instant(job.expires_at)}
        return _("%(size)s kB, kept until %(time)s") % words
    return job.error


def _write_lede(rows: list[JobRow]) -> str:
    if not rows:
        return _("No file has been asked for yet.")
    ready, under_way = sum(bool(row.file_url) for row in rows), sum(row.is_open for row in rows)
    told = ngettext("%(count)d file can be downloaded.", "%(count)d files can be downloaded.", ready)
    said = [told % {"count": ready} if ready else _("No file can be downloaded now.")]
    if under_way:
        told = ngettext(
            "%(count)d is being made; you can leave this page.",
            "%(count)d are being made; you can leave this page.",
            under_way,
        )
        said.append(told % {"count": under_way})
    return join_sentences(said)
