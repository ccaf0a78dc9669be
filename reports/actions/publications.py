"""Publishing a quarter: one person of the leadership office asks, another one publishes. Source: trust case T16."""

from typing import Any

from django.db import OperationalError, connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from departments.actions import audit
from departments.actions.acts import act
from departments.actions.anchors import anchor_after_commit
from departments.errors import DomainError, Invalid, Locked, Stale
from departments.models import User
from departments.selectors.clock import read_database_time
from indicators.actions.locks import lock_window
from indicators.actions.result_tables import lock_results
from indicators.engine.attainment import RULE_VERSION
from indicators.engine.period import Quarter
from indicators.models import Programme
from qscounty.web.formats import format_quarter
from reports.actions.export_jobs import schedule_export
from reports.actions.freezing import describe, freeze
from reports.changes import has_changed
from reports.editions import QuarterState, find_newest_figure, find_state, name_results
from reports.models import Publication
from reports.permissions import check_user_can_confirm, check_user_can_publish

LONGEST_REASON = 500
_LOCK_TIMEOUT = "55P03"


@act
def ask_to_publish(*, programme: Programme, quarter: Quarter, reason: str, seen: str, by: User) -> Publication:
    """Ask for an edition of the quarter as it stands; asking again replaces what was asked before.

    `seen` names the results that the person looked at. Errors: NotAllowed; Invalid without a reason, without results,
    while they are being computed or where nothing has changed since the newest edition; Stale if they moved on.
    """
    check_user_can_publish(by, programme)
    reason = _check_reason(reason)
    with connection.cursor() as cursor:
        _hold(cursor, programme, quarter)
    state = check_publishable(programme=programme, quarter=quarter)
    _check_seen(programme, seen)
    _check_changed(state.newest)
    at = read_database_time()
    asked = Publication.objects.filter(programme=programme, quarter=quarter, published_at__isnull=True)
    if not asked.update(reason=reason, asked_by=by, asked_at=at):
        edition = Publication.objects.filter(programme=programme, quarter=quarter).count() + 1
        Publication.objects.create(
            programme=programme, quarter=quarter, edition=edition, reason=reason, asked_by=by, asked_at=at
        )
    publication = asked.get()
    _record("publication_asked", publication, by=by, details={"results": seen})
    return publication


@act
def publish(*, publication: Publication, seen: str, by: User) -> Publication:
    """Freeze the quarter as the edition that somebody else asked for, and return it.

    While it is copied no figure is approved and no result replaced; its workbook is put on the
    queue. Errors: as for asking; NotAllowed for whoever asked; Locked where it is published already.
    """
    check_user_can_confirm(by, publication)
    programme, quarter = publication.programme, publication.quarter
    with connection.cursor() as cursor:
        _hold(cursor, programme, quarter)
        publication = _lock(publication)
        check_user_can_confirm(by, publication)  # whoever asked may have changed meanwhile
        state = check_publishable(programme=programme, quarter=quarter)
        _check_seen(programme, seen)
        _check_changed(state.newest)
        newest, as_of = find_newest_figure(programme=programme, quarter=quarter)
        publication.inputs_revision = newest
        manifest = freeze(cursor, publication=publication)
    details = {"edition": publication.edition, "results": seen, "manifest": manifest}
    entry = _record("published", publication, by=by, details=details)
    Publication.objects.filter(pk=publication.pk, published_at__isnull=True).update(
        published_by=by,
        published_at=read_database_time(),
        rule_version=RULE_VERSION,
        inputs_revision=newest,
        as_of=as_of,
        manifest=manifest,
        anchor=entry.digest,
    )
    publication.refresh_from_db()
    schedule_export(publication=publication, by=by)
    anchor_after_commit()
    return publication


def check_publishable(*, programme: Programme, quarter: Quarter) -> QuarterState:
    """Return the state of a quarter that has results on which nobody is at work; Invalid otherwise."""
    state = find_state(programme=programme, quarter=quarter)
    name = format_quarter(quarter.year, quarter.number)
    if not state.results:
        raise Invalid(_("Quarter: %(quarter)s has no results; publish after the first approval.") % {"quarter": name})
    if state.parked:
        words = ngettext(
            "Results: %(count)d recompute has failed again and again; have it retried, then publish.",
            "Results: %(count)d recomputes have failed again and again; have them retried, then publish.",
            state.parked,
        )
        raise Invalid(words % {"count": state.parked})
    if state.due:
        words = ngettext(
            "Results: %(count)d recompute is under way; publish when it is done.",
            "Results: %(count)d recomputes are under way; publish when they are done.",
            state.due,
        )
        raise Invalid(words % {"count": state.due})
    return state


def verify_publication(*, publication: Publication) -> list[str]:
    """Return the names of the parts that no longer are what the manifest says; none if all is well."""
    with connection.cursor() as cursor:
        found = describe(cursor, publication=publication)
    return sorted(
        name for name in found.keys() | publication.manifest if found.get(name) != publication.manifest.get(name)
    )


@act
def record_refused_publication(
    *, programme: Programme, quarter: Quarter, act: str, error: DomainError, by: User
) -> None:
    """Leave a refusal in the trail of the programme's office. Source: trust rule 29."""
    audit.record(
        audit.Act(
            event="refused",
            by=by,
            department_id=programme.office_id,
            subject=programme,
            reason=str(error),
            details={"act": act, "status": int(error.status), "quarter": str(quarter)},
        )
    )


def _hold(cursor: Any, programme: Programme, quarter: Quarter) -> None:
    """Keep quarter, figures and results as they are until the act ends, in the order of every act (trust rule 6).

    Figures are frozen by the id of the newest one: no approval may be under way with a smaller id.
    """
    cursor.execute("SET LOCAL statement_timeout = '120s'")
    lock_window(programme, quarter)
    try:
        cursor.execute("LOCK TABLE indicators_approvedfigure IN SHARE MODE")
        lock_results(cursor, programme_id=programme.pk)
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) != _LOCK_TIMEOUT:
            raise
        raise Locked(_("Figures are being approved right now; try again in a moment.")) from error


def _lock(publication: Publication) -> Publication:
    rows = Publication.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "programme__region", "programme__office"
    )
    locked = rows.get(pk=publication.pk)
    if locked.published_at is not None:
        raise Locked(_("This edition is published already; reload the page."))
    return locked


def _check_reason(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Invalid(_("Reason: write why the quarter is published now, or what was corrected."))
    if len(reason) > LONGEST_REASON:
        raise Invalid(_("Reason: at most %(count)d characters; shorten it.") % {"count": LONGEST_REASON})
    return reason


def _check_seen(programme: Programme, seen: str) -> None:
    if seen != name_results(programme):
        raise Stale(_("The results changed while you were looking at them; reload the page and look again."))


def _check_changed(newest: Publication | None) -> None:
    """Refuse an edition that would say the same as the one before."""
    if newest is not None and not has_changed(newest):
        raise Invalid(
            _("Nothing has changed since edition %(edition)d; it still stands.") % {"edition": newest.edition}
        )


def _record(event: str, publication: Publication, *, by: User, details: dict[str, Any]) -> Any:
    return audit.record(
        audit.Act(
            event=event,
            by=by,
            department_id=publication.programme.office_id,
            subject=publication,
            reason=publication.reason,
            details={"quarter": str(publication.quarter), **details},
        )
    )
