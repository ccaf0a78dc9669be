"""The Django application reports."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Name the application; nothing is started here."""

    name = "reports"
