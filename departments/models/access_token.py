"""Access tokens: with one, another system reads what its owner may read."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class AccessToken(models.Model):
    """One token of one person. The secret itself is kept nowhere; `digest` is its SHA-256, `hint` how it begins.

    It stands for its owner as he is at each request, and ends at `expires_at`, with `revoked_at`, or when the account
    is disabled. `minute_count` requests were counted since `minute_at`; `last_used_at` absent: never used.
    Source: ADR 12.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="access_tokens", verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    issued_at = models.DateTimeField(_("issued"))
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("revoked by")
    )
    minute_at = models.DateTimeField(null=True, blank=True)
    minute_count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")
        ordering = ["-issued_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"], condition=Q(revoked_at__isnull=True), name="accesstoken_name_unique"
            ),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="accesstoken_digest_sha256"),
            models.CheckConstraint(condition=~Q(name=""), name="accesstoken_with_name"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("issued_at")), name="accesstoken_expires_after_issue"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="accesstoken_revoked_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.name
