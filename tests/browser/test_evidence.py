"""Evidence in a real browser: dropped on a row, refused with a sentence, shown at once, without a script by a page."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from indicators.models import Evidence
from tests.browser.windows import sign_in
from tests.integration.entry_world import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PDF = "%PDF-1.7\n%%EOF\n"
DROP = """
([selector, name, text]) => {
  const row = document.querySelector(selector);
  const transfer = new DataTransfer();
  transfer.items.add(new File([text], name));
  for (const type of ["dragover", "drop"])
    row.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
}
"""


@pytest.fixture
def world(transactional_db: None, tmp_path: Path, settings: Any) -> World:
    settings.MEDIA_ROOT = tmp_path
    return make_world()


@pytest.fixture
def page(live_server: Any, context: BrowserContext, world: World) -> Page:
    sign_in(context, world.clerk, live_server.url)
    page = context.new_page()
    page.goto(f"{live_server.url}/entry/{world.submission.pk}/")
    return page


def drop(page: Page, world: World, name: str, text: str = PDF) -> None:
    page.evaluate(DROP, [f"#r{world.rate.pk} th", name, text])


def test_a_file_dropped_on_a_row_stands_beside_it(page: Page, world: World) -> None:
    drop(page, world, "report.pdf")
    row = page.locator(f"#r{world.rate.pk}")
    expect(row.get_by_role("link", name="report.pdf")).to_be_visible()
    expect(page.locator("#saved")).to_have_text("Attached: report.pdf")
    assert Evidence.objects.get().series == world.rate


def test_what_is_refused_is_said_and_what_was_typed_stays(page: Page, world: World) -> None:
    cell = page.locator(f"[name='{world.rate.pk}-numerator']")
    cell.fill("95")
    drop(page, world, "program.exe", "MZ")
    expect(page.get_by_role("alert")).to_contain_text("program.exe: only PDF, PNG, JPG, XLSX and DOCX are taken")
    expect(cell).to_have_value("95")
    assert not Evidence.objects.exists()


def test_a_file_is_chosen_by_the_link(page: Page, world: World) -> None:
    row = page.locator(f"#r{world.rate.pk}")
    row.hover()
    with page.expect_file_chooser() as chooser:
        row.get_by_role("link", name="attach a file").click()
    chooser.value.set_files({"name": "photo.pdf", "mimeType": "application/pdf", "buffer": PDF.encode()})
    expect(row.get_by_role("link", name="photo.pdf")).to_be_visible()


def test_dragging_marks_the_row_under_the_pointer(page: Page, world: World) -> None:
    page.evaluate(DROP.replace('["dragover", "drop"]', '["dragover"]'), [f"#r{world.rate.pk} th", "a.pdf", PDF])
    expect(page.locator(f"#r{world.rate.pk}")).to_have_class("row empty dropping")
