"""Every address of the site; the applications name theirs."""

from django.conf.urls.i18n import urlpatterns as language_patterns
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from qscounty import health

for pattern in language_patterns:  # the switch also stands on the log-in page
    pattern.callback = login_not_required(pattern.callback)

urlpatterns = [
    path("", include("reports.urls")),
    path("", include("departments.urls")),
    path("", include("indicators.urls")),
    path("i18n/", include(language_patterns)),
    path("livez", health.livez),
    path("readyz", health.readyz),
]

handler403 = "qscounty.errors.show_forbidden"
handler404 = "qscounty.errors.show_missing"
handler500 = "qscounty.errors.show_failure"
