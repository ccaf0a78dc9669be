"""The project: settings, addresses, background work, and the services of an empty machine."""

from qscounty.celery import app as celery_app

# Tasks declared with `shared_task` attach to the current app: it must exist once Django runs.
__all__ = ["celery_app"]
