"""Malformed and hostile workbooks: refused with sheet and cell, in bounds, and nothing of them is ever imported.

Source: trust cases T37 to T43, goal S4 (at least 150 files; 10 s and 512 MB each).
"""

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils.translation import override

from indicators.actions.workbook_upload import ReceivedFile, stage_upload
from indicators.excel.form_reader import read_sheets
from indicators.excel.guard import Sheets, check_outside
from indicators.models import Figure, UploadState, WorkbookUpload
from indicators.workbook_rows import Finding, FormRead
from indicators.workbook_words import describe_finding
from tests.excel.forms import ROWS, form_bytes
from tests.excel.hostile_files import HOSTILE_FILES, Hostile
from tests.excel.hostile_forms import HOSTILE_FORMS
from tests.excel.packages import form_parts, put_together
from tests.excel.xls_builder import build_form
from tests.integration.entry_world import make_world

HOSTILE = [*HOSTILE_FILES, *HOSTILE_FORMS]
PARAMETERS = [pytest.param(place, case, id=case.name) for place, case in enumerate(HOSTILE)]
MUTATED = int(os.environ.get("QSCOUNTY_MUTATED_FILES", "200"))
"""How many files with a few bytes changed are read; 2 000 before a release."""
MOST_SECONDS, MOST_MEGABYTES = 10, 512


def read_all(folder: Path) -> list[dict[str, Any]]:
    """Return how the reading of every file in a folder went, each in a process of its own under the limits."""
    command = [sys.executable, "-m", "tests.excel.read_each", str(folder)]
    done = subprocess.run(command, capture_output=True, cwd=Path(__file__).parents[2], check=True)
    assert b"Traceback" not in done.stderr
    return sorted(map(json.loads, done.stdout.splitlines()), key=lambda line: int(line["name"]))


@pytest.fixture(scope="session")  # tests with a database run first, and would have everything made twice
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """How the reading of every file went, by its place in the table."""
    folder = tmp_path_factory.mktemp("hostile")
    for place, case in enumerate(HOSTILE):
        (folder / f"{place:03d}").write_bytes(case.make())
    read = read_all(folder)
    for place, answer in enumerate(read):
        answer["outside"] = check_outside((folder / f"{place:03d}").read_bytes())
    return read


def read_answer(answer: dict[str, Any]) -> FormRead:
    """Return the form as the web process would see it."""
    if answer["outside"]:
        return FormRead(findings=(answer["outside"],))
    fields = dict(answer["read"])
    findings = tuple(Finding.load(stored) for stored in fields.pop("findings"))
    return read_sheets(Sheets(findings=findings, **fields))


def test_there_are_enough_of_them():
    assert len(HOSTILE) >= 150
    assert len({case.name for case in HOSTILE_FORMS}) == len(HOSTILE_FORMS)


@pytest.mark.parametrize(("place", "case"), PARAMETERS)
def test_the_file_is_refused_at_its_place(answers: list[dict[str, Any]], place: int, case: Hostile):
    found = read_answer(answers[place]).findings
    assert found
    assert found[0].fault is case.fault
    if case.place:
        assert found[0].sheet
        assert found[0].cell == case.place
    for language in ("en", "zh-hans"):
        with override(language):
            sentence = describe_finding(found[0])
            assert sentence
            assert "%(" not in sentence
            if case.place:
                assert found[0].sheet in sentence
                letters, digits = case.place.rstrip("0123456789"), case.place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
                assert letters in sentence
                assert digits in sentence


@pytest.mark.parametrize(("place", "case"), PARAMETERS)
def test_the_reader_stays_within_its_bounds(answers: list[dict[str, Any]], place: int, case: Hostile):
    answer = answers[place]
    assert answer["exit"] == 0, "the reader itself was killed or failed"
    assert answer["seconds"] <= MOST_SECONDS
    assert answer["megabytes"] <= MOST_MEGABYTES


@pytest.mark.django_db
def test_nothing_of_them_is_imported(answers: list[dict[str, Any]]):
    world = make_world()
    for place, case in enumerate(HOSTILE):
        read = read_answer(answers[place])
        file = ReceivedFile(name=case.name, digest=f"{place:064d}", size=1, read=read)
        upload = stage_upload(file=file, batch=uuid4(), by=world.clerk)
        assert upload.state == UploadState.REFUSED
        assert upload.rows == []
    assert not Figure.objects.exists()
    assert WorkbookUpload.objects.count() == len(HOSTILE)


def mutate(chance: random.Random) -> bytes:
    """Return a good form with a few bytes changed: in the package as it lies, or inside one of its parts."""
    if chance.random() < 0.3:
        return _scratch(form_bytes() if chance.random() < 0.7 else build_form(), chance)
    parts = form_parts()
    name = chance.choice(sorted(parts))
    parts[name] = _scratch(parts[name], chance)
    return put_together(parts)


def _scratch(content: bytes, chance: random.Random) -> bytes:
    scratched = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 8))):
        at = chance.randrange(max(len(scratched), 1))
        if chance.random() < 0.3:
            del scratched[at : at + chance.randrange(1, 200)]
        else:
            scratched[at : at + 1] = bytes([chance.randrange(256)])
    return bytes(scratched)


def test_a_file_with_a_few_bytes_changed_never_breaks_the_reader(tmp_path: Path):
    """Refused, or read: never a crash, never out of bounds. The seed moves on with the number of the file."""
    for number in range(MUTATED):
        (tmp_path / f"{number:05d}").write_bytes(mutate(random.Random(number)))  # noqa: S311  the same files each time
    answers = read_all(tmp_path)
    assert [answer["name"] for answer in answers if answer["exit"] != 0] == []
    assert max(answer["seconds"] for answer in answers) <= MOST_SECONDS
    for answer in answers:
        read = read_answer({**answer, "outside": check_outside((tmp_path / answer["name"]).read_bytes())})
        assert read.findings or len(read.rows) == len(ROWS)


def test_how_long_and_how_large(answers: list[dict[str, Any]], record_property: Any):
    """One line for the table of goals."""
    slowest = max(answer["seconds"] for answer in answers)
    largest = max(answer["megabytes"] for answer in answers)
    print(f"S4 {len(HOSTILE)} files, slowest {slowest:.2f} s, largest {largest:.0f} MB, limits 10 s 512 MB PASS")
    record_property("S4", f"{slowest:.2f} s, {largest:.0f} MB")
