"""Enters figures, one cell or many at once, each guarded by the version that the person saw."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from departments.actions import audit
from departments.actions.acts import act
from departments.errors import Invalid, Locked, Stale
from departments.models import User
from departments.selectors.clock import read_database_time
from indicators.actions.denominators import fill_denominators
from indicators.actions.editing import lock_to_edit
from indicators.actions.typed_texts import forget_typed
from indicators.models import Figure, Series, Submission
from indicators.permissions import check_user_can_apply_workbook, check_user_can_enter
from qscounty.web.formats import write_plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a clerk enters for one series. All absent and not `nothing_occurred`: the cell was emptied.

    Units: `value` in the indicator's unit, numerator and denominator are counts. `explanation` absent leaves the
    one that is there. `version_seen` is 0 for a cell that was empty on the page; `typed_seen` is the id of the
    unsaved text that stood in the row there, 0 for none.
    """

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    nothing_occurred: bool = False
    explanation: str | None = None
    version_seen: int = 0
    typed_seen: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was entered; a 0 is something."""
        numbers = (self.value, self.numerator, self.denominator)
        return all(number is None for number in numbers) and not self.nothing_occurred and not self.explanation

    def fields(self) -> dict[str, object]:
        """Return the model fields that the entry sets."""
        names = ["value", "numerator", "denominator", "nothing_occurred"]
        return {name: getattr(self, name) for name in names + ["explanation"] * (self.explanation is not None)}


class StaleFigures(Stale):
    """Someone else changed cells meanwhile; `current` is what stands there now, by series id."""

    def __init__(self, current: list[Figure]) -> None:
        self.current = {figure.series_id: figure for figure in current}
        super().__init__("\n".join(describe_conflict(figure) for figure in current))


def save_figure(*, submission: Submission, series: Series, entry: Entry, by: User) -> Figure:
    """Keep `entry` as the working figure of `series` and return it; see `save_figures`."""
    return save_figures(submission=submission, entries={series.pk: entry}, by=by)[series.pk]


@act
def save_figures(
    *, submission: Submission, entries: Mapping[int, Entry], by: User, from_workbook: bool = False
) -> dict[int, Figure]:
    """Keep the entries (by series id) as working figures, all or none, and return those that stand now.

    Nothing changes where an entry equals what is there, so that sending twice does no harm. A numerator without a
    denominator takes the one that carries over, if any. `from_workbook`: the department returned them as its workbook,
    so that the leadership office may apply it; everything else holds as for a clerk.
    Errors: NotAllowed; Locked for a closed quarter or a submission on its way; Invalid for a series that is not
    the submission's or a figure that cannot be; StaleFigures where someone else changed a cell.
    Source: trust rules 3, 4 and 7, cases T3, T8 and T12.
    """
    (check_user_can_apply_workbook if from_workbook else check_user_can_enter)(by, submission)
    submission, series = lock_to_edit(submission, series=entries, actor=by, from_workbook=from_workbook)
    entries = fill_denominators(entries, quarter=submission.quarter)
    for pk, entry in entries.items():
        check_entry(entry, series=series[pk])
    current = _lock_figures(submission, entries)
    changed = {pk: entry for pk, entry in entries.items() if _differs(entry, current.get(pk))}
    _check_current(changed, current, submission=submission)
    forget_typed(submission, seen={pk: entry.typed_seen for pk, entry in entries.items()}, by=by)
    saved = {pk: _keep(entry, series[pk], current.get(pk), submission, by) for pk, entry in changed.items()}
    if saved:
        _record(submission, saved, current, by=by, from_workbook=from_workbook)
    return current | saved


def check_entry(entry: Entry, *, series: Series) -> None:
    """Pass what the database can keep; Invalid names the field and the remedy for anything else."""
    name = series.indicator.name
    if entry.numerator is not None and entry.numerator < 0:
        raise Invalid(_("%(name)s: the numerator is negative; enter a count from 0.") % {"name": name})
    if entry.denominator is not None and entry.denominator < 0:
        raise Invalid(_("%(name)s: the denominator is negative; enter a count from 0.") % {"name": name})
    has_counts = entry.numerator is not None or entry.denominator is not None
    if has_counts and not series.indicator.is_counted:
        raise Invalid(_("%(name)s: enter one value, not numerator and denominator.") % {"name": name})
    if entry.value is not None and series.indicator.is_counted:
        raise Invalid(_("%(name)s: enter numerator and denominator, not the rate.") % {"name": name})
    if entry.nothing_occurred and (has_counts or entry.value is not None):
        raise Invalid(_("%(name)s: “none this quarter” stands alone; clear the figures first.") % {"name": name})


def describe_entered(figure: Figure | None) -> str | None:
    """Return the figure in one line for the trail and for conflicts; None where there is none."""
    if figure is None or figure.is_empty:
        return None
    if figure.nothing_occurred:
        return "none"
    if figure.value is not None:
        return write_plain(figure.value)
    parts = [write_plain(part) if part is not None else "—" for part in (figure.numerator, figure.denominator)]
    return " / ".join(parts)


def describe_conflict(figure: Figure) -> str:
    """Return the sentence that names what stands in a cell now, and whose it is."""
    stands = _("none this quarter") if figure.nothing_occurred else describe_entered(figure) or "—"
    return _("%(indicator)s: %(person)s changed this figure to %(value)s meanwhile; keep it, or enter yours again.") % {
        "indicator": figure.series.indicator.name,
        "person": figure.entered_by,
        "value": stands,
    }


def _lock_figures(submission: Submission, entries: Mapping[int, Entry]) -> dict[int, Figure]:
    rows = (
        Figure.objects.select_for_update(no_key=True, of=("self",))
        .filter(series__in=entries, quarter=submission.quarter)
        .select_related("series__indicator", "submission__programme", "entered_by")
        .order_by("pk")
    )
    return {figure.series_id: figure for figure in rows}


def _differs(entry: Entry, current: Figure | None) -> bool:
    if current is None:
        return not entry.is_empty
    return any(getattr(current, name) != value for name, value in entry.fields().items())


def _check_current(changed: Mapping[int, Entry], current: Mapping[int, Figure], *, submission: Submission) -> None:
    """Refuse cells that belong to another form, and cells that moved on since the person saw them."""
    known = [(current[pk], entry) for pk, entry in changed.items() if pk in current]
    for figure, _entry in known:
        if figure.submission_id != submission.pk:
            raise Locked(
                _("%(indicator)s is entered in the form of “%(programme)s”; change it there.")
                % {"indicator": figure.series.indicator.name, "programme": figure.submission.programme.name}
            )
    stale = [figure for figure, entry in known if figure.version != entry.version_seen]
    if stale:
        raise StaleFigures(stale)


def _keep(entry: Entry, series: Series, current: Figure | None, submission: Submission, by: User) -> Figure:
    stamps = {"entered_by": by, "entered_at": read_database_time()}
    if current is None:
        return Figure.objects.create(
            series=series, quarter=submission.quarter, submission=submission, **entry.fields(), **stamps
        )
    rows = Figure.objects.filter(pk=current.pk, version=entry.version_seen)
    if rows.update(**entry.fields(), **stamps, version=F("version") + 1) != 1:
        raise StaleFigures([current])
    return Figure.objects.select_related("series__indicator", "submission__programme", "entered_by").get(pk=current.pk)


def _record(
    submission: Submission,
    saved: Mapping[int, Figure],
    before: Mapping[int, Figure],
    *,
    by: User,
    from_workbook: bool,
) -> None:
    """Write one entry for the act, with every old and new value."""
    changes = [
        {
            "series": pk,
            "from": describe_entered(before.get(pk)),
            "to": describe_entered(figure),
            "explanation": figure.explanation,
            "version": figure.version,
        }
        for pk, figure in saved.items()
    ]
    audit.record(
        audit.Act(
            event="figures_saved",
            by=by,
            department_id=submission.department_id,
            subject=submission,
            details={"quarter": str(submission.quarter), "figures": changes, "from_workbook": from_workbook},
        )
    )
