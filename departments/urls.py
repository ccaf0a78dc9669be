"""Addresses of signing in and out and of one's own account."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from departments import token_views, views

app_name = "departments"

urlpatterns = [
    path("login/", views.SignInView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("account/password/", views.ChangePasswordView.as_view(), name="password-change"),
    path("account/tokens/", token_views.list_tokens, name="token-list"),
    path("account/tokens/issue/", token_views.issue, name="token-issue"),
    path("account/tokens/<int:pk>/revoke/", token_views.revoke, name="token-revoke"),
]
