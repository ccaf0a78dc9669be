"""What may be done with a submission now: the rules over the table in `submission_states`.

Triggers keep the same promises in the database; here they are refused with a code that can be put into words.
Source: product.md “Review and closing”; trust rules 6 to 9, cases T4 to T8 and T16.
"""

from dataclasses import dataclass
from enum import IntEnum

from .submission_states import (
    EDITABLE,
    ENTER,
    ENTER_FROM_WORKBOOK,
    TRANSITIONS,
    Act,
    QuarterRule,
    SecondPerson,
    State,
    Transition,
)


class Breach(IntEnum):
    """Which rule an act breaks; never renumbered. In the order in which the rules are checked."""

    NOT_FROM_HERE = 1  # the state knows no such act
    QUARTER_CLOSED = 2
    WRONG_ROLE = 3
    OWN_WORK = 4
    NOT_CONFIRMED = 5
    REASON_MISSING = 6
    BLOCKING_FINDINGS = 7
    EXPLANATION_MISSING = 8
    NOT_EDITABLE = 9


class WorkflowError(Exception):
    """An act that the table does not allow; `breach` says which rule, `state` and `act` where."""

    def __init__(self, breach: Breach, *, state: str, act: str | None = None) -> None:
        super().__init__(breach.name)
        self.breach, self.state, self.act = breach, state, act


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Who acts, and how things stand, as read under the lock. Persons are any hashable ids.

    `editors`: everybody who entered any version of a figure since the last approval; `asked_by`: who asked for
    an act that another has to confirm; `correcting`: reopened after the quarter was closed and not approved since.
    `blocking`, `unexplained`: how many findings block, how many misses and doubts still lack an explanation.
    """

    actor: object
    roles: frozenset[str]
    quarter_closed: bool
    correcting: bool = False
    editors: frozenset[object] = frozenset()
    asked_by: object = None
    reason: str = ""
    blocking: int = 0
    unexplained: int = 0


def allowed_acts(state: str) -> tuple[Act, ...]:
    """Return the acts that the table knows from `state`, whoever acts, in the table's order."""
    return tuple(dict.fromkeys(line.act for line in TRANSITIONS if line.source == state))


def next_state(state: str, act: str) -> State:
    """Return where `act` leads from `state`; WorkflowError (NOT_FROM_HERE) if the table has no such line."""
    for line in TRANSITIONS:
        if line.source == state and line.act == act:
            return line.target
    raise WorkflowError(Breach.NOT_FROM_HERE, state=state, act=act)


def check_act(state: str, act: str, *, given: Circumstances) -> Transition:
    """Return the line of the table that allows `act`; WorkflowError with the first rule it breaks.

    Rules in order: from this state; quarter open or correcting; role; second person; reason; complete.
    Source: trust rules 7 and 9, cases T4 to T8 and T16.
    """
    next_state(state, act)
    for line in TRANSITIONS:
        if line.source == state and line.act == act and _quarter_allows(line.quarter, given):
            breach = _breach(line, given)
            if breach is not None:
                raise WorkflowError(breach, state=state, act=act)
            return line
    raise WorkflowError(Breach.QUARTER_CLOSED, state=state, act=act)


def check_edit(state: str, *, given: Circumstances, from_workbook: bool = False) -> None:
    """Pass if figures may be entered now; else WorkflowError: NOT_EDITABLE, QUARTER_CLOSED or WRONG_ROLE.

    `from_workbook`: they come from the workbook that the department returned, which the office may apply too.
    """
    if state not in EDITABLE:
        raise WorkflowError(Breach.NOT_EDITABLE, state=state)
    if not _quarter_allows(QuarterRule.OPEN_OR_CORRECTION, given):
        raise WorkflowError(Breach.QUARTER_CLOSED, state=state)
    if not given.roles & (ENTER_FROM_WORKBOOK if from_workbook else ENTER):
        raise WorkflowError(Breach.WRONG_ROLE, state=state)


def _quarter_allows(rule: QuarterRule, given: Circumstances) -> bool:
    if rule is QuarterRule.OPEN_OR_CORRECTION:
        return not given.quarter_closed or given.correcting
    return given.quarter_closed is (rule is QuarterRule.CLOSED)


def _breach(line: Transition, given: Circumstances) -> Breach | None:
    """Return the first rule of `line` that the circumstances break, or None."""
    own_work = line.second_person is SecondPerson.NOT_AN_EDITOR and given.actor in given.editors
    confirmed = given.asked_by is not None and given.asked_by != given.actor
    rules = (
        (Breach.WRONG_ROLE, not line.roles & given.roles),
        (Breach.OWN_WORK, own_work),
        (Breach.NOT_CONFIRMED, line.second_person is SecondPerson.CONFIRMED and not confirmed),
        (Breach.REASON_MISSING, line.needs_reason and not given.reason.strip()),
        (Breach.BLOCKING_FINDINGS, line.complete and given.blocking > 0),
        (Breach.EXPLANATION_MISSING, line.complete and given.unexplained > 0),
    )
    return next((breach for breach, broken in rules if broken), None)
