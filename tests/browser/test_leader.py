"""The leader's page on paper: exactly one sheet of A4, in both languages, however much there is to say."""

import re

import pytest

from indicators.engine.target import Gap, Rating
from tests.browser.test_pages import findings
from tests.builders import Q3, make_allocation, make_department, make_figure, make_result, make_target, roll_up

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LANGUAGES = ["zh-hans", "en"]
A4 = (595, 842)  # points
LONG = "很长的名称" * 16


def count_sheets(content: bytes) -> int:
    """Return how many pages a PDF has."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", content))


def size_of(content: bytes) -> tuple[int, int]:
    """Return the size of the first page in points."""
    found = re.search(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)", content)
    assert found is not None
    return round(float(found[1])), round(float(found[2]))


@pytest.fixture
def crowded(world):
    """Give the city everything that takes room: long names, long words, many silent departments, much that moved."""
    for number in range(12):
        lead = make_department(world.city, code=f"more-{number}", name_zh=LONG, short_en="A long name " * 3)
        target = make_target(world.programme, lead=lead)
        type(target.indicator).objects.filter(pk=target.indicator.pk).update(name_zh=LONG, name_en=LONG)
        allocation = make_allocation(target, department=lead)
        make_result(allocation, rating=Rating.RED)
        make_result(allocation, Q3 - 1, rating=Rating.GREEN)
        make_figure(allocation.series, explanation=LONG * 8)
        silent = make_allocation(make_target(world.programme, lead=lead), department=lead)
        make_result(silent, rating=Rating.GREY, gap=Gap.NOT_REPORTED)
    roll_up(world.programme)
    return world


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_one_sheet(visit, world, language):
    content = visit("/leader/", user=world.leader, language=language).pdf(prefer_css_page_size=True)
    assert count_sheets(content) == 1
    assert all(abs(ours - theirs) <= 1 for ours, theirs in zip(size_of(content), A4, strict=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_one_sheet_however_much_there_is_to_say(visit, crowded, language):
    page = visit("/leader/", user=crowded.leader, language=language)
    assert count_sheets(page.pdf(prefer_css_page_size=True)) == 1
    page.evaluate("document.querySelector('link[href*=\"leader\"]').remove()")
    assert count_sheets(page.pdf(prefer_css_page_size=True)) > 1  # the control: the sheet's own style does it


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_lies_outside_the_sheet(visit, crowded, language):
    page = visit("/leader/", user=crowded.leader, language=language, width=703)  # A4 within its margins
    page.emulate_media(media="print")
    wide = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > 704"
        " && getComputedStyle(e.parentElement).overflow !== 'hidden')"  # what its parent cuts off is not seen
        ".map(e => e.outerHTML.slice(0, 80))"
    )
    assert wide == []


def test_the_button_prints(visit, world):
    page = visit("/leader/", user=world.leader)
    page.evaluate("window.print = () => { document.title = 'printed'; }")
    page.locator("[data-print]").click()
    assert page.title() == "printed"


def test_without_scripts_there_is_no_button(visit, world):
    page = visit("/leader/", user=world.leader, java_script_enabled=False)
    assert not page.locator("[data-print]").is_visible()


def test_a_phone_does_not_scroll_sideways(visit, crowded):
    page = visit("/leader/", user=crowded.leader, width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [390, 1366])
def test_the_pages_of_letters_and_files_are_accessible(visit, world, live_server, language, width):
    page = visit("/letters/", user=world.office, language=language, width=width)
    page.locator(".acts button").first.click()  # so that every letter is there to be downloaded
    for path in ("/letters/", "/exports/"):
        page.goto(live_server.url + path)
        assert findings(page) == []
        assert page.locator("h1").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width
