"""What a process does once before it serves: what stays is loaded, and never looked through for waste again."""

import gc

from django.urls import get_resolver


def settle() -> None:
    """Load the addresses with their views, and take what is loaded out of the collector's sight.

    Otherwise every few hundred pages one of them waits a tenth of a second while the whole of Django is searched.
    """
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
