"""What each resource's rows hold: names, types, units and the meaning of absence. JSON, CSV and OpenAPI follow these.

Names are stable: columns are added at the end, never renamed. A number that is not there is null (an empty CSV field),
never 0. Quarters are written like 2018Q3, instants in ISO 8601 with their zone, codes in small letters.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Generic, TypeVar

from ninja import Field, Schema

Row = TypeVar("Row")


class Rows(Schema, Generic[Row]):
    """One page of rows, with what it is about. `next` is the address of the following page, null on the last one."""

    programme: str | None = Field(description="Code of the programme; null where the rows are of several.")
    quarter: str | None = Field(description="The quarter, like 2018Q3.")
    basis: str | None = Field(description="approved, or publication-<edition>.")
    rows: list[Row]
    next: str | None = Field(description="Address of the next page; null on the last.")


class Problem(Schema):
    """A refusal (RFC 9457), sent as application/problem+json."""

    type: str
    title: str
    status: int
    detail: str = Field(description="A sentence: which thing, what is wrong, what to do.")
    parameter: str | None = Field(None, description="The parameter that is wrong, where one is.")


class ProgrammeRow(Schema):
    """A programme document."""

    programme: str = Field(description="Code.")
    name_zh: str
    name_en: str
    region: str = Field(description="Code of its region (GB/T 2260).")
    region_zh: str
    region_en: str
    document_number: str = Field(description="Number of the document; empty where it has none.")
    issued_on: date
    first_quarter: str
    last_quarter: str


class QuarterRow(Schema):
    """A quarter of a programme."""

    programme: str
    quarter: str
    opens_on: date | None = Field(description="First day on which figures are taken; null where not yet set.")
    due_on: date | None
    closes_on: date | None
    has_results: bool = Field(description="Whether anything that the reader sees is rated.")
    newest_edition: int | None = Field(description="Newest published edition; null where none is.")


class RegionRow(Schema):
    """A region with results in the quarter."""

    region: str = Field(description="Code (GB/T 2260, townships GB/T 10114).")
    parent: str | None = Field(description="Code of the region above; null at the top.")
    level: str = Field(description="province, city, county or township.")
    name_zh: str
    name_en: str


class DepartmentRow(Schema):
    """A department with results in the quarter."""

    department: str = Field(description="<region code>/<code>, as in the addresses of the pages.")
    region: str
    name_zh: str
    name_en: str
    short_zh: str
    short_en: str
    is_office: bool = Field(description="Whether it is the leadership office.")


class TargetRow(Schema):
    """A target of the programme with its clause. Level and baseline in `unit`; weight a pure number."""

    programme: str
    target: str = Field(description="Code; with version unique in the programme.")
    version: int
    clause: str = Field(description="Number of the clause.")
    clause_zh: str
    clause_en: str
    indicator: str = Field(description="Code of what is measured.")
    domain: str = Field(description="product, works, service, environment or foundation.")
    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    comparator: str = Field(description="at_least, above, at_most, below, equal or between.")
    level: Decimal | None = Field(description="The bound; null: still to be given by a superior, see doubt_zh.")
    level_hi: Decimal | None = Field(description="Upper bound of between; null otherwise.")
    baseline: Decimal | None = Field(description="Null where none is fixed.")
    baseline_quarter: str | None
    first_quarter: str
    due_quarter: str
    path: str = Field(description="hold, linear, annual, scheduled, compound, at_due or seasonal.")
    window: str = Field(description="quarter, year_to_date, rolling_year or since_start.")
    accumulation: str = Field(description="last, sum, ratio, mean, max or min.")
    basis: str = Field(description="What is compared: level, growth, reduction, points, rank, …")
    weight: Decimal
    is_veto: bool
    quote: str = Field(description="The document's own words of the bound.")
    doubt_zh: str = Field(description="What the document leaves doubtful; empty where nothing is.")
    doubt_en: str
    lead: str | None = Field(description="Department that reports; null where none is named.")
    supporting: list[str] = Field(description="Supporting departments; in CSV separated by |.")


class FigureRow(Schema):
    """An approved figure as it counts. Either value, or numerator and denominator; or nothing occurred."""

    figure: int = Field(description="Number of this revision; grows with every approval.")
    quarter: str
    region: str
    region_zh: str
    region_en: str
    department: str
    indicator: str
    domain: str
    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    value: Decimal | None = Field(description="In the unit; null where counts are reported, or nothing occurred.")
    numerator: Decimal | None
    denominator: Decimal | None
    nothing_occurred: bool = Field(description="Reported that there was nothing to count this quarter.")
    revision: int = Field(description="1 for the first approval; more for corrections.")
    origin: str = Field(description="reported, published or demonstration.")
    is_demonstration: bool = Field(description="Invented for demonstration; no fact.")
    source: str | None = Field(description="Title of the publication it was taken from; null where reported.")
    explanation: str
    approved_at: datetime


class ResultRow(Schema):
    """A result: one target in one region and quarter, with what it was made from.

    Values, levels, margin and miss in `unit`; ratio and completion pure numbers, 1 = exactly met.
    """

    programme: str
    quarter: str
    basis: str = Field(description="approved, or publication-<edition>.")
    result: int = Field(description="Number of the allocation; with the quarter unique.")
    region: str
    region_zh: str
    region_en: str
    department: str
    department_zh: str
    department_en: str
    domain: str
    target: str
    version: int
    clause: str
    indicator: str
    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    comparator: str
    measured: float | None = Field(description="Null: see gap. Never 0 for absent.")
    expected: float | None = Field(description="What is expected in this quarter; null where nothing is yet.")
    expected_hi: float | None = Field(description="Upper end of between.")
    level: float | None = Field(description="What is expected at the due date; null: awaited.")
    level_hi: float | None
    reference: float | None = Field(description="Baseline, benchmark or value of the year before.")
    numerator: float | None
    denominator: float | None
    accumulated: float | None = Field(description="The window's figures taken together, before the comparison's basis.")
    ratio: float | None = Field(description="Attainment; null exactly where gap is not.")
    completion: float | None = Field(description="Attainment of the level at the due date.")
    miss: float | None = Field(description="How far the expectation is missed; null where it is not rated.")
    margin: float | None = Field(description="Largest miss that is still amber; null where nothing is.")
    weight: float
    rating: str = Field(description="green, amber, red; grey exactly where gap is not null.")
    gap: str | None = Field(description="not_due, awaiting, not_reported, not_applicable, not_computable; null: rated.")
    gap_input: str | None = Field(description="The input that the gap names; null where rated.")
    flags: list[str] = Field(description="achieved, incomplete, at_risk, …; in CSV separated by |.")
    missing_quarters: list[str] = Field(description="Quarters of the window without a usable figure.")
    window_start: str
    elapsed: int = Field(description="Quarters since the target began, this one included.")
    total: int = Field(description="Quarters of the target.")
    is_veto: bool
    is_demonstration: bool = Field(description="Made from invented figures; no fact.")
    rule_version: int
    inputs_revision: int = Field(description="Newest figure read, see figures.")
    computed_at: datetime


class RollUpRow(Schema):
    """A region with everything below it: how many results of each kind, and the cell's own score and colour."""

    programme: str
    quarter: str
    basis: str
    region: str
    region_zh: str
    region_en: str
    domain: str | None = Field(description="Null: all domains.")
    department: str | None = Field(description="Null: all departments.")
    green: int
    amber: int
    red: int
    not_due: int
    awaiting: int
    not_reported: int
    not_applicable: int
    not_computable: int
    due: int = Field(description="Results that were asked for: reported and not_reported.")
    reported: int = Field(description="Due results with a figure.")
    total: int
    coverage: float | None = Field(description="reported / due; null where nothing is due.")
    score: float | None = Field(description="0 to 100 over the rated, by weight; null where nothing is rated.")
    rating: str = Field(description="green, amber or red; grey: too little is reported to say.")
    vetoes: int = Field(description="Red veto targets.")
    at_risk: int
    incomplete: int
    demonstration: int = Field(description="Results made from invented figures.")


class PublicationRow(Schema):
    """A published edition of a quarter."""

    programme: str
    quarter: str
    edition: int
    basis: str = Field(description="What to name in `basis` to read it.")
    reason: str
    asked_by: str
    published_by: str
    published_at: datetime
    as_of: datetime = Field(description="Newest approval among its figures.")
    rule_version: int
    inputs_revision: int = Field(description="Newest figure in it.")
    anchor: str = Field(description="Digest of the trail's entry that records it.")
