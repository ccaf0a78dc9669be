"""Section 8: the worked cases that the rule itself gives."""

from tests.spec.case import case

RATE = {"window": "year_to_date", "accumulation": "ratio", "scale": "rate", "multiplier": 100}
PASS_RATE = RATE | {"level": 93, "comparator": ">="}

TITLE = "8. Worked cases of the rule"
CASES = [
    case("§8 pass rate 93 %: two quarters of the year", PASS_RATE, [(480, 500), (455, 500)],
         measured=93.5, ratio=93.5 / 93, rating="green"),
    case("§8 pass rate 93 %: met exactly", PASS_RATE, [(465, 500)], measured=93.0, ratio=1, miss=0, rating="green"),
    case("§8 pass rate above 93 %: exactly 93 is not above, but within 2 points", PASS_RATE | {"comparator": ">"},
         [(465, 500)], measured=93.0, ratio=1, miss=0, rating="amber"),
    case("§8 pass rate 93 %: the newest quarter is not reported", PASS_RATE, [(465, 500), None],
         measured=None, ratio=None, rating="grey", gap="not_reported"),
    case("§8 PM2.5 at most 29, mean of the year to date",
         {"comparator": "<=", "level": 29, "window": "year_to_date", "accumulation": "mean"}, [31, 26],
         measured=28.5, ratio=2 - 28.5 / 29, rating="green"),
    case("§8 30 counties by 2015, linear since 2012",
         {"level": 30, "path": "linear", "window": "since_start", "accumulation": "sum",
          "first_quarter": "2012Q1", "due_quarter": "2015Q4"}, [1, 2, 1, 1], "2012Q1",
         elapsed=4, total=16, measured=5, expected=7.5, ratio=5 / 7.5, completion=5 / 30, rating="red"),
    case("§8 good-air days above 280 a year",
         {"comparator": ">", "level": 280, "path": "annual", "window": "year_to_date", "accumulation": "sum"},
         [70, 68], expected=140, ratio=138 / 140, completion=138 / 280, rating="amber"),
    case("§8 COD 11.3 % below 2010, due in 2020",
         {"level": 11.3, "basis": "reduction", "baseline": 100, "path": "at_due", "first_quarter": "2016Q1",
          "due_quarter": "2020Q4"}, [94], "2016Q4",
         measured=6.0, ratio=None, completion=6 / 11.3, rating="grey", gap="not_due"),
    case("§8 1 to 3 brand zones", {"comparator": "between", "level": 1, "level_hi": 3, "path": "at_due"}, [2], "2018Q4",
         ratio=1, rating="green"),
    case("§8 complaint rate below 0.1 ‰: exactly 0.1 is not below",
         {"comparator": "<", "level": 0.1, "scale": "rate", "multiplier": 1000, "accumulation": "ratio"}, [(1, 10_000)],
         measured=0.1, miss=0, rating="amber"),
    case("§8 no major incident, veto: one in the third quarter",
         {"comparator": "=", "level": 0, "accumulation": "sum", "veto": True}, [0, 0, 1],
         ratio=0, miss=1, rating="red"),
    case("§8 water grade III at all sections: 12 of 13",
         {"level": 100, "accumulation": "ratio", "scale": "rate", "multiplier": 100}, [(12, 13)],
         measured=1200 / 13, expected=100, miss=100 - 1200 / 13, rating="red"),
]
