"""Whole stories of entry in Chromium: figures by keys, a workbook out and in, two windows, return, checking off.

Each is told by people in windows of their own, from the page they open to what the database holds.
"""

import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from departments.models import User
from indicators.actions.figures import Entry, save_figures
from indicators.actions.submissions import submit_submission
from indicators.engine.target import Accumulation, Scale, Window
from indicators.excel.layout import Column
from indicators.models import CheckMark, Figure, Submission, TypedText, UploadState, WorkbookUpload
from tests.browser import windows
from tests.browser.windows import cell, row, saved
from tests.excel.forms import fill_in
from tests.excel.upload_world import locate
from tests.integration.entry_world import (
    World,
    allocate,
    approve_earlier,
    make_indicator,
    make_target,
    make_world,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
D = Decimal
FIGURES = 20
PHONE = 390
SPACE = "\u202f"


@pytest.fixture
def world(transactional_db: None) -> World:
    """Return the small city of the entry tests; the form is an empty draft of three figures."""
    return make_world()


@pytest.fixture
def open_window(live_server: Any, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens an address as a person, in a window that shares nothing with any other."""
    contexts: list[BrowserContext] = []

    def open_address(user: User, path: str, *, width: int = 1366) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800})
        contexts.append(context)
        windows.sign_in(context, user, live_server.url)
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    yield open_address
    for context in contexts:
        context.close()
    time.sleep(0.3)  # nothing may be asked of the server any more while the tables are being emptied


def fill_form(world: World) -> dict[int, Entry]:
    """Return a complete and usual form by series: nothing in it asks for a word."""
    return {
        world.rate.pk: Entry(numerator=D(95), denominator=D(100)),
        world.small_rate.pk: Entry(nothing_occurred=True),
        world.count.pk: Entry(value=D(10)),
    }


def send_form(world: World) -> None:
    """Let the clerk save and submit a complete form."""
    save_figures(submission=world.submission, entries=fill_form(world), by=world.clerk)
    submit_submission(submission=world.submission, version_seen=version(), by=world.clerk)


def version() -> int:
    """Return the version of the only form."""
    return Submission.objects.get().version


def test_twenty_figures_are_entered_without_the_mouse(open_window: Callable[..., Page], world: World) -> None:
    plain = dict.fromkeys(("numerator_zh", "numerator_en", "denominator_zh", "denominator_en"), "")
    kinds = [make_indicator(f"many-{n:02d}", scale=Scale.CONTINUOUS.value, decimals=0, **plain) for n in range(FIGURES)]
    targets = [
        make_target(
            world.programme, one, position=20 + n, window=Window.SINCE_START.value, accumulation=Accumulation.SUM.value
        )
        for n, one in enumerate(kinds)
    ]
    series = [allocate(target, world.department) for target in targets]
    page = open_window(world.clerk, f"/entry/{world.submission.pk}/")
    cell(page, series[0], "value").focus()
    for n in range(FIGURES):
        page.keyboard.type(str(40 + n))
        page.keyboard.press("Enter")
    for one in series:
        saved(page, one)
    entered = dict(Figure.objects.values_list("series_id", "value"))
    assert entered == {one.pk: D(40 + n) for n, one in enumerate(series)}
    expect(page.locator("[data-summary='filled']")).to_have_text(f"{FIGURES} of {FIGURES + 3} filled")


def test_a_workbook_is_taken_out_sent_back_and_imported(
    open_window: Callable[..., Page], world: World, live_server: Any, tmp_path: Path
) -> None:
    page = open_window(world.clerk, f"/entry/{world.submission.pk}/upload/")
    with page.expect_download() as loading:
        page.get_by_role("link", name="Download the form").click()
    cells = {
        locate(world, world.rate, Column.NUMERATOR): 1862,
        locate(world, world.rate, Column.DENOMINATOR): 1960,
        locate(world, world.count, Column.VALUE): 12,
    }
    returned = tmp_path / "returned.xlsx"
    returned.write_bytes(fill_in(Path(loading.value.path()).read_bytes(), cells))
    page.get_by_label("Workbook (.xlsx or .xls)").set_input_files(returned)
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("h1")).to_have_text(
        "2 figures would change, 1 would stay empty; nothing has been imported yet."
    )
    expect(page.locator("main")).to_contain_text(f"1{SPACE}862 / 1{SPACE}960")
    assert not Figure.objects.exists()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator(".notice.success")).to_be_visible()
    assert WorkbookUpload.objects.get().state == UploadState.APPLIED
    page.goto(f"{live_server.url}/entry/{world.submission.pk}/")
    expect(cell(page, world.rate, "numerator")).to_have_value(f"1{SPACE}862")
    expect(page.locator("[data-summary='filled']")).to_have_text("2 of 3 filled")


def test_on_a_phone_the_cells_to_type_in_stand_beside_the_name(open_window: Callable[..., Page], world: World) -> None:
    page = open_window(world.clerk, f"/entry/{world.submission.pk}/", width=PHONE)
    box = cell(page, world.rate, "denominator").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= PHONE
    assert box["width"] > 80


@pytest.mark.parametrize(("button", "stands"), [("Keep 8", 8), ("Change to 9", 9)])
def test_t12_in_two_windows_the_second_sees_both_values_and_chooses(
    open_window: Callable[..., Page], world: World, button: str, stands: int
) -> None:
    first, second = (open_window(user, f"/entry/{world.submission.pk}/") for user in (world.clerk, world.second_clerk))
    cell(first, world.count, "value").fill("8")
    first.keyboard.press("Enter")
    saved(first, world.count)
    cell(second, world.count, "value").fill("9")
    second.keyboard.press("Enter")
    both = "Li Min changed this figure to 8 while Zhao Yan typed 9"
    expect(row(second, world.count)).to_contain_text(both)
    expect(cell(second, world.count, "value")).to_have_value("9")
    second.reload()
    expect(row(second, world.count)).to_contain_text(both)
    expect(cell(second, world.count, "value")).to_have_value("9")
    row(second, world.count).get_by_role("button", name=button).click()
    saved(second, world.count)
    expect(cell(second, world.count, "value")).to_have_value(str(stands))
    expect(row(second, world.count)).not_to_contain_text(both)
    assert Figure.objects.get().value == D(stands)
    assert not TypedText.objects.exists()


def test_t12_saving_past_what_a_colleague_typed_shows_it_and_chooses_nothing(
    open_window: Callable[..., Page], world: World
) -> None:
    first, second = (open_window(user, f"/entry/{world.submission.pk}/") for user in (world.clerk, world.second_clerk))
    for page, number in ((first, "8"), (second, "9")):
        cell(page, world.count, "value").fill(number)
        page.keyboard.press("Enter")
        expect(row(page, world.count).locator("[data-mark]")).to_have_attribute(
            "data-mark", "saved" if page is first else "unsaved"
        )
    for number in ("7", "6"):
        cell(first, world.count, "value").fill(number)
        first.keyboard.press("Enter")
        expect(row(first, world.count)).to_contain_text(f"changed this figure to {number} while Zhao Yan typed 9")
        saved(first, world.count)
        expect(cell(first, world.count, "value")).to_have_value(number)
    assert TypedText.objects.get().texts["value"] == "9"
    row(first, world.count).get_by_role("button", name="Change to 9").click()
    expect(cell(first, world.count, "value")).to_have_value("9")
    expect(row(first, world.count).locator("[data-take]")).to_have_count(0)
    assert Figure.objects.get().value == D(9)
    assert not TypedText.objects.exists()


def test_a_returned_figure_is_corrected_submitted_again_and_approved(
    open_window: Callable[..., Page], world: World, live_server: Any
) -> None:
    send_form(world)
    reviewer = open_window(world.reviewer, f"/review/{world.submission.pk}/")
    row(reviewer, world.count).focus()
    reviewer.keyboard.press("r")
    reviewer.keyboard.type("Compare with the register")
    reviewer.get_by_label("Reason").fill("One figure is doubtful")
    reviewer.get_by_role("button", name="Return", exact=True).click()
    expect(reviewer.locator(".notice.success")).to_contain_text("Returned.")
    clerk = open_window(world.clerk, f"/entry/{world.submission.pk}/")
    expect(clerk.locator(".notice.warning")).to_contain_text("One figure is doubtful")
    expect(row(clerk, world.count)).to_contain_text("Wang Qiang asks: Compare with the register")
    cell(clerk, world.count, "value").fill("11")
    clerk.keyboard.press("Enter")
    saved(clerk, world.count)
    clerk.get_by_role("button", name="Check and submit").click()
    clerk.get_by_role("button", name="Submit", exact=True).click()
    expect(clerk.locator(".notice.success")).to_contain_text("Submitted.")
    reviewer.goto(f"{live_server.url}/review/{world.submission.pk}/")
    expect(row(reviewer, world.count).locator("td b").first).to_have_text("11")
    reviewer.get_by_role("button", name="Approve all").click()
    expect(reviewer.locator(".notice.success")).to_contain_text("Approved.")
    assert Submission.objects.get().status == "approved"


def test_changed_rows_are_checked_off_by_key_and_all_unchanged_at_once(
    open_window: Callable[..., Page], world: World
) -> None:
    """One figure differs from what was approved, two do not; keys pressed quickly are not lost, nor is the place."""
    approve_earlier(world.small_rate, "2018Q3", nothing_occurred=True)
    approve_earlier(world.rate, "2018Q3", numerator=D(94), denominator=D(100))
    approve_earlier(world.count, "2018Q3", value=D(9))
    send_form(world)
    page = open_window(world.reviewer, f"/review/{world.submission.pk}/")
    for _turn in range(2):
        page.keyboard.press("ArrowDown")
        page.keyboard.press("c")
    for series in (world.rate, world.count):
        expect(row(page, series)).to_contain_text("✓ Checked")
    expect(row(page, world.count)).to_be_focused()
    expect(page.locator("#progress")).to_contain_text("Checked: 2 of 3; look at the others.")
    page.get_by_role("button", name="Check off the 1 unchanged").click()
    expect(page.locator("#progress")).to_contain_text("Every figure is checked. Approve the form.")
    assert set(CheckMark.objects.values_list("series_id", flat=True)) == set(fill_form(world))
    assert Submission.objects.get().status == "submitted"
