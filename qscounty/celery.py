"""The background work's door: worker and beat load `app` from here."""

import os
import warnings

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qscounty.settings")

# Root is the only user of many a container; the warning is about pickles, which the settings refuse.
warnings.filterwarnings("ignore", message="\\s*You're running the worker with superuser privileges")

app = Celery("qscounty")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
