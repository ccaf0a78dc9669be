"""Keeps denominators that carry over, and lays them under entries that name none."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from departments.actions import audit
from departments.actions.acts import act
from departments.errors import Invalid, Stale
from departments.models import User
from departments.selectors.clock import read_database_time
from indicators.engine.period import Quarter
from indicators.models import CarriedDenominator, Series, Submission
from indicators.models.fields import FigureField
from indicators.permissions import check_user_can_enter
from indicators.selectors.denominators import load_carried
from indicators.selectors.series import list_series
from qscounty.web.formats import write_plain

if TYPE_CHECKING:
    from indicators.actions.figures import Entry

LONGEST_SOURCE = 200


@act
def carry_denominator(
    *,
    submission: Submission,
    series: Series,
    value: Decimal,
    valid_from: Quarter,
    valid_to: Quarter | None = None,
    source: str,
    seen: str,
    by: User,
) -> CarriedDenominator:
    """Keep a denominator of the form's department from a quarter on, and return it; one that began then is replaced.

    Units: `value` is a count. Figures saved before keep the denominator they have. Nothing happens where the same
    stands there. Errors: NotAllowed; Invalid for a series of another form or without a denominator, a value that is
    not positive, quarters out of order, no source; Stale where another stands
    than the person saw: `seen` is when that was kept (ISO 8601), "" for none.
    """
    check_user_can_enter(by, submission)
    if series not in list_series(submission, only=[series.pk]) or not series.indicator.is_counted:
        raise Invalid(_("Some of these figures do not belong to this form; reload the page. Nothing was saved."))
    name = {"name": series.indicator.denominator}
    if not 0 < value <= FigureField.LIMIT:
        raise Invalid(_("%(name)s: enter a count above 0.") % name)
    if valid_to is not None and valid_to < valid_from:
        raise Invalid(_("%(name)s: the last quarter lies before the first; exchange them.") % name)
    source = source.strip()
    if not source:
        raise Invalid(_("%(name)s: write where the number comes from, for example a yearbook and its page.") % name)
    fields = {"value": value, "valid_to": valid_to, "source": source[:LONGEST_SOURCE]}
    known = _lock_known(series, valid_from)
    if known is not None and all(getattr(known, field) == given for field, given in fields.items()):
        return known
    if known is not None and known.at.isoformat() != seen:
        raise Stale(_describe_conflict(known))
    kept, _made = CarriedDenominator.objects.update_or_create(
        series=series, valid_from=valid_from, defaults=fields | {"by": by, "at": read_database_time()}
    )
    details = {
        "series": series.pk,
        "value": str(value),
        "from": str(valid_from),
        "to": str(valid_to or ""),
        "source": source,
    }
    audit.record(
        audit.Act(
            event="denominator_carried", by=by, department_id=submission.department_id, subject=kept, details=details
        )
    )
    return kept


def _lock_known(series: Series, valid_from: Quarter) -> CarriedDenominator | None:
    """Return the denominator that begins in the quarter; whoever replaces it at the same time waits."""
    rows = CarriedDenominator.objects.select_for_update(no_key=True, of=("self",)).select_related("by")
    return rows.filter(series=series, valid_from=valid_from).first()


def _describe_conflict(known: CarriedDenominator) -> str:
    return _(
        "%(name)s: %(person)s entered %(value)s from this quarter on meanwhile; keep yours again to replace it."
    ) % {
        "name": known.series.indicator.denominator,
        "person": known.by,
        "value": write_plain(known.value),
    }


def fill_denominators(entries: Mapping[int, "Entry"], *, quarter: Quarter) -> dict[int, "Entry"]:
    """Return the entries (by series id), the carried denominator in those with a numerator and none of their own."""
    lacking = [pk for pk, entry in entries.items() if entry.numerator is not None and entry.denominator is None]
    carried = load_carried(series=lacking, quarter=quarter) if lacking else {}
    return {
        pk: replace(entry, denominator=carried[pk].value) if pk in carried else entry for pk, entry in entries.items()
    }
