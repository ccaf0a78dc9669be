"""The choices of the header's selectors: links that change one thing and keep the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import pgettext

from indicators.engine.period import Quarter
from qscounty.web.formats import format_quarter_number
from reports.models import Publication
from reports.scopes import APPROVED, PageContext


@dataclass(frozen=True, slots=True)
class Choice:
    """One link of a selector; without an address it is only named."""

    text: str
    url: str
    is_current: bool


def list_programme_choices(page: PageContext) -> list[Choice]:
    """Return the programmes; another programme has other regions and quarters, so it opens at its overview."""
    return [
        Choice(
            text=programme.name,
            url=f"/?{encode_address({'programme': programme.code})}",
            is_current=programme.pk == page.programme.pk,
        )
        for programme in page.programmes
    ]


def list_quarter_years(page: PageContext, request: HttpRequest) -> list[tuple[int, list[Choice]]]:
    """Return the programme's years, newest first, with their four quarters; only those with results are links."""
    known = {*page.quarters, page.quarter}
    first, last = page.programme.first_quarter, max(known)
    years = range(last.year, first.year - 1, -1)
    kept = list_kept(page, request)
    here = f"{request.path}?{encode_address(kept)}"
    # An edition is one of its own quarter. Encoded once: the quarters of ten years are forty addresses.
    elsewhere = f"{request.path}?{encode_address(kept | {'quarter': _ANY, 'basis': APPROVED})}"

    def choose(quarter: Quarter) -> Choice:
        is_current = quarter == page.quarter
        url = here if is_current else elsewhere.replace(_ANY, str(quarter))
        return Choice(format_quarter_number(quarter.number), url if quarter in known else "", is_current)

    return [(year, [choose(Quarter.of(year, n)) for n in range(1, 5)]) for year in years]


_ANY = "0000Q0"
"""Stands in an address for a quarter."""


def list_basis_choices(page: PageContext, request: HttpRequest) -> list[Choice]:
    """Return approved figures as they stand, then the quarter's editions, newest first."""
    bases = [(APPROVED, pgettext("basis", "Approved"))]
    bases += [(edition.basis, name_edition(edition)) for edition in page.editions]
    kept = list_kept(page, request)
    return [
        Choice(text, f"{request.path}?{encode_address(kept | {'basis': basis})}", is_current=basis == page.basis)
        for basis, text in bases
    ]


def name_basis(page: PageContext) -> str:
    """Return the name of what the page shows."""
    return pgettext("basis", "Approved") if page.publication is None else name_edition(page.publication)


def name_edition(edition: Publication) -> str:
    """Return “Publication 2”, as the header names it."""
    return pgettext("basis", "Publication %(edition)d") % {"edition": edition.edition}


def list_kept(page: PageContext, request: HttpRequest) -> dict[str, str | list[str]]:
    """Return what the address says beside the page number, a key that stands twice with both its values."""
    named: dict[str, str | list[str]] = {key: values for key, values in request.GET.lists() if key != "page"}
    return named | page.state


def encode_address(pairs: Mapping[str, str | list[str]]) -> str:
    """Return a query string; a key with several values stands several times."""
    return urlencode(pairs, doseq=True)
