"""The page of responsibility letters: who has one, who needs one, and whose targets have changed since."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from qscounty.web.sentences import join_clauses, join_sentences
from qscounty.web.times import format_instant
from reports.export_page import KeyForm, make_key
from reports.letters.changes import Change
from reports.letters.recipients import find_issuing_job, list_letters_from_above, list_own_letters
from reports.letters.standing import LetterState, Standing, list_standings, name_standings
from reports.models import Letter
from reports.permissions import can_issue, check_user_can_issue, check_user_receives_letters
from reports.scopes import PageContext

_LETTERS = {LetterState.NOT_ISSUED: "N", LetterState.ISSUED: "G", LetterState.CHANGED: "A"}


class IssueForm(forms.Form):
    """What the person saw, and the key that makes sending it twice harmless."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    key = forms.UUIDField(widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True)
class LetterLink:
    """One letter or addendum that can be downloaded."""

    name: str
    issued: str
    code: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """One recipient. `form` None where nothing is to be issued; `changes` is what the next addendum would list."""

    name: str
    kind: str
    pk: int
    targets: int
    state: str
    style: str
    letters: list[LetterLink]
    changes: list[Change]
    form: IssueForm | None


@dataclass(frozen=True, slots=True)
class OtherLetter:
    """A letter that a programme above gave to the person's region or department."""

    programme: str
    recipient: str
    link: LetterLink


@dataclass(frozen=True, kw_only=True)
class LetterPage:
    """Everything that the page shows. `all_form` is for everything due at once, `zip_key` for the archive; None
    where there is nothing to issue or to pack. `others` are the person's own letters of programmes above.
    `under_way` is the job that issues now, with its progress in per cent."""

    page: PageContext
    lede: str
    regions: list[LetterRow]
    departments: list[LetterRow]
    others: list[OtherLetter]
    all_form: IssueForm | None = None
    due: int = 0
    zip_key: KeyForm | None = None
    under_way: str = ""
    progress: int = 0


def make_letter_page(page: PageContext) -> LetterPage:
    """Return the letters of the page's programme: to whoever issues them all, to their recipients their own.

    Raises NotAllowed for those who neither issue nor receive any.
    """
    others = [_link_other(page, letter) for letter in list_letters_from_above(page)]
    if can_issue(page.user, page.programme):
        return _make_office_page(page, others)
    check_user_receives_letters(page.user)
    mine = list_own_letters(page.user).filter(programme=page.programme).values_list("pk", flat=True)
    standings = [_keep_own(standing, set(mine)) for standing in list_standings(page.programme)]
    rows = [_make_row(page, standing, can_be_issued=False) for standing in standings if standing.letters]
    count = sum(len(row.letters) for row in rows) + len(others)
    told = ngettext("%(count)d letter or addendum for you.", "%(count)d letters and addenda for you.", count)
    return LetterPage(
        page=page,
        lede=told % {"count": count} if count else _("No letter has been issued to you yet."),
        regions=[row for row in rows if row.kind == "region"],
        departments=[row for row in rows if row.kind == "department"],
        others=others,
    )


def _make_office_page(page: PageContext, others: list[OtherLetter]) -> LetterPage:
    standings, job = list_standings(page.programme), find_issuing_job(page.programme)
    rows = [_make_row(page, standing, can_be_issued=job is None) for standing in standings]
    due = sum(row.form is not None for row in rows)
    return LetterPage(
        page=page,
        lede=write_letters([standing.state for standing in standings]),
        regions=[row for row in rows if row.kind == "region"],
        departments=[row for row in rows if row.kind == "department"],
        others=others,
        all_form=_make_form(name_standings(standings)) if due else None,
        due=due,
        zip_key=make_key() if any(row.letters for row in rows) else None,
        under_way=page.link("reports:export-list") if job else "",
        progress=100 * job.progress_done // job.progress_total if job and job.progress_total else 0,
    )


def find_standing_or_404(page: PageContext, kind: str, pk: int) -> Standing:
    """Return the standing of a recipient of the page's programme; Http404 where there is no such recipient."""
    check_user_can_issue(page.user, page.programme)
    for standing in list_standings(page.programme):
        if standing.recipient.key == (kind, pk):
            return standing
    raise Http404


def get_letter_or_404(page: PageContext, pk: int) -> Letter:
    """Return an issued letter of the page's programme, or one of the person's own; Http404 where there is none.

    Whoever sees the whole programme sees that a letter is there, and may still be refused it.
    """
    related = ("programme__region", "region", "department__region")
    letter = list_own_letters(page.user).filter(pk=pk).select_related(*related).first()
    if letter is None and page.sees_all:
        letter = Letter.objects.filter(programme=page.programme, pk=pk).select_related(*related).first()
    if letter is None:
        raise Http404
    return letter


def _keep_own(standing: Standing, mine: set[int]) -> Standing:
    """Return the standing with those of its letters alone that the person may take away."""
    return replace(standing, letters=[letter for letter in standing.letters if letter.pk in mine])


def _link_other(page: PageContext, letter: Letter) -> OtherLetter:
    return OtherLetter(
        programme=letter.programme.short_name,
        recipient=str(letter.region or letter.department),
        link=_link(page, letter),
    )


def name_letter(number: int) -> str:
    """Return what a letter is called on the page."""
    return _("Letter") if number == 0 else _("Addendum %(number)d") % {"number": number}


def _link(page: PageContext, letter: Letter) -> LetterLink:
    return LetterLink(
        name=name_letter(letter.number),
        issued=f"{letter.issued_by} · {format_instant(letter.issued_at)}",
        code=letter.file_sha256,
        url=page.link("reports:letter-file", letter.pk),
    )


def _make_row(page: PageContext, standing: Standing, *, can_be_issued: bool) -> LetterRow:
    kind, pk = standing.recipient.key
    state = standing.state
    return LetterRow(
        name=standing.recipient.name,
        kind=kind,
        pk=pk,
        targets=len(standing.terms),
        state=str(state.label),
        style=_LETTERS[state],
        letters=[_link(page, letter) for letter in standing.letters],
        changes=standing.changes,
        form=_make_form(standing.seen) if can_be_issued and state is not LetterState.ISSUED else None,
    )


def _make_form(seen: str) -> IssueForm:
    return IssueForm(initial={"seen": seen, "key": uuid4()}, auto_id=False)


def write_letters(states: Sequence[LetterState]) -> str:
    """Return how many recipients have a letter, need one, or need an addendum."""
    if not states:
        return _("This programme gives no target to anybody yet; there is no letter to issue.")
    wordings = [
        (states.count(LetterState.ISSUED), pgettext("letters", "%(count)d issued")),
        (
            states.count(LetterState.CHANGED),
            pgettext("letters", "[[%(count)d changed since and in need of an addendum]]"),
        ),
        (states.count(LetterState.NOT_ISSUED), pgettext("letters", "%(count)d not issued")),
    ]
    parts = join_clauses([wording % {"count": count} for count, wording in wordings if count])
    told = ngettext("%(count)d recipient: %(parts)s.", "%(count)d recipients: %(parts)s.", len(states))
    rest = _("Nothing has changed since; no addendum is needed.") if set(states) == {LetterState.ISSUED} else ""
    return join_sentences([told % {"count": len(states), "parts": parts}, rest])
