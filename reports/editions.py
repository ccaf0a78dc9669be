"""Editions and the state of a quarter: what is published, what is asked for, and what stands in the way."""

from dataclasses import dataclass, field
from datetime import datetime, time

from django.db.models import Count, Max, Q, Sum
from django.http import Http404
from django.utils import timezone

from indicators.engine.period import Quarter
from indicators.models import ApprovedFigure, Attainment, Programme, RecomputeRequest, ResultState, Submission
from indicators.models.recompute_request import RecomputeRequestQuerySet
from reports.models import Publication

_DONE = ("approved",)


@dataclass(frozen=True, kw_only=True)
class QuarterState:
    """Where a quarter stands. `published` are its editions, newest first; `asked` is the one that waits for somebody.

    `results` counts those of the quarter; `due` and `parked` the requests to recompute that concern the programme,
    `forms` the forms that were begun and are not approved. `seen` names the results as they stand: whoever publishes
    sends it back, and is refused if they moved on meanwhile (trust rule 4).
    """

    programme: Programme
    quarter: Quarter
    results: int
    due: int
    parked: int
    forms: int
    seen: str
    published: list[Publication] = field(default_factory=list)
    asked: Publication | None = None

    @property
    def newest(self) -> Publication | None:
        """The edition that counts."""
        return self.published[0] if self.published else None

    @property
    def is_publishable(self) -> bool:
        """Whether nothing stands in the way."""
        return bool(self.results) and not self.due and not self.parked


def find_state(*, programme: Programme, quarter: Quarter) -> QuarterState:
    """Return where the quarter stands; six queries."""
    editions = list_editions(programme=programme, quarter=quarter)
    requests = list_open_requests(programme)
    return QuarterState(
        programme=programme,
        quarter=quarter,
        results=Attainment.objects.filter(programme=programme, quarter=quarter).count(),
        due=requests.waiting().count(),
        parked=requests.parked().count(),
        forms=Submission.objects.filter(programme=programme, quarter=quarter).exclude(status__in=_DONE).count(),
        seen=name_results(programme),
        published=[edition for edition in editions if edition.published_at is not None],
        asked=next((edition for edition in editions if edition.published_at is None), None),
    )


def list_editions(*, programme: Programme, quarter: Quarter) -> list[Publication]:
    """Return the quarter's editions, newest first; one that is only asked for stands before all others."""
    found = Publication.objects.filter(programme=programme, quarter=quarter)
    people = ("programme__region", "programme__office", "asked_by", "published_by")
    return list(found.select_related(*people).order_by("-edition"))


def list_published(*, programme: Programme, quarter: Quarter) -> list[Publication]:
    """Return the quarter's published editions, newest first; one query."""
    found = Publication.objects.filter(programme=programme, quarter=quarter, published_at__isnull=False)
    return list(found.order_by("-edition"))


def find_publication(*, programme: Programme, quarter: Quarter, edition: int) -> Publication | None:
    """Return a published edition, or None."""
    found = Publication.objects.filter(programme=programme, quarter=quarter, edition=edition)
    people = ("programme__region", "programme__office", "asked_by", "published_by")
    return found.filter(published_at__isnull=False).select_related(*people).first()


def get_publication_or_404(*, programme: Programme, quarter: Quarter, edition: int) -> Publication:
    """Return a published edition of a programme that the person sees; Http404 where there is none."""
    found = find_publication(programme=programme, quarter=quarter, edition=edition)
    if found is None:
        raise Http404
    return found


def list_published_quarters(programme: Programme) -> list[tuple[Quarter, int]]:
    """Return the programme's published quarters, newest first, each with its newest edition."""
    rows = Publication.objects.filter(programme=programme, published_at__isnull=False).order_by("-quarter")
    return list(rows.values_list("quarter").annotate(newest=Max("edition")))


def list_open_requests(programme: Programme) -> RecomputeRequestQuerySet:
    """Return the requests to recompute that concern the programme: its own, its series', and those over everything."""
    mine = Q(programme=programme) | Q(series__allocations__target__programme=programme)
    everything = Q(programme__isnull=True, series__isnull=True)
    return RecomputeRequest.objects.filter(pk__in=RecomputeRequest.objects.filter(mine | everything).values("pk"))


def is_provisional(programme: Programme) -> bool:
    """Return whether results of the programme are still to be computed, or have failed to be; one query."""
    requests = list_open_requests(programme)
    return (requests.waiting() | requests.parked()).exists()


def name_results(programme: Programme) -> str:
    """Return a word for the programme's results as they stand; another word after any of them changed."""
    states = ResultState.objects.filter(programme=programme)
    found = states.aggregate(count=Count("pk"), sum=Sum("fingerprint"), version=Max("version"))
    return f"{found['count']}-{found['version'] or 0}-{found['sum'] or 0}"


def find_newest_figure(*, programme: Programme, quarter: Quarter) -> tuple[int, datetime]:
    """Return the id of the newest figure up to the quarter, and when the last one was approved.

    Absence: 0, and the day on which the programme was issued.
    """
    figures = ApprovedFigure.objects.filter(
        series__allocations__target__programme=programme, quarter__lte=quarter
    ).aggregate(newest=Max("pk"), at=Max("approved_at"))
    issued = timezone.make_aware(datetime.combine(programme.issued_on, time.min))
    return figures["newest"] or 0, timezone.localtime(figures["at"] or issued)
