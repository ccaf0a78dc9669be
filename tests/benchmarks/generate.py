"""Makes programmes of any size from a seed: the same seed gives the same figures, in the database, without a loop."""

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from departments.models import Department, Region
from indicators.domains import Domain
from indicators.engine.period import Quarter
from indicators.engine.target import Accumulation, Aggregation, Comparator, Path, Scale, Window
from indicators.models import Clause, Indicator, Programme, Target

FIRST = Quarter.of(2012, 1)

KINDS = (
    # comparator, window, accumulation, path, scale, level: the four shapes that most targets of the documents have
    (Comparator.AT_LEAST, Window.YEAR_TO_DATE, Accumulation.RATIO, Path.HOLD, Scale.RATE, 93),
    (Comparator.AT_LEAST, Window.SINCE_START, Accumulation.SUM, Path.LINEAR, Scale.CONTINUOUS, 2000),
    (Comparator.AT_MOST, Window.YEAR_TO_DATE, Accumulation.MEAN, Path.HOLD, Scale.CONTINUOUS, 52),
    (Comparator.AT_LEAST, Window.QUARTER, Accumulation.LAST, Path.AT_DUE, Scale.CONTINUOUS, 60),
)
DEPARTMENTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a programme is: counties x targets x quarters figures."""

    counties: int
    targets: int
    quarters: int = 40

    @property
    def figures(self) -> int:
        """Number of figures, and of results."""
        return self.counties * self.targets * self.quarters


@transaction.atomic
def generate(*, number: int, size: Size) -> Programme:
    """Return a new programme: a province with its cities, counties, departments, targets and approved figures.

    About one figure in thirty is missing. `number` (10 to 99) is the province's code and the seed.
    """
    province = Region.objects.create(code=f"{number}", level="province", **_names(number))
    cities = Region.objects.bulk_create(
        Region(code=f"{number}{n:02d}", level="city", parent=province, **_names(n))
        for n in range(1, size.counties // 9 + 2)
    )
    counties = Region.objects.bulk_create(
        Region(code=f"{cities[n // 9].code}{n % 9 + 1:02d}", level="county", parent=cities[n // 9], **_names(n))
        for n in range(size.counties)
    )
    office = Department.objects.create(region=province, code="office", is_office=True, **_words("office"))
    Department.objects.bulk_create(
        Department(region=county, code=f"d{n}", position=n, **_words(f"d{n}"))
        for county in counties
        for n in range(DEPARTMENTS)
    )
    programme = _make_programme(number, province, office, size)
    _make_targets(programme, size)
    _allocate(programme, province)
    _report(programme, seed=number)
    return programme


def analyze() -> None:
    """Let the planner know what has been made, as autovacuum would have."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def settle() -> None:
    """Let the housekeeping of what went before end, so that it is not measured with what comes after."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _names(number: int) -> dict[str, object]:
    return {"name_zh": f"区划{number}", "name_en": f"Region {number}", "short_zh": f"区{number}", "position": number}


def _words(text: str) -> dict[str, str]:
    return {"name_zh": text, "name_en": text, "short_zh": text, "short_en": text}


def _make_programme(number: int, province: Region, office: Department, size: Size) -> Programme:
    programme = Programme.objects.create(
        code=f"bench-{number}",
        name_zh=f"方案{number}",
        name_en=f"Programme {number}",
        short_zh=f"方案{number}",
        short_en=f"P{number}",
        region=province,
        office=office,
        issued_on=date(2012, 1, 1),
        first_quarter=FIRST,
        last_quarter=FIRST + (size.quarters + 7),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO indicators_reportingquarter (programme_id, quarter, opens_on, due_on, closes_on)"
            " SELECT %s, q, '2020-01-01', '2020-02-01', '2020-03-01' FROM generate_series(%s, %s) q",
            [programme.pk, FIRST.ordinal, FIRST.ordinal + size.quarters - 1],
        )
    return programme


def _make_targets(programme: Programme, size: Size) -> None:
    clause = Clause.objects.create(programme=programme, number="1", title_zh="-", title_en="-", position=1)
    for place in range(size.targets):
        comparator, window, accumulation, path, scale, level = KINDS[place % len(KINDS)]
        is_counted = accumulation is Accumulation.RATIO
        counts = {
            "numerator_zh": "合格",
            "numerator_en": "passed",
            "denominator_zh": "抽查",
            "denominator_en": "tested",
        }
        indicator = Indicator.objects.create(
            code=f"b{programme.pk}-{place}",
            domain=list(Domain)[place // len(KINDS) % len(Domain)].value,
            name_zh=f"指标{place}",
            name_en=f"Indicator {place}",
            unit_zh="%" if is_counted else "个",
            unit_en="%" if is_counted else "items",
            scale=scale.value,
            direction="higher" if comparator is Comparator.AT_LEAST else "lower",
            decimals=1,
            aggregation=Aggregation.SUM.value,
            definition_zh="-",
            definition_en="-",
            **(counts if is_counted else {}),
        )
        Target.objects.create(
            programme=programme,
            code=f"t{place}",
            clause=clause,
            indicator=indicator,
            comparator=comparator.value,
            level=level,
            first_quarter=FIRST,
            due_quarter=FIRST + (size.quarters + 3 if path is not Path.AT_DUE else size.quarters // 2),
            path=path.value,
            window=window.value,
            accumulation=accumulation.value,
            scope_zh="全省",
            scope_en="the province",
            quote="-",
            veto=place % 50 == 0,
            position=place,
        )


def _allocate(programme: Programme, province: Region) -> None:
    """Give every target to every county; the domain decides which of the county's departments reports."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO indicators_series (indicator_id, region_id, department_id)
            SELECT t.indicator_id, r.id, d.id
            FROM departments_region r
            JOIN indicators_target t ON t.programme_id = %s
            JOIN departments_department d ON d.region_id = r.id AND d.position = (t.position / 4 %% 5) %% %s
            WHERE r.code LIKE %s AND r.level = 'county' ORDER BY r.code, t.position
            """,
            [programme.pk, DEPARTMENTS, f"{province.code}%"],
        )
        cursor.execute(
            """
            INSERT INTO indicators_allocation (target_id, series_id, is_demonstration)
            SELECT t.id, s.id, false FROM indicators_target t
            JOIN indicators_series s ON s.indicator_id = t.indicator_id
            WHERE t.programme_id = %s ORDER BY s.id
            """,
            [programme.pk],
        )


def _report(programme: Programme, *, seed: int) -> None:
    """Approve figures quarter by quarter, as they come in over the years; random by a hash of series and quarter."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO indicators_approvedfigure (series_id, quarter, revision, is_current, origin, figure_version,
                explanation, approved_at, nothing_occurred, value, numerator, denominator)
            SELECT s.id, q.quarter, 1, true, 'demonstration', 1, '', now(), false,
                   CASE WHEN c.is_counted THEN NULL ELSE 40 + (h.h %% 2500) / 100.0 END,
                   CASE WHEN c.is_counted THEN 440 + h.h %% 60 END, CASE WHEN c.is_counted THEN 500 END
            FROM indicators_reportingquarter q
            JOIN indicators_target t ON t.programme_id = q.programme_id
            JOIN indicators_series s ON s.indicator_id = t.indicator_id
            JOIN indicators_indicator i ON i.id = s.indicator_id
            CROSS JOIN LATERAL (SELECT i.numerator_zh <> '' AS is_counted) c
            CROSS JOIN LATERAL (SELECT abs(hashint8extended(s.id * 1000 + q.quarter, %s)) AS h) h
            WHERE q.programme_id = %s AND h.h %% 30 <> 0
            ORDER BY q.quarter, s.id
            """,
            [seed, programme.pk],
        )
