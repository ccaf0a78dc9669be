"""The five domains of quality, in the order in which pages show them."""

from enum import StrEnum


class Domain(StrEnum):
    """What a target is about."""

    PRODUCT = "product"
    WORKS = "works"
    SERVICE = "service"
    ENVIRONMENT = "environment"
    FOUNDATION = "foundation"
