"""Background doors of the reports: each calls one action, and may come twice, late or never."""

from celery import shared_task


@shared_task(ignore_result=True)
def export_due(**_later: object) -> None:
    """Make the files that are asked for. The message is only a hint: what is due, the table says."""
    from reports.exports.jobs import process_due_exports

    process_due_exports()


@shared_task(ignore_result=True)
def expire_exports(**_later: object) -> None:
    """Remove the files that have been kept long enough."""
    from reports.actions.export_jobs import expire_exports

    expire_exports()


@shared_task(ignore_result=True)
def verify_publications(**_later: object) -> None:
    """Count and hash every edition anew; a difference goes to the trail."""
    from reports.actions.verification import verify_publications as verify

    verify()
