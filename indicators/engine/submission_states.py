"""The states of a submission and the acts that move it, as one table.

The page `docs/reference/submission-states.md` is written from it; the rules that read it are in `workflow`. Figures
count from approval until a newer version is approved: reopening takes nothing off the dashboard.
Source: product.md “Review and closing”; trust rules 6 to 9, cases T4 to T8 and T16.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class State(StrEnum):
    """Where a submission stands; the codes are stored."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What moves a submission; the codes are stored in the trail."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    APPROVE = "approve"
    REOPEN = "reopen"


class Role(StrEnum):
    """The roles that move submissions; the codes are those of `departments.roles`."""

    CLERK = "clerk"
    REVIEWER = "reviewer"
    OFFICE = "office"


class QuarterRule(IntEnum):
    """Whether the quarter has to be open for an act."""

    OPEN = 1
    CLOSED = 2
    OPEN_OR_CORRECTION = 3  # closed too, once the submission was reopened for correction after the closing


class SecondPerson(IntEnum):
    """Which second pair of eyes an act needs."""

    NONE = 0
    NOT_AN_EDITOR = 1  # nobody who entered any version of a figure since the last approval
    CONFIRMED = 2  # asked for by one person, done by another


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One line of the table. `complete`: every figure free of blocking findings, every miss explained."""

    source: State
    act: Act
    target: State
    roles: frozenset[Role]
    quarter: QuarterRule = QuarterRule.OPEN_OR_CORRECTION
    second_person: SecondPerson = SecondPerson.NONE
    needs_reason: bool = False
    complete: bool = False


ENTER, ENTER_FROM_WORKBOOK = frozenset({Role.CLERK}), frozenset({Role.CLERK, Role.OFFICE})
"""Who enters figures: by hand, and from the sealed workbook that the department returned."""

EDITABLE = frozenset({State.DRAFT, State.RETURNED, State.REOPENED, State.WITHDRAWN})
_CLERK, _REVIEWER = frozenset({Role.CLERK}), frozenset({Role.REVIEWER})

TRANSITIONS: tuple[Transition, ...] = (
    Transition(source=State.DRAFT, act=Act.SUBMIT, target=State.SUBMITTED, roles=_CLERK, complete=True),
    Transition(source=State.RETURNED, act=Act.SUBMIT, target=State.SUBMITTED, roles=_CLERK, complete=True),
    Transition(source=State.WITHDRAWN, act=Act.SUBMIT, target=State.SUBMITTED, roles=_CLERK, complete=True),
    Transition(source=State.REOPENED, act=Act.SUBMIT, target=State.SUBMITTED, roles=_CLERK, complete=True),
    Transition(source=State.SUBMITTED, act=Act.WITHDRAW, target=State.WITHDRAWN, roles=_CLERK),
    Transition(source=State.SUBMITTED, act=Act.RETURN, target=State.RETURNED, roles=_REVIEWER, needs_reason=True),
    Transition(
        source=State.SUBMITTED,
        act=Act.APPROVE,
        target=State.APPROVED,
        roles=_REVIEWER,
        second_person=SecondPerson.NOT_AN_EDITOR,
        complete=True,
    ),
    Transition(
        source=State.APPROVED,
        act=Act.REOPEN,
        target=State.REOPENED,
        roles=frozenset({Role.REVIEWER, Role.OFFICE}),
        quarter=QuarterRule.OPEN,
        needs_reason=True,
    ),
    Transition(
        source=State.APPROVED,
        act=Act.REOPEN,
        target=State.REOPENED,
        roles=frozenset({Role.OFFICE}),
        quarter=QuarterRule.CLOSED,
        second_person=SecondPerson.CONFIRMED,
        needs_reason=True,
    ),
)
