"""Refusals that are said to a person: which thing, what is wrong, what to do."""

from http import HTTPStatus


class DomainError(Exception):
    """A refusal with a sentence; `status` is the answer's number. Source: trust.md, answers by case."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class NotAllowed(DomainError):
    """The person may see the thing but not do this with it."""

    status = HTTPStatus.FORBIDDEN


class Stale(DomainError):
    """Someone else changed the thing meanwhile."""

    status = HTTPStatus.CONFLICT


class Locked(DomainError):
    """The quarter is closed, or the submission is on its way, and takes no changes."""

    status = HTTPStatus.LOCKED


class Invalid(DomainError):
    """What was entered cannot be taken; the sentence names the field and the remedy."""
