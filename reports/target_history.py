"""The history of the target itself: its versions with what they bind and why, and the steps of its level."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from departments.models import AuditEntry
from indicators.bounds import write_bound
from indicators.engine.period import Quarter
from indicators.models import Allocation, Target
from indicators.models.attainment import Attainment
from qscounty.web.formats import format_quarter
from qscounty.web.times import format_day
from reports.scopes import PageContext


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version. `on`, `by` and `reason` are those of the trail; empty where it was loaded with the programme."""

    number: int
    bound: str
    due: str
    on: str
    by: str
    reason: str
    url: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class LevelStep:
    """From this quarter on results were held against this level, until the next step."""

    quarter: str
    bound: str


def list_versions(page: PageContext, allocation: Allocation) -> list[VersionRow]:
    """Return the versions of the target, oldest first; three queries.

    Of an edition only those that were there when it was published.
    """
    target = allocation.target
    found = Target.objects.filter(programme=target.programme_id, code=target.code).select_related("indicator")
    versions = list(found.order_by("version"))
    if page.frozen is not None:
        versions = [page.frozen.targets[version.pk] for version in versions if version.pk in page.frozen.targets]
    acts = _find_acts(versions)
    same = Allocation.objects.filter(target__in=versions, series__region=allocation.series.region_id)
    places = dict(same.values_list("target_id", "pk"))
    return [_write_version(page, version, acts.get(version.pk), places, here=target.pk) for version in versions]


def _find_acts(versions: Sequence[Target]) -> dict[int, AuditEntry]:
    """Return the first act on each version: by whom and why it was made."""
    acts = AuditEntry.objects.filter(
        object_type=Target._meta.label_lower, object_id__in=[str(version.pk) for version in versions]
    )
    return {int(act.object_id): act for act in acts.select_related("by").order_by("-at", "-pk")}


def _write_version(
    page: PageContext, version: Target, act: AuditEntry | None, places: dict[int, int], *, here: int
) -> VersionRow:
    place = places.get(version.pk)
    return VersionRow(
        number=version.version,
        bound=write_bound(version, version.level, version.level_hi),
        due=format_quarter(version.due_quarter.year, version.due_quarter.number),
        on=format_day(timezone.localtime(act.at).date()) if act else "",
        by=str(act.by) if act and act.by else "",
        reason=act.reason if act else "",
        url=page.link("reports:target", place) if place else "",
        is_here=version.pk == here,
    )


def list_level_steps(results: Sequence[Attainment]) -> list[LevelStep]:
    """Return where the level of one allocation moved, oldest first; empty where it never did."""
    steps: list[LevelStep] = []
    before: tuple[float | None, float | None] | None = None
    for result in results:
        level = (result.level, result.level_hi)
        if level != before:
            quarter: Quarter = result.quarter
            bound = write_bound(result.target, *level)
            steps.append(LevelStep(format_quarter(quarter.year, quarter.number), bound))
        before = level
    return steps if len(steps) > 1 else []
