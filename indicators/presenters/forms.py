"""A person's forms: the list of them, and the choices in the header of each."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from indicators.models import Submission
from indicators.selectors.work import DueForm
from qscounty.web.formats import format_quarter


@dataclass(frozen=True, slots=True, kw_only=True)
class FormLink:
    """One form in the list."""

    url: str
    programme: str
    department: str
    quarter: str
    status: str
    due: str
    is_waiting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FormsView:
    """The page of all forms."""

    lede: str
    waiting: list[FormLink]
    others: list[FormLink]


@dataclass(frozen=True, slots=True)
class Choice:
    """One form in a menu."""

    text: str
    url: str
    is_current: bool


def present_forms(forms: Iterable[DueForm]) -> FormsView:
    """Return the list, what waits first."""
    links = [_link(form) for form in forms]
    waiting = [link for link in links if link.is_waiting]
    count = len(waiting)
    return FormsView(
        lede=ngettext("%(count)d form waits for you.", "%(count)d forms wait for you.", count) % {"count": count}
        if count
        else _("Nothing waits for you: every open form is on its way."),
        waiting=waiting,
        others=[link for link in links if not link.is_waiting],
    )


def list_choices(forms: Iterable[DueForm], *, current: Submission) -> list[Choice]:
    """Return the person's forms for the header."""
    return [
        Choice(
            text=f"{form.programme.short_name} · {_name_quarter(form)} · {form.department.short_name}",
            url=_address(form),
            is_current=form.submission is not None and form.submission.pk == current.pk,
        )
        for form in forms
    ]


def _link(form: DueForm) -> FormLink:
    return FormLink(
        url=_address(form),
        programme=form.programme.name,
        department=form.department.name,
        quarter=_name_quarter(form),
        status=_name_status(form),
        due=f"{form.window.due_on:%Y-%m-%d}",
        is_waiting=form.is_waiting,
    )


def _name_status(form: DueForm) -> str:
    if form.submission is None:
        return pgettext("submission", "Not begun") if not form.is_closed else pgettext("submission", "Never filled in")
    return str(form.submission.get_status_display())


def _name_quarter(form: DueForm) -> str:
    return format_quarter(form.quarter.year, form.quarter.number)


def _address(form: DueForm) -> str:
    if form.submission is not None:
        return reverse("indicators:entry-form", args=[form.submission.pk])
    return reverse("indicators:entry-open", args=[form.programme.code, form.department.pk, str(form.quarter)])
