"""What may stand after the question mark, by resource; anything else is refused by name."""

from typing import Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Schema

from departments.errors import Invalid

LIMIT, MOST = 500, 2000
"""Rows a page of JSON holds unless asked otherwise, and at most."""

DomainName = Literal["product", "works", "service", "environment", "foundation"]
RatingName = Literal["green", "amber", "red", "not_due", "awaiting", "not_reported", "not_applicable", "not_computable"]
FlagName = Literal[
    "achieved", "incomplete", "at_risk", "improving", "worsening", "small_numbers", "certain", "out_of_reach"
]


class InvalidParameter(Invalid):
    """A parameter that cannot be taken, by name."""

    def __init__(self, parameter: str, sentence: str) -> None:
        super().__init__(sentence)
        self.parameter = parameter


class FormatQuery(Schema):
    """How the answer is written."""

    format: Literal["json", "csv"] | None = Field(None, description="csv or json; absent: as Accept says, else json.")


class ProgrammeQuery(FormatQuery):
    """Which programme."""

    programme: str = Field("", max_length=60, description="Code of the programme; absent: the first that you see.")


class QuarterQuery(ProgrammeQuery):
    """Which quarter of which programme."""

    quarter: str = Field("", max_length=6, description="Like 2018Q3; absent: the newest with results.")


class BasisQuery(QuarterQuery):
    """Which state of the quarter."""

    basis: str = Field("", max_length=20, description="approved (default), or publication-<edition> of that quarter.")


class PagedQuery(BasisQuery):
    """Which rows of many."""

    history: bool = Field(False, description="true: every quarter that the basis knows up to this one.")
    region: str = Field("", max_length=9, description="Code of a region; with those below it.")
    only: bool = Field(False, description="true: the region alone, without those below it.")
    department: str = Field("", max_length=80, description="<region code>/<code>.")
    domain: DomainName | None = Field(None, description="product, works, service, environment or foundation.")
    limit: int = Field(LIMIT, ge=1, le=MOST, description="Rows a page; JSON only.")
    cursor: str = Field("", max_length=200, description="From `next` of the page before; JSON only.")


class RollUpQuery(PagedQuery):
    """Which cells."""

    department: str = Field(
        "", max_length=80, description="<region code>/<code>, or each for the rows of every department."
    )


class ResultQuery(PagedQuery):
    """Which results."""

    rating: RatingName | None = Field(None, description="A colour, or a gap.")
    flag: FlagName | None = Field(None, description="A mark that the result carries.")
    q: str = Field("", max_length=100, description="Words of the indicator's name or the clause's number.")


class FrozenResultQuery(ResultQuery):
    """Which results of an edition; the address says which edition."""

    basis: Literal[""] = Field("", description="Not used here: the address names the edition.")


def check_names(request: HttpRequest, query: Schema) -> None:
    """Refuse what the resource does not know, and what is said twice: a misspelt filter must not read everything."""
    known = set(type(query).model_fields)
    for name, values in request.GET.lists():
        if name not in known:
            raise InvalidParameter(
                name[:40],
                _("Parameter “%(name)s” is not known here; use %(known)s.")
                % {"name": name[:40], "known": ", ".join(sorted(known))},
            )
        if len(values) > 1:
            raise InvalidParameter(name, _("Parameter “%(name)s” stands there twice; name it once.") % {"name": name})
