"""Instants and days as pages show them, in the site's zone (Asia/Shanghai)."""

from datetime import date, datetime

from django.utils import timezone

from qscounty.web.formats import ABSENT, is_chinese


def format_instant(at: datetime | None) -> str:
    """Return 2018-10-18 16:20; ABSENT for none."""
    return ABSENT if at is None else f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def format_day(day: date | None) -> str:
    """Return 2018年10月18日 or 18 October 2018; ABSENT for none."""
    if day is None:
        return ABSENT
    return f"{day.year}年{day.month}月{day.day}日" if is_chinese() else f"{day.day} {day:%B} {day.year}"
