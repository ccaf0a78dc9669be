"""Instants and days in the site's zone, in both languages."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from qscounty.web.times import format_day, format_instant


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (datetime(2018, 10, 18, 8, 20, tzinfo=UTC), "2018-10-18 16:20"),
        # A quarter's last evening in London is the next quarter's first morning in Beijing.
        (datetime(2018, 9, 30, 16, 0, tzinfo=UTC), "2018-10-01 00:00"),
        (None, "—"),
    ],
)
def test_instants_are_told_in_beijing_time(at, shown):
    assert format_instant(at) == shown


@pytest.mark.parametrize(("language", "shown"), [("zh-hans", "2015年2月13日"), ("en", "13 February 2015")])
def test_days(language, shown):
    with translation.override(language):
        assert format_day(date(2015, 2, 13)) == shown
        assert format_day(None) == "—"
