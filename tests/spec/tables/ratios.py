"""Section 4: the attainment ratio and the completion."""

from tests.spec.case import case


def bound(comparator, level, **fields):
    """Return a bound on a plain value."""
    return {"comparator": comparator, "level": level, **fields}


INVERSE = {"ratio_rule": "inverse"}
FROM = {"ratio_rule": "from_baseline"}

TITLE = "4. Ratio and completion"
CASES = [
    case("§4 at least: m / E", bound(">=", 80), [60], ratio=0.75),
    case("§4 at least: not capped above", bound(">=", 80), [200], ratio=2.5),
    case("§4 at least: never below 0", bound(">=", 80), [-10], ratio=0),
    case("§4 at most: 2 - m / E", bound("<=", 20), [25], ratio=0.75),
    case("§4 at most: better than asked", bound("<=", 20), [5], ratio=1.75),
    case("§4 at most: nothing at all is 2", bound("<=", 20), [0], ratio=2),
    case("§4 at most: twice as much is 0", bound("<=", 20), [40], ratio=0),
    case("§4 at most: three times as much stays 0", bound("<=", 20), [60], ratio=0),
    case("§4 between: 1 inside", bound("between", 10, level_hi=20), [15], ratio=1),
    case("§4 between: m / lo below", bound("between", 10, level_hi=20), [8], ratio=0.8),
    case("§4 between: 2 - m / hi above", bound("between", 10, level_hi=20), [25], ratio=0.75),
    case("§4 between 0 and something: below", bound("between", 0, level_hi=20), [-1], ratio=0, rating="red"),
    case("§4 between something and 0: above", bound("between", -5, level_hi=0), [1], ratio=0, rating="red"),
    case("§4 between: a bound of minus zero is a bound of 0", bound("between", -0.0, level_hi=20), [-1], ratio=0),
    case("§4 between: a negative lower bound", bound("between", -10, level_hi=5), [-12], ratio=0.8),
    case("§4 equal: 1 - |m - E| / |E| below", bound("=", 40), [30], ratio=0.75),
    case("§4 equal: 1 - |m - E| / |E| above", bound("=", 40), [50], ratio=0.75),
    case("§4 equal: far off stays 0", bound("=", 40), [100], ratio=0),
    case("§4 grades are all or nothing: met", bound("<=", 3, scale="ordinal"), [1], ratio=1),
    case("§4 grades are all or nothing: missed", bound("<=", 3, scale="ordinal"), [4], ratio=0),
    case("§4 yes", {"scale": "yes_no", "level": 1}, [1], ratio=1, rating="green"),
    case("§4 no", {"scale": "yes_no", "level": 1}, [0], ratio=0, rating="red"),
    case("§4 zero tolerance: none", bound("=", 0), [0], ratio=1, rating="green"),
    case("§4 zero tolerance: one", bound("=", 0), [1], ratio=0, rating="red"),
    case("§4 zero tolerance as a ceiling", bound("<=", 0), [1], ratio=0, rating="red"),
    case("§4 at least 0: met", bound(">=", 0), [5], ratio=1),
    case("§4 at least 0: missed", bound(">=", 0), [-5], ratio=0),
    case("§4 a milestone follows its percentage", {"scale": "milestone", "level": 100}, [60], ratio=0.6, rating="red"),
    case("§4 a milestone completed", {"scale": "milestone", "level": 100}, [100], ratio=1, flags=["achieved"]),
    case(
        "§4 a milestone on its linear path",
        {"scale": "milestone", "level": 100, "path": "linear", "baseline": 0},
        [50],
        ratio=2,
        completion=0.5,
        rating="green",
    ),
    case("§4 inverse: E / m", bound("<=", 20, **INVERSE), [25], ratio=0.8),
    case("§4 inverse: half as much is 2", bound("<=", 20, **INVERSE), [10], ratio=2),
    case("§4 inverse: nothing at all has no finite inverse", bound("<=", 20, **INVERSE), [0], ratio=100),
    case("§4 inverse: next to nothing", bound("<=", 20, **INVERSE), [0.0001], ratio=100),
    case("§4 inverse is for ceilings only", bound(">=", 20, **INVERSE), [25], ratio=1.25),
    case("§4 inverse below zero is the plain ratio", bound("<=", -10, **INVERSE), [-8], ratio=0.8),
    case("§4 inverse at zero tolerance", bound("<=", 0, **INVERSE), [1], ratio=0),
    case("§4 from the baseline: half the way", bound(">=", 90, baseline=70, **FROM), [80], ratio=0.5, rating="red"),
    case("§4 from the baseline, downward", bound("<=", 20, baseline=60, **FROM), [50], ratio=0.25),
    case("§4 from the baseline: beyond", bound("<=", 20, baseline=60, **FROM), [10], ratio=1.25),
    case("§4 from the baseline: worse than it", bound(">=", 90, baseline=70, **FROM), [60], ratio=0),
    case(
        "§4 from a baseline that already meets the level: the plain ratio",
        bound(">=", 90, baseline=95, **FROM),
        [81],
        ratio=0.9,
    ),
    case("§4 from a baseline on the level: the plain ratio", bound(">=", 90, baseline=90, **FROM), [99], ratio=1.1),
    case("§4 from the baseline without one", bound(">=", 90, **FROM), [80], gap="awaiting", gap_input="baseline"),
    case(
        "§4 from the baseline: completion too",
        bound(">=", 90, baseline=50, path="linear", **FROM),
        [60],
        expected=60,
        ratio=1,
        completion=0.25,
    ),
    case("§4 from the baseline is not for equality", bound("=", 90, baseline=50, **FROM), [81], ratio=0.9),
    case("§4 below 0: more is better", bound(">=", -10), [-12], ratio=0.8),
    case("§4 below 0: less is better", bound("<=", -10), [-8], ratio=0.8),
    case("§4 completion equals the ratio on the hold path", bound(">=", 80), [60], completion=0.75),
    case(
        "§4 completion of a ceiling",
        bound("<=", 100, path="annual", window="year_to_date", accumulation="sum"),
        [20, 20],
        ratio=2 - 40 / 50,
        completion=2 - 40 / 100,
    ),
    case("§4 completion beside not reported", bound(">=", 80), [None], completion=None, ratio=None),
    case("§4 a level of almost nothing stays finite", bound(">=", 1e-308), [1e10], ratio=1e300),
]
