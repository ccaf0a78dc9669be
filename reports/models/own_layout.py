"""Layouts of the province's own (自定报送表样): every version as it was uploaded, and since when it is in use."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators.models import Programme
from reports.models.publication import never_emptied


class OwnLayout(models.Model):
    """One version of a programme's layout. In use is the one with the newest `used_at`; absent: only uploaded.

    `places` are the names and cells that were found in `file`, as JSON (see `reports.layouts.places.Place`);
    `sha256` and `size` are the file's. Lists defer `file`. Source: issue 6, part 1.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="layouts", verbose_name=_("programme"))
    version = models.PositiveSmallIntegerField(_("version"))
    file_name = models.CharField(_("file name"), max_length=200)
    file = models.BinaryField()
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    places = models.JSONField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("in use by")
    )
    used_at = models.DateTimeField(_("in use since"), null=True, blank=True)

    class Meta:
        verbose_name = _("own layout")
        verbose_name_plural = _("own layouts")
        ordering = ["programme", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "version"], name="ownlayout_version_unique"),
            models.CheckConstraint(condition=Q(size__gt=0) & ~Q(sha256="") & ~Q(places=[]), name="ownlayout_whole"),
            models.CheckConstraint(
                condition=Q(used_by__isnull=True, used_at__isnull=True)
                | Q(used_by__isnull=False, used_at__isnull=False),
                name="ownlayout_used_by_somebody",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="file_kept",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__sha256__df=pgtrigger.F("new__sha256"))
                | pgtrigger.Q(old__file__df=pgtrigger.F("new__file"))
                | pgtrigger.Q(old__places__df=pgtrigger.F("new__places"))
                | pgtrigger.Q(old__version__df=pgtrigger.F("new__version"))
                | pgtrigger.Q(old__programme_id__df=pgtrigger.F("new__programme_id")),
            ),
            never_emptied("reports_ownlayout"),
        ]
