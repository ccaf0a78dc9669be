"""Which access tokens a person sees: the own ones, and all of them for whoever keeps the accounts."""

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import Http404

from departments.models import AccessToken, User
from departments.permissions import has_permission
from departments.roles import Permission


def visible_to(user: User) -> QuerySet[AccessToken]:
    """Return the tokens that the person sees, with their owners, newest first."""
    tokens = AccessToken.objects.select_related("user", "revoked_by")
    return tokens if has_permission(user, Permission.MANAGE_PEOPLE) else tokens.filter(user=user)


def get_token_or_404(user: User, pk: int) -> AccessToken:
    """Return a token that the person sees; Http404 for any other."""
    token = visible_to(user).filter(pk=pk).first()
    if token is None:
        raise Http404
    return token


def list_usable(user: User) -> QuerySet[AccessToken]:
    """Return the person's own tokens that open something now, newest first."""
    return AccessToken.objects.filter(user=user, revoked_at__isnull=True, expires_at__gt=Now())


def count_usable(user: User) -> int:
    """Return how many tokens of the person open something now."""
    return list_usable(user).count()
