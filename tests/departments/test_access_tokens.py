"""Access tokens: issued once, kept as a digest, ended at once by whatever ends them. Refusals beside their contrary."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse

from departments.actions import access_tokens
from departments.actions.access_tokens import TooMany, issue_token, revoke_token, use_token
from departments.errors import Invalid, NotAllowed
from departments.models import AccessToken, AuditEntry, User
from departments.roles import Role
from tests.builders import make_department, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make_user(Role.CLERK, at=make_department())


@pytest.fixture
def issued(owner):
    return issue_token(name="Data hub", days=90, by=owner)


def test_a_token_lets_its_owner_in_and_only_its_digest_is_kept(owner, issued):
    assert use_token(secret=issued.secret).user == owner
    row = AccessToken.objects.values().get()
    assert issued.secret not in map(str, row.values())
    assert row["last_used_at"] is not None
    entry = AuditEntry.objects.get(event="token_issued")
    assert issued.secret not in str(entry.details)


ENDINGS = {
    "revoked": lambda token: revoke_token(token=token, by=token.user),
    "expired": lambda token: AccessToken.objects.update(
        issued_at=F("issued_at") - timedelta(days=91), expires_at=F("expires_at") - timedelta(days=91)
    ),
    "disabled": lambda token: User.objects.filter(pk=token.user_id).update(is_active=False),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_ends_a_token_ends_it_at_once(issued, ending):
    assert use_token(secret=issued.secret) is not None
    ENDINGS[ending](issued.token)
    assert use_token(secret=issued.secret) is None


@pytest.mark.parametrize("wrong", ["", "qsc_", "x"])
def test_another_secret_opens_nothing(issued, wrong):
    assert use_token(secret=wrong) is None
    assert use_token(secret=issued.secret[:-1]) is None
    assert use_token(secret=issued.token.digest) is None


def test_a_minute_has_so_many_requests(issued, monkeypatch):
    monkeypatch.setattr(access_tokens, "REQUESTS_A_MINUTE", 3)
    for _each in range(3):
        assert use_token(secret=issued.secret)
    with pytest.raises(TooMany) as refused:
        use_token(secret=issued.secret)
    assert 1 <= refused.value.seconds <= 61
    AccessToken.objects.update(minute_at=F("minute_at") - timedelta(seconds=61))
    assert use_token(secret=issued.secret, cost=3)
    with pytest.raises(TooMany):
        use_token(secret=issued.secret)


@pytest.mark.parametrize(("name", "days"), [("", 90), (" ", 90), ("x" * 61, 90), ("Other", 91), ("Data hub", 90)])
def test_a_name_or_lifetime_that_cannot_be_is_refused(owner, issued, name, days):
    with pytest.raises(Invalid):
        issue_token(name=name, days=days, by=owner)
    assert AccessToken.objects.count() == 1
    assert issue_token(name="Other", days=30, by=owner)


def test_the_eleventh_is_refused(owner):
    for number in range(10):
        issue_token(name=str(number), days=30, by=owner)
    with pytest.raises(Invalid, match="10"):
        issue_token(name="more", days=30, by=owner)


def test_owner_and_security_administrator_revoke_nobody_else(issued):
    with pytest.raises(NotAllowed):
        revoke_token(token=issued.token, by=make_user(Role.SYSTEM_ADMINISTRATOR))
    revoke_token(token=issued.token, by=make_user(Role.SECURITY_ADMINISTRATOR))
    assert AuditEntry.objects.filter(event="token_revoked").count() == 1
    with pytest.raises(Invalid):
        revoke_token(token=issued.token, by=issued.token.user)


def test_the_page_shows_the_secret_once(client, owner):
    client.force_login(owner)
    shown = client.post(reverse("departments:token-issue"), {"name": "Hub", "days": "30"}).content.decode()
    token = AccessToken.objects.get()
    secret = shown.split('class="secret" readonly value="')[1].split('"')[0]
    assert use_token(secret=secret) == token
    again = client.get(reverse("departments:token-list")).content.decode()
    assert secret not in again
    assert token.hint in again
