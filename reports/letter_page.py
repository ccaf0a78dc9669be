"""The page of responsibility letters: who has one, who needs one, and whose targets have changed since."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from qscounty.web.sentences import join_clauses, join_sentences
from qscounty.web.times import format_instant
from reports.export_page import KeyForm, make_key
from reports.letters.changes import Change
from reports.letters.standing import LetterState, Standing, list_standings, name_standings
from reports.models import Letter
from reports.permissions import check_user_can_issue
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


@dataclass(frozen=True, kw_only=True)
class LetterPage:
    """Everything that the page shows. `all_form` is for everything due at once, `zip_key` for the archive; None
    where there is nothing to issue or to pack."""

    page: PageContext
    lede: str
    regions: list[LetterRow]
    departments: list[LetterRow]
    all_form: IssueForm | None
    due: int
    zip_key: KeyForm | None


def make_letter_page(page: PageContext) -> LetterPage:
    """Return the letters of the page's programme; six queries. Raises NotAllowed for those who may not issue."""
    check_user_can_issue(page.user, page.programme)
    standings = list_standings(page.programme)
    rows = [_make_row(page, standing) for standing in standings]
    due = sum(row.form is not None for row in rows)
    return LetterPage(
        page=page,
        lede=write_letters([standing.state for standing in standings]),
        regions=[row for row in rows if row.kind == "region"],
        departments=[row for row in rows if row.kind == "department"],
        all_form=_make_form(name_standings(standings)) if due else None,
        due=due,
        zip_key=make_key() if any(row.letters for row in rows) else None,
    )


def find_standing_or_404(page: PageContext, kind: str, pk: int) -> Standing:
    """Return the standing of a recipient of the page's programme; Http404 where there is no such recipient."""
    check_user_can_issue(page.user, page.programme)
    for standing in list_standings(page.programme):
        if standing.recipient.key == (kind, pk):
            return standing
    raise Http404


def get_letter_or_404(page: PageContext, pk: int) -> Letter:
    """Return an issued letter of the page's programme; Http404 where there is none."""
    letter = Letter.objects.filter(programme=page.programme, pk=pk).select_related("programme__region").first()
    if letter is None:
        raise Http404
    return letter


def name_letter(number: int) -> str:
    """Return what a letter is called on the page."""
    return _("Letter") if number == 0 else _("Addendum %(number)d") % {"number": number}


def _make_row(page: PageContext, standing: Standing) -> LetterRow:
    kind, pk = standing.recipient.key
    state = standing.state
    return LetterRow(
        name=standing.recipient.name,
        kind=kind,
        pk=pk,
        targets=len(standing.terms),
        state=str(state.label),
        style=_LETTERS[state],
        letters=[
            LetterLink(
                name=name_letter(letter.number),
                issued=f"{letter.issued_by} · {format_instant(letter.issued_at)}",
                code=letter.file_sha256,
                url=page.link("reports:letter-file", letter.pk),
            )
            for letter in standing.letters
        ],
        changes=standing.changes,
        form=None if state is LetterState.ISSUED else _make_form(standing.seen),
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
