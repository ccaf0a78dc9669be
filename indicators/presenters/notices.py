"""A person's notices: what waits, and what was read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from departments.permissions import Scope
from indicators.models import Notice, NoticeKind
from indicators.notice_addresses import find_address
from indicators.notice_words import write_notice, write_title
from qscounty.web.times import format_instant


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """One notice; `url` leads to where it is dealt with, "" where nothing can be done."""

    pk: int
    kind: str
    shape: str
    title: str
    text: str
    url: str
    at: str
    is_read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesView:
    """The page."""

    lede: str
    unread: list[NoticeView]
    read: list[NoticeView]


def present_notices(notices: Iterable[Notice], *, names: Mapping[int, str], scope: Scope) -> NoticesView:
    """Return the page; `names` are departments by id, `scope` is what the reader may do."""
    views = [_present(notice, names, scope) for notice in notices]
    unread = [view for view in views if not view.is_read]
    count = len(unread)
    lede = ngettext("%(count)d notice is new.", "%(count)d notices are new.", count) % {"count": count}
    return NoticesView(
        lede=lede if count else _("You have read everything."),
        unread=unread,
        read=[view for view in views if view.is_read],
    )


def _present(notice: Notice, names: Mapping[int, str], scope: Scope) -> NoticeView:
    kind = NoticeKind(notice.kind)
    return NoticeView(
        pk=notice.pk,
        kind=str(kind.label),
        shape="!" if kind == NoticeKind.OVERDUE else "",
        title=write_title(notice),
        text=write_notice(notice, names=names),
        url=find_address(notice, scope),
        at=format_instant(notice.sent_at),
        is_read=notice.read_at is not None,
    )
