"""The pages for a closer look in Chromium: accessible, on a phone, by keyboard, without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_pages import LANGUAGES, PHONE, findings

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATHS = ["/search/?q=1", "/matrix/", "/matrix/?plain=1", "/league/", "/compare/", "/cascade/"]
CELL = ".wide-window td[tabindex='0']"


@pytest.fixture
def paths(world):
    """Return every address of these pages, the funnel of one target included."""
    return [*PATHS, f"/league/{world.allocations[0].target_id}/"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_serious_and_nothing_fails(visit, world, paths, live_server, language):
    page = visit("/", user=world.leader, language=language)
    failed, wrong = [], {}
    page.on("response", lambda answer: failed.append((answer.status, answer.url)) if answer.status >= 400 else None)
    page.on("console", lambda said: failed.append((said.type, said.text)) if said.type == "error" else None)
    page.on("pageerror", lambda error: failed.append(("error", str(error))))
    for path in paths:
        page.goto(live_server.url + path, wait_until="networkidle")
        if found := findings(page):
            wrong[path] = found
        assert page.locator("h1").count() == 1, path
    assert (wrong, failed) == ({}, [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_scrolls_sideways_on_a_phone(visit, world, paths, live_server, language):
    page = visit("/", user=world.leader, language=language, width=PHONE)
    wide = {}
    for path in paths:
        page.goto(live_server.url + path, wait_until="networkidle")
        wide[path] = page.evaluate("document.documentElement.scrollWidth")
    assert {path: width for path, width in wide.items() if width > PHONE} == {}


def test_the_matrix_is_walked_by_keyboard_and_leads_to_the_target(visit, world):
    page = visit("/matrix/", user=world.leader, language="en")
    page.focus(CELL)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(page.locator(CELL)).to_be_focused()
    expect(page.locator(CELL)).to_have_attribute("data-row", "1")
    expect(page.locator("[data-matrix-here]")).to_contain_text("County 1")
    page.keyboard.press("End")
    expect(page.locator(CELL)).to_have_attribute("data-column", "4")
    page.keyboard.press("Enter")
    page.wait_for_url("**/targets/**")


def test_the_matrix_is_filtered_and_sorted_without_asking_again(visit, world):
    page = visit("/matrix/", user=world.leader, language="en")
    expect(page.locator("#matrix-count")).to_have_text("4 regions × 5 targets shown")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.select_option("#m-domain", "works")
    expect(page.locator("#matrix-count")).to_have_text("4 regions × 1 targets shown")
    page.select_option("#m-rows", "worst")
    page.fill("#m-row", "County 2")
    expect(page.locator("#matrix-count")).to_have_text("1 regions × 1 targets shown")
    expect(page.locator(".wide-window tbody th")).to_have_text("County 2")
    assert "domain=works" in page.url
    assert asked == []
    page.reload()
    expect(page.locator("#matrix-count")).to_have_text("1 regions × 1 targets shown")


def test_the_matrix_prints_what_is_shown(visit, world):
    page = visit("/matrix/?domain=works", user=world.leader, language="en")
    expect(page.locator("#matrix-count")).to_contain_text("4 regions")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("[data-matrix-print] tbody tr").count() == 4
    assert page.locator("[data-matrix-print] tbody td").count() == 4


def test_a_filter_that_matches_nothing_says_so_on_the_page_and_on_paper(visit, world):
    page = visit("/matrix/?row=zzz", user=world.leader, language="en")
    said = "Nothing fits this choice; widen it or clear a field."
    expect(page.locator("#matrix-count")).to_have_text(said)
    expect(page.locator("[data-matrix]")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("[data-matrix-print]").text_content() == said
    page.fill("#m-row", "")
    expect(page.locator("#matrix-count")).to_have_text("4 regions × 5 targets shown")
    expect(page.locator(".wide-window tbody tr")).to_have_count(4)


def test_row_names_stay_in_sight_and_the_scores_of_cards_in_one_line(visit, world):
    page = visit("/", user=world.leader, language="en")
    page.locator(".c5 > .card h3").first.evaluate("head => { head.style.height = '80px'; }")
    tops = page.locator(".c5 > .card > .score").evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    assert len(tops) > 1
    assert len(set(tops)) == 1
    grid = page.locator(".scroll").first
    moved = grid.evaluate(
        "grid => { grid.firstElementChild.style.width = '1500px'; grid.scrollLeft = 300; return grid.scrollLeft; }"
    )
    assert moved > 0
    assert page.locator(".matrix tbody th").first.bounding_box()["x"] == grid.bounding_box()["x"]


def test_without_a_script_the_matrix_is_a_table_and_the_search_works(visit, world):
    page = visit("/matrix/", user=world.leader, language="en", java_script_enabled=False)
    page.wait_for_url("**plain=1")
    assert page.locator("table.signs tbody tr").count() == 4
    page.fill("#search", "County 2")
    page.press("#search", "Enter")
    page.get_by_role("link", name="County 2").click()
    page.wait_for_url("**/regions/140402/**")


def test_the_funnel_is_drawn(visit, world):
    page = visit(f"/league/{world.allocations[0].target_id}/", user=world.leader)
    expect(page.locator("[data-funnel] .main-svg").first).to_be_visible()
    assert page.locator("[data-funnel] .scatterlayer .trace").count() == 6
