"""The wide matrix: every region against every target, as a packed page for a canvas and as a plain table."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from numpy.typing import NDArray

from indicators.bounds import write_bound
from indicators.domains import Domain
from indicators.labels import DOMAINS, GAPS, RATINGS
from indicators.marks import GAP_SHAPES, SHAPES
from indicators.models import Target
from qscounty.web.sentences import join_clauses
from reports.matrices import Heading
from reports.scopes import PageContext
from reports.wide_cells import LETTERS, Outline, load_cells, make_outline, make_tag

COLUMNS_A_BLOCK = 24
COLOUR_CLASSES = {"G": "G", "A": "A", "R": "R"}


@dataclass(frozen=True, slots=True)
class Sign:
    """How a letter is drawn: shape, word, and the class of its colour."""

    letter: str
    shape: str
    word: str | Promise

    @property
    def style(self) -> str:
        """The class of the colour; grey for every gap."""
        return COLOUR_CLASSES.get(self.letter, "N")


@dataclass(frozen=True, slots=True)
class Block:
    """As many columns as fit on a page, with the cells of every region; `rows` are pairs of heading and cells."""

    columns: list[Heading]
    rows: list[tuple[Heading, SafeString]]


@dataclass(frozen=True, kw_only=True)
class WideMatrix:
    """Everything that the page shows besides the cells."""

    lede: str
    signs: list[Sign]
    names: dict[str, Any]
    blocks: list[Block]


def make_wide_matrix(page: PageContext, *, is_plain: bool) -> WideMatrix:
    """Return rows, columns and sentence; the cells themselves only for the plain table."""
    cells, signs = load_cells(page, make_tag(page)), list_signs()
    outline = make_outline(page, cells)
    counts, reds = _count(cells.letters), Counter(_count(cells.goals[cells.letters == "R"]))
    worst = max(outline.targets, key=lambda target: reds[target.pk], default=None)
    return WideMatrix(
        lede=write_wide(
            regions=len(outline.regions),
            targets=len(outline.targets),
            counts=counts,
            worst=(worst.indicator.name, reds[worst.pk]) if worst is not None else ("", 0),
        ),
        signs=signs,
        names=name_everything(page, outline, signs),
        blocks=_list_blocks(page, outline, signs) if is_plain else [],
    )


def _count(values: NDArray[Any]) -> dict[Any, int]:
    different, counts = np.unique(values, return_counts=True)
    return dict(zip(different.tolist(), counts.tolist(), strict=True))


_ANY = "90000000"
"""Stands in an address for the number that the script puts there: two thousand links made here take too long."""


def list_signs() -> list[Sign]:
    """Return the signs of the key: colours first, then the gaps."""
    shapes: dict[tuple[str, int], tuple[str, str | Promise]] = {
        **{("rating", rating.value): (shape, RATINGS[rating]) for rating, shape in SHAPES.items()},
        **{("gap", gap.value): (shape, GAPS[gap]) for gap, shape in GAP_SHAPES.items()},
    }
    return [Sign(letter, *shapes[key]) for key, letter in LETTERS.items()]


def name_everything(page: PageContext, outline: Outline, signs: Iterable[Sign]) -> dict[str, Any]:
    """Return what the script needs to name rows, columns and signs, and where its cells and links are."""
    return {
        "cells": page.link("reports:matrix-cells"),
        "cell": page.link("reports:target", int(_ANY)).replace(_ANY, "{id}"),
        "region": page.link("reports:region", _ANY).replace(_ANY, "{code}"),
        "regions": [{"id": region.pk, "code": region.code, "name": region.name} for region in outline.regions],
        "targets": [
            {
                "id": target.pk,
                "name": target.indicator.name,
                "clause": target.clause.number,
                "bound": write_bound(target, target.level, target.level_hi),
                "domain": target.indicator.domain,
            }
            for target in outline.targets
        ],
        "domains": {domain.value: str(DOMAINS[domain.value]) for domain in Domain},
        "signs": {sign.letter: [sign.shape, str(sign.word), sign.style] for sign in signs},
        "words": {
            "none": pgettext("matrix", "no target"),
            "count": pgettext("matrix", "{rows} regions × {columns} targets shown"),
            "nothing": pgettext("matrix", "Nothing fits this choice; widen it or clear a field."),
            "region": pgettext("column", "Region"),
            "failed": _("The cells could not be loaded. Reload the page, or show the plain table."),
        },
    }


def _head_target(page: PageContext, target: Target) -> Heading:
    return Heading(
        target.indicator.name,
        page.link("reports:target-list", q=target.indicator.name),
        write_bound(target, target.level, target.level_hi),
    )


def _list_blocks(page: PageContext, outline: Outline, signs: Iterable[Sign]) -> list[Block]:
    """Return the plain table in blocks of columns."""
    letters, targets = _find_letters(outline), outline.targets
    drawn = {sign.letter: _draw_sign(sign) for sign in signs} | {"": _draw_void()}
    rows = [(region.pk, Heading(region.name, page.link("reports:region", region.code))) for region in outline.regions]
    return [
        Block(
            [_head_target(page, target) for target in part],
            [
                (heading, _join([drawn[letters.get((region, target.pk), "")] for target in part]))
                for region, heading in rows
            ],
        )
        for part in (targets[start : start + COLUMNS_A_BLOCK] for start in range(0, len(targets), COLUMNS_A_BLOCK))
    ]


def _find_letters(outline: Outline) -> dict[tuple[int, int], str]:
    """Return the letter of each region and target; of several results in one cell the worst stands."""
    cells = outline.cells
    found = zip(cells.places.tolist(), cells.goals.tolist(), cells.letters.tolist(), strict=True)
    ordered = sorted(found, key=lambda cell: SEVERITY.index(cell[2]))
    return {(region, target): letter for region, target, letter in ordered}


def _draw_sign(sign: Sign) -> SafeString:
    return format_html('<td class="c {}" title="{}">{}</td>', sign.style, sign.word, sign.shape)


def _draw_void() -> SafeString:
    return format_html('<td class="void" title="{}"></td>', pgettext("matrix", "no target"))


def _join(cells: list[SafeString]) -> SafeString:
    return format_html("{}" * len(cells), *cells)


SEVERITY = "xdwGAncR"
"""Letters from what may be overlooked to what may not."""


def write_wide(*, regions: int, targets: int, counts: Mapping[str, int], worst: tuple[str, int]) -> str:
    """Return how large the matrix is, how its cells stand, and which target is red in most regions."""
    if not regions or not targets:
        return _("There are no results for this quarter yet.")
    size = _("%(regions)s × %(targets)s") % {
        "regions": ngettext("%(count)d region", "%(count)d regions", regions) % {"count": regions},
        "targets": ngettext("%(count)d target", "%(count)d targets", targets) % {"count": targets},
    }
    grey = sum(count for letter, count in counts.items() if letter not in COLOUR_CLASSES)
    wordings = [
        (counts.get("G", 0), pgettext("counted", "%(count)d on target")),
        (counts.get("A", 0), pgettext("counted", "%(count)d close")),
        (counts.get("R", 0), pgettext("counted", "[[%(count)d behind]]")),
        (grey, pgettext("counted", "%(count)d without a rating")),
    ]
    parts = join_clauses([wording % {"count": count} for count, wording in wordings if count])
    text = _("%(size)s: %(parts)s.") % {"size": size, "parts": parts}
    name, reds = worst
    if reds < 2:
        return text
    return text + _(" Most often behind: [[%(target)s]], in %(regions)s.") % {
        "target": name,
        "regions": ngettext("%(count)d region", "%(count)d regions", reds) % {"count": reds},
    }
