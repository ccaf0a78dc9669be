"""The fields that choose the two sides of a comparison, and the address that they lead to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import pgettext, pgettext_lazy

from indicators.engine.period import Quarter
from indicators.models import Programme
from qscounty.web.formats import format_quarter
from reports.comparison_sides import WHOLE, Side
from reports.pickers import encode_address, name_edition
from reports.scopes import APPROVED

AFTER, BEFORE = "", "with_"
"""What the keys of either side begin with."""

FOR = "for"
"""The key that says for which programme and quarter a form's choices were made; it never stays in an address."""

KEYS = ("programme", "quarter", "basis", "region")


@dataclass(frozen=True, slots=True)
class Field:
    """One choice; `options` are value, text, and whether it is chosen."""

    key: str
    name: str
    options: list[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class SideFields:
    """The choices of one side. `made_for` goes back with the form, under `made_for_key`."""

    legend: str | Promise
    made_for_key: str
    made_for: str
    fields: list[Field]


def list_fields(before: Side, after: Side) -> list[SideFields]:
    """Return the choices of both sides, the base first."""
    return [
        _make_fields(before, BEFORE, pgettext_lazy("compared", "Base")),
        _make_fields(after, AFTER, pgettext_lazy("compared", "Compared with it")),
    ]


def _make_fields(side: Side, prefix: str, legend: str | Promise) -> SideFields:
    page = side.page
    quarters = sorted({*page.quarters, page.quarter}, reverse=True)
    regions = side.regions if side.region is None or side.region in side.regions else [side.region, *side.regions]
    bases = [(APPROVED, side.basis_name if page.publication is None else pgettext("basis", "Approved"))]
    choices = (
        ("programme", pgettext("picker", "Programme"), [(one.code, one.short_name) for one in page.programmes]),
        ("quarter", pgettext("picker", "Quarter"), [(str(q), format_quarter(q.year, q.number)) for q in quarters]),
        ("basis", pgettext("picker", "Basis"), [*bases, *((one.basis, name_edition(one)) for one in page.editions)]),
        (
            "region",
            pgettext("choice", "Region"),
            [(WHOLE, pgettext("choice", "Whole programme")), *((one.code, one.name) for one in regions)],
        ),
    )
    chosen = write_side(side)
    fields = [
        Field(prefix + key, name, [(value, text, value == chosen[key]) for value, text in options])
        for key, name, options in choices
    ]
    return SideFields(legend, prefix + FOR, f"{page.programme.code}/{page.quarter}", fields)


def write_side(side: Side, prefix: str = AFTER) -> dict[str, str]:
    """Return what an address says of a side."""
    return {f"{prefix}{key}": value for key, value in (side.page.state | {"region": side.code}).items()}


def swap(path: str, before: Side, after: Side) -> str:
    """Return the address of the same comparison the other way round."""
    return f"{path}?{encode_address(write_side(before) | write_side(after, BEFORE))}"


def is_form(query: Mapping[str, str]) -> bool:
    """Return whether the address comes from the form, and has to be settled."""
    return any(prefix + FOR in query for prefix in (AFTER, BEFORE))


def settle(query: QueryDict, programmes: Iterable[Programme]) -> dict[str, str]:
    """Return what a form asks for: a choice that was made for another programme or quarter is dropped.

    Without a script the regions and publications of a newly chosen programme or quarter are not known to the form.
    """
    spans = {one.code: (one.first_quarter, one.last_quarter) for one in programmes}
    told: dict[str, str] = {}
    for prefix in (AFTER, BEFORE):
        chosen = {key: query.get(prefix + key, "") for key in KEYS}
        programme, _slash, quarter = query.get(prefix + FOR, "").partition("/")
        if chosen["programme"] != programme:
            chosen["region"] = WHOLE
            if not _is_within(spans.get(chosen["programme"]), chosen["quarter"]):
                chosen["quarter"] = ""
        if (chosen["programme"], chosen["quarter"]) != (programme, quarter):
            chosen["basis"] = APPROVED
        told |= {prefix + key: value for key, value in chosen.items() if value or key == "region"}
    return told


def _is_within(span: tuple[Quarter, Quarter] | None, text: str) -> bool:
    try:
        return span is not None and span[0] <= Quarter.parse(text) <= span[1]
    except ValueError:
        return True  # what is no quarter is left to be refused by name
