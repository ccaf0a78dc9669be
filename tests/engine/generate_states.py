"""Writes docs/reference/submission-states.md from the table of transitions: python -m tests.engine.generate_states."""

from pathlib import Path

from indicators.engine.submission_states import (
    EDITABLE,
    TRANSITIONS,
    QuarterRule,
    SecondPerson,
    State,
    Transition,
)

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "submission-states.md"

_STATES = {
    State.DRAFT: "The department enters its figures.",
    State.SUBMITTED: "Waits for the reviewer.",
    State.RETURNED: "Came back with a reason; the department corrects it.",
    State.APPROVED: "Counts, until a newer version is approved.",
    State.REOPENED: "The approved version still counts while the next one is prepared.",
    State.WITHDRAWN: "Taken back by the department before it was reviewed.",
}
_QUARTER = {
    QuarterRule.OPEN: "open",
    QuarterRule.CLOSED: "closed",
    QuarterRule.OPEN_OR_CORRECTION: "open, or under correction",
}
_SECOND = {
    SecondPerson.NONE: "",
    SecondPerson.NOT_AN_EDITOR: "nobody who entered any version since the last approval",
    SecondPerson.CONFIRMED: "asked for by one person, done by another",
}
_OPENING = """# Submission states

This page is written by `python -m tests.engine.generate_states` from `indicators/engine/submission_states.py`;
a test fails when it is out of date. Change the table, not the page.
"""
_CLOSING = """## Rules

- What the table does not list cannot be done.
- **Complete** means: no finding blocks, and every miss and every doubt has its explanation.
- **Under correction** means: the office reopened the submission after the quarter was closed, one person asking
  and another confirming, and it has not been approved since. Nothing else moves in a closed quarter.
- Figures are entered by the department's clerks. The leadership office enters them only from the sealed workbook
  that the department returned, under the same rules: its person stands as who entered them, a clerk submits, and
  nobody approves what they entered.
- Approval is of the form as a whole. A reviewer's check marks on single figures approve nothing by themselves.
- Rules are checked in this order, and the first one broken is named: the act from this state, the quarter, the
  role, the second person, the reason, completeness.
"""


def page() -> str:
    """Return the whole page as text."""
    return "\n".join([_OPENING, _states(), _diagram(), _transitions(), _CLOSING])


def _states() -> str:
    rows = [f"| {state} | {_STATES[state]} | {'yes' if state in EDITABLE else 'no'} |" for state in State]
    return "\n".join(["| state | meaning | figures can be entered |", "|---|---|---|", *rows, ""])


def _diagram() -> str:
    arrows = dict.fromkeys(f"    {line.source} --> {line.target}: {line.act}" for line in TRANSITIONS)
    return "\n".join(["```mermaid", "stateDiagram-v2", f"    [*] --> {State.DRAFT}", *arrows, "```", ""])


def _transitions() -> str:
    head = "| from | act | to | who | quarter | second person | reason | complete |"
    return "\n".join(["## Acts", "", head, "|---" * 8 + "|", *map(_row, TRANSITIONS), ""])


def _row(line: Transition) -> str:
    cells = [
        line.source,
        line.act,
        line.target,
        " or ".join(sorted(line.roles)),
        _QUARTER[line.quarter],
        _SECOND[line.second_person],
        "required" if line.needs_reason else "",
        "required" if line.complete else "",
    ]
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
