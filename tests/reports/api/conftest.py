"""The city that every test of the read interface reads, and its office's token."""

import pytest

from tests.reports.api.reader import Reader
from tests.reports.publication_world import make_publishing_world


@pytest.fixture
def city():
    return make_publishing_world()


@pytest.fixture
def office(client, city):
    return Reader(client, city.asker)
