"""The page of access tokens: one's own, and everybody's for whoever keeps the accounts."""

from dataclasses import dataclass, field

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from departments.actions.access_tokens import LIFETIMES
from departments.models import AccessToken, User
from departments.selectors.access_tokens import list_usable, visible_to
from departments.selectors.clock import read_database_time
from qscounty.web.formats import ABSENT
from qscounty.web.times import format_instant

MOST_SHOWN = 200
_HELP = gettext_lazy("For example: Provincial data hub.")


class TokenForm(forms.Form):
    """What a new token is for, and how long it lives. The act says what is wrong with it."""

    name = forms.CharField(label=gettext_lazy("What it is for"), max_length=60, help_text=_HELP)
    days = forms.TypedChoiceField(label=gettext_lazy("Lifetime"), coerce=int, initial=90)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["days"].choices = [  # type: ignore[attr-defined]
            (days, ngettext("%(count)s day", "%(count)s days", days) % {"count": days}) for days in LIFETIMES
        ]


@dataclass(frozen=True, slots=True)
class TokenRow:
    """One token as shown; `is_live` where it opens something now."""

    pk: int
    name: str
    hint: str
    owner: str
    issued: str
    expires: str
    used: str
    state: str
    is_live: bool


@dataclass(frozen=True, kw_only=True)
class TokenPage:
    """Everything that the page shows. `others` are tokens of other people, for whoever keeps the accounts."""

    lede: str
    form: TokenForm
    own: list[TokenRow] = field(default_factory=list)
    others: list[TokenRow] = field(default_factory=list)


def make_token_page(user: User, *, form: TokenForm | None = None) -> TokenPage:
    """Return the page; ended tokens stay on it, so that one sees what was open when."""
    now = read_database_time()
    rows = [(token, _make_row(token, is_live=token.expires_at > now)) for token in visible_to(user)[:MOST_SHOWN]]
    count = list_usable(user).count()
    return TokenPage(
        lede=_write_lede(count),
        form=form or TokenForm(),
        own=[row for token, row in rows if token.user_id == user.pk],
        others=[row for token, row in rows if token.user_id != user.pk],
    )


def _write_lede(count: int) -> str:
    if not count:
        return _("No other system reads with your rights.")
    return ngettext("%(count)s token reads with your rights.", "%(count)s tokens read with your rights.", count) % {
        "count": count
    }


def _make_row(token: AccessToken, *, is_live: bool) -> TokenRow:
    if token.revoked_at is not None:
        state = _("Revoked %(at)s by %(person)s") % {"at": format_instant(token.revoked_at), "person": token.revoked_by}
    elif not is_live:
        state = pgettext("token", "Expired")
    elif not token.user.is_active:
        state = pgettext("token", "Account disabled")
    else:
        state = pgettext("token", "In use")
    return TokenRow(
        pk=token.pk,
        name=token.name,
        hint=f"{token.hint}…",
        owner=str(token.user),
        issued=format_instant(token.issued_at),
        expires=format_instant(token.expires_at),
        used=format_instant(token.last_used_at) if token.last_used_at else ABSENT,
        state=state,
        is_live=token.revoked_at is None and is_live,
    )
