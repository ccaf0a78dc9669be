"""Sentences are matched in English, the language of their source."""

from collections.abc import Iterator

import pytest
from django.utils.translation import override


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Answer in English unless a test says otherwise."""
    with override("en"):
        yield
