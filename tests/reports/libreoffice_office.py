"""Opens workbooks in LibreOffice without a screen: recalculates every formula, or prints to PDF.

LibreOffice trusts stored values unless it is told otherwise, so the values are taken out of the file first: what is
there afterwards was computed by LibreOffice. Each call has a profile of its own.
"""

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

from openpyxl import load_workbook

from qscounty.testing import OFFICE_NAMES, find_program

SECONDS = 240
_STORED = re.compile(rb"(<f[^>]*?(?:/>|>[^<]*</f>))<v>[^<]*</v>")
_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def forget_results(source: Path, target: Path) -> None:
    """Copy a workbook without the stored value of any formula."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, _STORED.sub(rb"\1", content) if name.startswith("xl/worksheets/") else content)


def recalculate(sources: list[Path], directory: Path) -> list[Path]:
    """Return recalculated copies of workbooks, in the same order; one start of the program for all of them."""
    bare, done = directory / "bare", directory / "recalculated"
    bare.mkdir(parents=True)
    for source in sources:
        forget_results(source, bare / source.name)
    convert([bare / source.name for source in sources], done, form="xlsx:Calc MS Excel 2007 XML")
    return [done / source.name for source in sources]


def convert(sources: list[Path], directory: Path, *, form: str) -> None:
    """Convert files into `directory`; AssertionError with the program's own words where one is missing."""
    profile = directory / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
    program = find_program(OFFICE_NAMES)
    assert program is not None
    run = subprocess.run(
        [
            *(program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", form),
            *("--outdir", str(directory), *map(str, sources)),
        ],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    shutil.rmtree(profile, ignore_errors=True)
    ending = form.partition(":")[0]
    missing = [s.name for s in sources if not (directory / s.with_suffix(f".{ending}").name).exists()]
    assert not missing, f"LibreOffice made nothing of {missing}: {run.stderr}{run.stdout}"


def list_differences(stored: Path, recalculated: Path, *, tolerance: float = 1e-9) -> tuple[int, list[str]]:
    """Return how many formulas there are, and each whose stored value is not what was computed.

    Numbers are equal within `tolerance` of their size; a blank is "".
    """
    formulas, values = load_workbook(stored), load_workbook(stored, data_only=True)
    found = load_workbook(recalculated, data_only=True)
    count, wrong = 0, []
    for sheet in formulas.worksheets:
        ours, theirs = values[sheet.title], found[sheet.title]
        for line in sheet.iter_rows():
            for cell in line:
                if cell.data_type != "f":
                    continue
                count += 1
                expected, computed = ours[cell.coordinate].value, theirs[cell.coordinate].value
                if not _is_same(expected, computed, tolerance):
                    wrong.append(f"{sheet.title}!{cell.coordinate}: {expected!r} stored, {computed!r} computed")
    return count, wrong


def _is_same(expected: object, computed: object, tolerance: float) -> bool:
    if isinstance(expected, int | float) and isinstance(computed, int | float):
        return abs(expected - computed) <= tolerance * max(abs(expected), abs(computed), 1.0)
    return ("" if expected is None else expected) == ("" if computed is None else computed)
