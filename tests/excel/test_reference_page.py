"""The reference page says what the tables say."""

from tests.excel.generate_entry_form import PAGE, page


def test_the_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.excel.generate_entry_form"
