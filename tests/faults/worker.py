"""A Celery worker on the test database, to be killed: `python -m tests.faults.worker DATABASE LEASE POOL`."""

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "qscounty.settings"


def main() -> None:
    """Run one worker until it is stopped."""
    database, lease, pool = sys.argv[1], float(sys.argv[2]), sys.argv[3]
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    from qscounty.celery import app

    app.loader.import_default_modules()
    from indicators.actions import recompute_queue

    recompute_queue.LEASE_SECONDS = lease
    recompute_queue.BACKOFF_SECONDS = 0.1
    app.worker_main(["worker", "--pool", pool, "--concurrency", "2", "--loglevel", "WARNING", "--without-mingle",
                     "--without-gossip", "--without-heartbeat"])  # fmt: skip


if __name__ == "__main__":
    main()
