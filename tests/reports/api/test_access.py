"""Who is let in: a token's whole life, each refusal beside the same request allowed; nothing but reading."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse

from departments.actions import access_tokens
from departments.actions.access_tokens import issue_token, revoke_token
from departments.models import AccessToken, Membership, User
from reports.api.access import CSV_COST
from tests.builders import Q3
from tests.reports.api.reader import Reader, read_csv

pytestmark = pytest.mark.django_db
PATHS = ["programmes", "quarters", "regions", "departments", "targets", "figures", "results", "rollups", "publications"]


def expire(reader):
    past = timedelta(days=31)
    AccessToken.objects.filter(pk=reader.token.pk).update(
        issued_at=F("issued_at") - past, expires_at=F("expires_at") - past
    )


def nearly_expire(reader):
    AccessToken.objects.filter(pk=reader.token.pk).update(issued_at=F("issued_at") - timedelta(days=29))
    AccessToken.objects.filter(pk=reader.token.pk).update(expires_at=F("expires_at") - timedelta(days=29))


def disable(reader):
    User.objects.filter(pk=reader.user.pk).update(is_active=False)


def disable_and_enable(reader):
    disable(reader)
    User.objects.filter(pk=reader.user.pk).update(is_active=True)


def revoke(reader):
    revoke_token(token=reader.token, by=reader.user)


def revoke_another(reader):
    revoke_token(token=issue_token(name="other", days=30, by=reader.user).token, by=reader.user)


def disable_another(reader):
    User.objects.exclude(pk=reader.user.pk).update(is_active=False)


LIVES = {  # what happens -> the contrary that lets in
    "revoked": (revoke, revoke_another),
    "expired": (expire, nearly_expire),
    "disabled person": (disable, disable_another),
    "disabled and enabled": (disable, disable_and_enable),
}


@pytest.mark.parametrize("life", LIVES)
@pytest.mark.parametrize("form", ["json", "csv"])
def test_what_ends_a_token_refuses_the_next_request(office, life, form):
    assert office.get("results", format=form).status_code == 200
    LIVES[life][0](office)
    refused = office.get("results", format=form)
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert "rows" not in refused.json()


@pytest.mark.parametrize("life", LIVES)
def test_the_contrary_lets_in(office, life):
    LIVES[life][1](office)
    assert office.get("results").status_code == 200


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("Bearer {secret}", 200),
        ("bearer {secret}", 200),
        ("", 401),
        ("Bearer", 401),
        ("Bearer ", 401),
        ("{secret}", 401),
        ("Basic {secret}", 401),
        ("Token {secret}", 401),
        ("Bearer {secret}x", 401),
        ("Bearer qsc_", 401),
        ("Bearer {digest}", 401),
        ("Bearer {hint}", 401),
        ("Bearer \x00", 401),
        ("Bearer 质量", 401),
    ],
)
def test_only_the_whole_secret_in_its_header_opens(client, office, written, status):
    token = office.token
    header = written.format(secret=office.secret, digest=token.digest, hint=token.hint)
    answer = client.get("/api/v1/programmes", headers={"authorization": header})
    assert answer.status_code == status


@pytest.mark.parametrize("name", ["token", "access_token", "key", "authorization"])
def test_a_secret_in_the_address_opens_nothing(client, office, name):
    assert client.get("/api/v1/programmes", {name: office.secret}).status_code == 401
    assert office.get("programmes").status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_another_person_s_token_reads_the_other_person_s_rows(client, office, city, path):
    stranger = Reader(client, city.world.stranger)
    query = {} if path == "programmes" else {"programme": city.programme.code}
    answer = stranger.get(path, **query)
    if path == "programmes":
        assert answer.json()["rows"] == []
    else:
        assert answer.status_code == 404
    assert office.get(path, **query).status_code == 200


def test_a_token_follows_its_owner_out_of_a_role(office):
    assert office.rows("results")
    Membership.objects.filter(user=office.user).delete()
    assert office.get("results").status_code == 404
    assert office.rows("programmes") == []


def test_a_session_beside_a_token_changes_nobody(client, city):
    clerk = Reader(client, city.world.clerk)
    alone = clerk.rows("results")
    client.force_login(city.asker)
    assert clerk.rows("results") == alone
    assert client.get("/api/v1/results").status_code == 401


@pytest.mark.parametrize("person", ["clerk", "reviewer"])
@pytest.mark.parametrize("path", ["figures", "results", "rollups", "departments", "targets"])
def test_a_department_reads_its_own(client, city, office, person, path):
    unit = f"1404/{city.world.departments[0].code}"
    reader = Reader(client, getattr(city.world, person))
    column = {"targets": "lead"}.get(path, "department")
    rows = reader.rows(path, quarter=str(Q3))
    assert {row[column] for row in rows} == {unit}
    assert read_csv(reader.get(path, quarter=str(Q3), format="csv"))[0][column] == unit
    if path != "figures":
        assert len(office.rows(path, quarter=str(Q3))) > len(rows)


def test_another_department_s_name_is_like_none(client, city):
    clerk = Reader(client, city.world.clerk)
    other, none = (clerk.get("results", department=f"1404/{code}") for code in ("d2", "d9"))
    assert (other.status_code, none.status_code) == (422, 422)
    assert other.json()["detail"].replace("d2", "d9") == none.json()["detail"]
    assert clerk.rows("results", department="1404/d1")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize("path", PATHS)
def test_nothing_but_reading(client, office, method, path):
    headers = {"authorization": f"Bearer {office.secret}"}
    assert getattr(client, method)(f"/api/v1/{path}", headers=headers).status_code == 405


@pytest.mark.parametrize("path", PATHS)
def test_head_is_get_without_the_body(client, office, path):
    headers = {"authorization": f"Bearer {office.secret}", "accept-language": "en"}
    head = client.head(f"/api/v1/{path}", headers=headers)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == office.get(path).headers["ETag"]


def test_a_minute_s_requests_are_bounded_and_a_file_counts_for_more(office, monkeypatch):
    monkeypatch.setattr(access_tokens, "REQUESTS_A_MINUTE", CSV_COST + 2)
    assert office.get("programmes", format="csv").status_code == 200
    assert [office.get("programmes").status_code for _n in range(3)] == [200, 200, 429]
    refused = office.get("programmes")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    assert str(CSV_COST + 2) in refused.json()["detail"]
    AccessToken.objects.update(minute_at=F("minute_at") - timedelta(seconds=61))
    assert office.get("programmes").status_code == 200


def test_one_token_s_minute_is_not_another_s(client, office, city, monkeypatch):
    monkeypatch.setattr(access_tokens, "REQUESTS_A_MINUTE", 1)
    other = Reader(client, city.publisher)
    assert [office.get("programmes").status_code for _n in range(2)] == [200, 429]
    assert other.get("programmes").status_code == 200


def test_the_document_is_for_tokens_and_for_the_signed_in(client, office, monkeypatch):
    address = reverse("api:openapi")
    assert client.get(address).status_code == 401
    assert office.get("openapi.json").json()["openapi"].startswith("3.")
    client.force_login(office.user)
    assert client.get(address).status_code == 200
    client.logout()
    monkeypatch.setattr(access_tokens, "REQUESTS_A_MINUTE", 0)
    assert office.get("openapi.json").status_code == 429
