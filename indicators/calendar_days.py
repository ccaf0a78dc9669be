"""Working days in China: weekends, public holidays, and the weekends worked to make up for them.

Holidays are decreed year by year, usually in November for the year after. For years that the package
`chinesecalendar` does not know yet, working days are Monday to Friday, and `is_known` says so.
Source: Regulations on public holidays and commemoration days (全国年节及纪念日放假办法) and the yearly notices of the
State Council's office, as collected by the package.
"""

from datetime import date, timedelta

import chinese_calendar

_DAY = timedelta(days=1)
_SATURDAY = 5
FIRST_KNOWN_YEAR: int = min(chinese_calendar.holidays).year
LAST_KNOWN_YEAR: int = max(chinese_calendar.holidays).year


def is_known(day: date) -> bool:
    """Return whether the public holidays of the day's year are in the package's data."""
    return FIRST_KNOWN_YEAR <= day.year <= LAST_KNOWN_YEAR


def is_working_day(day: date) -> bool:
    """Return whether offices work on `day`; Monday to Friday where the year's holidays are not known."""
    if is_known(day):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < _SATURDAY


def find_working_day(day: date) -> date:
    """Return `day` if offices work on it, else the next day on which they do."""
    while not is_working_day(day):
        day += _DAY
    return day


def find_working_day_before(day: date) -> date:
    """Return the last working day before `day`."""
    day -= _DAY
    while not is_working_day(day):
        day -= _DAY
    return day
