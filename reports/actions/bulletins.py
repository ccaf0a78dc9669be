"""Writing and issuing bulletins: drafts are saved in versions, another person issues, and what is issued stays."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from departments.actions import audit
from departments.actions.acts import act
from departments.errors import DomainError, Invalid, Stale
from departments.models import Department, User
from departments.selectors.clock import read_database_time
from indicators.engine.period import Quarter
from indicators.models import Programme
from reports.bulletins.document import write_bulletin
from reports.models import Bulletin, BulletinVersion, Publication
from reports.permissions import check_user_can_issue_bulletin, check_user_can_write_bulletin

LONGEST_TEXT = 20_000
LONGEST_TITLE = 200
LONGEST_REASON = 500
DRAFT = {"issued_at__isnull": True, "discarded_at__isnull": True}
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


@act
def start_bulletin(
    *,
    programme: Programme,
    quarter: Quarter,
    publication: Publication | None,
    title: str,
    sections: Sequence[Mapping[str, Any]],
    by: User,
) -> Bulletin:
    """Keep a new draft of what was written from the results. Errors: NotAllowed; Stale where a draft is there."""
    check_user_can_write_bulletin(by, programme)
    Programme.objects.select_for_update(no_key=True, of=("self",)).get(pk=programme.pk)
    if Bulletin.objects.filter(programme=programme, quarter=quarter, **DRAFT).exists():
        raise Stale(_("This quarter has a draft already; edit it, issue it or discard it first."))
    bulletin = Bulletin.objects.create(
        programme=programme,
        office=programme.office,
        quarter=quarter,
        publication=publication,
        title=title,
        sections=list(sections),
        edited_by=by,
        edited_at=read_database_time(),
    )
    _keep_version(bulletin)
    _record("bulletin_started", bulletin, by=by)
    return bulletin


@act
def edit_bulletin(
    *,
    bulletin: Bulletin,
    version: int,
    title: str,
    texts: Mapping[str, str],
    by: User,
    renewed: Sequence[Mapping[str, Any]] = (),
) -> Bulletin:
    """Save the title and the texts by section; `renewed` are sections written anew from the results, which win.

    Nothing is saved and no version counted where nothing changed. Errors: NotAllowed; Stale where somebody saved or
    issued it after `version`; Invalid for a title that is empty or a text that is too long.
    """
    check_user_can_write_bulletin(by, bulletin.programme)
    held = _hold(bulletin)
    _check_open(held)
    if held.version != version:
        raise Stale(_("Somebody else saved this bulletin meanwhile; compare the texts below, then save yours again."))
    title = clean_text(title).replace("\n", "")
    _check_texts(title, texts)
    written = {section["key"]: section for section in renewed}
    sections = [written.get(one["key"]) or _set_text(one, texts) for one in held.sections]
    if sections == held.sections and title == held.title:
        return held
    changed = [new["key"] for new, old in zip(sections, held.sections, strict=True) if new != old]
    held.title, held.sections, held.version = title, sections, held.version + 1
    held.edited_by, held.edited_at = by, read_database_time()
    held.save(update_fields=["title", "sections", "version", "edited_by", "edited_at"])
    _keep_version(held)
    _record("bulletin_edited", held, by=by, details={"sections": changed, "renewed": sorted(written)})
    return held


@act
def issue_bulletin(*, bulletin: Bulletin, version: int, by: User) -> Bulletin:
    """Issue the draft as it was seen: it gets its serial number and its file, and is never changed again.

    Numbers run within the office and the year of issue, without gaps. Errors: NotAllowed, also for whoever saved last;
    Stale where it was saved or issued after `version`.
    """
    check_user_can_write_bulletin(by, bulletin.programme)
    held = _hold(bulletin)
    if not held.is_draft or held.version != version:
        raise Stale(_("This bulletin changed while you were looking at it; reload the page and read it again."))
    check_user_can_issue_bulletin(by, held)
    Department.objects.select_for_update(no_key=True, of=("self",)).get(pk=held.office_id)
    held.issued_by, held.issued_at = by, read_database_time()
    held.year = timezone.localdate(held.issued_at).year
    last = Bulletin.objects.filter(office=held.office, year=held.year).aggregate(last=Max("number"))["last"]
    held.number = (last or 0) + 1
    held.file = write_bulletin(held)
    held.sha256, held.size = hashlib.sha256(held.file).hexdigest(), len(held.file)
    held.save()
    _record("bulletin_issued", held, by=by, details={"serial": held.serial, "sha256": held.sha256})
    return held


@act
def discard_bulletin(*, bulletin: Bulletin, version: int, reason: str, by: User) -> Bulletin:
    """Discard the draft as it was seen, so that another can be written; it and its versions stay to be read.

    Errors: NotAllowed; Stale where it was saved, issued or discarded after `version`; Invalid without a reason.
    """
    check_user_can_write_bulletin(by, bulletin.programme)
    held = _hold(bulletin)
    _check_open(held)
    if held.version != version:
        raise Stale(_("This bulletin changed while you were looking at it; reload the page and read it again."))
    reason = clean_text(reason).replace("\n", " ")
    if not reason:
        raise Invalid(_("Reason: say why the draft is not to be issued."))
    held.discarded_by, held.discarded_at, held.discard_reason = by, read_database_time(), reason[:LONGEST_REASON]
    held.save(update_fields=["discarded_by", "discarded_at", "discard_reason"])
    _record("bulletin_discarded", held, by=by, reason=reason)
    return held


@act
def record_bulletin_download(*, bulletin: Bulletin, by: User) -> bytes:
    """Return the file as it was issued; the entry in the trail is written first. Errors: Invalid for a draft.

    Whoever may open the programme may have it: a bulletin is sent to everybody whom it is about.
    """
    if bulletin.file is None:
        raise Invalid(_("This bulletin is a draft; it can be downloaded when it is issued."))
    _record("bulletin_downloaded", bulletin, by=by, details={"sha256": bulletin.sha256})
    return bytes(bulletin.file)


@act
def record_refused_bulletin(*, programme: Programme, quarter: Quarter, act: str, error: DomainError, by: User) -> None:
    """Leave a refusal in the trail of the programme's office. Source: trust rule 29."""
    details = {"act": act, "quarter": str(quarter), "status": int(error.status)}
    office = programme.office_id
    audit.record(
        audit.Act(event="refused", by=by, department_id=office, subject=programme, reason=str(error), details=details)
    )


def clean_text(text: str) -> str:
    """Return what a person typed without control characters, which neither XML nor a reader knows."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")).strip()


def _hold(bulletin: Bulletin) -> Bulletin:
    rows = Bulletin.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("programme__region", "office").get(pk=bulletin.pk)


def _check_open(held: Bulletin) -> None:
    if held.is_issued:
        raise Stale(_("This bulletin was issued meanwhile; it stays as it is."))
    if held.is_discarded:
        raise Stale(_("This draft was discarded meanwhile; it stays as it is."))


def _keep_version(bulletin: Bulletin) -> None:
    """Keep what was just saved, beside what was saved before."""
    fields = ("version", "title", "sections", "edited_by", "edited_at")
    BulletinVersion.objects.create(bulletin=bulletin, **{name: getattr(bulletin, name) for name in fields})


def _check_texts(title: str, texts: Mapping[str, str]) -> None:
    if not title or len(title) > LONGEST_TITLE:
        raise Invalid(_("Title: write one of at most %(count)d characters.") % {"count": LONGEST_TITLE})
    if any(len(text) > LONGEST_TEXT for text in texts.values()):
        raise Invalid(_("A section takes at most %(count)d characters; shorten it.") % {"count": LONGEST_TEXT})


def _set_text(section: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    text = texts.get(section["key"])
    return {**section, "text": section["text"] if text is None else clean_text(text)}


def _record(
    event: str, bulletin: Bulletin, *, by: User, details: Mapping[str, Any] | None = None, reason: str = ""
) -> None:
    told = {"quarter": str(bulletin.quarter), "version": bulletin.version, **(details or {})}
    office = bulletin.programme.office_id
    audit.record(audit.Act(event=event, by=by, department_id=office, subject=bulletin, reason=reason, details=told))
