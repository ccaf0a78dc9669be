"""Keeps what was typed and could not be saved, until it is corrected or chosen. Source: product.md “Entry”, case T12.

Either nobody can read it as a figure, or someone else changed the figure while it was on its way.
"""

from collections.abc import Mapping

from django.db.models import Q

from departments.actions import audit
from departments.actions.acts import act
from departments.models import User
from departments.selectors.clock import read_database_time
from indicators.actions.editing import lock_to_edit
from indicators.models import Submission, TypedText
from indicators.permissions import check_user_can_enter
from qscounty.web.digits import read_digits

FIELDS = ("value", "numerator", "denominator", "nothing", "explanation")
LONGEST = {"explanation": 4000}
LONGEST_FIGURE = 200  # characters: a cell takes 80
LONGEST_VERSION = 9  # digits


@act
def keep_typed(*, submission: Submission, typed: Mapping[int, Mapping[str, str]], by: User) -> int:
    """Keep the texts (by series id, then field) beside the form, and return in how many rows something new stands.

    No figure changes. The field `version` is that of the figure on the typist's page. What stands there already is
    not kept again. Errors: NotAllowed; Locked for a closed quarter or a submission on its way; Invalid for a series
    that is not the submission's.
    """
    check_user_can_enter(by, submission)
    submission, _series = lock_to_edit(submission, series=typed, actor=by)
    found = submission.typed_texts.values_list("series_id", "texts", "version_seen")
    stands = {pk: (texts, version) for pk, texts, version in found}
    wanted = {pk: (_cut(texts), _read_version(texts)) for pk, texts in typed.items()}
    fresh = {pk: (texts, seen) for pk, (texts, seen) in wanted.items() if texts and stands.get(pk) != (texts, seen)}
    # A new row each time: its id tells a page that shows this text from one that shows an earlier one.
    TypedText.objects.filter(submission=submission, series__in=list(fresh)).delete()
    stamps = {"quarter": submission.quarter, "typed_by": by, "typed_at": read_database_time()}
    TypedText.objects.bulk_create(
        TypedText(submission=submission, series_id=pk, texts=texts, version_seen=seen, **stamps)
        for pk, (texts, seen) in fresh.items()
    )
    _record("typed_text_kept", submission, {pk: texts for pk, (texts, _seen) in fresh.items()}, by=by)
    return len(fresh)


@act
def drop_typed(*, submission: Submission, series_id: int, by: User) -> None:
    """Let the figure that stands count, and drop what was typed in its row; nothing happens where nothing was.

    Errors: as `keep_typed`.
    """
    check_user_can_enter(by, submission)
    submission, _series = lock_to_edit(submission, series=[series_id], actor=by)
    kept = TypedText.objects.filter(submission=submission, series=series_id)
    texts = dict(kept.values_list("series_id", "texts"))
    kept.delete()
    _record("typed_text_dropped", submission, texts, by=by)


def forget_typed(submission: Submission, *, seen: Mapping[int, int], by: User) -> None:
    """Drop the texts of rows that `by` is saving (by series id: the text on the page); a part of that act.

    What a colleague typed and this person has not seen stays, and the row is in dispute.
    """
    texts = TypedText.objects.filter(submission=submission, series__in=list(seen))
    texts.filter(Q(typed_by=by) | Q(pk__in=list(seen.values()))).delete()


def _record(event: str, submission: Submission, texts: Mapping[int, Mapping[str, str]], *, by: User) -> None:
    if not texts:
        return
    audit.record(
        audit.Act(
            event=event,
            by=by,
            department_id=submission.department_id,
            subject=submission,
            details={"quarter": str(submission.quarter), "texts": {str(pk): one for pk, one in texts.items()}},
        )
    )


def _cut(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the fields that are kept, an emptied one too, each as long as any cell could hold it."""
    return {
        name: texts[name].replace("\x00", "")[: LONGEST.get(name, LONGEST_FIGURE)] for name in FIELDS if name in texts
    }


def _read_version(texts: Mapping[str, str]) -> int:
    """Return the version that the page named, 0 where it named none."""
    return read_digits(texts.get("version", ""), at_most=LONGEST_VERSION) or 0
