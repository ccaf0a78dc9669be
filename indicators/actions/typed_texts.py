"""Keeps what was typed and cannot be read as a figure, until it is corrected. Source: product.md “Entry”."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from departments.actions import audit
from departments.actions.acts import act
from departments.errors import Invalid
from departments.models import User
from departments.selectors.clock import read_database_time
from indicators.actions.locks import lock_again
from indicators.actions.refusals import refuse_in_words
from indicators.engine.workflow import check_edit
from indicators.models import Submission, TypedText
from indicators.permissions import check_user_can_enter
from indicators.selectors.series import list_series
from indicators.selectors.submissions import describe_circumstances

FIELDS = ("value", "numerator", "denominator", "nothing", "explanation")
LONGEST = {"explanation": 4000}
LONGEST_FIGURE = 200  # characters: a cell takes 80


@act
def keep_typed(*, submission: Submission, typed: Mapping[int, Mapping[str, str]], by: User) -> int:
    """Keep the texts (by series id, then field) beside the form, and return in how many rows something new stands.

    No figure changes. What stands there already is not kept again. Errors: NotAllowed; Locked for a closed quarter or
    a submission on its way; Invalid for a series that is not the submission's.
    """
    check_user_can_enter(by, submission)
    submission = lock_again(submission)
    with refuse_in_words():
        check_edit(submission.status, given=describe_circumstances(submission, actor=by))
    if typed.keys() - {one.pk for one in list_series(submission)}:
        raise Invalid(_("Some of these figures do not belong to this form; reload the page. Nothing was saved."))
    stands = dict(submission.typed_texts.values_list("series_id", "texts"))
    wanted = {pk: _cut(texts) for pk, texts in typed.items()}
    fresh = {pk: texts for pk, texts in wanted.items() if texts and stands.get(pk) != texts}
    stamps = {"quarter": submission.quarter, "typed_by": by, "typed_at": read_database_time()}
    for pk, texts in fresh.items():
        TypedText.objects.update_or_create(submission=submission, series_id=pk, defaults={"texts": texts, **stamps})
    if fresh:
        audit.record(
            audit.Act(
                event="unreadable_text_kept",
                by=by,
                department_id=submission.department_id,
                subject=submission,
                details={"quarter": str(submission.quarter), "texts": {str(pk): texts for pk, texts in fresh.items()}},
            )
        )
    return len(fresh)


def forget_typed(submission: Submission, *, series: Mapping[int, object]) -> None:
    """Drop the texts of rows that are being saved as something that can be read; a part of that act."""
    TypedText.objects.filter(submission=submission, series__in=list(series)).delete()


def _cut(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the fields that are kept, each as long as any cell could hold it."""
    kept = {
        name: texts[name].replace("\x00", "")[: LONGEST.get(name, LONGEST_FIGURE)] for name in FIELDS if name in texts
    }
    return {name: text for name, text in kept.items() if text}
