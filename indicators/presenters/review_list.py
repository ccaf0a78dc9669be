"""The list of forms to review."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.models import Submission
from qscounty.web.formats import format_quarter
from qscounty.web.times import format_instant


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewLink:
    """One form in the list."""

    url: str
    programme: str
    department: str
    quarter: str
    person: str
    at: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewListView:
    """The page."""

    lede: str
    waiting: list[ReviewLink]
    decided: list[ReviewLink]


def present_review_list(waiting: Iterable[Submission], decided: Iterable[Submission]) -> ReviewListView:
    """Return the list, what waits first."""
    links = [_link(one) for one in waiting]
    return ReviewListView(
        lede=ngettext("%(count)d form waits for your review.", "%(count)d forms wait for your review.", len(links))
        % {"count": len(links)}
        if links
        else _("Nothing waits for your review."),
        waiting=links,
        decided=[_link(one) for one in decided],
    )


def _link(submission: Submission) -> ReviewLink:
    person = submission.decided_by or submission.submitted_by
    at = submission.decided_at or submission.submitted_at
    return ReviewLink(
        url=reverse("indicators:review-form", args=[submission.pk]),
        programme=submission.programme.name,
        department=submission.department.name,
        quarter=format_quarter(submission.quarter.year, submission.quarter.number),
        person=str(person or ""),
        at=format_instant(at) if at else "",
        status=str(submission.get_status_display()),
    )
