"""The calendar of a programme's quarters: what is open, until when, and who has longer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from departments.models import User
from indicators.calendar_days import LAST_KNOWN_YEAR, is_known, is_working_day
from indicators.models import Extension, Programme, ReportingQuarter
from indicators.selectors.calendar import counts_now
from qscounty.web.formats import format_quarter
from qscounty.web.sentences import join_sentences, join_words
from qscounty.web.times import format_day

OPEN, AHEAD, CLOSED = "open", "ahead", "closed"
_SHAPES = {OPEN: "●", AHEAD: "○", CLOSED: "✓"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    """A day with its weekday; `warns`: offices do not work on it."""

    text: str
    weekday: str
    warns: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterView:
    """One quarter in the table; `state` is OPEN, AHEAD or CLOSED."""

    name: str
    url: str
    state: str
    shape: str
    word: str
    opens: DayView
    due: DayView
    closes: DayView
    extended: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionView:
    """One extension; `can_confirm`: it waits for another person, and this one may be that person."""

    pk: int
    department: str
    due: str
    closes: str
    reason: str
    word: str
    people: str
    is_waiting: bool
    can_confirm: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarView:
    """The page of all quarters: (heading, quarters, is folded)."""

    lede: str
    programme: Programme
    choices: list[tuple[str, str, bool]]
    sections: list[tuple[str, list[QuarterView], bool]]
    doubt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterPage:
    """The page of one quarter and what may be done with it now."""

    lede: str
    quarter: QuarterView
    extensions: list[ExtensionView]
    can_move: bool
    can_close: bool
    is_opened: bool
    doubt: str


def present_calendar(
    programme: Programme,
    windows: list[ReportingQuarter],
    *,
    programmes: Iterable[Programme],
    extensions: Iterable[Extension],
    today: date,
) -> CalendarView:
    """Return the page; `windows` in the order of quarters."""
    extensions = list(extensions)
    views = [_present(window, _of(window, extensions), today) for window in windows]
    by_state = {state: [view for view in views if view.state == state] for state in (OPEN, AHEAD, CLOSED)}
    current = [window for window in windows if state_of(window, today) == OPEN]
    sections = [
        (_("Open now"), by_state[OPEN], False),
        (_("To come"), by_state[AHEAD], False),
        (pgettext("quarters", "Closed"), by_state[CLOSED][::-1], True),
    ]
    return CalendarView(
        lede=_write_lede(current, windows, extensions, today),
        programme=programme,
        choices=[
            (one.name, f"{reverse('indicators:calendar')}?programme={one.code}", one.pk == programme.pk)
            for one in programmes
        ],
        sections=[section for section in sections if section[1]],
        doubt=_write_doubt(windows),
    )


def present_quarter(
    window: ReportingQuarter, *, extensions: Iterable[Extension], today: date, user: User
) -> QuarterPage:
    """Return the page of one quarter."""
    extensions = list(extensions)
    state = state_of(window, today)
    return QuarterPage(
        lede=_write_state(window, extensions, today),
        quarter=_present(window, extensions, today),
        extensions=[_present_extension(one, today=today, user=user) for one in extensions],
        can_move=state != CLOSED and today <= window.due_on,
        can_close=state == OPEN and today >= window.due_on,
        is_opened=state != AHEAD,
        doubt=_write_doubt([window]),
    )


def state_of(window: ReportingQuarter, today: date) -> str:
    """Return where the quarter stands for departments without an extension."""
    if window.closed_at is not None or today > window.closes_on:
        return CLOSED
    return AHEAD if today < window.opens_on else OPEN


def _of(window: ReportingQuarter, extensions: Iterable[Extension]) -> list[Extension]:
    return [one for one in extensions if one.window_id == window.pk]


def _present(window: ReportingQuarter, extensions: list[Extension], today: date) -> QuarterView:
    state = state_of(window, today)
    return QuarterView(
        name=format_quarter(window.quarter.year, window.quarter.number),
        url=reverse("indicators:calendar-quarter", args=[window.programme.code, str(window.quarter)]),
        state=state,
        shape=_SHAPES[state],
        word=_name_state(window, today),
        opens=_present_day(window.opens_on, is_working=True),
        due=_present_day(window.due_on),
        closes=_present_day(window.closes_on),
        extended=join_words([one.department.short_name for one in extensions if _holds(one, today)]),
    )


def _holds(extension: Extension, today: date) -> bool:
    return counts_now(extension) and today <= extension.closes_on


def _name_state(window: ReportingQuarter, today: date) -> str:
    state = state_of(window, today)
    if state == AHEAD:
        return pgettext("quarter", "Not open yet")
    if state == CLOSED:
        return pgettext("quarter", "Closed")
    return pgettext("quarter", "Open, past its due date") if today > window.due_on else pgettext("quarter", "Open")


def _present_day(day: date, *, is_working: bool = False) -> DayView:
    """Return the day; the opening is a date on paper and may be a holiday."""
    warns = not is_working and not is_working_day(day)
    return DayView(text=f"{day:%Y-%m-%d}", weekday=date_format(day, "D"), warns=warns)


def _present_extension(extension: Extension, *, today: date, user: User) -> ExtensionView:
    is_waiting = extension.granted_at is None and today <= extension.closes_on
    settled = _("Holds") if _holds(extension, today) else _("Over")
    people = [_("asked by %(person)s") % {"person": extension.by}]
    if extension.confirmed_by is not None:
        people.append(_("confirmed by %(person)s") % {"person": extension.confirmed_by})
    return ExtensionView(
        pk=extension.pk,
        department=extension.department.name,
        due=f"{extension.due_on:%Y-%m-%d}",
        closes=f"{extension.closes_on:%Y-%m-%d}",
        reason=extension.reason,
        word=_("Waits for a second person") if is_waiting else settled,
        people=" · ".join(people),
        is_waiting=is_waiting,
        can_confirm=is_waiting and extension.by_id != user.pk,
    )


def _write_lede(
    current: list[ReportingQuarter], windows: list[ReportingQuarter], extensions: list[Extension], today: date
) -> str:
    """Return what is open and until when; otherwise what comes next."""
    if current:
        newest = current[-1]
        return _write_state(newest, _of(newest, extensions), today)
    ahead = [window for window in windows if state_of(window, today) == AHEAD]
    if ahead:
        return _("No quarter is open; %(quarter)s opens on %(date)s.") % {
            "quarter": _name(ahead[0]),
            "date": format_day(ahead[0].opens_on),
        }
    return _("Every quarter of this programme is closed.") if windows else _("This programme has no quarters yet.")


def _write_state(window: ReportingQuarter, extensions: list[Extension], today: date) -> str:
    name = {"quarter": _name(window)}
    state = state_of(window, today)
    longer = sum(_holds(one, today) for one in extensions)
    told = ngettext("%(count)d department has longer.", "%(count)d departments have longer.", longer) % {
        "count": longer
    }
    if state == AHEAD:
        first = _("%(quarter)s opens on %(date)s.") % (name | {"date": format_day(window.opens_on)})
    elif state == CLOSED:
        first = _("%(quarter)s is closed.") % name
    else:
        first = _write_open(window, today)
    return join_sentences([first, told if longer else ""])


def _write_open(window: ReportingQuarter, today: date) -> str:
    name = _name(window)
    left = (window.due_on - today).days
    if left > 0:
        return ngettext(
            "%(quarter)s is open: due on %(date)s, %(count)d day left.",
            "%(quarter)s is open: due on %(date)s, %(count)d days left.",
            left,
        ) % {"quarter": name, "date": format_day(window.due_on), "count": left}
    if left == 0:
        return _("%(quarter)s is due today.") % {"quarter": name}
    return _("%(quarter)s was due on %(due)s and closes on %(closes)s.") % {
        "quarter": name,
        "due": format_day(window.due_on),
        "closes": format_day(window.closes_on),
    }


def _write_doubt(windows: Iterable[ReportingQuarter]) -> str:
    """Say for which dates public holidays are not decreed yet; "" where all are known."""
    years = {day.year for window in windows for day in (window.due_on, window.closes_on) if not is_known(day)}
    years = {year for year in years if year > LAST_KNOWN_YEAR}
    if not years:
        return ""
    return _(
        "Public holidays are known up to %(year)d; later dates heed weekends only. Check them once the decree is out."
    ) % {"year": LAST_KNOWN_YEAR}


def _name(window: ReportingQuarter) -> str:
    return format_quarter(window.quarter.year, window.quarter.number)
