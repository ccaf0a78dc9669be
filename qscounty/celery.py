"""The background work's door: worker and beat load `app` from here."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qscounty.settings")

app = Celery("qscounty")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
