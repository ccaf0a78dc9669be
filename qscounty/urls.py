"""Every address of the site; the applications name theirs."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from qscounty import health

urlpatterns = [
    path("", include("reports.urls")),
    path("api/v1/", include("reports.api.urls")),
    path("", include("departments.urls")),
    path("", include("indicators.urls")),
    # The switch also stands on the log-in page.
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("livez", health.livez),
    path("readyz", health.readyz),
]

handler403 = "qscounty.errors.show_forbidden"
handler404 = "qscounty.errors.show_missing"
handler500 = "qscounty.errors.show_failure"
