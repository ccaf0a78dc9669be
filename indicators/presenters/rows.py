"""One row of the entry grid, and of the review that reads the same figures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from departments.permissions import Scope
from departments.roles import Permission
from indicators.answers import is_question, list_answers
from indicators.bounds import write_expected_level, write_plain_bound, write_value
from indicators.engine.target import Gap, Rating
from indicators.finding_words import describe_finding
from indicators.forms import list_problems
from indicators.marks import Mark, mark_result
from indicators.models import Allocation, Indicator
from indicators.presenters.disputes import DisputeView, present_dispute
from indicators.presenters.evidence import FileView, present_evidence
from indicators.presenters.figures import can_be_none, list_fields, write_own
from indicators.selectors.grid_rows import GridRow, Judged
from qscounty.web.addresses import find_address
from qscounty.web.formats import ABSENT, format_number, write_plain


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetView:
    """One target that the row serves: its bound, what is measured and expected now, its rating."""

    clause: str
    level: str
    measured: str
    expected: str
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedView:
    """A target of another programme that counts the figure too; `url` is "" where the reader does not see it."""

    programme: str
    clause: str
    level: str
    url: str


@dataclass(slots=True, kw_only=True)
class CellView:
    """One field of a row: its name in the form, what stands in it, and what is wrong with it."""

    name: str
    kind: str
    label: str
    text: str
    problem: str = ""
    spans: bool = False
    carried: str = ""
    source: str = ""


@dataclass(slots=True, kw_only=True)
class RowView:
    """One series in the grid. `state` styles it: empty, filled, bad (cannot be), word (wants an explanation)."""

    pk: int
    name: str
    place: str
    parts: str
    cells: list[CellView]
    can_be_none: bool
    is_none: bool
    is_choice: bool
    targets: list[TargetView]
    last_quarter: str
    last_year: str
    state: str
    version: int
    notes: list[str] = field(default_factory=list)
    demand: str = ""
    explanation: str = ""
    shows_explanation: bool = False
    remark: str = ""
    elsewhere: str = ""
    elsewhere_pk: int = 0
    dispute: DisputeView | None = None
    typed_seen: int = 0
    problems: list[str] = field(default_factory=list)
    is_open: bool = True
    entered: str = ""
    served: list[ServedView] = field(default_factory=list)
    is_checked: bool = False
    files: list[FileView] = field(default_factory=list)
    files_url: str = ""

    @property
    def has_notes(self) -> bool:
        """Whether anything stands beneath the row; a figure that is only missing is quiet until asked for."""
        words = (self.notes, self.problems, self.remark, self.elsewhere, self.dispute, self.files)
        return any(words) or self.shows_explanation

    @property
    def is_quiet(self) -> bool:
        """Whether the place for a word is opened by hand."""
        return self.is_open and not self.shows_explanation

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The answers to a question of yes or no, as (value, word)."""
        no, yes = list_answers()
        return [("", ABSENT), ("1", yes), ("0", no)]

    @property
    def first_target(self) -> TargetView:
        """The target in the row itself; others follow beneath."""
        return self.targets[0]


def present_row(
    row: GridRow,
    *,
    is_open: bool,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
    scope: Scope | None = None,
) -> RowView:
    """Return the row; `typed` (field → text) stands in its cells instead, `problems` (field → sentence) beside.

    What was typed before and is kept stands there too. `scope` is what the reader may do: other programmes' targets
    are linked where the reader sees them.
    """
    if not typed and row.typed is not None:
        typed, problems = row.typed.texts, list_problems(row.typed.texts, row.series)
    indicator, typed, problems = row.series.indicator, typed or {}, problems or {}
    shown, is_open = row.shown, is_open and not row.is_elsewhere
    explanation = typed.get("explanation", row.explanation)
    view = RowView(
        pk=row.series.pk,
        name=indicator.name,
        place=row.place.short_name if row.place else "",
        parts=_write_parts(indicator),
        cells=list(_list_cells(row, is_open=is_open, typed=typed, problems=problems)),
        can_be_none=can_be_none(indicator),
        is_none=bool(typed.get("nothing")) if typed else bool(shown and shown.nothing_occurred),
        is_choice=is_question(indicator),
        targets=[_present_target(judged, is_blocked=row.is_blocked) for judged in row.targets],
        last_quarter=write_own(indicator, row.last_quarter),
        last_year=write_own(indicator, row.last_year),
        state=_state(row, problems),
        version=_version(row),
        notes=_describe_findings(row),
        demand="" if problems else _write_demand(row),
        explanation=explanation,
        shows_explanation=bool(explanation) or (is_open and row.wants_word and row.is_filled),
        problems=list(problems.values()),
        is_open=is_open,
        is_checked=row.is_checked,
        entered=str(row.figure.entered_by) if row.figure and row.figure.entered_by else "",
    )
    if row.typed is not None:
        view.typed_seen = row.typed.pk
    if row.is_disputed:
        view.dispute = present_dispute(row)
    view.served = [_present_served(allocation, scope) for allocation in row.served]
    view.files = present_evidence(row.evidence)
    view.files_url = reverse("indicators:entry-evidence", args=[row.submission_id, row.series.pk])
    if row.remark is not None:
        view.remark = _("%(person)s asks: %(text)s") % {"person": row.remark.by, "text": row.remark.text}
    if row.is_elsewhere and row.figure is not None:
        view.elsewhere = row.figure.submission.programme.name
        view.elsewhere_pk = row.figure.submission_id
    return view


def _list_cells(
    row: GridRow, *, is_open: bool, typed: Mapping[str, str], problems: Mapping[str, str]
) -> Iterator[CellView]:
    """Yield the fields of a row; digits stand in groups where they are only read."""
    indicator, shown = row.series.indicator, row.shown
    for kind, label in list_fields(indicator):
        value = getattr(shown, kind) if shown else None
        plain = write_plain(value) if is_open or value is None else format_number(value)
        yield CellView(
            name=f"{row.series.pk}-{kind}",
            kind=kind,
            label=label,
            text=typed.get(kind, plain),
            problem=problems.get(kind, ""),
            spans=not indicator.is_counted,
            carried=format_number(row.carried.value) if row.carried and kind == "denominator" else "",
            source=row.carried.source if row.carried and kind == "denominator" else "",
        )


def name_row(row: GridRow) -> str:
    """Return the indicator, and the region where that is not the programme's own: names repeat across regions."""
    name = row.series.indicator.name
    return f"{name} · {row.place.short_name}" if row.place else name


def _write_parts(indicator: Indicator) -> str:
    if indicator.is_counted:
        return f"{indicator.numerator} / {indicator.denominator}"
    return indicator.unit


def _present_target(judged: Judged, *, is_blocked: bool) -> TargetView:
    """Return a target as judged; a figure that cannot be has no value and no rating."""
    target = judged.allocation.target
    return TargetView(
        clause=target.clause.number,
        level=write_plain_bound(target, judged.level, target.level_hi),
        measured=ABSENT if is_blocked else write_value(judged.measured, target),
        expected=write_expected_level(target, judged.expected, judged.expected_hi),
        mark=mark_result(Rating.GREY, Gap.NOT_COMPUTABLE) if is_blocked else mark_result(judged.rating, judged.gap),
    )


def _present_served(allocation: Allocation, scope: Scope | None) -> ServedView:
    target = allocation.target
    sees = scope is not None and scope.allows(
        Permission.VIEW_RESULTS,
        department_id=allocation.series.department_id,
        region_code=target.programme.region.code,
    )
    level = target.level if allocation.level is None else allocation.level
    return ServedView(
        programme=target.programme.short_name,
        clause=target.clause.number,
        level=write_plain_bound(target, level, target.level_hi),
        url=find_address("reports:target", (allocation.pk,)) if sees else "",
    )


def _describe_findings(row: GridRow) -> list[str]:
    """Return what was found at the figure; nothing of a row in dispute, which shows another one."""
    noticed = [] if row.is_disputed else row.noticed
    return [describe_finding(found.code, indicator=row.series.indicator, numbers=found.numbers) for found in noticed]


def _version(row: GridRow) -> int:
    """Return the version that the row is entered over; in dispute the one that was typed over, until one is chosen."""
    if row.is_disputed and row.typed is not None:
        return row.typed.version_seen
    return row.figure.version if row.figure else 0


def _state(row: GridRow, problems: Mapping[str, str]) -> str:
    if problems or row.is_blocked:
        return "bad"
    if row.lacks_word and row.is_filled:
        return "word"
    return "filled" if row.is_filled else "empty"


def _write_demand(row: GridRow) -> str:
    """Return what the explanation is wanted for; "" where none is demanded."""
    if not row.wants_word:
        return ""
    if row.is_awaited and not row.is_filled:
        return _("Not reported. Enter it, or write why it is missing (required):")
    if row.is_red:
        return _("Behind the expected level. Write the cause and what is being done (required):")
    return _("Write the cause, or confirm the figure (required):")
