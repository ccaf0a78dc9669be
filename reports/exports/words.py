"""The Chinese words of the workbook: always Chinese, whatever language the person who exports reads in.

Ratings carry their shape, so that a print in black and white says the same. The words themselves are those of
`indicators.labels`; a test compares them with its Chinese catalogue. Formulas hold these words as text, so they
stand here as constants: no word of a document or a person ever gets into a formula.
"""

from indicators.engine.target import (
    Accumulation,
    Basis,
    Comparator,
    CompareOn,
    Flag,
    Gap,
    Input,
    MarginKind,
    Path,
    Rating,
    RatioRule,
    Scale,
    Window,
)
from indicators.labels import COMPARATOR_SIGNS
from indicators.marks import SHAPES

ABSENT = "—"
YES, NO = "是", "否"
OWN, DEFAULT = "自定", "默认"
DEMONSTRATION = "演示数据"
TOO_LITTLE = "填报不足"
TOTAL = "合计"

GREEN = f"{SHAPES[Rating.GREEN]} 达标"
AMBER = f"{SHAPES[Rating.AMBER]} 接近"
RED = f"{SHAPES[Rating.RED]} 落后"
RATINGS = {Rating.GREEN: GREEN, Rating.AMBER: AMBER, Rating.RED: RED}

NOT_DUE, AWAITING, NOT_REPORTED = "未到期", "待上级数据", "未填报"
NOT_APPLICABLE, NOT_COMPUTABLE = "不适用", "无法计算"
GAPS = {
    Gap.NOT_DUE: NOT_DUE,
    Gap.AWAITING: AWAITING,
    Gap.NOT_REPORTED: NOT_REPORTED,
    Gap.NOT_APPLICABLE: NOT_APPLICABLE,
    Gap.NOT_COMPUTABLE: NOT_COMPUTABLE,
}
OUTCOMES = (*RATINGS.values(), NOT_DUE, AWAITING, NOT_REPORTED, NOT_APPLICABLE, NOT_COMPUTABLE)
"""In the order of `engine.rollup.Outcome`."""

BETWEEN = "介于"
COMPARATORS = {**{Comparator(code): sign for code, sign in COMPARATOR_SIGNS.items()}, Comparator.BETWEEN: BETWEEN}

SCALES = {
    Scale.CONTINUOUS: "数量",
    Scale.RATE: "比率",
    Scale.ORDINAL: "等次",
    Scale.MILESTONE: "进度",
    Scale.YES_NO: "是否",
}
RATIO_RULES = {RatioRule.PLAIN: "常规", RatioRule.INVERSE: "倒数", RatioRule.FROM_BASELINE: "自起点"}
COMPARE_ON = {CompareOn.FULL: "全值", CompareOn.ROUNDED: "修约"}
MARGIN_KINDS = {MarginKind.NONE: "无", MarginKind.RELATIVE: "按比例", MarginKind.ABSOLUTE: "按数值"}

DOMAINS = {
    "product": "产品质量",
    "works": "工程质量",
    "service": "服务质量",
    "environment": "环境质量",
    "foundation": "质量基础",
}
WINDOWS = {
    Window.QUARTER: "当季",
    Window.YEAR_TO_DATE: "年初至本季",
    Window.ROLLING_YEAR: "最近四个季度",
    Window.SINCE_START: "方案实施以来",
}
ACCUMULATIONS = {
    Accumulation.LAST: "取最新值",
    Accumulation.SUM: "各季相加",
    Accumulation.RATIO: "分子、分母分别相加后相除",
    Accumulation.MEAN: "各季平均",
    Accumulation.MAX: "取最高值",
    Accumulation.MIN: "取最低值",
}
PATHS = {
    Path.HOLD: "每季保持",
    Path.LINEAR: "按季均衡推进至到期",
    Path.ANNUAL: "年内按季均衡推进",
    Path.SCHEDULED: "按方案分年目标",
    Path.COMPOUND: "按固定增速推进",
    Path.AT_DUE: "到期一次考核",
    Path.SEASONAL: "按季节比重推进",
}
BASES = {
    Basis.LEVEL: "实际水平",
    Basis.GROWTH: "比上年同期增长",
    Basis.AVERAGE_GROWTH: "年均增长",
    Basis.GROWTH_ON_BASELINE: "较基期增长",
    Basis.REDUCTION: "比基期下降",
    Basis.POINTS: "比基期提高（百分点）",
    Basis.OVER_BENCHMARK: "与对比值之差",
    Basis.RANK: "位次",
}
FLAGS = {
    Flag.ACHIEVED: "终期目标已实现",
    Flag.INCOMPLETE: "缺前期数据",
    Flag.AT_RISK: "按趋势到期可能达不到",
    Flag.SMALL_NUMBERS: "样本较少",
    Flag.CERTAIN: "必能达到",
    Flag.OUT_OF_REACH: "已无法达到",
}
"""What is said under remarks; better and worse than last quarter are left to the dashboard."""

INPUTS = {
    Input.LEVEL: "目标值待上级下达",
    Input.LEVEL_HI: "目标上限待上级下达",
    Input.BASELINE: "缺基期值",
    Input.BENCHMARK: "缺本季对比值",
    Input.PLACE: "缺位次",
    Input.SEASON: "缺各季比重",
    Input.NUMERATOR: "缺分子",
    Input.DENOMINATOR: "分母为零或缺失",
    Input.PRIOR_FIGURE: "缺上年同期值",
    Input.RESULT: "结果超出数值范围",
}
"""What a gap names; an unreported figure needs no more words."""
