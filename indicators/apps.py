"""The Django application indicators."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Name the application; nothing is started here."""

    name = "indicators"
