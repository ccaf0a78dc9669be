"""The Django application departments."""

from django.apps import AppConfig


class DepartmentsConfig(AppConfig):
    """Name the application; nothing is started here."""

    name = "departments"
