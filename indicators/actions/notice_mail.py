"""Sends notices by e-mail, where the site has a mail server and the person an address."""

import logging
import time
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import translation
from django.utils.translation import gettext as _

from departments.actions.acts import act
from departments.models import Department
from departments.permissions import scope_of
from departments.selectors.clock import read_database_time
from indicators.models import Notice
from indicators.notice_addresses import find_link
from indicators.notice_words import write_notice, write_title

logger = logging.getLogger(__name__)
KEPT_FOR = timedelta(days=2)
"""A notice that could not be sent for so long is only found on the site."""


def mail_notices(*, seconds: float) -> int:
    """Send the notices that wait, for at most so many seconds; return how many went out.

    One at a time, each in its own transaction: a mail server that fails in the middle loses none, and at worst
    one e-mail goes out twice. Without a mail server, or to people without an address, nothing is sent.
    """
    if not settings.HAS_MAIL:
        return 0
    until = time.monotonic() + seconds
    sent = 0
    try:
        with get_connection() as connection, translation.override(settings.LANGUAGE_CODE):
            while time.monotonic() < until and _send_next(connection):
                sent += 1
    except (OSError, SMTPException) as error:
        logger.warning("The mail server takes no notices now: %s", error)
    return sent


@act
def _send_next(connection: BaseEmailBackend) -> bool:
    """Send one notice; False if none waits that nobody else is sending."""
    now = read_database_time()
    rows = Notice.objects.select_for_update(no_key=True, of=("self",), skip_locked=True)
    waiting = rows.filter(
        emailed_at__isnull=True, read_at__isnull=True, sent_at__gte=now - KEPT_FOR, user__is_active=True
    )
    waiting = waiting.exclude(user__email="").select_related("user", "programme", "department")
    notice = waiting.order_by("sent_at", "pk").first()
    if notice is None:
        return False
    Notice.objects.filter(pk=notice.pk).update(emailed_at=now)
    _write(notice, connection).send()
    return True


def _write(notice: Notice, connection: BaseEmailBackend) -> EmailMessage:
    names = {one.pk: one.name for one in Department.objects.filter(pk__in=notice.late_departments)}
    body = [
        _("%(person)s:") % {"person": notice.user},
        write_notice(notice, names=names),
        find_link(notice, scope_of(notice.user)),
        _("Sign in to the quality-strong county targets to go on. This message was sent by itself; do not answer it."),
    ]
    title = " ".join(write_title(notice).split())  # a line break in a subject would begin another header
    return EmailMessage(
        subject=title,
        body="\n\n".join(body),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[notice.user.email],
        connection=connection,
    )
