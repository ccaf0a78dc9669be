"""The colours of ratings as a person without green cones sees them; computed, no browser.

Source: Machado, Oliveira and Fernandes 2009, severity 1 on linear RGB; CIE 1976 L*a*b*; WCAG 2.2, 1.4.3.
"""

import itertools
import re

import pytest
from django.conf import settings

from indicators.engine.target import Rating
from indicators.marks import mark_rating
from reports.exports import words
from reports.exports.styles import RATING_COLOURS

DEUTERANOPIA = (
    (0.367322, 0.860646, -0.227968),
    (0.280085, 0.672501, 0.047413),
    (-0.011820, 0.042940, 0.968881),
)
NORMAL = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
TOLD_APART = 7.5  # distance in L*a*b*; 2.3 is just noticeable side by side
READABLE = 4.5
NAMES = ("green", "amber", "red")


def read_tokens():
    text = (settings.BASE_DIR / "static/css/tokens.css").read_text(encoding="utf-8")
    tokens: dict[str, str] = {}
    for name, colour in re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6});", text):
        tokens.setdefault(name, colour)
    return tokens


TOKENS = read_tokens()


def see(colour, eye):
    """Return linear RGB as the eye sees it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return [min(max(sum(a * b for a, b in zip(row, linear, strict=True)), 0), 1) for row in eye]


def luminance(rgb):
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def contrast(one, other, eye):
    low, high = sorted(luminance(see(colour, eye)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def to_lab(rgb):
    x = (0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 0.9505
    z = (0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.089
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, luminance(rgb), z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one, other, eye):
    pairs = zip(to_lab(see(one, eye)), to_lab(see(other, eye)), strict=True)
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5


@pytest.mark.parametrize("kind", ["", "-soft"])
@pytest.mark.parametrize(("one", "other"), itertools.combinations(NAMES, 2))
@pytest.mark.parametrize("eye", [NORMAL, DEUTERANOPIA], ids=["normal", "deuteranopia"])
def test_no_two_ratings_look_alike(one, other, kind, eye):
    assert distance(TOKENS[one + kind], TOKENS[other + kind], eye) >= TOLD_APART


BARS = ("green-bar", "amber", "red-bar")
SEEN = 3  # WCAG 2.2, 1.4.11: marks without words on the ground
LIGHTER = 15  # in L*: the segments of a bar carry neither shape nor word


@pytest.mark.parametrize("eye", [NORMAL, DEUTERANOPIA], ids=["normal", "deuteranopia"])
def test_the_segments_of_a_bar_are_told_apart_and_seen(eye):
    lightness = {name: to_lab(see(TOKENS[name], eye))[0] for name in BARS}
    assert lightness["green-bar"] - lightness["red-bar"] >= LIGHTER
    for one, other in itertools.combinations(BARS, 2):
        assert distance(TOKENS[one], TOKENS[other], eye) >= 2 * TOLD_APART
    assert all(contrast(TOKENS[name], TOKENS["paper"], eye) >= SEEN for name in BARS)


def test_the_colours_of_marks_would_not_do_for_bars():
    green, red = (to_lab(see(TOKENS[name], DEUTERANOPIA))[0] for name in ("green", "red"))
    assert abs(green - red) < 1


def test_the_measure_finds_red_and_green_that_only_normal_eyes_tell_apart():
    pale_green, pale_red = TOKENS["green-soft"], "#fbe1de"
    assert distance(pale_green, pale_red, NORMAL) > TOLD_APART > distance(pale_green, pale_red, DEUTERANOPIA)


@pytest.mark.parametrize("name", [*NAMES, "grey"])
@pytest.mark.parametrize("eye", [NORMAL, DEUTERANOPIA], ids=["normal", "deuteranopia"])
def test_words_on_their_colour_are_readable(name, eye):
    assert contrast(TOKENS[f"{name}-soft"], TOKENS[f"{name}-ink"], eye) >= READABLE


def test_every_rating_has_a_shape_of_its_own():
    shapes = [mark_rating(rating).shape for rating in (Rating.GREEN, Rating.AMBER, Rating.RED)]
    assert len(set(shapes)) == len(shapes)
    assert all(shapes)


def test_the_workbook_has_the_colours_of_the_pages():
    told = {words.GREEN: "green", words.AMBER: "amber", words.RED: "red"}
    for word, (fill, ink) in RATING_COLOURS.items():
        wanted = (TOKENS[f"{told[word]}-soft"], TOKENS[f"{told[word]}-ink"])
        assert tuple(f"#{colour[2:].lower()}" for colour in (fill, ink)) == wanted
