"""Section 1: from the accumulated to the measured value."""

from tests.spec.case import NONE, case

YEARS = {"first_quarter": "2016Q1", "due_quarter": "2020Q4"}
GROWTH = YEARS | {"basis": "growth", "accumulation": "sum", "level": 18}
REDUCTION = YEARS | {"basis": "reduction", "baseline": 200, "level": 10}
AVERAGE = YEARS | {"basis": "average_growth", "baseline": 100, "level": 10, "baseline_quarter": "2015Q4"}
POINTS = YEARS | {"basis": "points", "baseline": 40, "level": 5, "scale": "rate", "multiplier": 100}
OVER = YEARS | {"basis": "over_benchmark", "comparator": ">", "level": 0, "scale": "rate", "multiplier": 100}
RANK = YEARS | {"basis": "rank", "comparator": "<=", "level": 3}


def beside(benchmark, value):
    """Return a figure with the benchmark of its quarter."""
    return {"value": value, "benchmark": benchmark}


def placed(place, value=1):
    """Return a figure with its place among the peers."""
    return {"value": value, "place": place}


TITLE = "1. Bases"
CASES = [
    case(
        "§1 growth: quarter against the quarter a year earlier",
        GROWTH,
        [100, 0, 0, 0, 120],
        "2016Q1",
        measured=20,
        reference=100,
        rating="green",
    ),
    case(
        "§1 growth: year to date against year to date",
        GROWTH | {"window": "year_to_date"},
        [50, 50, 900, 900, 60, 58],
        "2016Q1",
        measured=18,
        reference=100,
        rating="green",
    ),
    case(
        "§1 growth: rolling year against rolling year",
        GROWTH | {"window": "rolling_year"},
        [25, 25, 25, 25, 30, 30, 30, 30],
        "2016Q1",
        measured=20,
        reference=100,
    ),
    case(
        "§1 growth on the baseline: half as much again as in 2015, whatever the year before was",
        YEARS | {"basis": "growth_on_baseline", "baseline": 200, "level": 50},
        [260, 280, 300],
        "2016Q1",
        measured=50,
        reference=200,
        rating="green",
    ),
    case(
        "§1 growth on the baseline: awaited while nobody has given the baseline (Changzhi 二(一)5)",
        YEARS | {"basis": "growth_on_baseline", "level": 50},
        [300],
        "2016Q1",
        gap="awaiting",
    ),
    case(
        "§1 growth on the baseline: a baseline of zero cannot be divided by",
        YEARS | {"basis": "growth_on_baseline", "baseline": 0, "level": 50},
        [300],
        "2016Q1",
        gap="not_computable",
    ),
    case(
        "§2 growth on the baseline: the linear path starts at no growth",
        YEARS | {"basis": "growth_on_baseline", "baseline": 200, "level": 50, "path": "linear"},
        [205],
        "2016Q1",
        measured=2.5,
        expected=2.5,
        rating="green",
    ),
    case(
        "§1 growth: since the start against the same stretch a year earlier",
        GROWTH | {"window": "since_start"},
        [10, 10, 10, 10, 11, 11],
        "2015Q1",
        measured=10,
        reference=20,
    ),
    case(
        "§1 growth of a ratio",
        GROWTH | {"accumulation": "ratio", "multiplier": 100},
        [(40, 100), None, None, None, (50, 100)],
        "2016Q1",
        measured=25,
        reference=40,
    ),
    case("§1 growth may be negative", GROWTH, [100, 0, 0, 0, 80], "2016Q1", measured=-20, ratio=0, rating="red"),
    case(
        "§1 growth of exactly 0 against 0.1 + 0.2",
        GROWTH | {"window": "year_to_date", "comparator": ">", "level": 0},
        [0.1, 0.2, 0, 0, 0.3, 0],
        "2016Q1",
        reference=0.1 + 0.2,
        miss=0,
        rating="amber",
        margin=0,
    ),
    case(
        "§1 growth: the year before is not reported",
        GROWTH,
        [None, 0, 0, 0, 120],
        "2016Q1",
        gap="not_computable",
        gap_input="prior_figure",
        measured=None,
        accumulated=120,
    ),
    case(
        "§1 growth: the year before said none, the ratio had nothing to measure",
        GROWTH | {"accumulation": "ratio"},
        [NONE, None, None, None, (1, 2)],
        "2016Q1",
        gap="not_computable",
        gap_input="prior_figure",
    ),
    case(
        "§1 growth: the year before was 0",
        GROWTH,
        [0, 1, 1, 1, 120],
        "2016Q1",
        gap="not_computable",
        gap_input="prior_figure",
        reference=0,
    ),
    case(
        "§1 growth: the year before was negative",
        GROWTH,
        [-5, 1, 1, 1, 120],
        "2016Q1",
        gap="not_computable",
        gap_input="prior_figure",
    ),
    case(
        "§1 growth: this quarter not reported goes first", GROWTH, [None, 0, 0, 0, None], "2016Q1", gap="not_reported"
    ),
    case(
        "§1 growth: a quarter of the year before is missing",
        GROWTH | {"window": "year_to_date"},
        [None, 100, 1, 1, 60, 60],
        "2016Q1",
        measured=20,
        missing_quarters=["2016Q1"],
        flags=["incomplete"],
    ),
    case(
        "§1 growth in the first year has nothing to grow from",
        GROWTH,
        [120],
        "2016Q1",
        gap="not_computable",
        gap_input="prior_figure",
        missing_quarters=["2015Q1"],
    ),
    case("§1 reduction", REDUCTION, [180], "2016Q1", measured=10, reference=200, rating="green"),
    case("§1 reduction just short", REDUCTION, [180.2], "2016Q1", measured=9.9, rating="amber"),
    case("§1 reduction: more than before is negative", REDUCTION, [220], "2016Q1", measured=-10, ratio=0, rating="red"),
    case(
        "§1 reduction without baseline",
        REDUCTION | {"baseline": None},
        [180],
        "2016Q1",
        gap="awaiting",
        gap_input="baseline",
        measured=None,
    ),
    case(
        "§1 reduction from 0", REDUCTION | {"baseline": 0}, [180], "2016Q1", gap="not_computable", gap_input="baseline"
    ),
    case(
        "§1 reduction from 0 to 0",
        REDUCTION | {"baseline": 0},
        [0],
        "2016Q1",
        gap="not_computable",
        gap_input="baseline",
    ),
    case("§1 average growth over two years", AVERAGE, [121], "2017Q4", measured=10, rating="green"),
    case("§1 average growth over half a year", AVERAGE, [110], "2016Q2", measured=21),
    case(
        "§1 average growth counts from the baseline's quarter",
        AVERAGE | {"baseline_quarter": "2014Q4"},
        [133.1],
        "2017Q4",
        measured=10,
    ),
    case(
        "§1 average growth: without the quarter, from the one before the start",
        {key: value for key, value in AVERAGE.items() if key != "baseline_quarter"},
        [110],
        "2016Q4",
        measured=10,
    ),
    case(
        "§1 average growth of one year is growth over the baseline",
        AVERAGE | {"level": 50},
        [150],
        "2016Q4",
        measured=50,
        rating="green",
    ),
    case("§1 average growth down to nothing", AVERAGE, [0], "2016Q4", measured=-100, ratio=0),
    case("§1 average growth of a negative value", AVERAGE, [-1], "2016Q4", gap="not_computable", gap_input="result"),
    case(
        "§1 average growth from 0", AVERAGE | {"baseline": 0}, [5], "2016Q4", gap="not_computable", gap_input="baseline"
    ),
    case(
        "§1 average growth without baseline",
        AVERAGE | {"baseline": None},
        [5],
        "2016Q4",
        gap="awaiting",
        gap_input="baseline",
    ),
    case(
        "§1 average growth at the baseline's own quarter",
        AVERAGE | {"baseline_quarter": "2016Q4"},
        [5],
        "2016Q4",
        gap="not_computable",
        gap_input="result",
    ),
    case("§1 points", POINTS, [45], "2016Q1", measured=5, reference=40, rating="green"),
    case(
        "§1 points: 45.01 - 40 is 5.01 in decimal", POINTS | {"level": 5.01}, [45.01], "2016Q1", miss=0, rating="green"
    ),
    case(
        "§1 points: 93.01 - 93.00 is not above 0.01",
        POINTS | {"baseline": 93, "level": 0.01, "comparator": ">"},
        [93.01],
        "2016Q1",
        miss=0,
        rating="amber",
    ),
    case("§1 points: from a baseline of 0", POINTS | {"baseline": 0}, [5], "2016Q1", measured=5, rating="green"),
    case(
        "§1 points without baseline", POINTS | {"baseline": None}, [45], "2016Q1", gap="awaiting", gap_input="baseline"
    ),
    case("§1 above the benchmark", OVER, [beside(92, 93)], "2016Q1", measured=1, reference=92, ratio=1, rating="green"),
    case(
        "§1 level with the benchmark is not above it",
        OVER,
        [beside(93, 93)],
        "2016Q1",
        measured=0,
        ratio=0,
        rating="amber",
    ),
    case(
        "§1 not below the benchmark includes it",
        OVER | {"comparator": ">="},
        [beside(93, 93)],
        "2016Q1",
        ratio=1,
        rating="green",
    ),
    case(
        "§1 below the benchmark by three points", OVER, [beside(93, 90)], "2016Q1", measured=-3, ratio=0, rating="red"
    ),
    case(
        "§1 the benchmark of this quarter is awaited",
        OVER,
        [beside(92, 93), 94],
        "2016Q1",
        gap="awaiting",
        gap_input="benchmark",
        accumulated=94,
    ),
    case("§1 awaiting goes before not reported", OVER, [None], "2016Q1", gap="awaiting", gap_input="benchmark"),
    case("§1 a benchmark without a figure", OVER, [{"benchmark": 92}], "2016Q1", gap="not_reported"),
    case("§1 among the first three: third", RANK, [placed(3)], "2016Q1", measured=3, rating="green"),
    case("§1 among the first three: fourth", RANK, [placed(4)], "2016Q1", measured=4, ratio=2 - 4 / 3, rating="red"),
    case("§1 rank: the peers are awaited", RANK, [1], "2016Q1", gap="awaiting", gap_input="place"),
    case("§1 rank: no own figure to be placed", RANK, [None], "2016Q1", gap="not_reported"),
    case(
        "§1 a level that is still to be given",
        YEARS | {"level": None},
        [5],
        "2016Q1",
        gap="awaiting",
        gap_input="level",
        measured=5,
        completion=None,
    ),
    case(
        "§1 an upper bound that is still to be given",
        YEARS | {"level": 1, "comparator": "between"},
        [5],
        "2016Q1",
        gap="awaiting",
        gap_input="level_hi",
    ),
]
