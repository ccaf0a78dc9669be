"""Layouts of the province's own: uploaded, put in use, handed out; each is checked, and stands in the trail."""

import hashlib

from django.utils.translation import gettext as _

from departments.actions import audit
from departments.actions.acts import act
from departments.errors import DomainError, Invalid, Locked
from departments.models import User
from departments.selectors.clock import read_database_time
from indicators.models import Programme
from reports.layout_words import describe_read
from reports.layouts.guard import LayoutRead
from reports.models import OwnLayout
from reports.own_layouts import find_used_layout
from reports.permissions import check_user_can_set_layout


class Unfit(Invalid):
    """The file cannot be a layout; `sentences` say why, each with its cell or name."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(_("The file was not taken: %(count)d problems.") % {"count": len(sentences)})
        self.sentences = sentences


@act
def upload_layout(*, programme: Programme, file_name: str, content: bytes, read: LayoutRead, by: User) -> OwnLayout:
    """Keep a file as the programme's next version; it is not in use before somebody says so.

    `read` is what the guard found in `content`. Errors: NotAllowed; Unfit where anything speaks against the file;
    Invalid where it is the newest version already.
    """
    check_user_can_set_layout(by, programme)
    if not read.is_good:
        raise Unfit(describe_read(read))
    Programme.objects.select_for_update(no_key=True, of=("self",)).get(pk=programme.pk)
    newest = OwnLayout.objects.filter(programme=programme).defer("file").first()
    sha256 = hashlib.sha256(content).hexdigest()
    if newest is not None and newest.sha256 == sha256:
        raise Invalid(_("This file is version %(version)d already; nothing was taken.") % {"version": newest.version})
    layout = OwnLayout.objects.create(
        programme=programme,
        version=newest.version + 1 if newest else 1,
        file_name=file_name[-200:],
        file=content,
        size=len(content),
        sha256=sha256,
        places=[place.dump() for place in read.places],
        uploaded_by=by,
        uploaded_at=read_database_time(),
    )
    _record("layout_uploaded", layout, by=by)
    return layout


@act
def use_layout(*, layout: OwnLayout, by: User) -> None:
    """Put a version in use; files already made stay as they are. Errors: NotAllowed; Locked where it is in use."""
    check_user_can_set_layout(by, layout.programme)
    Programme.objects.select_for_update(no_key=True, of=("self",)).get(pk=layout.programme_id)
    if find_used_layout(layout.programme) == layout:
        raise Locked(_("This version is in use already; reload the page."))
    OwnLayout.objects.filter(pk=layout.pk).update(used_by=by, used_at=read_database_time())
    _record("layout_used", layout, by=by)


@act
def record_layout_download(*, layout: OwnLayout, by: User) -> bytes:
    """Return the file as it was uploaded; the entry is written first. Errors: NotAllowed."""
    check_user_can_set_layout(by, layout.programme)
    _record("layout_downloaded", layout, by=by)
    return bytes(layout.file)


@act
def record_refused_layout(*, programme: Programme, act: str, error: DomainError, by: User) -> None:
    """Leave a refusal in the trail of the programme's office. Source: trust rule 29."""
    sentences = error.sentences[:20] if isinstance(error, Unfit) else []
    details = {"act": act, "status": int(error.status), "problems": sentences}
    audit.record(
        audit.Act(
            event="refused",
            by=by,
            department_id=programme.office_id,
            subject=programme,
            reason=str(error),
            details=details,
        )
    )


def _record(event: str, layout: OwnLayout, *, by: User) -> None:
    told = {"version": layout.version, "file": layout.file_name, "sha256": layout.sha256}
    audit.record(audit.Act(event=event, by=by, department_id=layout.programme.office_id, subject=layout, details=told))
