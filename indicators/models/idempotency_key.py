"""Acts already done: one row for each form that was sent, so that sending it twice does it once."""

from django.conf import settings
from django.db import models


class IdempotencyKey(models.Model):
    """The answer to one form, stored in the act's own transaction. Source: trust rule 5, case T11.

    `digest` is the SHA-256 of what was sent: the same key with another content is refused.
    """

    key = models.UUIDField(primary_key=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    answer = models.JSONField(default=dict)
    created_at = models.DateTimeField()
