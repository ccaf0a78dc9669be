"""What a catalogue file may say: one TOML file a programme, checked field by field before anything is loaded.

The words of the vocabularies are those of `indicators.engine.target`, in lower case; comparators are written
as signs. Source: attainment rules sections 1 to 6, ADR 4 (catalogue files).
"""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from indicators.domains import Domain
from indicators.engine.period import Quarter
from indicators.engine.target import Comparator

COMPARATOR_SIGNS = {
    ">=": Comparator.AT_LEAST,
    ">": Comparator.ABOVE,
    "<=": Comparator.AT_MOST,
    "<": Comparator.BELOW,
    "=": Comparator.EQUAL,
    "between": Comparator.BETWEEN,
}
MAX_QUOTE = 25


def _check_quarter(text: str) -> str:
    Quarter.parse(text)
    return text


def _check_number(value: Decimal) -> Decimal:
    if not value.is_finite() or value != round(value, 6):
        raise ValueError("must be a finite number with at most six decimals")
    return value


QuarterText = Annotated[str, AfterValidator(_check_quarter)]
Number = Annotated[Decimal, AfterValidator(_check_number)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
RegionCode = Annotated[str, Field(pattern=r"^(\d{2}|\d{4}|\d{6}|\d{9})$")]
Text = Annotated[str, Field(min_length=1, max_length=400)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ProgrammeEntry(_Entry):
    """The document itself. `conventions` are readings that hold for the whole document, each a sentence."""

    code: Code
    seed: Annotated[str, Field(pattern=r"^\d{3}$")]
    name_zh: Text
    name_en: Text
    short_zh: Annotated[str, Field(max_length=20)]
    short_en: Annotated[str, Field(max_length=40)]
    office_zh: Text
    office_en: Text
    region: RegionCode
    document_number: str = ""
    issued_on: date
    first_quarter: QuarterText
    last_quarter: QuarterText
    conventions_zh: list[Text] = []
    conventions_en: list[Text] = []
    doubts_zh: list[Text] = []
    doubts_en: list[Text] = []


class ClauseEntry(_Entry):
    """A numbered place in the document, in document order; the gist is a paraphrase, never the text."""

    number: Annotated[str, Field(min_length=1, max_length=20)]
    title_zh: Text
    title_en: Text
    gist_zh: Text
    gist_en: Text


class DepartmentEntry(_Entry):
    """A department that the document names, under the name it had."""

    code: Code
    region: RegionCode
    name_zh: Text
    name_en: Text
    short_zh: Annotated[str, Field(max_length=12)]
    short_en: Annotated[str, Field(max_length=40)]
    is_office: bool = False


class IndicatorEntry(_Entry):
    """What is measured. Rates that follow from two counts name both; `aggregation` says how values go up.

    `whole` is the indicator of the same file of which this one is a part, where the document says so (其中).
    """

    code: Code
    domain: Domain
    name_zh: Text
    name_en: Text
    unit_zh: Annotated[str, Field(max_length=20)]
    unit_en: Annotated[str, Field(max_length=40)]
    scale: Literal["continuous", "rate", "ordinal", "milestone", "yes_no"]
    direction: Literal["higher", "lower", "range"]
    decimals: Annotated[int, Field(ge=0, le=6)]
    aggregation: Literal["none", "sum", "ratio_of_sums", "weighted_mean", "worst"]
    definition_zh: Text
    definition_en: Text
    numerator_zh: str = ""
    numerator_en: str = ""
    denominator_zh: str = ""
    denominator_en: str = ""
    whole: Code | None = None

    @property
    def is_counted(self) -> bool:
        """Whether a numerator and a denominator are entered instead of a value."""
        return bool(self.numerator_zh)

    @model_validator(mode="after")
    def _check_parts(self) -> Self:
        parts = [self.numerator_zh, self.numerator_en, self.denominator_zh, self.denominator_en]
        if any(parts) and not all(parts):
            raise ValueError("numerator and denominator are named together, in both languages")
        return self


class TargetEntry(_Entry):
    """One bound from one clause: indicator, comparator, level, time.

    `level` absent means that someone else still gives it (awaiting) and `doubt` or the quote says who.
    `regions` are GB/T 2260 codes, or "counties" for every county below the programme's region, or
    "townships". `schedule` gives interim levels by quarter, `season` the cumulative shares of four quarters.
    """

    code: Code
    clause: Annotated[str, Field(min_length=1, max_length=20)]
    indicator: Code
    comparator: Literal[">=", ">", "<=", "<", "=", "between"]
    level: Number | None = None
    level_hi: Number | None = None
    baseline: Number | None = None
    baseline_quarter: QuarterText | None = None
    baseline_zh: str = ""
    baseline_en: str = ""
    first_quarter: QuarterText
    due: QuarterText
    path: Literal["hold", "linear", "annual", "scheduled", "compound", "at_due", "seasonal"]
    window: Literal["quarter", "year_to_date", "rolling_year", "since_start"]
    accumulation: Literal["last", "sum", "ratio", "mean", "max", "min"]
    basis: Literal[
        "level",
        "growth",
        "average_growth",
        "growth_on_baseline",
        "reduction",
        "points",
        "over_benchmark",
        "rank",
    ] = "level"
    scope_zh: Text
    scope_en: Text
    regions: list[str]
    lead: Code
    supporting: list[Code] = []
    quote: Annotated[str, Field(min_length=1, max_length=MAX_QUOTE)]
    doubt_zh: str = ""
    doubt_en: str = ""
    margin_kind: Literal["none", "relative", "absolute"] | None = None
    margin: Number | None = None
    compare_on: Literal["full", "rounded"] = "full"
    ratio_rule: Literal["plain", "inverse", "from_baseline"] = "plain"
    weight: Number = Decimal(1)
    veto: bool = False
    schedule: dict[QuarterText, Number] = {}
    season: list[Number] = []

    @model_validator(mode="after")
    def _check_bound(self) -> Self:
        if (self.comparator == "between") != (self.level_hi is not None):
            raise ValueError("level_hi belongs to “between”, and only to it")
        if self.level is not None and self.level_hi is not None and self.level >= self.level_hi:
            raise ValueError("level must be smaller than level_hi")
        if self.level is None and not self.doubt_zh:
            raise ValueError("a target without a level says in doubt_zh and doubt_en who still has to give it")
        if bool(self.doubt_zh) != bool(self.doubt_en):
            raise ValueError("a doubt is written in both languages")
        if Quarter.parse(self.first_quarter) > Quarter.parse(self.due):
            raise ValueError("due lies before first_quarter")
        if (self.path == "scheduled") != bool(self.schedule):
            raise ValueError("schedule belongs to the scheduled path, and only to it")
        if self.season and len(self.season) != 4:
            raise ValueError("season holds four cumulative shares, one a quarter")
        if (self.margin_kind in ("relative", "absolute")) != (self.margin is not None):
            raise ValueError("margin and margin_kind belong together")
        return self

    @model_validator(mode="after")
    def _check_regions(self) -> Self:
        for region in self.regions:
            if region not in ("counties", "townships") and not re.fullmatch(r"\d{2}|\d{4}|\d{6}|\d{9}", region):
                raise ValueError(f"“{region}” is neither a region code nor “counties” or “townships”")
        return self


class RewardTierEntry(_Entry):
    """A band of the base amount (half open: from inclusive) and the share of it that is paid, in per cent."""

    from_amount: Number
    to_amount: Number | None = None
    percent: Number


class RewardEntry(_Entry):
    """A reward rule: for which award, how much. Amounts in yuan. Not a target."""

    code: Code
    clause: Annotated[str, Field(min_length=1, max_length=20)]
    award_zh: Text
    award_en: Text
    amount: Number | None = None
    minimum_base: Number | None = None
    base_zh: str = ""
    base_en: str = ""
    tiers: list[RewardTierEntry] = []
    quote: Annotated[str, Field(min_length=1, max_length=MAX_QUOTE)]
    doubt_zh: str = ""
    doubt_en: str = ""


class LeftOutEntry(_Entry):
    """A sentence with a goal that has neither a number nor a checkable condition, so that none is forgotten."""

    clause: Annotated[str, Field(min_length=1, max_length=20)]
    quote: Annotated[str, Field(min_length=1, max_length=MAX_QUOTE)]
    reason_zh: Text
    reason_en: Text


class CatalogueFile(_Entry):
    """A whole file: every reference inside it resolves, every code is used once."""

    programme: ProgrammeEntry
    clause: list[ClauseEntry]
    department: list[DepartmentEntry]
    indicator: list[IndicatorEntry]
    target: list[TargetEntry]
    reward: list[RewardEntry] = []
    left_out: list[LeftOutEntry] = []
