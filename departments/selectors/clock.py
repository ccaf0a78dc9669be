"""The database's clock: deadlines and the trail go by it, never by the web server's. Source: trust rule 10."""

from datetime import date, datetime

from django.db import connection
from django.utils import timezone


def read_database_time() -> datetime:
    """Return the instant at which the current transaction began, with its zone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT transaction_timestamp()")
        now: datetime = cursor.fetchone()[0]
        return now


def read_database_date() -> date:
    """Return the calendar day in the site's zone (Asia/Shanghai)."""
    return timezone.localtime(read_database_time()).date()
