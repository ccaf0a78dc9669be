"""Every version of a bulletin's draft as it was saved: who wrote what, and when."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reports.models.bulletin import Bulletin
from reports.models.publication import never_emptied


class BulletinVersion(models.Model):
    """One saved version: title and `sections` as in `Bulletin`; written with it, never changed and never deleted.

    Source: trust rule 9 (the old one is kept and shown); issue 6, part 3.
    """

    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="versions", verbose_name=_("bulletin"))
    version = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=200)
    sections = models.JSONField(_("sections"))
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("edited by")
    )
    edited_at = models.DateTimeField(_("edited at"))

    class Meta:
        verbose_name = _("version of a bulletin")
        verbose_name_plural = _("versions of bulletins")
        ordering = ["bulletin", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "version"], name="bulletinversion_number_unique"),
        ]
        triggers = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied("reports_bulletinversion"),
        ]
