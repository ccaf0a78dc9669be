"""The records of decisions: each has one number, and every number that code and documents name has a record."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
RECORDS = sorted((ROOT / "docs" / "adr").glob("*.md"))
NUMBERS = [int(record.name[:4]) for record in RECORDS]
NAMED = re.compile(r"\bADRs? (\d+)")


def list_texts() -> list[Path]:
    """Return the files in which a record may be named."""
    found = [*ROOT.glob("*.md"), *ROOT.glob("*.toml")]
    for folder in ("qscounty", "departments", "indicators", "reports", "templates", "static", "tests", "docs"):
        found += [path for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".md", ".html", ".js", ".toml"}]
    return found


def test_every_number_is_given_once_and_none_is_left_out():
    assert sorted(NUMBERS) == list(range(1, len(RECORDS) + 1))


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_the_heading_has_the_number_of_the_file_and_a_status_or_a_decision(record):
    text = record.read_text(encoding="utf-8")
    assert re.match(rf"# {int(record.name[:4])}\. \S", text)
    assert "Status: " in text or "Decided" in text


def test_whoever_names_a_record_names_one_that_is_there():
    named = {
        (path.relative_to(ROOT).as_posix(), int(number))
        for path in list_texts()
        for number in NAMED.findall(path.read_text(encoding="utf-8"))
    }
    assert len(named) > 20, "nothing is named: the expression reads nothing"
    assert {place for place in named if place[1] not in NUMBERS} == set()
