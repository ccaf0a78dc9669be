"""Access tokens are issued, revoked and counted here; the secret is handed out once and kept nowhere."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.db import connection
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from departments.actions import audit
from departments.actions.acts import act
from departments.errors import DomainError, Invalid, NotAllowed
from departments.models import AccessToken, User
from departments.permissions import has_permission
from departments.roles import Permission
from departments.selectors.access_tokens import count_usable
from departments.selectors.clock import read_database_time

PREFIX = "qsc_"
"""How every secret begins, so that a scanner of files recognises one that was left lying."""

LIFETIMES = (30, 90, 180, 365)
"""Days that a token may live."""

MOST_TOKENS = 10
REQUESTS_A_MINUTE = 120
MINUTE = timedelta(seconds=60)
_LOCKS = 0x51_5A  # the class of these advisory locks; the person's key is the other half


class TooMany(DomainError):
    """The token's minute is used up; `seconds` until the next one begins."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, sentence: str, *, seconds: int) -> None:
        super().__init__(sentence)
        self.seconds = seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A new token, and its secret, which nobody can ask for again."""

    token: AccessToken
    secret: str


@act
def issue_token(*, name: str, days: int, by: User) -> Issued:
    """Return a new token of the person for himself, with its secret.

    Errors: NotAllowed for a disabled account; Invalid, naming the field, for an empty or doubled name, a lifetime that
    is not offered, and where the person has enough of them.
    """
    if not by.is_active:
        raise NotAllowed(_("This account is disabled; it issues no tokens."))
    name = " ".join(name.split())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCKS, by.pk])
    _check_new(name, days=days, by=by)
    secret, now = PREFIX + secrets.token_urlsafe(32), read_database_time()
    token = AccessToken.objects.create(
        user=by,
        name=name,
        digest=digest_of_secret(secret),
        hint=secret[:8],
        issued_at=now,
        expires_at=now + timedelta(days=days),
    )
    _record("token_issued", token, by=by, details={"expires_at": token.expires_at})
    return Issued(token=token, secret=secret)


@act
def revoke_token(*, token: AccessToken, by: User) -> None:
    """End a token now. Errors: NotAllowed unless it is one's own or one keeps the accounts; Invalid if it has ended."""
    check_user_can_revoke(by, token)
    live = AccessToken.objects.filter(pk=token.pk, revoked_at__isnull=True)
    if not live.update(revoked_at=read_database_time(), revoked_by=by):
        raise Invalid(_("This token has been revoked already; reload the page."))
    _record("token_revoked", token, by=by, details={"owner": token.user_id})


def check_user_can_revoke(user: User, token: AccessToken) -> None:
    """Pass for the owner and for the security administrator."""
    if token.user_id != user.pk and not has_permission(user, Permission.MANAGE_PEOPLE):
        raise NotAllowed(_("Only its owner or the security administrator revokes a token."))


def use_token(*, secret: str, cost: int = 1) -> AccessToken | None:
    """Count a request and return its token with the owner, or None where nobody is let in.

    None alike for an unknown, revoked or expired token and for a disabled account, all by the database's clock.
    `cost` is how many requests this one counts for. No entry in the trail: this notes the use, it is no act.
    Errors: TooMany once the minute's requests are used up.
    """
    live = AccessToken.objects.filter(
        digest=digest_of_secret(secret), revoked_at__isnull=True, expires_at__gt=Now(), user__is_active=True
    )
    same_minute = Q(minute_at__gt=Now() - MINUTE)
    counted = live.update(
        last_used_at=Now(),
        minute_count=Case(When(same_minute, then=F("minute_count") + cost), default=Value(cost)),
        minute_at=Case(When(same_minute, then=F("minute_at")), default=Now()),
    )
    token = live.select_related("user").first() if counted else None
    if token is not None and token.minute_count > REQUESTS_A_MINUTE:
        raise TooMany(
            _("This token has asked %(count)s times within a minute; wait, and ask less often.")
            % {"count": REQUESTS_A_MINUTE},
            seconds=_seconds_left(token.minute_at, token.last_used_at),
        )
    return token


def digest_of_secret(secret: str) -> str:
    """Return what is kept of a secret. It is 256 random bits: a slow hash would protect nothing more."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _seconds_left(since: datetime | None, now: datetime | None) -> int:
    if since is None or now is None:
        return int(MINUTE.total_seconds())
    return max(1, int((since + MINUTE - now).total_seconds()) + 1)


def _check_new(name: str, *, days: int, by: User) -> None:
    if not name or len(name) > 60:
        raise Invalid(_("Name: say in 1 to 60 characters which system uses the token."))
    if days not in LIFETIMES:
        raise Invalid(_("Lifetime: choose one of those offered."))
    if AccessToken.objects.filter(user=by, name=name, revoked_at__isnull=True).exists():
        raise Invalid(_("Name: you have a token “%(name)s”; revoke it first, or choose another name.") % {"name": name})
    if count_usable(by) >= MOST_TOKENS:
        raise Invalid(_("You have %(count)s tokens in use; revoke one first.") % {"count": MOST_TOKENS})


def _record(event: str, token: AccessToken, *, by: User, details: dict[str, Any]) -> None:
    told = {"name": token.name, "hint": token.hint, **details}
    audit.record(audit.Act(event=event, by=by, subject=token, details=told))
