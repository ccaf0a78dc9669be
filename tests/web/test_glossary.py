"""The glossary and the Chinese catalogue agree: a term has one wording."""

import re
from pathlib import Path

import polib
import pytest

from tests.web.collect_messages import CATALOGUE, ROOT

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \|", re.MULTILINE)
# (English of the glossary, context and text of the catalogue)
TERMS = [
    ("not due", ("gap", "Not due")),
    ("awaiting superior data", ("gap", "Awaiting superior data")),
    ("not reported", ("gap", "Not reported")),
    ("not applicable", ("gap", "Not applicable")),
    ("not computable", ("gap", "Not computable")),
    ("on target", ("rating", "On target")),
    ("close", ("rating", "Close")),
    ("behind", ("rating", "Behind")),
    ("too little reported", ("cell", "Too little reported")),
    ("expected level", (None, "expected level")),
    ("attainment ratio", (None, "attainment ratio")),
    ("none this quarter", (None, "none this quarter")),
    ("demonstration data", (None, "Demonstration data")),
    ("veto", (None, "Veto")),
    ("out of reach", ("flag", "Out of reach")),
    ("certain to be met", ("flag", "Certain to be met")),
    ("likely to miss its date", ("flag", "Likely to miss its date")),
    ("leadership office", (None, "Leadership office")),
]


def terms() -> dict[str, str]:
    """Return the glossary as English -> Chinese, rows of several terms taken apart."""
    found = {}
    for english, chinese in _ROW.findall(GLOSSARY):
        names = re.split(r", ", re.sub(r"^(rating|gap|flag|bound): ", "", english.strip()))
        wordings = re.split(r"[,、] ?", chinese.strip())
        found |= dict(zip(names, wordings, strict=False))
    return found


@pytest.mark.parametrize(("english", "key"), TERMS)
def test_a_term_has_one_wording(english, key):
    entries = {(entry.msgctxt, entry.msgid): entry.msgstr for entry in polib.pofile(str(CATALOGUE))}
    assert entries[key] == terms()[english]


def test_the_readme_leads_here():
    assert "docs/glossary.md" in (Path(ROOT) / "README.md").read_text(encoding="utf-8")
