"""Every page in Chromium: accessible, within its origin, within a phone, by keyboard, without JavaScript, on paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LANGUAGES = ["zh-hans", "en"]
PHONE, ZOOMED = 390, 683  # half of 1366 is what a zoom of 200 % leaves


def findings(page: Page) -> list[str]:
    """Return what axe calls serious or critical, with the first place of each."""
    found = Axe().run(page).response["violations"]
    return [
        f"{item['id']}: {item['nodes'][0]['html'][:160]} {item['nodes'][0].get('failureSummary', '')[:300]}"
        for item in found
        if item["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_serious(visit, world, addresses, live_server, language):
    page = visit("/", user=world.leader, language=language)
    wrong = {}
    for path in addresses:
        page.goto(live_server.url + path)
        if found := findings(page):
            wrong[path] = found
        assert page.locator("h1").count() == 1, path
    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_serious_outside(visit, world, live_server, language):
    page = visit("/login/", language=language)
    assert findings(page) == []
    page.fill("#id_username", "nobody")
    page.fill("#id_password", "wrong")
    page.click("form.card button")
    expect(page.locator("[role=alert]")).to_be_visible()
    assert findings(page) == []
    inside = visit("/regions/9999/", user=world.leader, language=language)
    assert findings(inside) == []
    inside.goto(f"{live_server.url}/?quarter=abc")
    assert findings(inside) == []


def test_no_request_leaves_the_origin_and_nothing_fails(visit, world, addresses, live_server):
    page = visit("/", user=world.leader)
    asked, failed = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda answer: failed.append((answer.status, answer.url)) if answer.status >= 400 else None)
    page.on("console", lambda said: failed.append((said.type, said.text)) if said.type == "error" else None)
    page.on("pageerror", lambda error: failed.append(("error", str(error))))
    for path in addresses:
        page.goto(live_server.url + path, wait_until="networkidle")
    assert [url for url in asked if not url.startswith((live_server.url, "data:", "blob:"))] == []
    assert failed == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [PHONE, ZOOMED])
def test_no_page_scrolls_sideways(visit, world, addresses, live_server, language, width):
    page = visit("/login/", language=language, width=width)
    wide = {"/login/": page.evaluate("document.documentElement.scrollWidth")}
    page = visit("/", user=world.leader, language=language, width=width)
    for path in addresses:
        page.goto(live_server.url + path)
        wide[path] = page.evaluate("document.documentElement.scrollWidth")
    assert {path: found for path, found in wide.items() if found > width} == {}


def test_the_phone_has_its_menu(visit, world):
    page = visit("/", user=world.leader, width=PHONE)
    links = page.locator(".phone-nav nav a")
    expect(links.first).to_be_hidden()
    page.locator(".phone-nav > summary").click()
    expect(links.first).to_be_visible()
    links.nth(1).click()
    page.wait_for_url("**/regions/**")


def test_targets_are_large_enough_to_hit(visit, world, addresses, live_server):
    page = visit("/", user=world.leader)
    small = {}
    script = """() => [...document.querySelectorAll('a, button, summary, input:not([type=hidden]), select')]
        .filter(e => e.checkVisibility() && !e.closest('p, dd, .skip, .sub, .modebar') && !e.matches('.skip'))
        .map(e => [e.outerHTML.slice(0, 100), e.getBoundingClientRect()])
        .filter(([_, box]) => box.height < 20 || box.width < 12).map(([html, box]) => `${html} ${box.height}`)"""
    for path in addresses:
        page.goto(live_server.url + path)
        if found := page.evaluate(script):
            small[path] = found[:3]
    assert not small


def test_by_keyboard_alone(visit, world):
    page = visit("/", user=world.leader)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    quarter = page.locator("header .menu > summary").nth(1)
    quarter.focus()
    page.keyboard.press("Enter")
    choice = page.locator("header .menu[open] .drop a").first
    expect(choice).to_be_visible()
    page.keyboard.press("Tab")
    expect(choice).to_be_focused()
    page.keyboard.press("Escape")
    expect(choice).to_be_hidden()
    expect(quarter).to_be_focused()
    cell = page.locator(".matrix td.c a").first
    cell.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/targets/?**")


def test_opening_one_menu_closes_the_other(visit, world):
    page = visit("/", user=world.leader)
    menus = page.locator("header .menu")
    menus.nth(0).locator("summary").click()
    menus.nth(1).locator("summary").click()
    assert page.locator("header .menu[open]").count() == 1
    page.locator("h1").click()
    assert page.locator("header .menu[open]").count() == 0


def test_without_javascript_everything_can_be_read_and_chosen(visit, world):
    page = visit("/", user=world.leader, language="en", java_script_enabled=False)
    expect(page.locator(".matrix td.c").first).to_be_visible()
    page.locator("header .menu > summary").nth(1).click()
    page.get_by_role("link", name="Q2", exact=True).last.click()
    assert "quarter=2018Q2" in page.url
    page.get_by_role("link", name="Targets and clauses").first.click()
    assert "quarter=2018Q2" in page.url
    page.locator("select[name=rating]").select_option("green")
    page.get_by_role("button", name="Show").click()
    assert "rating=green" in page.url
    assert "quarter=2018Q2" in page.url
    page.locator(".rows tbody a").first.click()
    expect(page.locator(".clause")).to_be_visible()
    expect(page.locator(".formula")).to_be_visible()
    page.locator(".language button").first.click()
    expect(page.locator("h1")).to_contain_text("指标")
    page.locator("header .person > summary").click()
    page.locator("header .person form button").click()
    page.wait_for_url("**/login/**")


def test_charts_are_drawn_from_the_page_itself(visit, world):
    page = visit(f"/targets/{world.allocations[0].pk}/", user=world.leader)
    expect(page.locator(".chart .main-svg").first).to_be_visible()
    expect(page.locator(".chart")).to_contain_text("序时目标")
    assert page.locator(".chart .point").count() >= 5


def test_on_paper_the_frame_is_gone_and_the_context_stands_at_the_head(visit, world, addresses, live_server):
    page = visit("/", user=world.leader)
    page.emulate_media(media="print")
    for path in addresses:
        page.goto(live_server.url + path)
        expect(page.locator(".app > .side")).to_be_hidden()
        expect(page.locator("header.top")).to_be_hidden()
        expect(page.locator(".print-head")).to_be_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_text_from_people_does_nothing_in_the_browser(visit, world):
    indicator = world.allocations[0].target.indicator
    indicator.name_zh = "<img src=x onerror=window.hit=1><script>window.hit=1</script>"
    indicator.save()
    page = visit(f"/targets/{world.allocations[0].pk}/", user=world.leader)
    expect(page.locator(".chart .main-svg").first).to_be_visible()
    assert page.evaluate("window.hit") is None


def test_the_language_stays_with_the_person(visit, world):
    page = visit("/", user=world.leader, language="zh-hans")
    page.locator(".language button").nth(1).click()
    expect(page.locator("h1")).to_contain_text("targets due")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")
