"""Section 3: met or not, exactly."""

from tests.spec.case import case

RATE = {"accumulation": "ratio", "scale": "rate", "multiplier": 100}


def bound(comparator, level, **fields):
    """Return a bound on a plain value."""
    return {"comparator": comparator, "level": level, **fields}


TITLE = "3. Comparison"
CASES = [
    case("§3 at least: on the bound", bound(">=", 93), [93], rating="green", miss=0),
    case("§3 at least: 92.9999999 is not 93", bound(">=", 93), [92.9999999], rating="amber"),
    case("§3 at least: above", bound(">=", 93), [93.0000001], rating="green"),
    case("§3 above: on the bound is not above", bound(">", 93), [93], rating="amber", miss=0, ratio=1),
    case("§3 above: a hair above", bound(">", 93), [93.0000001], rating="green"),
    case("§3 at most: on the bound", bound("<=", 29), [29], rating="green", ratio=1),
    case("§3 at most: a hair above is missed", bound("<=", 29), [29.0000001], rating="amber"),
    case("§3 at most: below", bound("<=", 29), [28], rating="green", ratio=2 - 28 / 29),
    case("§3 below: on the bound is not below", bound("<", 29), [29], rating="amber", miss=0, ratio=1),
    case("§3 below: a hair below", bound("<", 29), [28.9999999], rating="green"),
    case("§3 equal", bound("=", 3), [3], rating="green", ratio=1),
    case("§3 equal: one more is a miss", bound("=", 3), [4], rating="red", miss=1),
    case("§3 equal: one less is a miss", bound("=", 3), [2], rating="red", miss=1),
    case("§3 between: the lower bound is inside", bound("between", 1, level_hi=3), [1], rating="green"),
    case("§3 between: the upper bound is inside", bound("between", 1, level_hi=3), [3], rating="green"),
    case("§3 between: below", bound("between", 1, level_hi=3), [0.95], rating="amber", miss=0.05),
    case("§3 between: above", bound("between", 1, level_hi=3), [3.5], rating="red", miss=0.5, margin=0.3),
    case(
        "§3 0.1 + 0.2 is 0.3",
        bound("=", 0.3, window="year_to_date", accumulation="sum"),
        [0.1, 0.2],
        rating="green",
        ratio=1,
        miss=0,
    ),
    case(
        "§3 0.1 + 0.2 is not above 0.3",
        bound(">", 0.3, window="year_to_date", accumulation="sum"),
        [0.1, 0.2],
        rating="amber",
        miss=0,
    ),
    case(
        "§3 0.1 + 0.2 is not below 0.3",
        bound("<", 0.3, window="year_to_date", accumulation="sum"),
        [0.1, 0.2],
        rating="amber",
        miss=0,
    ),
    case(
        "§3 0.1 + 0.2 is at most 0.3",
        bound("<=", 0.3, window="year_to_date", accumulation="sum"),
        [0.1, 0.2],
        rating="green",
    ),
    case(
        "§3 ten times 0.1 is 1",
        bound(">=", 1, window="since_start", accumulation="sum", due_quarter="2020Q4"),
        [0.1] * 10,
        rating="green",
    ),
    case(
        "§3 a share on its bound: 4 925 of 5 000 is 98.5 %",
        RATE | bound(">=", 98.5),
        [(4925, 5000)],
        rating="green",
        miss=0,
    ),
    case("§3 a share one item short: 4 924 of 5 000", RATE | bound(">=", 98.5), [(4924, 5000)], rating="amber"),
    case(
        "§3 a share of a hundred million, on its bound",
        RATE | bound(">", 99.99),
        [(99_990_000, 100_000_000)],
        rating="amber",
        miss=0,
    ),
    case(
        "§3 a share of a hundred million, one above",
        RATE | bound(">", 99.99),
        [(99_990_001, 100_000_000)],
        rating="green",
    ),
    case(
        "§3 a share of a hundred million, one below",
        RATE | bound(">=", 99.99),
        [(99_989_999, 100_000_000)],
        rating="amber",
    ),
    case("§3 whole: 100 % means all", RATE | bound(">=", 100), [(99_999_999, 100_000_000)], rating="amber"),
    case("§3 thirds: 1 of 3 is not 33.33 %", RATE | bound(">", 33.33), [(1, 3)], rating="green"),
    case(
        "§3 rounded: 92.5 becomes 92, the even one",
        RATE | bound(">=", 93, compare_on="rounded", decimals=0),
        [(925, 1000)],
        measured=92.5,
        rating="amber",
        miss=1,
    ),
    case(
        "§3 rounded: 93.5 becomes 94, the even one",
        RATE | bound(">=", 94, compare_on="rounded", decimals=0),
        [(935, 1000)],
        measured=93.5,
        rating="green",
    ),
    case(
        "§3 rounded: 2.675 is a decimal tie and becomes 2.68",
        bound(">=", 2.68, compare_on="rounded", decimals=2),
        [2.675],
        rating="green",
        measured=2.675,
    ),
    case(
        "§3 rounded: 2.665 is a decimal tie and becomes 2.66",
        bound(">=", 2.67, compare_on="rounded", decimals=2),
        [2.665],
        rating="amber",
    ),
    case("§3 rounded: 92.96 reaches 93.0", bound(">=", 93, compare_on="rounded", decimals=1), [92.96], rating="green"),
    case("§3 full: 92.96 does not", bound(">=", 93, decimals=1), [92.96], rating="amber"),
    case(
        "§3 rounded: the level keeps its decimals",
        bound(">=", 92.96, compare_on="rounded", decimals=1),
        [92.96],
        rating="green",
    ),
    case(
        "§3 rounded below: 0.14 becomes 0.1, not below 0.1",
        bound("<", 0.1, compare_on="rounded", decimals=1),
        [0.14],
        rating="amber",
        miss=0,
    ),
    case("§3 grade III or better: III", bound("<=", 3, scale="ordinal"), [3], rating="green", ratio=1),
    case("§3 grade III or better: IV", bound("<=", 3, scale="ordinal"), [4], rating="amber", ratio=0),
    case("§3 grade III or better: V", bound("<=", 3, scale="ordinal"), [5], rating="red", ratio=0),
    case("§3 negative levels: growth not below -5", bound(">=", -5), [-4], rating="green", ratio=2 - 4 / 5),
]
