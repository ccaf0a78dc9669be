"""Access tokens on a page: list, issue, revoke."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from departments.actions.access_tokens import Issued, issue_token, revoke_token
from departments.errors import DomainError, Invalid
from departments.models import User
from departments.selectors.access_tokens import get_token_or_404
from departments.token_page import TokenForm, make_token_page


@require_safe
def list_tokens(request: HttpRequest) -> HttpResponse:
    """The tokens that the person sees, and the form for a new one."""
    return _show(request)


@require_POST
def issue(request: HttpRequest) -> HttpResponse:
    """Issue a token and show its secret, in this answer alone: it is never stored, hence no redirect."""
    form = TokenForm(request.POST)
    try:
        if not form.is_valid():
            raise Invalid(_("The token was not issued: name the system that uses it, and choose a lifetime."))
        issued = issue_token(name=form.cleaned_data["name"], days=form.cleaned_data["days"], by=_signed_in(request))
    except DomainError as error:
        return _show(request, form=form, refused=error)
    return _show(request, issued=issued)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token at once."""
    user = _signed_in(request)
    try:
        revoke_token(token=get_token_or_404(user, pk), by=user)
    except DomainError as error:
        return _show(request, refused=error)
    messages.success(request, _("Revoked. Whatever used this token is refused from now on."))
    return redirect("departments:token-list")


def _signed_in(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _show(
    request: HttpRequest,
    *,
    form: TokenForm | None = None,
    issued: Issued | None = None,
    refused: DomainError | None = None,
) -> HttpResponse:
    context = {
        "view": make_token_page(_signed_in(request), form=form),
        "issued": issued,
        "refusal": str(refused or ""),
    }
    return render(request, "departments/tokens.html", context, status=refused.status if refused else 200)
