"""Settings that must keep their relation to one another, and promises made to browsers."""

import pytest
from django.conf import settings
from django.urls import reverse


def test_a_task_ends_before_its_message_is_given_to_another_worker():
    limits = {
        settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"],
        settings.CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS["visibility_timeout"],
        settings.CELERY_VISIBILITY_TIMEOUT,
    }
    assert len(limits) == 1, "the three places must agree"
    assert settings.CELERY_TASK_SOFT_TIME_LIMIT < settings.CELERY_TASK_TIME_LIMIT
    assert limits.pop() >= 2 * settings.CELERY_TASK_TIME_LIMIT


def test_a_killed_workers_task_is_done_by_another():
    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST
    assert settings.CELERY_WORKER_PREFETCH_MULTIPLIER == 1


def test_messages_carry_no_code():
    assert settings.CELERY_ACCEPT_CONTENT == ["json"]


def test_celery_reads_these_settings():
    from qscounty.celery import app

    assert app.conf.task_acks_late is True
    assert app.conf.task_time_limit == settings.CELERY_TASK_TIME_LIMIT
    assert app.conf.broker_transport_options["visibility_timeout"] == 120
    assert app.conf.task_always_eager is False, "tests must meet the real broker"


def test_no_request_waits_for_the_broker_for_long():
    assert settings.CELERY_BROKER_CONNECTION_TIMEOUT <= 3
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["socket_connect_timeout"] <= 3
    assert settings.CELERY_TASK_PUBLISH_RETRY_POLICY["max_retries"] <= 3


def test_sessions_and_lock_outs_outlive_the_broker():
    assert settings.SESSION_ENGINE.endswith(".db")
    assert "axes" in settings.INSTALLED_APPS
    assert settings.MIDDLEWARE[-1] == "axes.middleware.AxesMiddleware"
    assert settings.AXES_LOCKOUT_PARAMETERS == [["username", "ip_address"]], "a rival elsewhere locks nobody out"


def test_there_is_no_back_door_for_writes():
    assert "django.contrib.admin" not in settings.INSTALLED_APPS


def test_language_and_time():
    assert settings.LANGUAGE_CODE == "zh-hans"
    assert [code for code, _name in settings.LANGUAGES] == ["zh-hans", "en"]
    assert settings.TIME_ZONE == settings.CELERY_TIMEZONE == "Asia/Shanghai"
    assert settings.USE_TZ


@pytest.mark.parametrize(
    "promise",
    [
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ],
)
@pytest.mark.django_db
def test_browsers_are_told_what_a_page_may_do(client, promise: str):
    assert promise in client.get("/livez").headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_scripts_come_from_here_and_never_from_text(client):
    policy = client.get("/livez").headers["Content-Security-Policy"]
    scripts = next(part for part in policy.split(";") if "script-src" in part)
    assert "unsafe" not in scripts
    assert "http" not in policy, "nothing is loaded from elsewhere"


@pytest.mark.django_db
def test_other_headers(client):
    headers = client.get("/livez").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_view_is_closed_unless_it_says_otherwise(client):
    response = client.get("/")
    assert response.status_code in (302, 404)
    if response.status_code == 302:
        assert response.headers["Location"].startswith(reverse(settings.LOGIN_URL))


@pytest.mark.django_db
def test_language_can_be_switched_before_signing_in(client):
    response = client.post(reverse("set_language"), {"language": "en", "next": "/livez"})
    assert response.status_code == 302
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_every_scheduled_task_exists():
    from qscounty.celery import app

    app.loader.import_default_modules()
    assert app.conf.beat_schedule
    for name, entry in app.conf.beat_schedule.items():
        assert entry["task"] in app.tasks, name


def test_what_workers_add_to_themselves_exists():
    from celery.utils.imports import symbol_by_name

    from qscounty.celery import app

    for step in app.steps["worker"]:
        assert symbol_by_name(step)
