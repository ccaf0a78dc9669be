"""The list of targets in Chromium: sorted, filtered and paged in place, back, columns, file, keyboard."""

from http import HTTPStatus

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from indicators.engine.target import Rating
from tests.browser.conftest import MIXED
from tests.builders import Q3, fill, make_world, roll_up

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROWS = ".rows tbody tr"


@pytest.fixture
def world(transactional_db):
    """Return a city with more results than one page of the list holds."""
    world = make_world(counties=12)
    fill(world, Q3, ratings=MIXED)
    roll_up(world.programme)
    return world


def first_column(page):
    return page.locator(f"{ROWS} td:first-child b").all_inner_texts()


def regions(page):
    return page.locator(f"{ROWS} td:nth-child(2)").all_inner_texts()


def test_sort_filter_page_and_back_again(visit, world):
    page = visit("/targets/", user=world.leader, language="en")
    page.evaluate("window.stayed = true")
    usual = regions(page)
    page.locator("#sort-region").click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Region")
    sorted_regions = regions(page)
    assert sorted_regions != usual
    page.select_option("select[name=rating]", "green")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("h1")).not_to_contain_text("behind")
    assert "rating=green" in page.url
    assert "sort=region" in page.url
    assert page.evaluate("window.stayed"), "the page was loaded anew"
    page.go_back()
    expect(page.locator("h1")).to_contain_text("behind")
    expect(page.locator("select[name=rating]")).to_have_value("")
    assert "sort=region" in page.url
    assert regions(page) == sorted_regions
    page.locator("#page-after").click()
    expect(page.locator("[aria-current=page]").last).to_have_text("2")
    page.go_back()
    expect(page.locator(".pages [aria-current=page]")).to_have_text("1")
    page.go_back()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Target")
    assert regions(page) == usual
    page.go_forward()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Region")


def test_back_from_a_target_comes_to_the_list_as_it_was(visit, world):
    page = visit("/targets/", user=world.leader, language="en")
    page.locator("#sort-ratio").click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Attainment")
    rows = regions(page)
    page.locator(f"{ROWS} a").first.click()
    expect(page.locator(".formula")).to_be_visible()
    page.go_back()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Attainment")
    assert regions(page) == rows


def test_the_choice_of_columns_survives(visit, world, live_server):
    page = visit("/targets/", user=world.leader, language="en")
    page.locator("#columns").click()
    for name in ("Department", "Expected"):
        page.get_by_label(name, exact=True).and_(page.locator("[type=checkbox]")).uncheck()
    page.get_by_role("button", name="Show").click()
    heads = ["Target", "Region", "Actual", "Attainment", "Rating"]
    expect(page.locator(".rows thead th")).to_have_text(heads)
    page.locator("#sort-region").click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Region")
    expect(page.locator(".rows thead th")).to_have_text(heads)
    page.reload()
    expect(page.locator(".rows thead th")).to_have_text(heads)
    page.locator("#page-after").click()
    expect(page.locator(".pages [aria-current=page]")).to_have_text("2")
    expect(page.locator(".rows thead th")).to_have_text(heads)


def test_the_file_holds_the_rows_shown(visit, world, tmp_path):
    page = visit("/targets/?rating=red&sort=-region&columns=region&columns=rating", user=world.leader, language="en")
    with page.expect_download() as loading:
        page.get_by_role("link", name="Export to Excel").click()
    loading.value.save_as(tmp_path / "rows.xlsx")
    sheet = load_workbook(tmp_path / "rows.xlsx").active
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert [row[0] for row in rows] == first_column(page)
    assert [row[3] for row in rows] == regions(page)
    assert len(rows) > 0


def test_by_keyboard_the_focus_stays_where_it_was(visit, world):
    page = visit("/targets/", user=world.leader, language="en")
    page.locator("#sort-ratio").focus()
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Attainment")
    expect(page.locator("#sort-ratio")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=descending]")).to_have_text("Attainment")
    expect(page.locator("#sort-ratio")).to_be_focused()
    page.locator("#columns").focus()
    page.keyboard.press("Enter")
    expect(page.locator("input[value=region]")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("input[value=region]")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("input[value=region]")).not_to_be_checked()
    page.locator("#show").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("columnheader", name="Region")).to_have_count(0)


def test_without_a_script_it_is_a_form_and_links(visit, world):
    page = visit("/targets/", user=world.leader, language="en", java_script_enabled=False)
    page.locator("#sort-region").click()
    page.locator("#columns").click()
    page.locator("input[value=department]").uncheck()
    page.select_option("select[name=rating]", Rating.RED.name.lower())
    page.get_by_role("button", name="Show").click()
    assert "sort=region" in page.url
    expect(page.get_by_role("columnheader", name="Department")).to_have_count(0)
    page.go_back()
    expect(page.get_by_role("columnheader", name="Department")).to_have_count(1)


@pytest.mark.parametrize("width", [390, 720])
def test_nothing_scrolls_sideways_with_the_columns_open(visit, world, width):
    page = visit("/targets/", user=world.leader, width=width)
    page.locator("#columns").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_file_of_a_wrong_choice_is_a_sentence(visit, world):
    page = visit("/targets/", user=world.leader)
    answer = page.request.get(page.url.split("?")[0] + "file.xlsx?rating=purple")
    assert answer.status == HTTPStatus.UNPROCESSABLE_ENTITY
