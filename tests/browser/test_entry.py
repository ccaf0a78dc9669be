"""The entry grid in a real browser: keys, autosave, live rating, paste, conflicts, and a server that is away."""

import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect

from departments.models import Region, User
from indicators.actions.figures import Entry, save_figure
from indicators.models import Allocation, Figure, Series, Submission
from tests.browser import windows
from tests.browser.windows import cell, row, saved
from tests.integration.entry_world import World, approve_earlier, make_indicator, make_target, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
D = Decimal


@pytest.fixture
def world(transactional_db: None) -> World:
    world = make_world()
    approve_earlier(world.rate, "2018Q2", numerator=D(940), denominator=D(990))
    return world


@pytest.fixture
def sign_in(transactional_db: None, live_server: Any, context: BrowserContext) -> Iterator[Callable[..., Page]]:
    def open_page(user: User, path: str) -> Page:
        windows.sign_in(context, user, live_server.url)
        page = context.new_page()
        page.problems = []  # type: ignore[attr-defined]
        page.on("pageerror", lambda error: page.problems.append(str(error)))  # type: ignore[attr-defined]
        page.goto(f"{live_server.url}{path}")
        return page

    yield open_page
    for page in context.pages:
        # Nothing may be asked of the server any more while the tables are being emptied.
        page.close()
    time.sleep(0.3)


@pytest.fixture
def page(sign_in: Callable[..., Page], world: World) -> Page:
    return sign_in(world.clerk, f"/entry/{world.submission.pk}/")


def test_leaving_a_cell_saves_it_and_shows_value_and_rating(page: Page, world: World) -> None:
    cell(page, world.rate, "numerator").fill("1862")
    cell(page, world.rate, "denominator").fill("1960")
    page.keyboard.press("Enter")
    saved(page, world.rate)
    expect(row(page, world.rate).locator(".chip").first).to_have_text("●On target")
    expect(cell(page, world.rate, "numerator")).to_have_value("1\u202f862")
    expect(page.locator("#saved")).to_contain_text("Saved ")
    expect(page.locator("[data-summary='filled']")).to_have_text("1 of 3 filled")
    figure = Figure.objects.get()
    assert (figure.numerator, figure.denominator) == (D(1862), D(1960))
    assert page.problems == []  # type: ignore[attr-defined]


def test_the_rating_is_judged_while_one_types(page: Page, world: World) -> None:
    cell(page, world.rate, "numerator").fill("50")
    cell(page, world.rate, "denominator").press_sequentially("1000")
    expect(row(page, world.rate).locator(".chip").first).to_have_text("■Behind")
    cell(page, world.rate, "denominator").press("Escape")
    expect(cell(page, world.rate, "denominator")).to_have_value("")


def test_arrows_enter_f2_and_escape_move_as_in_a_sheet(page: Page, world: World) -> None:
    first, second = cell(page, world.rate, "numerator"), cell(page, world.rate, "denominator")
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(second).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(cell(page, world.small_rate, "denominator")).to_be_focused()
    page.keyboard.press("Enter")
    expect(cell(page, world.count, "value")).to_be_focused()
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("12")
    page.keyboard.press("ArrowLeft")  # typing turned the cell into one in which the caret moves
    page.keyboard.type("9")
    assert page.evaluate("document.activeElement.value") == "192"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.value") == ""
    page.keyboard.press("F2")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.editing") == "1"


def test_one_key_says_none_this_quarter_and_takes_it_back(page: Page, world: World) -> None:
    cell(page, world.small_rate, "numerator").focus()
    page.keyboard.press("n")
    saved(page, world.small_rate)
    expect(row(page, world.small_rate).locator(".none span").first).to_be_visible()
    assert Figure.objects.get().nothing_occurred
    expect(cell(page, world.count, "value")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(page.locator("#saved")).to_have_text("Taken back")
    assert not Figure.objects.get().nothing_occurred


def test_undo_brings_back_what_stood_there(page: Page, world: World) -> None:
    for number in ("7", "8"):
        cell(page, world.count, "value").fill(number)
        page.keyboard.press("Enter")
        expect(page.locator("#saved")).to_contain_text("Saved ")
        saved(page, world.count)
    page.keyboard.press("Control+z")
    expect(cell(page, world.count, "value")).to_have_value("7")
    expect(page.locator("#saved")).to_have_text("Taken back")
    assert Figure.objects.get().value == D(7)


def test_what_is_no_number_is_named_at_its_cell_and_stays(page: Page, world: World) -> None:
    cell(page, world.rate, "numerator").fill("12件")
    page.keyboard.press("Tab")
    expect(row(page, world.rate).locator(".note.err")).to_contain_text("“件” follows the number")
    expect(cell(page, world.rate, "numerator")).to_have_value("12件")
    expect(cell(page, world.rate, "numerator")).to_have_attribute("aria-invalid", "")
    cell(page, world.rate, "numerator").fill("12")
    page.keyboard.press("Tab")
    saved(page, world.rate)
    expect(row(page, world.rate).locator(".note.err")).to_contain_text("Only the numerator 12 is entered")


PASTE = """([selector, text]) => {
  const field = document.querySelector(selector);
  field.focus();
  const data = new DataTransfer();
  data.setData("text/plain", text);
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def paste(page: Page, series: Series, kind: str, text: str) -> None:
    page.evaluate(PASTE, [f"[name='{series.pk}-{kind}']", text])


def test_a_block_is_shown_before_it_lands(page: Page, world: World) -> None:
    paste(page, world.rate, "numerator", "1,862\t1,960\r\n0\t3\r\n12\t\r\n")
    dialog = page.locator("dialog#paste")
    expect(dialog.locator("h2")).to_have_text("Paste: 3 rows would change.")
    assert not Figure.objects.exists()
    dialog.get_by_role("button", name="Take over").click()
    saved(page, world.rate)
    assert {figure.series_id for figure in Figure.objects.all()} == {
        world.rate.pk,
        world.small_rate.pk,
        world.count.pk,
    }
    expect(cell(page, world.rate, "denominator")).to_have_value("1\u202f960")


def test_a_block_confirmed_while_the_server_is_away_stands_in_its_cells_until_it_is_back(
    page: Page, world: World
) -> None:
    paste(page, world.rate, "numerator", "95\t100\r\n0\t3\r\n")
    dialog = page.locator("dialog#paste")
    expect(dialog.locator("h2")).to_be_visible()
    page.route("**/cells/", lambda route: route.abort())
    dialog.get_by_role("button", name="Take over").click()
    expect(page.locator("#alert")).to_contain_text("The server does not answer")
    expect(cell(page, world.rate, "numerator")).to_have_value("95")
    page.unroute("**/cells/")
    saved(page, world.rate)
    saved(page, world.small_rate)
    assert Figure.objects.count() == 2


def test_t12_a_pasted_block_lands_but_for_the_row_that_a_colleague_changed(page: Page, world: World) -> None:
    entry = Entry(numerator=D(90), denominator=D(100))
    save_figure(submission=world.submission, series=world.rate, entry=entry, by=world.second_clerk)
    paste(page, world.rate, "numerator", "95\t100\r\n0\t3\r\n12\t\r\n")
    page.locator("dialog#paste").get_by_role("button", name="Take over").click()
    saved(page, world.count)
    saved(page, world.small_rate)
    expect(row(page, world.rate)).to_contain_text("while Li Min typed 95 / 100")
    expect(cell(page, world.rate, "numerator")).to_have_value("95")
    assert Figure.objects.get(series=world.rate).numerator == D(90)
    row(page, world.rate).get_by_role("button", name="Change to 95 / 100").click()
    saved(page, world.rate)
    assert Figure.objects.get(series=world.rate).numerator == D(95)


def test_a_bad_block_names_its_cells_and_does_not_land(page: Page, world: World) -> None:
    paste(page, world.rate, "numerator", "12,3\t95%\t7\r\n1\t2")
    dialog = page.locator("dialog#paste")
    expect(dialog).to_contain_text("the comma does not part groups of three digits")
    expect(dialog).to_contain_text("does not fit here, since this is no share")
    expect(dialog).to_contain_text("1 cell lies beyond the form")
    expect(dialog.get_by_role("button", name="Take over")).to_have_count(0)
    dialog.get_by_role("button", name="Cancel").click()
    assert not Figure.objects.exists()


@pytest.mark.parametrize(("choice", "stands"), [("Keep 90 / 100", D(90)), ("Change to 95 / 100", D(95))])
def test_t12_the_second_of_two_people_sees_both_values(page: Page, world: World, choice: str, stands: Decimal) -> None:
    entry = Entry(numerator=D(90), denominator=D(100))
    save_figure(submission=world.submission, series=world.rate, entry=entry, by=world.second_clerk)
    cell(page, world.rate, "numerator").fill("95")
    cell(page, world.rate, "denominator").fill("100")
    page.keyboard.press("Enter")
    both = "Zhao Yan changed this figure to 90 / 100 while Li Min typed 95 / 100"
    expect(row(page, world.rate)).to_contain_text(both)
    expect(cell(page, world.rate, "numerator")).to_have_value("95")
    row(page, world.rate).get_by_role("button", name=choice).click()
    saved(page, world.rate)
    expect(cell(page, world.rate, "numerator")).to_have_value(str(stands))
    assert Figure.objects.get().numerator == stands


def test_a_server_that_is_away_is_asked_again_and_nothing_is_lost(page: Page, world: World) -> None:
    page.route("**/cells/", lambda route: route.abort())
    cell(page, world.count, "value").fill("7")
    page.keyboard.press("Enter")
    expect(page.locator("#alert")).to_contain_text("The server does not answer")
    expect(row(page, world.count).locator("[data-mark]")).to_have_attribute("data-mark", "unsaved")
    page.unroute("**/cells/")
    saved(page, world.count)
    expect(page.locator("#alert")).to_be_empty()
    assert Figure.objects.get().value == D(7)


def test_a_session_that_ended_keeps_what_was_typed(page: Page, world: World, context: BrowserContext) -> None:
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    cell(page, world.count, "value").fill("7")
    page.keyboard.press("Enter")
    expect(page.locator("#alert")).to_contain_text("Your session has ended")
    expect(cell(page, world.count, "value")).to_have_value("7")
    # Signed in again in another tab: a new session and a new token; the page saves by itself.
    context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    windows.sign_in(context, world.clerk, page.url, language=None)
    saved(page, world.count)
    expect(page.locator("#alert")).to_be_empty()
    assert Figure.objects.get().value == D(7)


def test_what_cannot_be_read_is_there_after_a_reload(page: Page, world: World) -> None:
    cell(page, world.count, "value").fill("12..5")
    page.keyboard.press("Tab")
    expect(cell(page, world.count, "value")).to_have_attribute("aria-invalid", "")
    page.reload()
    expect(cell(page, world.count, "value")).to_have_value("12..5")
    expect(row(page, world.count).locator(".note.err")).to_be_visible()
    assert not Figure.objects.exists()


def test_a_double_click_on_submit_submits_once(page: Page, world: World) -> None:
    cell(page, world.rate, "numerator").fill("95")
    cell(page, world.rate, "denominator").fill("100")
    cell(page, world.count, "value").fill("10")
    cell(page, world.small_rate, "numerator").focus()
    page.keyboard.press("n")
    page.get_by_role("button", name="Check and submit").dblclick()
    expect(page.locator("h1")).to_have_text("3 figures are ready to be submitted.")
    page.get_by_role("button", name="Submit", exact=True).dblclick()
    expect(page.locator(".notice.success")).to_contain_text("Submitted.")
    submission = Submission.objects.get()
    assert (submission.status, submission.version) == ("submitted", 2)


def test_the_review_is_done_by_keyboard(sign_in: Callable[..., Page], world: World) -> None:
    for series, entry in (
        (world.rate, Entry(numerator=D(95), denominator=D(100))),
        (world.small_rate, Entry(nothing_occurred=True)),
        (world.count, Entry(value=D(10))),
    ):
        save_figure(submission=world.submission, series=series, entry=entry, by=world.clerk)
    Submission.objects.filter(pk=world.submission.pk).update(status="submitted", submitted_by=world.clerk, version=2)
    page = sign_in(world.reviewer, f"/review/{world.submission.pk}/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("r")
    page.keyboard.type("Check the denominator")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Return").click()
    expect(page.locator(".notice.success")).to_contain_text("Returned.")
    assert world.submission.remarks.get().text == "Check the denominator"


def test_the_page_works_without_scripts(live_server: Any, browser: Any, world: World) -> None:
    context = browser.new_context(java_script_enabled=False)
    windows.sign_in(context, world.clerk, live_server.url)
    page = context.new_page()
    page.goto(f"{live_server.url}/entry/{world.submission.pk}/")
    cell(page, world.rate, "numerator").fill("95")
    cell(page, world.rate, "denominator").fill("100")
    row(page, world.small_rate).locator(".none label").click()
    page.get_by_role("button", name="Save draft").click()
    expect(row(page, world.rate).locator(".chip").first).to_have_text("●On target")
    assert Figure.objects.count() == 2
    context.close()


WALK = """async () => {
  const fields = document.querySelectorAll("td.in input");
  fields[Math.floor(fields.length / 2)].focus();
  const times = [];
  for (let n = 0; n < 25; n++) {
    const key = n % 2 ? "ArrowUp" : "ArrowDown";
    const start = performance.now();
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    times.push(performance.now() - start);
  }
  const rows = [...document.querySelectorAll("tbody[data-row]")];
  const drawn = rows.filter((row) => row.checkVisibility({ contentVisibilityAuto: true })).length;
  return { median: times.sort((a, b) => a - b)[12], rows: rows.length, drawn };
}"""


def spread(world: World, *, regions: int, targets: int) -> None:
    """Let the department report so many targets of so many counties besides."""
    city = world.programme.region
    counties = Region.objects.bulk_create(
        Region(code=f"1404{n:02d}", level="county", name_zh=f"县{n}", name_en=f"C{n}", short_zh=f"县{n}", parent=city)
        for n in range(1, regions + 1)
    )
    many = [make_target(world.programme, make_indicator(f"many-{n}"), position=20 + n) for n in range(targets)]
    series = Series.objects.bulk_create(
        Series(indicator=target.indicator, region=region, department=world.department)
        for target in many
        for region in counties
    )
    by_indicator = {target.indicator_id: target for target in many}
    Allocation.objects.bulk_create(Allocation(target=by_indicator[one.indicator_id], series=one) for one in series)


def test_ninety_regions_stay_fluid(sign_in: Callable[..., Page], world: World) -> None:
    """1 800 rows: a key takes what it takes in a form of three rows, since only what is in sight is drawn.

    Both forms are walked through in the same browser: a machine that is busy is busy with both. Source: product.md
    “Entry”.
    """
    small = sign_in(world.clerk, f"/entry/{world.submission.pk}/").evaluate(WALK)
    spread(world, regions=90, targets=20)
    page = sign_in(world.clerk, f"/entry/{world.submission.pk}/")
    expect(page.locator("tbody[data-row]")).to_have_count(1803)
    wide = page.evaluate(WALK)
    assert wide["drawn"] < 150, f"{wide['drawn']} of {wide['rows']} rows are drawn"
    assert wide["median"] < 5 * small["median"], (
        f"a key took {wide['median']:.0f} ms, {small['median']:.0f} in three rows"
    )
    field = page.locator("td.in input").nth(900)
    field.fill("5")
    page.keyboard.press("Tab")
    expect(page.locator("#saved")).to_contain_text("Saved ", timeout=10_000)
