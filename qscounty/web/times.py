"""Instants and days as pages show them, in the site's zone (Asia/Shanghai)."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from qscounty.web.formats import ABSENT


def format_instant(at: datetime | None) -> str:
    """Return 2018-10-18 16:20; ABSENT for none."""
    return ABSENT if at is None else f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def format_day(day: date | None) -> str:
    """Return 2018年10月18日 or 18 October 2018; ABSENT for none."""
    if day is None:
        return ABSENT
    return _("%(year)d-%(month)02d-%(day)02d") % {"year": day.year, "month": day.month, "day": day.day}
