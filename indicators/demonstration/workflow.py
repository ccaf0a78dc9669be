"""Invents where the submissions of the newest quarter stand, and what a clerk writes beside a miss."""

import numpy as np

# Shares of departments in the newest quarter: what a leadership office sees a few days before the date.
STATES = {"approved": 0.70, "submitted": 0.12, "draft": 0.06, "returned": 0.06, "none": 0.06}
LATE_SHARE = 0.06  # of the earlier submissions, approved after their due date
CORRECTED_SHARE = 0.004  # of the figures, approved a second time with another value
RETURN_REASON = "演示数据：分母与上季差异较大，请核对口径后重新提交。"
CORRECTION = "演示数据：复核后更正，补计1批次合格。"
EXPLANATIONS = (
    "演示数据：本季新增专项抽查批次较多，不合格的均已立案，下季度复检。",
    "演示数据：部分项目跨季验收，数据顺延至下季度统计。",
    "演示数据：已约谈相关单位并限期整改，预计下季度回升。",
    "演示数据：受季节因素影响，全年目标仍可完成。",
)


def draw_states(sizes: dict[int, int], *, half_filled: int, rng: np.random.Generator) -> dict[int, str]:
    """Return a state for each department, given how many series each reports.

    The larger half is approved, so that the newest quarter can be read; `half_filled` is left as a draft, for
    whoever tries entry first.
    """
    by_size = sorted(sizes, key=lambda department_id: (-sizes[department_id], department_id))
    large = by_size[: len(by_size) // 2]
    states = {department_id: draw_state(rng) for department_id in by_size}
    return states | dict.fromkeys(large, "approved") | {half_filled: "draft"}


def draw_state(rng: np.random.Generator) -> str:
    """Return a state of `STATES`, "none" for a department that has not begun."""
    return str(rng.choice(list(STATES), p=list(STATES.values())))


def draw_explanation(rng: np.random.Generator) -> str:
    """Return one of the explanations."""
    return EXPLANATIONS[int(rng.integers(len(EXPLANATIONS)))]
