"""What local services say when they cannot run."""


class LocalServiceError(Exception):
    """A sentence for the person at the keyboard: which thing, what is wrong, what to do."""
