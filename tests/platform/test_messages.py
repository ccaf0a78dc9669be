"""Every text that the code marks for translation is in the Chinese catalogue, and translated."""

import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from tests.platform.conftest import PROJECT

# Not the tests, and nothing that running left behind.
PARTS = ("departments", "indicators", "qscounty", "reports", "templates", "manage.py")


@pytest.fixture
def extracted(tmp_path: Path) -> polib.POFile:
    """Extract the messages in a copy of the sources: the project's own catalogue is not touched."""
    for part in PARTS:
        source = PROJECT / part
        if source.is_dir():
            shutil.copytree(source, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", "*.mo", "locale"))
        else:
            shutil.copy(source, tmp_path)
    (tmp_path / "qscounty" / "locale").mkdir()
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--locale", "zh_Hans", "--no-location", "--verbosity", "0"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    return polib.pofile(str(tmp_path / "qscounty" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"))


@pytest.mark.gettext
def test_no_message_is_missing_unsure_or_empty(extracted: polib.POFile):
    catalogue = polib.pofile(str(PROJECT / "qscounty" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"))
    known = {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}
    missing = sorted(
        entry.msgid
        for entry in extracted
        if not (found := known.get((entry.msgctxt, entry.msgid))) or not found.translated()
    )
    assert not missing, f"{len(missing)} messages without Chinese, the first: {missing[:10]}"


@pytest.mark.gettext
def test_the_catalogue_keeps_nothing_that_no_code_uses(extracted: polib.POFile):
    catalogue = polib.pofile(str(PROJECT / "qscounty" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"))
    used = {(entry.msgctxt, entry.msgid) for entry in extracted}
    # Labels of other packages that bring no Chinese of their own are repeated in ours.
    left = sorted(
        entry.msgid
        for entry in catalogue
        if (entry.msgctxt, entry.msgid) not in used and "package" not in (entry.tcomment or "")
    )
    assert not left, f"{len(left)} messages are no longer used, the first: {left[:10]}"
