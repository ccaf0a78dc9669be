"""Transactions that tests open round the code they test, and take back."""

from django.db.transaction import Atomic, atomic


def taken_back() -> Atomic:
    """Return a transaction that acts take for the test's own, as they do Django's own round a test.

    Acts refuse every other transaction round them, since what they acknowledge there could be undone.
    """
    block = atomic()
    block._from_testcase = True
    return block
