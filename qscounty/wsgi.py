"""The web server's door: gunicorn loads `application` from here."""

import os

from django.core.wsgi import get_wsgi_application

from qscounty.settling import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qscounty.settings")
# Requests get the short statement limit; commands and migrations may take their time.
os.environ.setdefault("QSCOUNTY_PROCESS", "web")

application = get_wsgi_application()
settle()
