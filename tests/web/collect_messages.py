"""Collects every message that the code and the templates ask to be translated, without GNU gettext.

Python files are read by their syntax tree; templates are first turned into calls by Django's own `templatize`, which
`makemessages` uses too. Run as a module it prints what the Chinese catalogue lacks and what it has too much.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("qscounty", "departments", "indicators", "reports")
CATALOGUE = ROOT / "qscounty" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"

# Function -> which of its arguments are context, singular and plural.
_CALLS = {
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
_NAMES = {f"{name}{suffix}": places for name, places in _CALLS.items() for suffix in ("", "_lazy", "_noop")}
_IN_TEMPLATE = re.compile(r"\b(n?p?gettext)\(")


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """One message; `context` and `plural` are "" where there is none."""

    context: str
    text: str
    plural: str = ""


def collect_messages() -> dict[Message, list[str]]:
    """Return every message with the places that ask for it."""
    found: dict[Message, list[str]] = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                _add(found, path, read_python(path.read_text(encoding="utf-8")))
    for path in sorted((ROOT / "templates").rglob("*.html")):
        _add(found, path, read_template(path.read_text(encoding="utf-8")))
    return found


def _add(found: dict[Message, list[str]], path: Path, messages: Iterator[Message]) -> None:
    for message in messages:
        found.setdefault(message, []).append(str(path.relative_to(ROOT)))


def read_python(source: str) -> Iterator[Message]:
    """Yield the messages of a Python file, whatever name it imports a translating function under."""
    tree = ast.parse(source)
    names = {"_": _NAMES["gettext"], **_NAMES}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {alias.asname: _NAMES[alias.name] for alias in node.names if alias.asname and alias.name in _NAMES}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name := _name_of(node.func)) in names:
            message = _read_call(node, names[name])
            if message is not None:
                yield message


def read_template(source: str) -> Iterator[Message]:
    """Yield the messages of a template."""
    calls = templatize(source)
    for match in _IN_TEMPLATE.finditer(calls):
        yield from read_python(_cut_call(calls, match.start()))


def _name_of(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _read_call(call: ast.Call, places: tuple[int | None, int, int | None]) -> Message | None:
    texts = []
    for place in places:
        argument = call.args[place] if place is not None and place < len(call.args) else None
        texts.append(argument.value if isinstance(argument, ast.Constant) else None)
    context, text, plural = texts
    if not isinstance(text, str):
        return None
    return Message(str(context or ""), text, str(plural or ""))


def _cut_call(source: str, start: int) -> str:
    """Return the shortest piece from `start` that is a whole call."""
    end = source.index(")", start)
    while True:
        piece = source[start : end + 1]
        try:
            ast.parse(piece)
        except SyntaxError:
            end = source.index(")", end + 1)
        else:
            return piece


def main() -> None:
    """Print what the catalogue lacks, and what nothing asks for."""
    import polib

    entries = {Message(e.msgctxt or "", e.msgid, e.msgid_plural or "") for e in polib.pofile(str(CATALOGUE))}
    wanted = collect_messages()
    for message in sorted(wanted.keys() - entries):
        print("lacks", message, wanted[message])
    for message in sorted(entries - wanted.keys()):
        print("spare", message)


if __name__ == "__main__":
    main()
