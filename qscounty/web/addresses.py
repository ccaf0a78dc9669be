"""Addresses of pages by the names of their views: a matrix and the frame ask for the same ones again and again."""

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=20_000)
def find_address(name: str, args: tuple[object, ...] = ()) -> str:
    """Return the path of a page without a query. NoReverseMatch for a name that nothing has."""
    return reverse(name, args=args or None)
