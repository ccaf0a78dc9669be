"""Notices in words, on the page and in e-mails: which form, what is to be done, until when."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.models import Notice, NoticeKind
from qscounty.web.formats import format_quarter
from qscounty.web.sentences import join_words
from qscounty.web.times import format_day

NAMED = 5


def write_title(notice: Notice) -> str:
    """Return what the notice is about: programme and quarter."""
    quarter = format_quarter(notice.quarter.year, notice.quarter.number)
    return _("%(programme)s, %(quarter)s") % {"programme": notice.programme.short_name, "quarter": quarter}


def write_notice(notice: Notice, *, names: Mapping[int, str]) -> str:
    """Return the sentence; `names` are the departments of an office's notice by id."""
    if notice.department is None:
        return _write_for_office(notice, names)
    given = {"department": notice.department.name, "date": format_day(notice.due_on)}
    if notice.is_review:
        return _("The figures of %(department)s wait for your review; they are due on %(date)s.") % given
    words = {
        NoticeKind.OPENED: _("%(department)s can enter its figures now; they are due on %(date)s."),
        NoticeKind.HALF_TIME: _("Half of the time is over: %(department)s has not handed in yet, due on %(date)s."),
        NoticeKind.DAY_BEFORE: _("The figures of %(department)s are not handed in yet and due on %(date)s."),
        NoticeKind.OVERDUE: _("The figures of %(department)s were due on %(date)s and are not handed in."),
        NoticeKind.ASKED: _("The leadership office asks %(department)s for its figures, due on %(date)s."),
    }
    return words[NoticeKind(notice.kind)] % given


def _write_for_office(notice: Notice, names: Mapping[int, str]) -> str:
    """Return how many departments are late, and which while they are few."""
    late = [names[pk] for pk in notice.late_departments if pk in names]
    count = len(notice.late_departments)
    told = ngettext(
        "%(count)d department has not handed in; it was due on %(date)s.",
        "%(count)d departments have not handed in; they were due on %(date)s.",
        count,
    ) % {"count": count, "date": format_day(notice.due_on)}
    if not late or count > NAMED:
        return told
    return _("%(told)s (%(names)s)") % {"told": told, "names": join_words(late)}
