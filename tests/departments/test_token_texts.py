"""What a token's secret looks like, what is kept of it, and the time that is left of a full minute; no database."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from departments.actions import access_tokens
from departments.actions.access_tokens import LIFETIMES, PREFIX, TooMany, digest_of_secret

NOW = datetime(2018, 10, 18, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("secret", ["", "qsc_a", "质量", "x" * 500])
def test_only_the_sha_256_of_a_secret_is_kept(secret):
    kept = digest_of_secret(secret)
    assert kept == hashlib.sha256(secret.encode()).hexdigest()
    assert len(kept) == 64


@pytest.mark.parametrize(
    ("since", "now", "seconds"),
    [
        (NOW, NOW, 61),
        (NOW, NOW + timedelta(seconds=1), 60),
        (NOW, NOW + timedelta(seconds=59.9), 1),
        (NOW, NOW + timedelta(seconds=60), 1),
        (NOW, NOW + timedelta(minutes=5), 1),
        (None, NOW, 60),
        (NOW, None, 60),
    ],
)
def test_the_wait_is_never_too_short_and_never_nothing(since, now, seconds):
    left = access_tokens._seconds_left(since, now)
    assert left == seconds
    if since and now:
        assert now + timedelta(seconds=left) >= since + access_tokens.MINUTE


def test_a_refusal_says_how_long_and_lifetimes_end():
    assert TooMany("一句话。", seconds=7).seconds == 7
    assert TooMany.status == 429
    assert list(LIFETIMES) == sorted(LIFETIMES)
    assert max(LIFETIMES) <= 366
    assert PREFIX == "qsc_"
