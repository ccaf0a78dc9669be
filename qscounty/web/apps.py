"""The presentation kit as a Django application, for its template tags."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Name the application; it has no models."""

    name = "qscounty.web"
    label = "web"
