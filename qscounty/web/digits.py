"""Reads a whole number out of what a request sends: plain digits, no more than its place can hold."""

LONGEST_ID = 18  # digits: what every key of the database holds


def read_digits(text: str, *, at_most: int = LONGEST_ID) -> int | None:
    """Return the number that ASCII digits say, None for anything else and for more than `at_most` digits.

    No sign, no blank, no digit of another script: `int` would take them, and a database would refuse some.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= at_most else None
