"""Requests to recompute: the table is the queue, messages are only hints."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from departments.models import Region
from indicators.models.allocation import Series
from indicators.models.fields import QuarterField
from indicators.models.programme import Programme


class RequestKind(models.TextChoices):
    """What is recomputed: one series, a scope, or one part of a scope that workers share."""

    SERIES = "series", _("Series")
    SCOPE = "scope", _("Scope")
    PART = "part", _("Part")


class RequestState(models.TextChoices):
    """Where a request stands; derived from its columns, never stored."""

    WAITING = "waiting", pgettext_lazy("recompute", "Waiting")
    RUNNING = "running", pgettext_lazy("recompute", "Running")
    CANCELLED = "cancelled", pgettext_lazy("recompute", "Cancelled")
    PARKED = "parked", pgettext_lazy("recompute", "Parked after failures")
    DONE = "done", pgettext_lazy("recompute", "Done")


class RecomputeRequestQuerySet(models.QuerySet["RecomputeRequest"]):
    """Reads of the queue."""

    def waiting(self) -> Self:
        """Return what is asked for and not done, and is neither parked nor cancelled."""
        return self.filter(done_version__lt=F("requested_version"), parked_at__isnull=True, is_cancelled=False)

    def parked(self) -> Self:
        """Return what has failed too often and waits for somebody to try it again."""
        return self.filter(done_version__lt=F("requested_version"), parked_at__isnull=False)


class RecomputeRequest(models.Model):
    """One piece of work, one row for each thing that can be recomputed. Source: trust rules 11 to 15; ADR 6.

    Asking again moves `requested_version` in the asker's transaction; the work is due while `done_version` is
    below it. `claim` is the token of the worker that holds the lease; whoever lost it writes nothing any more.
    `attempts` counts claims since the last success; the fifth failure parks the row until somebody retries it.
    """

    kind = models.CharField(_("kind"), max_length=6, choices=RequestKind)
    key = models.CharField(max_length=120)
    programme = models.ForeignKey(Programme, models.CASCADE, null=True, blank=True, related_name="recompute_requests")
    series = models.ForeignKey(Series, models.CASCADE, null=True, blank=True, related_name="recompute_requests")
    region = models.ForeignKey(Region, models.CASCADE, null=True, blank=True, related_name="recompute_requests")
    first_quarter = QuarterField(_("first quarter"), null=True, blank=True)
    last_quarter = QuarterField(_("last quarter"), null=True, blank=True)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="parts")
    portion = models.JSONField(default=dict, blank=True)  # of a part: its regions, or one slice of a large one
    requested_version = models.PositiveBigIntegerField(default=1)
    started_version = models.PositiveBigIntegerField(default=0)
    done_version = models.PositiveBigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claim = models.CharField(max_length=60, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(_("due at"))
    error = models.TextField(_("error"), blank=True)
    progress_done = models.PositiveBigIntegerField(default=0)
    progress_total = models.PositiveBigIntegerField(default=0)
    changed = models.PositiveBigIntegerField(default=0)  # allocations whose results became others
    is_cancelled = models.BooleanField(_("cancelled"), default=False)
    parked_at = models.DateTimeField(_("parked at"), null=True, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    requested_at = models.DateTimeField(_("requested at"))
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    objects = RecomputeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("recompute request")
        verbose_name_plural = _("recompute requests")
        ordering = ["-requested_at", "-id"]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(done_version__lt=F("requested_version"), parked_at__isnull=True, is_cancelled=False),
                name="recomputerequest_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="recomputerequest_unique"),
            models.CheckConstraint(
                condition=Q(done_version__lte=F("requested_version")),
                name="recomputerequest_not_ahead",
            ),
            models.CheckConstraint(
                condition=Q(kind="series", series__isnull=False)
                | Q(kind="scope", series__isnull=True)
                | Q(kind="part", parent__isnull=False),
                name="recomputerequest_kind_fits",
            ),
            models.CheckConstraint(
                condition=Q(claim="", lease_until__isnull=True) | ~Q(claim="") & Q(lease_until__isnull=False),
                name="recomputerequest_claim_with_lease",
            ),
        ]

    @property
    def state(self) -> RequestState:
        """Where the request stands."""
        if self.done_version >= self.requested_version:
            return RequestState.DONE
        if self.parked_at is not None:
            return RequestState.PARKED
        if self.is_cancelled:
            return RequestState.CANCELLED
        return RequestState.RUNNING if self.claim or self.started_version > self.done_version else RequestState.WAITING
