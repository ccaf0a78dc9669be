"""Enters figures: one cell at a time, guarded by the version that the person saw."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from departments.actions import audit
from departments.errors import Invalid, Stale
from departments.models import User
from departments.selectors.clock import read_database_time
from indicators.actions.locks import lock_again
from indicators.actions.refusals import refuse_in_words
from indicators.engine.workflow import check_edit
from indicators.models import Figure, Series, Submission
from indicators.permissions import check_user_can_enter
from indicators.selectors.submissions import describe_circumstances, list_series


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a clerk enters for one series. All absent and not `nothing_occurred`: the cell was emptied.

    Units: `value` in the indicator's unit, numerator and denominator are counts. `version_seen` is 0 for a
    cell that was empty on the page.
    """

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    nothing_occurred: bool = False
    explanation: str = ""
    version_seen: int = 0

    def fields(self) -> dict[str, object]:
        """Return the model fields of the entry."""
        names = ("value", "numerator", "denominator", "nothing_occurred", "explanation")
        return {name: getattr(self, name) for name in names}


@transaction.atomic
def save_figure(*, submission: Submission, series: Series, entry: Entry, by: User) -> Figure:
    """Keep `entry` as the working figure and return it; nothing changes if it equals what is there.

    Errors: NotAllowed; Locked for a closed quarter or a submission on its way; Invalid for a series that is not
    the submission's or a figure that cannot be; Stale with both values if someone else changed the cell.
    Source: trust rules 3, 4 and 7.
    """
    check_user_can_enter(by, submission)
    submission = lock_again(submission)
    if series.pk not in {one.pk for one in list_series(submission)}:
        raise Invalid(_("“%(indicator)s” is not part of this form.") % {"indicator": series.indicator.name})
    with refuse_in_words():
        check_edit(submission.status, given=describe_circumstances(submission, actor=by))
    check_entry(entry, series=series)
    current = (
        Figure.objects.select_for_update(no_key=True, of=("self",))
        .filter(series=series, quarter=submission.quarter)
        .first()
    )
    if current is None:
        figure = _add(entry, submission=submission, series=series, by=by)
    elif all(getattr(current, name) == value for name, value in entry.fields().items()):
        return current
    else:
        figure = _change(current, entry, by=by)
    audit.record(
        audit.Act(
            event="figure_saved",
            by=by,
            department_id=submission.department_id,
            subject=figure,
            details={
                "quarter": str(submission.quarter),
                "series": series.pk,
                "from": describe_entered(current),
                "to": describe_entered(figure),
                "version": figure.version,
            },
        )
    )
    return figure


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
        return f"{figure.value.normalize():f}"
    parts = [f"{part.normalize():f}" if part is not None else "—" for part in (figure.numerator, figure.denominator)]
    return " / ".join(parts)


def _add(entry: Entry, *, submission: Submission, series: Series, by: User) -> Figure:
    return Figure.objects.create(
        series=series,
        quarter=submission.quarter,
        submission=submission,
        entered_by=by,
        entered_at=read_database_time(),
        **entry.fields(),
    )


def _change(current: Figure, entry: Entry, *, by: User) -> Figure:
    changed = Figure.objects.filter(pk=current.pk, version=entry.version_seen).update(
        **entry.fields(), version=F("version") + 1, entered_by=by, entered_at=read_database_time()
    )
    if changed != 1:
        raise StaleFigure(current)
    return Figure.objects.select_related("series__indicator").get(pk=current.pk)


class StaleFigure(Stale):
    """Someone else changed the cell; `current` is what stands there now."""

    def __init__(self, current: Figure) -> None:
        self.current = current
        super().__init__(
            _("%(name)s changed this figure to %(value)s meanwhile; keep theirs, or enter yours again.")
            % {"name": current.entered_by, "value": describe_entered(current) or "—"}
        )
