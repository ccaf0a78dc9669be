"""The attainment rules as formulas over one row of the detail sheet, each rule once.

Every formula is written for the first row of the table; the sheet shares it down its column. It reads input cells
of its own row only, so it needs no other sheet and survives sorting. Source: attainment rules sections 1 and 3 to 5.

Equality is that of the engine: two numbers are the same where they differ by at most 5 x 10^-13 of the larger one
(or by 32 roundings of the terms whose difference they are), so that exactly 93.0 meets 93 in every program.
Functions are only those of `ALLOWED`, which Excel, WPS and LibreOffice compute alike. Absence is the word of its
gap, never 0; a text is larger than every number in a comparison, so words are asked for before numbers.
"""

import re
from dataclasses import dataclass

from indicators.engine import quantity
from indicators.engine.ratio import INVERSE_CEILING
from indicators.engine.target import Basis, CompareOn, MarginKind, RatioRule, Scale
from reports.exports import words
from reports.exports.layout import FIRST_ROW, LETTERS

ALLOWED = frozenset(
    {"IF", "AND", "OR", "ROUND", "ABS", "MAX", "MIN", "COUNTIFS", "SUMIFS", "SUMPRODUCT", "INDEX", "MATCH", "IFERROR"}
)
NEAR = f"{quantity.RELATIVE_TOLERANCE:.13G}"
ROUNDINGS = f"{quantity.ROUNDINGS:.13G}"
# Bases that compare the accumulated value with a reference, and those of them that divide by it.
COMPARED = (Basis.GROWTH, Basis.GROWTH_ON_BASELINE, Basis.REDUCTION, Basis.POINTS, Basis.OVER_BENCHMARK)
DIVIDED = (Basis.GROWTH, Basis.GROWTH_ON_BASELINE, Basis.REDUCTION)


@dataclass(frozen=True, slots=True)
class Rule:
    """One column's formula, and what it says in words for the rules sheet."""

    key: str
    formula: str
    wording: str
    source: str


def cell(key: str, row: int = FIRST_ROW) -> str:
    """Return the reference of a column in a row, relative in both."""
    return f"{LETTERS[key]}{row}"


def is_one_of(reference: str, *texts: str) -> str:
    """Return the condition that a cell holds one of the texts; "" is blank."""
    conditions = ",".join(f'{reference}="{text}"' for text in texts)
    return f"OR({conditions})" if len(texts) > 1 else conditions


C = {key: cell(key) for key in LETTERS}
_FLOOR = is_one_of(C["comparator"], "≥", ">")
_CEILING = is_one_of(C["comparator"], "≤", "<")
_BETWEEN = is_one_of(C["comparator"], words.BETWEEN)
_ABSENT_VALUE = is_one_of(C["measured"], "", words.ABSENT, words.NOT_REPORTED, words.AWAITING, words.NOT_COMPUTABLE)
_ALL_OR_NOTHING = is_one_of(C["scale"], words.SCALES[Scale.ORDINAL], words.SCALES[Scale.YES_NO])


def measured_from_counts() -> str:
    """(Numerator / denominator) x multiplier, for a rate made of counts. Source: section 1."""
    top, bottom = C["numerator"], C["denominator"]
    absent = f'OR({top}="",{top}="{words.ABSENT}",{bottom}="",{bottom}="{words.ABSENT}")'
    quotient = f"{top}/{bottom}*{C['multiplier']}"
    return f'IF({absent},"{words.NOT_REPORTED}",IF({bottom}<=0,"{words.NOT_COMPUTABLE}",{quotient}))'


def accumulated_from_counts() -> str:
    """The same, where it is only the way to a change; blank where there is none."""
    top, bottom = C["numerator"], C["denominator"]
    absent = f'OR({top}="",{top}="{words.ABSENT}",{bottom}="",{bottom}="{words.ABSENT}")'
    return f'IF({absent},"",IF({bottom}<=0,"",{top}/{bottom}*{C["multiplier"]}))'


def measured_from_reference(basis: Basis) -> str:
    """The measured value of a basis that compares with something. Source: section 1, the table of bases.

    Errors: KeyError for a basis that needs more than two numbers (average growth, rank): its value is an input.
    """
    a, b = C["accumulated"], C["reference"]
    growth = f'IF({b}<=0,"{words.NOT_COMPUTABLE}",({a}-{b})/{b}*100)'
    form, lacking = {
        Basis.GROWTH: (growth, words.NOT_COMPUTABLE),
        Basis.GROWTH_ON_BASELINE: (growth, words.AWAITING),
        Basis.REDUCTION: (f'IF({b}<=0,"{words.NOT_COMPUTABLE}",({b}-{a})/{b}*100)', words.AWAITING),
        Basis.POINTS: (f"{a}-{b}", words.AWAITING),
        Basis.OVER_BENCHMARK: (f"{a}-{b}", words.AWAITING),
    }[basis]
    reported = f'IF({a}="","{words.NOT_REPORTED}",{{}})'
    if lacking == words.AWAITING:
        return f'IF({b}="","{lacking}",{reported.format(form)})'
    return reported.format(f'IF({b}="","{lacking}",{form})')


def grain(basis: Basis) -> str:
    """The size of the terms of which the measured value is a difference. Source: engine.quantity.tolerance."""
    a, b = C["accumulated"], C["reference"]
    larger = f"MAX(ABS({a}),ABS({b}))"
    sized = f"{larger}/{b}*100" if basis in DIVIDED else larger
    return f'IF(OR({a}="",{b}="",{b}=0),"",{sized})'


def _gap() -> str:
    given, e, m = C["given_gap"], C["expected"], C["measured"]
    computed = f'IF({is_one_of(m, words.AWAITING, words.NOT_COMPUTABLE)},{m},"")'
    unreported = is_one_of(m, "", words.ABSENT, words.NOT_REPORTED)
    known = f'IF({unreported},"{words.NOT_REPORTED}",{computed})'
    awaited = is_one_of(e, "", words.ABSENT)
    return f'IF({given}<>"",{given},IF({awaited},"{words.AWAITING}",{known}))'


def _compared() -> str:
    m, d = C["measured"], C["decimals"]
    is_tie = f"ABS(ABS({m}-ROUND({m},{d}))*10^{d}-0.5)<={NEAR}*MAX(ABS({m})*10^{d},1)"
    half_even = f"IF({is_tie},2*ROUND({m}/2,{d}),ROUND({m},{d}))"
    return f'IF({_ABSENT_VALUE},"",IF({C["compare_on"]}="{words.COMPARE_ON[CompareOn.ROUNDED]}",{half_even},{m}))'


def _distance(bound: str) -> str:
    """The compared value less a bound, exactly 0 where they are the same decimal number."""
    c, terms = C["compared"], C["grain"]
    near = f'MAX({NEAR}*ABS({c}),{NEAR}*ABS({bound}),IF({terms}="",0,{ROUNDINGS}*{terms}))'
    return f"IF(ABS({c}-{bound})<={near},0,{c}-{bound})"


def _met(distance: str, distance_hi: str) -> str:
    sign = C["comparator"]
    equal = f'IF({sign}="=",{distance}=0,AND({distance}>=0,{distance_hi}<=0))'
    lower = f'IF({sign}="≤",{distance}<=0,IF({sign}="<",{distance}<0,{equal}))'
    return f'IF(IF({sign}="≥",{distance}>=0,IF({sign}=">",{distance}>0,{lower})),1,0)'


def _miss() -> str:
    d, hi = C["distance"], C["distance_hi"]
    banded = f'IF({C["comparator"]}="=",ABS({d}),MAX(0,-{d},{hi}))'
    return f"IF({C['met']}=1,0,IF({_FLOOR},MAX(0,-{d}),IF({_CEILING},MAX(0,{d}),{banded})))"


def _margin() -> str:
    above = f"AND({_BETWEEN},{C['distance_hi']}>0)"
    bound = f"IF({above},{C['expected_hi']},{C['expected']})"
    not_floor = f'{C["comparator"]}<>"≥",{C["comparator"]}<>">"'
    strict = f'AND({C["margin_origin"]}="{words.DEFAULT}",{not_floor},{bound}=0)'
    none = f'OR({C["margin_kind"]}="{words.MARGIN_KINDS[MarginKind.NONE]}",{strict})'
    size = C["margin_size"]
    is_relative = f'{C["margin_kind"]}="{words.MARGIN_KINDS[MarginKind.RELATIVE]}"'
    return f'IF({none},"",IF({is_relative},{size}*ABS({bound}),{size}))'


def _rating() -> str:
    miss, margin = C["miss"], C["margin"]
    within = f"{miss}<={margin}+{NEAR}*MAX(ABS({C['compared']}),{margin})"
    missed = f'IF({margin}="","{words.RED}",IF({within},"{words.AMBER}","{words.RED}"))'
    return f'IF({C["met"]}=1,"{words.GREEN}",{missed})'


def _ratio(level: str, level_hi: str, met: str) -> str:
    """The ratio against any level: 0 to 1 where it is missed, 1 or more where it is met. Source: section 4."""
    whole = f'OR({_ALL_OR_NOTHING},AND({level}=0,{C["comparator"]}<>"{words.BETWEEN}"))'
    raw = _from_start(level, _inverse(level, _plain(level, level_hi)))
    return f"IF({whole},{met},IF({met}=1,MAX(1,{raw}),MIN(1,MAX(0,{raw}))))"


def _plain(level: str, level_hi: str) -> str:
    c = C["compared"]
    outside = f"IF({c}>{level_hi},IF({level_hi}=0,0,{_below(level_hi)}),1)"
    between = f"IF({c}<{level},IF({level}=0,0,{_above(level)}),{outside})"
    equal = f"1-ABS({c}-{level})/ABS({level})"
    bounded = f"IF({_FLOOR},{_above(level)},{_below(level)})"
    return f'IF({_BETWEEN},{between},IF({C["comparator"]}="=",{equal},{bounded}))'


def _above(level: str) -> str:
    """m / E; a level below 0 turns the quotient round."""
    return f"IF({level}<0,2-{C['compared']}/{level},{C['compared']}/{level})"


def _below(level: str) -> str:
    """2 - m / E."""
    return f"IF({level}<0,{C['compared']}/{level},2-{C['compared']}/{level})"


def _inverse(level: str, otherwise: str) -> str:
    """E / m, where the programme chose it for a ceiling above 0."""
    c = C["compared"]
    chosen = f'AND({C["ratio_rule"]}="{words.RATIO_RULES[RatioRule.INVERSE]}",{_CEILING},{level}>0)'
    return f"IF({chosen},IF({c}>0,MIN({level}/{c},{INVERSE_CEILING}),{INVERSE_CEILING}),{otherwise})"


def _from_start(level: str, otherwise: str) -> str:
    """(m - B) / (E - B), where the programme chose it and the start does not meet the level yet."""
    start = C["start"]
    way = f"IF({_FLOOR},{level}-{start},{start}-{level})"
    is_asked = f'{C["ratio_rule"]}="{words.RATIO_RULES[RatioRule.FROM_BASELINE]}"'
    chosen = f'IF({start}="",0,IF(AND({is_asked},OR({_FLOOR},{_CEILING})),1,0))'
    ahead = f"IF({chosen}=1,IF({way}>{NEAR}*MAX(ABS({level}),ABS({start})),1,0),0)"
    return f"IF({ahead}=1,({C['compared']}-{start})/({level}-{start}),{otherwise})"


def _unless_gap(formula: str, otherwise: str = "") -> str:
    return f'IF({C["gap"]}<>"","{otherwise}",{formula})'


def _unless_no_level(formula: str, otherwise: str) -> str:
    v, hi = C["level"], C["level_hi"]
    absent = f'OR({C["compared"]}="",{is_one_of(v, "", words.ABSENT)},AND({_BETWEEN},{hi}=""))'
    return f'IF({absent},"{otherwise}",{formula})'


def _count_on(key: str, word: str) -> str:
    """One more than the row above where the rating is the word: a list can then find its k-th row."""
    return f'{cell(key, FIRST_ROW - 1)}+IF({C["rating"]}="{word}",1,0)'


_LEVEL_HI_DISTANCE = f'IF({_BETWEEN},{_distance(C["level_hi"])},"")'
_HI_DISTANCE = f'IF({_BETWEEN},{_distance(C["expected_hi"])},"")'

_DECISION = _met(C["distance"], C["distance_hi"])
_LEVEL_DECISION = _met(C["level_distance"], C["level_distance_hi"])
_RATIO = _ratio(C["expected"], C["expected_hi"], C["met"])
_COMPLETION = _ratio(C["level"], C["level_hi"], C["level_met"])
_ATTAINED = f"ROUND({C['weight']}*MIN(1,{C['ratio']}),9)"

RULES: tuple[Rule, ...] = (
    Rule(
        "gap",
        _gap(),
        "给定状态优先；缺序时目标为待上级数据，缺完成值为未填报，分母或基数不大于零为无法计算；空白即可评级。",
        "五",
    ),
    Rule("compared", _compared(), "判定取完成值全值；方案规定修约的，先按小数位数修约（四舍六入五成双）。", "三"),
    Rule("distance", _unless_gap(_distance(C["expected"])), "比较值减序时目标；两数在十进制下相等时为零。", "三"),
    Rule("distance_hi", _unless_gap(_HI_DISTANCE), "仅用于区间目标：比较值减序时上限。", "三"),
    Rule("met", _unless_gap(_DECISION), "≥、≤、=、介于含本数，>、<不含本数；1为达到，0为未达到。", "三"),
    Rule("miss", _unless_gap(_miss()), "未达到时距序时目标（或上限）的差距，单位同完成值；达到时为零。", "五"),
    Rule(
        "margin",
        _unless_gap(_margin()),
        "按比例的为参数乘序时目标，按数值的即参数；默认允差不适用于零容忍目标。",
        "五",
    ),
    Rule(
        "ratio",
        _unless_gap(_RATIO, words.ABSENT),
        "越高越好：完成值÷序时目标；越低越好：2－完成值÷序时目标；区间内为1；"
        "等次、是否和零目标达到为1、未达到为0；不低于零，达到时不低于1。",
        "四",
    ),
    Rule(
        "rating",
        f'IF({C["gap"]}<>"",{C["gap"]},{_rating()})',
        "达到为达标；差距在允差以内为接近；其余为落后；有状态的写明状态，不评级。",
        "五",
    ),
    Rule("score", _unless_gap(f"100*MIN(1,{C['ratio']})", words.ABSENT), "完成率不超过1的部分乘100。", "六"),
    Rule(
        "level_distance",
        _unless_no_level(_distance(C["level"]), ""),
        "比较值减目标值；两数在十进制下相等时为零。",
        "四",
    ),
    Rule("level_distance_hi", _unless_no_level(_LEVEL_HI_DISTANCE, ""), "仅用于区间目标：比较值减目标上限。", "四"),
    Rule("level_met", _unless_no_level(_LEVEL_DECISION, ""), "终期目标是否已达到。", "四"),
    Rule(
        "completion",
        _unless_no_level(_COMPLETION, words.ABSENT),
        "算法同完成率，以目标值代替序时目标；未到期的也计算。",
        "四",
    ),
    Rule("rated_weight", f'IF({C["gap"]}="",{C["weight"]},"")', "已评级指标的权重。", "六"),
    Rule("attained", f'IF({C["gap"]}="",{_ATTAINED},"")', "权重乘不超过1的完成率，取九位小数后相加。", "六"),
    Rule("red_count", _count_on("red_count", words.RED), "到本行为止的落后指标数，供汇总表取数。", "—"),
    Rule(
        "unreported_count",
        _count_on("unreported_count", words.NOT_REPORTED),
        "到本行为止的未填报指标数，供未填报表取数。",
        "—",
    ),
)
"""In the order of computing; `wording` is printed on the rules sheet, `source` is the section of the rules."""


class RowFormula:
    """A formula of single rows, written for any row from the one for the first."""

    __slots__ = ("_pieces",)

    def __init__(self, formula: str) -> None:
        self._pieces = re.split(rf"(?<=\b[A-Z]){FIRST_ROW}\b|(?<=\b[A-Z][A-Z]){FIRST_ROW}\b", formula)

    def at(self, row: int) -> str:
        """Return the formula for a row; absolute references stay."""
        return str(row).join(self._pieces)


MEASURED_FROM_COUNTS = RowFormula(measured_from_counts())
ACCUMULATED_FROM_COUNTS = RowFormula(accumulated_from_counts())
MEASURED_BY_BASIS = {basis: RowFormula(measured_from_reference(basis)) for basis in COMPARED}
GRAIN_BY_BASIS = {basis: RowFormula(grain(basis)) for basis in COMPARED}
