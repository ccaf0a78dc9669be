"""What tests of the entry grid share: a browser's context that is signed in, and the parts of a row."""

from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Locator, Page, expect

from departments.models import User
from indicators.models import Series


def sign_in(context: BrowserContext, user: User, url: str, *, language: str | None = "en") -> None:
    """Give a context the session of a person, made anew, and the language; None leaves the language as it is."""
    client = Client()
    client.force_login(user)
    cookies = [make_cookie(settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value, url)]
    if language is not None:
        cookies.append(make_cookie(settings.LANGUAGE_COOKIE_NAME, language, url))
    context.add_cookies(cookies)


def make_cookie(name: str, value: str, url: str) -> Any:
    """Return a cookie for the test site."""
    return {"name": name, "value": value, "url": url}


def cell(page: Page, series: Series, kind: str) -> Locator:
    """Return the field of a figure in the grid."""
    return page.locator(f"[name='{series.pk}-{kind}']")


def row(page: Page, series: Series) -> Locator:
    """Return the row of a figure in the grid."""
    return page.locator(f"#r{series.pk}")


def saved(page: Page, series: Series) -> None:
    """Wait until the page says that a row is saved."""
    expect(row(page, series).locator("[data-mark]")).to_have_attribute("data-mark", "saved")
