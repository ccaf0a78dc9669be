"""Background doors of the trail: each calls one action, and may come twice, late or never."""

from celery import shared_task


@shared_task(ignore_result=True)
def anchor_audit(**_later: object) -> None:
    """Write the ends of the chains outside the database."""
    from departments.actions.anchors import anchor_audit as anchor

    anchor()
