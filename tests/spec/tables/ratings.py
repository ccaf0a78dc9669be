"""Section 5: ratings, margins, gaps and flags."""

from tests.spec.case import NONE, case

RATE = {"accumulation": "ratio", "scale": "rate", "multiplier": 100, "level": 93}
COUNT = {"level": 50}
RELATIVE, ABSOLUTE = {"margin_kind": "relative"}, {"margin_kind": "absolute"}
PLAN = {"first_quarter": "2016Q1", "due_quarter": "2019Q4"}
TO_DATE = {"window": "year_to_date", "accumulation": "sum"}

TITLE = "5. Ratings, margins, gaps and flags"
CASES = [
    case("§5 rate: two points below are amber", RATE, [(91, 100)], miss=2, margin=2, rating="amber"),
    case("§5 rate: more than two points below are red", RATE, [(909, 1000)], miss=2.1, rating="red"),
    case("§5 rate: 98.5 - 96.5 is two points in decimal", RATE | {"level": 98.5}, [(193, 200)], rating="amber"),
    case(
        "§5 a rate under a ceiling: two points above",
        RATE | {"level": 5, "comparator": "<="},
        [(7, 100)],
        rating="amber",
    ),
    case(
        "§5 per mille: a tenth of the level, not two points",
        RATE | {"multiplier": 1000, "level": 0.1, "comparator": "<="},
        [(12, 100_000)],
        margin=0.01,
        rating="red",
    ),
    case(
        "§5 per mille within a tenth",
        RATE | {"multiplier": 1000, "level": 0.1, "comparator": "<="},
        [(11, 100_000)],
        rating="amber",
    ),
    case("§5 count: a tenth below is amber", COUNT, [45], miss=5, margin=5, rating="amber"),
    case("§5 count: more than a tenth is red", COUNT, [44.9], rating="red"),
    case(
        "§5 count: a tenth of the expectation, not of the level",
        {"level": 40, "path": "annual", **TO_DATE},
        [9],
        margin=1,
        rating="amber",
    ),
    case(
        "§5 grade: one grade is amber",
        {"scale": "ordinal", "level": 3, "comparator": "<="},
        [4],
        margin=1,
        rating="amber",
    ),
    case("§5 milestone: a tenth", {"scale": "milestone", "level": 100}, [90], margin=10, rating="amber"),
    case("§5 yes/no has no margin", {"scale": "yes_no", "level": 1}, [0], margin=None, rating="red"),
    case("§5 zero tolerance has no margin", {"level": 0, "comparator": "<="}, [0.01], margin=None, rating="red"),
    case(
        "§5 zero tolerance of a rate has no margin",
        RATE | {"level": 0, "comparator": "<="},
        [(1, 1000)],
        margin=None,
        rating="red",
    ),
    case(
        "§5 zero tolerance with a margin of the programme's own",
        {"level": 0, "comparator": "<=", "margin": 1, **ABSOLUTE},
        [1],
        margin=1,
        rating="amber",
    ),
    case("§5 own margin, relative", COUNT | RELATIVE | {"margin": 0.2}, [40], margin=10, rating="amber"),
    case("§5 own margin, absolute", COUNT | ABSOLUTE | {"margin": 3}, [47], margin=3, rating="amber"),
    case("§5 own margin, absolute, beyond", COUNT | ABSOLUTE | {"margin": 3}, [46.9], rating="red"),
    case("§5 own margin: none", COUNT | {"margin_kind": "none", "margin": 0}, [49.9], margin=None, rating="red"),
    case(
        "§5 no margin and an excluded bound: on it is red",
        COUNT | {"margin_kind": "none", "margin": 0, "comparator": ">"},
        [50],
        miss=0,
        rating="red",
    ),
    case("§5 a margin without size is the default", COUNT | {"margin_kind": "none"}, [45], margin=5, rating="amber"),
    case(
        "§5 a margin of 0 holds the excluded bound",
        COUNT | ABSOLUTE | {"margin": 0, "comparator": ">"},
        [50],
        rating="amber",
    ),
    case("§5 above 0 means above: 0 is missed by 0", {"level": 0, "comparator": ">"}, [0], miss=0, rating="amber"),
    case("§5 margin of a negative level", {"level": -50}, [-55], margin=5, rating="amber"),
    case(
        "§5 margin above a band is of its upper bound",
        {"comparator": "between", "level": 10, "level_hi": 100},
        [108],
        miss=8,
        margin=10,
        rating="amber",
    ),
    case(
        "§5 margin below a band is of its lower bound",
        {"comparator": "between", "level": 10, "level_hi": 100},
        [8],
        miss=2,
        margin=1,
        rating="red",
    ),
    # gaps, in the order of the rule
    case(
        "§5 not applicable goes before not due",
        PLAN | {"level": 5, "path": "at_due"},
        [1],
        "2015Q4",
        gap="not_applicable",
        rating="grey",
    ),
    case("§5 nothing to measure goes before not due", RATE | {"path": "at_due"}, [NONE], gap="not_applicable"),
    case("§5 not due goes before awaiting", {"path": "at_due"}, [1], gap="not_due"),
    case("§5 awaiting goes before not reported", {}, [None], gap="awaiting", gap_input="level"),
    case("§5 awaiting goes before not computable", RATE | {"level": None}, [(0, 0)], gap="awaiting"),
    case(
        "§5 not reported goes before not computable",
        PLAN | {"level": 5, "basis": "growth"},
        [None],
        "2016Q1",
        gap="not_reported",
    ),
    case("§5 green has no gap", COUNT, [50], gap="none", gap_input="none"),
    # flags
    case(
        "§5 achieved: the count has reached V and cannot lose it",
        PLAN | {"level": 5, "path": "linear", "window": "since_start", "accumulation": "sum"},
        [5],
        "2016Q1",
        flags=["achieved"],
    ),
    case("§5 not achieved: a rate can be lost again", RATE, [(99, 100)], flags=[]),
    case("§5 not achieved: a stock can be lost again", COUNT, [99], flags=[]),
    case("§5 not achieved: a ceiling on a sum", {"level": 5, "comparator": "<=", **TO_DATE}, [5], flags=[]),
    case(
        "§5 achieved for this year: an annual count", {"level": 5, "path": "annual", **TO_DATE}, [5], flags=["achieved"]
    ),
    case(
        "§5 achieved: a maximum since the start",
        PLAN | {"level": 5, "window": "since_start", "accumulation": "max"},
        [6, 1],
        "2016Q1",
        flags=["achieved"],
    ),
    case(
        "§5 above V is needed where V is excluded",
        PLAN | {"level": 5, "comparator": ">", "window": "since_start", "accumulation": "sum"},
        [5],
        "2016Q1",
        flags=[],
    ),
    case("§5 improving", COUNT, [40, 45], flags=["improving"]),
    case("§5 worsening", COUNT, [60, 55], flags=["worsening"]),
    case("§5 neither: the same", COUNT, [45, 45], flags=[]),
    case("§5 neither: the quarter before is not reported", COUNT, [40, None, 45], flags=[]),
    case("§5 neither: the same in decimal", COUNT, [0.3, 0.1 + 0.2], flags=[]),
    case("§5 improving downward", {"level": 20, "comparator": "<="}, [30, 25], flags=["improving"]),
    case(
        "§5 improving by a grade, still missed",
        {"level": 1, "comparator": "<=", "scale": "ordinal"},
        [4, 3],
        flags=["improving"],
    ),
    case("§5 worsening at zero tolerance", {"level": 0, "comparator": "<="}, [1, 2], flags=["worsening"]),
    case(
        "§5 more, but further behind the path: worsening",
        PLAN | {"level": 16, "path": "linear", "window": "since_start", "accumulation": "sum"},
        [1, 0.5],
        "2016Q1",
        flags=["worsening"],
    ),
    case(
        "§5 at risk: green, and falling below V before it is due",
        PLAN | {"level": 90},
        [99, 97, 95, 93],
        "2016Q1",
        rating="green",
        flags=["at_risk", "worsening"],
    ),
    case(
        "§5 not at risk: falling, but due before it gets there",
        PLAN | {"level": 90},
        [99, 98.9, 98.8, 98.7],
        "2016Q1",
        flags=["worsening"],
    ),
    case(
        "§5 not at risk: three quarters are no trend", PLAN | {"level": 90}, [99, 96, 93], "2016Q1", flags=["worsening"]
    ),
    case("§5 not at risk: red already", PLAN | {"level": 90}, [70, 68, 66, 64], "2016Q1", flags=["worsening"]),
    case("§5 not at risk: due now", {"level": 90}, [99, 97, 95, 93], flags=["worsening"]),
    case(
        "§5 at risk under a ceiling",
        PLAN | {"level": 29, "comparator": "<="},
        [20, 22, 24, 26],
        "2016Q1",
        flags=["at_risk", "worsening"],
    ),
    case(
        "§5 not at risk: a sum of the year to date falls back every year",
        PLAN | {"level": 40, "path": "annual", **TO_DATE},
        [10, 10, 10, 10],
        "2016Q1",
        flags=["achieved"],
    ),
]
