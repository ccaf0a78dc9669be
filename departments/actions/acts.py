"""The one way in which an act opens its transaction, and is repeated when the database asks for it.

Source: trust rules 2 and 8.
"""

import functools
import logging
import random
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, transaction

RETRIES = 3
REPEATABLE = frozenset({"40001", "40P01"})
"""Serialisation failure and deadlock: the database has undone everything, and says that asking again may succeed."""
LONGEST_PAUSES = (0.02, 0.08, 0.3)
"""Seconds before each repetition, at most; the real pause is drawn, so that two losers do not meet again."""

P = ParamSpec("P")
T = TypeVar("T")
logger = logging.getLogger(__name__)
_is_acting: ContextVar[bool] = ContextVar("is_acting", default=False)


def act(function: Callable[P, T]) -> Callable[P, T]:
    """Make `function` an act: all of it or nothing, committed when it returns, repeated after a deadlock.

    Called by another act it is a part of that one, undone alone if its refusal is caught. Errors: RuntimeError inside
    a transaction that is no act's: what is acknowledged there could still be undone.
    """

    @functools.wraps(function)
    def perform(*args: P.args, **kwargs: P.kwargs) -> T:
        if _is_acting.get():
            with transaction.atomic():
                return function(*args, **kwargs)
        return _perform_repeatedly(lambda: function(*args, **kwargs), name=function.__qualname__)

    perform.is_act = True  # type: ignore[attr-defined]
    return perform


def _perform_repeatedly(work: Callable[[], T], *, name: str) -> T:
    """Do the whole of `work` in a transaction of its own, at most RETRIES times again."""
    for attempt in range(RETRIES + 1):
        token = _is_acting.set(True)
        try:
            with transaction.atomic(durable=True):
                return work()
        except DatabaseError as error:
            if attempt == RETRIES or not is_repeatable(error):
                raise
            logger.warning("%s is done again: %s", name, str(error).splitlines()[0])
        finally:
            _is_acting.reset(token)
        time.sleep(random.uniform(0, LONGEST_PAUSES[attempt % len(LONGEST_PAUSES)]))  # noqa: S311  no secret
    raise AssertionError("the last attempt returns or raises")


def is_repeatable(error: DatabaseError) -> bool:
    """Return whether the database asks for the same once more; lock and statement time-outs are not repeated."""
    return getattr(error.__cause__, "pgcode", None) in REPEATABLE
