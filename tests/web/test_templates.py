"""The templates keep the house rules: they compile, compute nothing, stay short, and never trust text."""

import re
from pathlib import Path

import pytest
from django.template import loader

from tests.web.collect_messages import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))


def named(paths: list[Path]) -> list:
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in paths]


@pytest.mark.parametrize("path", named(TEMPLATES))
def test_a_template_compiles_and_keeps_the_rules(path):
    loader.get_template(str(path.relative_to(ROOT / "templates")))
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe\b|autoescape off|\|\s*(add|divisibleby|widthratio):", text), "computes or trusts"
    assert not re.search(r"\son[a-z]+=|javascript:|<script(?![^>]*(src=|nonce=))", text), "runs script in the page"
    assert not re.search(r"(src|href)=\"(https?:)?//", text), "leaves the origin"
    assert text.count("\n") <= 80


@pytest.mark.parametrize("path", named([*STYLES, *SCRIPTS]))
def test_styles_and_scripts_stay_at_home(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"https?://|@import|\beval\(|new Function", text)


def test_colours_are_named_once():
    tokens = (ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    names = re.findall(r"--([a-z0-9-]+):", tokens)
    assert len(names) == len(set(names))
    used = set(re.findall(r"var\(--([a-z0-9-]+)", (ROOT / "static" / "css" / "app.css").read_text(encoding="utf-8")))
    assert used <= set(names)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        ("ink", "paper", 7), ("ink-2", "paper", 7), ("ink-3", "paper", 4.5), ("ink-3", "ground", 4.5),
        ("green-ink", "green-soft", 4.5), ("amber-ink", "amber-soft", 4.5), ("red-ink", "red-soft", 4.5),
        ("grey-ink", "grey-soft", 4.5), ("accent", "paper", 4.5), ("accent", "ground", 4.5),
        ("nav-ink", "nav", 4.5), ("nav-ink-2", "nav", 4.5), ("red", "ground", 4.5), ("line-3", "paper", 3),
    ],
)  # fmt: skip
def test_inks_stand_out_from_their_grounds(ink, ground, least):
    tokens = (ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})", tokens))
    light, dark = sorted((_luminance(colours[ink]), _luminance(colours[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= least
