"""Signing in and out, and changing one's password."""

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from departments.actions.account import record_password_change


@method_decorator(login_not_required, name="dispatch")
class SignInView(auth_views.LoginView):
    """The log-in page; the answer to a wrong name and to a wrong password is the same."""

    template_name = "registration/login.html"
    redirect_authenticated_user = True


class ChangePasswordView(auth_views.PasswordChangeView):
    """One's own password; other sessions of the account end with the change."""

    template_name = "registration/password_change.html"
    success_url = reverse_lazy("departments:password-change")

    def form_valid(self, form) -> HttpResponse:  # type: ignore[no-untyped-def]
        response = super().form_valid(form)
        record_password_change(by=form.user)
        messages.success(self.request, _("Your password has been changed; other sessions have ended."))
        return response
