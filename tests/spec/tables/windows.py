"""Section 1: which quarters are taken together, and how they become one value."""

from tests.spec.case import NONE, case

RATIO = {"accumulation": "ratio", "scale": "rate", "multiplier": 100, "level": 90}
SUM = {"accumulation": "sum", "level": 10}
MEAN = {"accumulation": "mean", "level": 10}


def of(window, **fields):
    """Return the fields of a window."""
    return {"window": window, **fields}


TO_DATE, ROLLING = {"window": "year_to_date"}, {"window": "rolling_year"}
SINCE = {"window": "since_start", "first_quarter": "2016Q2", "due_quarter": "2020Q4"}

TITLE = "1. Windows and accumulations"
CASES = [
    # the quarter alone
    case("§1 quarter, last: only this quarter", {"level": 90}, [80, 95], accumulated=95, window_start="2018Q2"),
    case("§1 quarter, sum: only this quarter", SUM, [80, 95], accumulated=95),
    case("§1 quarter, ratio: only this quarter", RATIO, [(1, 2), (9, 10)], accumulated=90, numerator=9, denominator=10),
    case("§1 quarter, mean of one", MEAN, [3, 8], accumulated=8),
    case(
        "§1 quarter: an earlier gap does not matter",
        {"level": 90},
        [None, 95],
        accumulated=95,
        missing_quarters=[],
        flags=[],
    ),
    # year to date
    case("§1 year to date, sum of Q1 to Q3", SUM | TO_DATE, [1, 2, 4], accumulated=7, window_start="2018Q1"),
    case(
        "§1 year to date starts again with the year",
        SUM | TO_DATE,
        [1, 2, 4],
        "2017Q3",
        accumulated=4,
        window_start="2018Q1",
    ),
    case("§1 year to date, the whole year", SUM | TO_DATE, [1, 2, 4, 8], accumulated=15),
    case(
        "§1 year to date, ratio of sums is not the mean of ratios",
        RATIO | TO_DATE,
        [(1, 1), (80, 99)],
        accumulated=81.0,
        numerator=81,
        denominator=100,
    ),
    case("§1 year to date, mean", MEAN | TO_DATE, [31, 26], accumulated=28.5),
    case("§1 year to date, maximum", TO_DATE | {"accumulation": "max", "level": 1}, [3, 9, 5], accumulated=9),
    case("§1 year to date, minimum", TO_DATE | {"accumulation": "min", "level": 1}, [5, 3, 9], accumulated=3),
    case("§1 year to date, last is the newest", TO_DATE | {"level": 1}, [5, 3, 9], accumulated=9),
    case("§1 maximum of negative values", TO_DATE | {"accumulation": "max", "level": 1}, [-3, -9], accumulated=-3),
    # rolling year
    case(
        "§1 rolling year takes four quarters", SUM | ROLLING, [100, 1, 2, 4, 8], accumulated=15, window_start="2018Q2"
    ),
    case(
        "§1 rolling year over the turn of the year",
        SUM | ROLLING,
        [1, 2, 4, 8, 16],
        "2017Q2",
        accumulated=30,
        window_start="2017Q3",
    ),
    case("§1 rolling year, ratio", RATIO | ROLLING, [(0, 9), (9, 10), (8, 10), (10, 10), (9, 10)], accumulated=90),
    case("§1 rolling year, mean", MEAN | ROLLING, [100, 1, 2, 3, 6], accumulated=3),
    case(
        "§1 rolling year, maximum forgets the fifth quarter",
        ROLLING | {"accumulation": "max", "level": 1},
        [100, 1, 2, 3, 6],
        accumulated=6,
    ),
    case(
        "§1 rolling year, minimum forgets the fifth quarter",
        ROLLING | {"accumulation": "min", "level": 1},
        [-7, 4, 2, 3, 6],
        accumulated=2,
    ),
    # since the start
    case(
        "§1 since the start, sum over two years",
        SUM | SINCE,
        [1, 1, 1, 1, 1, 1],
        "2016Q2",
        accumulated=6,
        window_start="2016Q2",
    ),
    case("§1 since the start leaves out what came before it", SUM | SINCE, [50, 1, 1], "2016Q1", accumulated=2),
    case("§1 since the start, ratio", RATIO | SINCE, [(9, 9), (5, 10), (5, 5)], "2016Q1", accumulated=100 * 10 / 15),
    case("§1 since the start, mean", MEAN | SINCE, [99, 4, 8], "2016Q1", accumulated=6),
    case(
        "§1 since the start, maximum leaves out what came before",
        SINCE | {"accumulation": "max", "level": 1},
        [99, 4, 8, 7],
        "2016Q1",
        accumulated=8,
    ),
    # not reported, incomplete
    case(
        "§1 this quarter not reported, whatever came before",
        SUM | TO_DATE,
        [5, 5, None],
        accumulated=None,
        gap="not_reported",
        gap_input="figure",
        rating="grey",
    ),
    case("§1 this quarter not reported: a stock is not carried on", {"level": 1}, [5, None], gap="not_reported"),
    case(
        "§1 an earlier quarter missing: of what there is, and named",
        SUM | TO_DATE,
        [5, None, 5],
        accumulated=10,
        missing_quarters=["2018Q2"],
        rating="green",
        flags=["achieved", "incomplete"],
    ),
    case(
        "§1 two earlier quarters missing, oldest first",
        RATIO | TO_DATE,
        [None, None, (9, 10)],
        accumulated=90,
        missing_quarters=["2018Q1", "2018Q2"],
        flags=["incomplete"],
    ),
    case(
        "§1 missing in a rolling year", MEAN | ROLLING, [10, None, 10, 16], accumulated=12, missing_quarters=["2018Q2"]
    ),
    case(
        "§1 missing before the figures begin",
        SUM | ROLLING,
        [5, 5],
        accumulated=10,
        missing_quarters=["2017Q3", "2017Q4"],
    ),
    case("§1 missing since the start", SUM | SINCE, [1, 1], "2016Q4", missing_quarters=["2016Q2", "2016Q3"]),
    case(
        "§1 last needs no earlier quarter, so none is missing",
        TO_DATE | {"level": 1},
        [None, None, 5],
        accumulated=5,
        missing_quarters=[],
        flags=[],
    ),
    case("§1 the quarter itself is missing too", SUM | TO_DATE, [5, None], missing_quarters=["2018Q2"], flags=[]),
    # zero is not missing
    case("§1 zero is a figure", SUM, [0], accumulated=0, gap="none", rating="red"),
    case("§1 zero numerator is a figure", RATIO, [(0, 10)], accumulated=0, rating="red"),
    # none this quarter
    case(
        "§1 none this quarter adds nothing to a ratio",
        RATIO | TO_DATE,
        [(9, 10), NONE],
        accumulated=90,
        missing_quarters=[],
        gap="none",
    ),
    case(
        "§1 none in the whole window: nothing to measure",
        RATIO | TO_DATE,
        [NONE, NONE],
        accumulated=None,
        gap="not_applicable",
        rating="grey",
    ),
    case("§1 none now, earlier not reported: nothing to measure", RATIO | TO_DATE, [None, NONE], gap="not_applicable"),
    case("§1 none this quarter is 0 of a sum", SUM | TO_DATE, [7, NONE], accumulated=7, gap="none"),
    case("§1 none in every quarter is a sum of 0", SUM | TO_DATE, [NONE, NONE], accumulated=0, rating="red"),
    case("§1 none this quarter does not count in a mean", MEAN | TO_DATE, [8, NONE], accumulated=8),
    case(
        "§1 none this quarter does not count in a minimum",
        TO_DATE | {"accumulation": "min", "level": 1},
        [8, NONE],
        accumulated=8,
    ),
    case(
        "§1 none this quarter: last takes the newest figure of the window",
        TO_DATE | {"level": 1},
        [8, NONE],
        accumulated=8,
    ),
    case("§1 none this quarter: last has none in the quarter alone", {"level": 1}, [8, NONE], gap="not_applicable"),
    case(
        "§1 none in last year does not count for this year",
        TO_DATE | {"level": 1},
        [8, NONE],
        "2017Q4",
        gap="not_applicable",
    ),
    # not computable
    case(
        "§1 zero denominator is not computable",
        RATIO,
        [(0, 0)],
        gap="not_computable",
        gap_input="denominator",
        rating="grey",
        measured=None,
    ),
    case(
        "§1 zero denominator beside a figure of the window",
        RATIO | TO_DATE,
        [(9, 10), (0, 0)],
        accumulated=90,
        gap="none",
    ),
    case("§1 negative denominator is not computable", RATIO, [(1, -2)], gap="not_computable", gap_input="denominator"),
    case("§1 a ratio without its numerator", RATIO, [{"denominator": 5}], gap="not_computable", gap_input="numerator"),
    case(
        "§1 a ratio without its denominator", RATIO, [{"numerator": 5}], gap="not_computable", gap_input="denominator"
    ),
    case("§1 a ratio reported as a value only", RATIO, [93], gap="not_computable", gap_input="numerator"),
    case(
        "§1 an unusable earlier figure is missing",
        RATIO | TO_DATE,
        [93, (9, 10)],
        accumulated=90,
        missing_quarters=["2018Q1"],
    ),
    case("§1 per mille", RATIO | {"multiplier": 1000}, [(3, 10_000)], accumulated=0.3),
    case("§1 a plain quotient", RATIO | {"multiplier": 1}, [(3, 4)], accumulated=0.75),
    case(
        "§1 a sum beyond the range of numbers",
        SUM | TO_DATE,
        [1.7e308, 1.7e308],
        gap="not_computable",
        gap_input="result",
        measured=None,
    ),
]
