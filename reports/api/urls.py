"""Addresses of the read interface. Its own tokens let in; the site's log-in is not asked."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from reports.api.description import send_openapi
from reports.api.operations import api

app_name = "api"
# The package's root address answers 404 to everybody and serves its own documentation page only.
_operations = [pattern for pattern in api.urls[0] if getattr(pattern, "name", "") != "api-root"]
for _pattern in _operations:
    login_not_required(_pattern.callback)  # type: ignore[type-var]  # each has a view: none is an include

urlpatterns = [path("openapi.json", send_openapi, name="openapi"), *_operations]
