"""The pages of entry, review and progress in Chromium: accessible, on a phone, in both languages, in every state."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from departments.models import User
from indicators.actions.figures import Entry, save_figure
from indicators.models import Submission
from tests.browser.windows import sign_in
from tests.integration.entry_world import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
D = Decimal
LANGUAGES = ["zh-hans", "en"]


@pytest.fixture
def world(transactional_db: None) -> World:
    """Return the world with a figure that cannot be, one that wants a word, and one that is missing."""
    world = make_world()
    for series, entry in (
        (world.rate, Entry(numerator=D(50), denominator=D(100))),
        (world.small_rate, Entry(numerator=D(1204), denominator=D(1180))),
    ):
        save_figure(submission=world.submission, series=series, entry=entry, by=world.clerk)
    return world


@pytest.fixture
def visit(live_server: Any, browser: Browser) -> Callable[..., Page]:
    def visit(path: str, *, user: User, language: str, width: int = 1440) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900})
        sign_in(context, user, live_server.url, language=language)
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    return visit


def list_pages(world: World) -> list[tuple[str, User]]:
    pk = world.submission.pk
    return [
        (f"/entry/{pk}/", world.clerk),
        (f"/entry/{pk}/check/", world.clerk),
        ("/entry/?all=1", world.clerk),
        (f"/entry/{pk}/", world.reviewer),
        (f"/review/{pk}/", world.reviewer),
        ("/review/?all=1", world.reviewer),
        (f"/entry/{pk}/trail/{world.rate.pk}/", world.reviewer),
        ("/progress/", world.office),
    ]


def findings(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{item['id']}: {item['nodes'][0]['html'][:160]} {item['nodes'][0].get('failureSummary', '')[:300]}"
        for item in found
        if item["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", ["draft", "submitted"])
def test_axe_finds_nothing_serious(visit: Callable[..., Page], world: World, language: str, status: str) -> None:
    if status == "submitted":
        Submission.objects.filter(pk=world.submission.pk).update(
            status="submitted", submitted_by=world.clerk, version=2
        )
    wrong = {}
    for path, user in list_pages(world):
        page = visit(path, user=user, language=language)
        assert page.locator("h1").count() == 1, path
        if found := findings(page):
            wrong[path, str(user)] = found
        page.context.close()
    assert not wrong


@pytest.mark.parametrize("width", [390, 683])
def test_no_page_scrolls_sideways_on_a_phone(visit: Callable[..., Page], world: World, width: int) -> None:
    for path, user in list_pages(world):
        page = visit(path, user=user, language="en", width=width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        page.context.close()


def test_no_page_shows_english_to_a_chinese_reader(visit: Callable[..., Page], world: World) -> None:
    """Names and terms of the trade may stand in Latin letters; sentences may not."""
    for path, user in list_pages(world):
        page = visit(path, user=user, language="zh-hans")
        text = page.locator("main").inner_text() + page.locator("h1").inner_text()
        for name in ("Li Min", "Wang Qiang", "Excel", "WPS", "Enter", "Ctrl+Z"):
            text = text.replace(name, "")
        words = [word for word in text.replace("/", " ").split() if word.isascii() and word.isalpha() and len(word) > 1]
        assert not words, f"{path}: {words}"
        page.context.close()
