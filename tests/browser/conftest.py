"""A small city in a real browser: every page, in both languages, signed in."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page

from departments.models import User
from indicators.engine.target import Flag, Rating
from tests.browser.windows import make_cookie, sign_in
from tests.builders import Q3, World, fill, make_figure, make_world, roll_up

MIXED = [Rating.GREEN, Rating.AMBER, Rating.RED, Rating.GREEN, Rating.GREY]


@pytest.fixture
def world(transactional_db: None) -> World:
    """Return a city of three counties with five quarters of mixed results, some of them demonstration data."""
    world = make_world(counties=3)
    for lag in range(4, 0, -1):
        fill(world, Q3 - lag, ratings=[Rating.GREEN, Rating.AMBER])
    fill(world, ratings=MIXED, flags=Flag.AT_RISK, is_demonstration=True)
    make_figure(world.allocations[0].series, explanation="三季度新增抽检。")
    roll_up(world.programme)
    return world


@pytest.fixture
def addresses(world: World) -> list[str]:
    """Return the address of every page that reads."""
    paths = ["/", "/leader/", "/regions/", "/regions/1404/", "/regions/140401/", "/domains/", "/domains/product/"]
    paths += ["/departments/", "/departments/1404/d1/", "/targets/", "/targets/?rating=red&q=1", "/programme/"]
    return [*paths, f"/targets/{world.allocations[0].pk}/", "/account/password/"]


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, live_server: Any, world: World) -> Iterator[Visit]:
    """Return a function that opens an address as a person: `visit("/", language="en", width=390)`."""
    contexts: list[BrowserContext] = []

    def open_address(
        path: str, *, user: User | None = None, language: str = "zh-hans", width: int = 1366, **options: Any
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        context.set_default_timeout(20_000)
        context.add_cookies([make_cookie(settings.LANGUAGE_COOKIE_NAME, language, live_server.url)])
        if user is not None:
            sign_in(context, user, live_server.url, language=None)
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    yield open_address
    for context in contexts:
        context.close()
