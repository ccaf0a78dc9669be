"""Malformed and hostile workbooks: refused with sheet and cell, in bounds, and nothing of them is ever imported.

Source: trust cases T37 to T43, goal S4 (at least 150 files; 10 s and 512 MB each).
"""

import json
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
from tests.excel.hostile_files import HOSTILE_FILES, Hostile
from tests.excel.hostile_forms import HOSTILE_FORMS
from tests.integration.entry_world import make_world

HOSTILE = [*HOSTILE_FILES, *HOSTILE_FORMS]
PARAMETERS = [pytest.param(place, case, id=case.name) for place, case in enumerate(HOSTILE)]
MOST_SECONDS, MOST_MEGABYTES = 10, 512


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """How the reading of every file went, by its place in the table."""
    folder = tmp_path_factory.mktemp("hostile")
    for place, case in enumerate(HOSTILE):
        (folder / f"{place:03d}").write_bytes(case.make())
    command = [sys.executable, "-m", "tests.excel.read_each", str(folder)]
    done = subprocess.run(command, capture_output=True, cwd=Path(__file__).parents[2], check=True)
    assert done.stderr == b"", "a traceback"
    read = {int(line["name"]): line for line in map(json.loads, done.stdout.splitlines())}
    for place in read:
        read[place]["outside"] = check_outside((folder / f"{place:03d}").read_bytes())
    return [read[place] for place in range(len(HOSTILE))]


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


def test_how_long_and_how_large(answers: list[dict[str, Any]], record_property: Any):
    """One line for the table of goals."""
    slowest = max(answer["seconds"] for answer in answers)
    largest = max(answer["megabytes"] for answer in answers)
    print(f"S4 {len(HOSTILE)} files, slowest {slowest:.2f} s, largest {largest:.0f} MB, limits 10 s 512 MB PASS")
    record_property("S4", f"{slowest:.2f} s, {largest:.0f} MB")
