"""The office's pages in Chromium, each with something on it: accessible, within origin and screen, and on paper."""

import pytest
from playwright.sync_api import expect

from departments.actions.access_tokens import issue_token
from reports.actions.bulletins import issue_bulletin, start_bulletin
from reports.actions.export_jobs import ask_for_export
from reports.bulletins.drafting import draft
from reports.exports.job_context import make_context
from reports.models import ExportJob
from tests.browser.test_pages import LANGUAGES, findings
from tests.builders import Q3, make_programme
from tests.reports.publication_world import make_publishing_world

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE, ZOOMED, DESK = 390, 720, 1440  # half of a desk's 1440 is what a zoom of 200 % leaves
STATE = "programme=changzhi-test&quarter=2018Q3"


@pytest.fixture
def city(transactional_db):
    """Return a city of which an edition is published and one asked for, with a draft and an issued bulletin."""
    return make_publishing_world()


@pytest.fixture
def world(city):
    """Return the same city, for the fixtures that open a browser."""
    return city.world


@pytest.fixture
def paths(city):
    """Return the addresses of the office's pages after each of its acts was done once."""
    edition = city.publish()
    city.correct()
    city.ask(reason="九月复核后重新发布。")
    programme, office = city.programme, city.asker
    bulletins = [_start_bulletin(city, quarter) for quarter in (Q3 - 1, Q3)]
    issue_bulletin(bulletin=bulletins[0], version=bulletins[0].version, by=city.publisher)
    ask_for_export(programme=programme, quarter=Q3, publication=None, by=office)
    issue_token(name="省级数据平台", days=90, by=office)
    make_programme(city.world.city, code="second")  # so that there is another to search
    found = ["/bulletins/", *(f"/bulletins/{bulletin.pk}/" for bulletin in bulletins), "/letters/"]
    found += ["/reports/", f"/reports/{edition.edition}/", "/exports/", "/layouts/", "/leader/", "/compare/"]
    found += [f"/leader/?{STATE}&basis={edition.basis}"]
    return [*found, "/account/tokens/", "/api/", f"/search/?{STATE}&q=1", f"/search/?{STATE}&q=1&within=one"]


def _start_bulletin(city, quarter):
    job = ExportJob(programme=city.programme, quarter=quarter, publication=None, asked_by=city.asker)
    title, sections = draft(make_context(job))
    given = {"programme": city.programme, "quarter": quarter, "publication": None}
    return start_bulletin(**given, title=title, sections=sections, by=city.asker)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [PHONE, ZOOMED, DESK])
def test_they_are_accessible_and_stay_within_origin_and_screen(visit, city, paths, live_server, language, width):
    page = visit("/", user=city.asker, language=language, width=width)
    asked, failed, wrong, wide = [], [], {}, {}
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda answer: failed.append((answer.status, answer.url)) if answer.status >= 400 else None)
    page.on("console", lambda said: failed.append((said.type, said.text)) if said.type == "error" else None)
    page.on("pageerror", lambda error: failed.append(("error", str(error))))
    for path in paths:
        page.goto(live_server.url + path, wait_until="networkidle")
        assert page.locator("h1").count() == 1, path
        if (found := page.evaluate("document.documentElement.scrollWidth")) > width:
            wide[path] = found
        if found := findings(page):
            wrong[path] = found
    assert [url for url in asked if not url.startswith((live_server.url, "data:", "blob:"))] == []
    assert (wide, wrong, failed) == ({}, {}, [])


def test_on_paper_their_frame_is_gone(visit, city, paths, live_server):
    page = visit("/", user=city.asker)
    page.emulate_media(media="print")
    for path in paths:
        page.goto(live_server.url + path)
        expect(page.locator(".app > .side")).to_be_hidden()
        expect(page.locator("header.top")).to_be_hidden()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_the_search_is_walked_by_keyboard(visit, city, paths, live_server):
    page = visit(f"/search/?{STATE}&q=Changzhi", user=city.asker, language="en", width=PHONE)
    page.focus("#search")
    page.keyboard.press("Control+A")
    page.keyboard.type("County")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=County**")
    first = page.locator("main .list a").first
    first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/regions/**")


def test_the_checks_would_see_a_fault(visit, city, live_server):
    page = visit("/exports/", user=city.asker, width=PHONE)
    page.evaluate("document.querySelector('main').innerHTML += '<img src=/x.png><p style=\"width:900px\">x</p>'")
    assert any(found.startswith("image-alt") for found in findings(page))
    assert page.evaluate("document.documentElement.scrollWidth") > PHONE
