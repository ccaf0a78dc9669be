"""The background work's door: worker and beat load `app` from here."""

import os
import warnings

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qscounty.settings")

# Root is the only user of many a container; the warning is about pickles, which the settings refuse.
warnings.filterwarnings("ignore", message="\\s*You're running the worker with superuser privileges")

app = Celery("qscounty")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# The sweep finds whatever no message told of: a lost, emptied or sleeping broker delays work, and loses none.
SWEEP_SECONDS = 5.0
app.conf.beat_schedule = {
    "recompute-due": {
        "task": "indicators.tasks.recompute_due",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS},
    },
    "recompute-opened-quarters": {
        "task": "indicators.tasks.recompute_opened_quarters",
        "schedule": crontab(minute="3,33"),
    },
    "send-reminders": {"task": "indicators.tasks.send_reminders", "schedule": crontab(hour="8", minute="0")},
    "mail-notices": {
        "task": "indicators.tasks.mail_notices",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 300},
    },
    "export-due": {
        "task": "reports.tasks.export_due",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS},
    },
    "expire-exports": {"task": "reports.tasks.expire_exports", "schedule": crontab(minute="17")},
    "anchor-audit": {
        "task": "departments.tasks.anchor_audit",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 300},
    },
    "verify-programmes": {"task": "indicators.tasks.verify_programmes", "schedule": crontab(hour="2", minute="30")},
    "verify-publications": {"task": "reports.tasks.verify_publications", "schedule": crontab(hour="3", minute="10")},
}
app.steps["worker"].add("indicators.listening:RequestListener")
