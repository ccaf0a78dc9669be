"""Counts the queries of a page beyond those of its frame: session, person, scope, programme, navigation."""

from http import HTTPStatus

from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

FRAME = "/search/"
"""A search without a question asks for nothing but the frame."""


def count_queries(client, user, address):
    """Return how many queries the page takes, with nothing remembered from before."""
    client.force_login(user)
    client.get(address)
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == HTTPStatus.OK
    return len(queries)


def count_beyond_frame(client, user, address):
    """Return how many queries the page takes beyond those of every page."""
    state = "?" + address.partition("?")[2]
    return count_queries(client, user, address) - count_queries(client, user, FRAME + state.partition("&q=")[0])
