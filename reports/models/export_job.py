"""Export jobs: a file that somebody asked for, made by a worker. The table is the queue, messages are only hints."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from indicators.models import Programme
from indicators.models.fields import QuarterField
from reports.models.own_layout import OwnLayout
from reports.models.publication import Publication

MOST_ATTEMPTS = 3


class ExportState(models.TextChoices):
    """Where a job stands; derived from its columns, never stored."""

    WAITING = "waiting", pgettext_lazy("export", "Waiting")
    RUNNING = "running", pgettext_lazy("export", "Running")
    DONE = "done", pgettext_lazy("export", "Done")
    FAILED = "failed", pgettext_lazy("export", "Failed")
    CANCELLED = "cancelled", pgettext_lazy("export", "Cancelled")
    EXPIRED = "expired", pgettext_lazy("export", "Expired")


class ExportKind(models.TextChoices):
    """What file a job makes."""

    WORKBOOK = "workbook", pgettext_lazy("file", "Provincial workbook")
    ANNUAL = "annual", pgettext_lazy("file", "Annual analysis")
    LETTERS = "letters", pgettext_lazy("file", "Responsibility letters")
    BULLETIN = "bulletin", pgettext_lazy("file", "Bulletin as drafted")
    OWN = "own", pgettext_lazy("file", "In the province's layout")
    ISSUE = "issue", pgettext_lazy("file", "Letters to be issued")


ENDINGS = {
    ExportKind.WORKBOOK: "xlsx",
    ExportKind.ANNUAL: "docx",
    ExportKind.LETTERS: "zip",
    ExportKind.BULLETIN: "docx",
    ExportKind.OWN: "xlsx",
    ExportKind.ISSUE: "zip",
}
OFFICE_ONLY = frozenset({ExportKind.LETTERS, ExportKind.BULLETIN, ExportKind.ISSUE})
"""What only the leadership office asks for and gets: letters name everybody's duties, drafts are not said yet."""


class ExportJobQuerySet(models.QuerySet["ExportJob"]):
    """Reads of the queue."""

    def unfinished(self) -> Self:
        """Return what waits or runs."""
        return self.filter(done_at__isnull=True, cancelled_at__isnull=True, failed_at__isnull=True)


class ExportJob(models.Model):
    """One file of a `kind`, of an edition or (`publication` absent) of the approved figures as they stand.

    `claim` is the token of the worker that holds the lease; whoever lost it writes nothing any more. `attempts`
    counts claims since somebody asked for the job, the third failure is final until it is asked for again. The
    file bears the job's number; `layout` is the version that a file of the kind OWN is filled into; a job of the kind
    ISSUE issues what is due as `seen` names it, to one `recipient` ("region:12") or ("") to everybody;
    `sha256` and `size` are those of the file that was made. `progress_done` of
    `progress_total` results are written. Source: trust rules 11 to 15, cases T35 and F23; ADR 7.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="export_jobs", verbose_name=_("programme"))
    kind = models.CharField(_("kind"), max_length=12, choices=ExportKind, default=ExportKind.WORKBOOK)
    quarter = QuarterField(_("quarter"))
    publication = models.ForeignKey(
        Publication, models.PROTECT, null=True, blank=True, related_name="export_jobs", verbose_name=_("publication")
    )
    layout = models.ForeignKey(
        OwnLayout, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("own layout")
    )
    seen = models.CharField(max_length=64, blank=True)
    recipient = models.CharField(max_length=40, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claim = models.CharField(max_length=60, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    error = models.TextField(_("error"), blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    failed_at = models.DateTimeField(_("failed at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    expired_at = models.DateTimeField(_("expired at"), null=True, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    objects = ExportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=Q(done_at__isnull=True, cancelled_at__isnull=True, failed_at__isnull=True),
                name="exportjob_unfinished",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, sha256="", expires_at__isnull=True)
                | Q(done_at__isnull=False, expires_at__isnull=False, size__gt=0) & ~Q(sha256=""),
                name="exportjob_done_with_hash",
            ),
            models.CheckConstraint(
                condition=Q(claim="", lease_until__isnull=True) | ~Q(claim="") & Q(lease_until__isnull=False),
                name="exportjob_claim_with_lease",
            ),
            models.CheckConstraint(
                condition=Q(expired_at__isnull=True) | Q(done_at__isnull=False), name="exportjob_expired_after_done"
            ),
            models.CheckConstraint(
                condition=Q(kind=ExportKind.OWN.value, layout__isnull=False)
                | ~Q(kind=ExportKind.OWN.value) & Q(layout__isnull=True),
                name="exportjob_layout_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind=ExportKind.ISSUE.value) & ~Q(seen="")
                | ~Q(kind=ExportKind.ISSUE.value) & Q(seen="", recipient=""),
                name="exportjob_issues_what_was_seen",
            ),
            models.CheckConstraint(condition=Q(kind__in=ExportKind.values), name="exportjob_known_kind"),
            models.CheckConstraint(
                condition=Q(progress_done__lte=F("progress_total")), name="exportjob_progress_within"
            ),
        ]

    @property
    def state(self) -> ExportState:
        """Where the job stands."""
        if self.done_at is not None:
            return ExportState.DONE if self.expired_at is None else ExportState.EXPIRED
        if self.cancelled_at is not None:
            return ExportState.CANCELLED
        if self.failed_at is not None:
            return ExportState.FAILED
        return ExportState.RUNNING if self.claim else ExportState.WAITING

    @property
    def ending(self) -> str:
        """How the file's name ends."""
        return ENDINGS[ExportKind(self.kind)]

    @property
    def file_name(self) -> str:
        """The name under which the file is handed out."""
        basis = "审核通过" if self.publication is None else f"第{self.publication.edition}版"
        name = {
            ExportKind.WORKBOOK: f"{self.quarter}_{basis}_目标完成情况",
            ExportKind.ANNUAL: f"{self.quarter.year}年_{basis}_年终分析报告",
            ExportKind.LETTERS: "目标责任书",
            ExportKind.BULLETIN: f"{self.quarter}_通报",
            ExportKind.OWN: f"{self.quarter}_{basis}_省定表样",
            ExportKind.ISSUE: f"目标责任书_{self.pk}",
        }[ExportKind(self.kind)]
        return f"{self.programme.short_zh}_{name}.{self.ending}"
