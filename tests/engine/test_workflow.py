"""The states of a submission: every act from every state, allowed and refused from one set-up (trust rules 7, 9)."""

from dataclasses import fields, replace
from itertools import product

import pytest

from indicators.engine.submission_states import (
    EDITABLE,
    TRANSITIONS,
    Act,
    QuarterRule,
    Role,
    SecondPerson,
    State,
)
from indicators.engine.workflow import (
    Breach,
    Circumstances,
    WorkflowError,
    allowed_acts,
    check_act,
    check_edit,
    next_state,
)
from tests.engine import generate_states

MOVES = {
    (State.DRAFT, Act.SUBMIT): State.SUBMITTED,
    (State.RETURNED, Act.SUBMIT): State.SUBMITTED,
    (State.WITHDRAWN, Act.SUBMIT): State.SUBMITTED,
    (State.REOPENED, Act.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Act.WITHDRAW): State.WITHDRAWN,
    (State.SUBMITTED, Act.RETURN): State.RETURNED,
    (State.SUBMITTED, Act.APPROVE): State.APPROVED,
    (State.APPROVED, Act.REOPEN): State.REOPENED,
}

CLERK = Circumstances(actor=1, roles=frozenset({"clerk"}), quarter_closed=False, editors=frozenset({1}))
REVIEWER = Circumstances(
    actor=2, roles=frozenset({"reviewer"}), quarter_closed=False, editors=frozenset({1}), reason="Q2 is missing"
)
OFFICE = Circumstances(
    actor=3, roles=frozenset({"office"}), quarter_closed=True, asked_by=4, reason="double count found"
)
ALLOWED = [
    pytest.param(State.DRAFT, Act.SUBMIT, CLERK, id="submit a draft"),
    pytest.param(State.RETURNED, Act.SUBMIT, CLERK, id="submit again"),
    pytest.param(State.WITHDRAWN, Act.SUBMIT, CLERK, id="submit after withdrawing"),
    pytest.param(State.REOPENED, Act.SUBMIT, CLERK, id="submit a correction"),
    pytest.param(State.SUBMITTED, Act.WITHDRAW, CLERK, id="withdraw"),
    pytest.param(State.SUBMITTED, Act.RETURN, REVIEWER, id="return"),
    pytest.param(State.SUBMITTED, Act.APPROVE, REVIEWER, id="approve"),
    pytest.param(State.APPROVED, Act.REOPEN, REVIEWER, id="reopen, quarter open"),
    pytest.param(State.APPROVED, Act.REOPEN, OFFICE, id="reopen, quarter closed"),
    pytest.param(State.APPROVED, Act.REOPEN, replace(OFFICE, quarter_closed=False, asked_by=None), id="office, open"),
]


def breach_of(state, act, given):
    with pytest.raises(WorkflowError) as refused:
        check_act(state, act, given=given)
    assert (refused.value.state, refused.value.act) == (state, act)
    return refused.value.breach


@pytest.mark.parametrize(("state", "act"), list(product(State, Act)))
def test_every_act_from_every_state_moves_or_is_refused(state, act):
    if (state, act) in MOVES:
        assert next_state(state, act) is MOVES[state, act]
        assert act in allowed_acts(state)
        return
    assert act not in allowed_acts(state)
    with pytest.raises(WorkflowError) as refused:
        next_state(state, act)
    assert refused.value.breach is Breach.NOT_FROM_HERE
    for given in (CLERK, REVIEWER, OFFICE):
        assert breach_of(state, act, given) is Breach.NOT_FROM_HERE


@pytest.mark.parametrize(("state", "act", "given"), ALLOWED)
def test_the_right_person_at_the_right_time_may_act(state, act, given):
    line = check_act(state, act, given=given)
    assert (line.source, line.act, line.target) == (state, act, MOVES[state, act])


@pytest.mark.parametrize(("state", "act", "given"), ALLOWED)
def test_text_codes_from_the_database_do_as_well(state, act, given):
    assert check_act(str(state.value), str(act.value), given=given).target == MOVES[state, act]


@pytest.mark.parametrize(("state", "act", "given"), ALLOWED)
@pytest.mark.parametrize("role", ["leader", "auditor", "system_administrator", "security_administrator", ""])
def test_other_roles_move_nothing(state, act, given, role):
    assert breach_of(state, act, replace(given, roles=frozenset({role}))) is Breach.WRONG_ROLE


@pytest.mark.parametrize(
    ("state", "act", "given", "breach"),
    [
        pytest.param(
            State.DRAFT, Act.SUBMIT, replace(CLERK, roles=frozenset({"reviewer"})), Breach.WRONG_ROLE, id="T5"
        ),
        pytest.param(State.SUBMITTED, Act.APPROVE, CLERK, Breach.WRONG_ROLE, id="T4 a clerk approves"),
        pytest.param(
            State.SUBMITTED, Act.APPROVE, replace(REVIEWER, actor=1), Breach.OWN_WORK, id="T6 approves what he typed"
        ),
        pytest.param(
            State.SUBMITTED,
            Act.APPROVE,
            replace(REVIEWER, editors=frozenset({1, 2, 9})),
            Breach.OWN_WORK,
            id="T6 typed any version since the last approval",
        ),
        pytest.param(
            State.SUBMITTED,
            Act.APPROVE,
            replace(REVIEWER, actor=1, roles=frozenset({"clerk", "reviewer"})),
            Breach.OWN_WORK,
            id="T6 both roles do not make two persons",
        ),
        pytest.param(State.SUBMITTED, Act.RETURN, replace(REVIEWER, reason=""), Breach.REASON_MISSING, id="no reason"),
        pytest.param(
            State.SUBMITTED, Act.RETURN, replace(REVIEWER, reason=" \u3000\n"), Breach.REASON_MISSING, id="blank reason"
        ),
        pytest.param(State.APPROVED, Act.REOPEN, replace(REVIEWER, reason=""), Breach.REASON_MISSING, id="reopen"),
        pytest.param(
            State.APPROVED, Act.REOPEN, replace(OFFICE, reason=""), Breach.REASON_MISSING, id="rule 9: reason"
        ),
        pytest.param(
            State.APPROVED, Act.REOPEN, replace(OFFICE, asked_by=None), Breach.NOT_CONFIRMED, id="T16 nobody asked"
        ),
        pytest.param(
            State.APPROVED, Act.REOPEN, replace(OFFICE, asked_by=3), Breach.NOT_CONFIRMED, id="T16 confirms himself"
        ),
        pytest.param(
            State.APPROVED,
            Act.REOPEN,
            replace(REVIEWER, quarter_closed=True, asked_by=4),
            Breach.WRONG_ROLE,
            id="rule 9: only the office reopens a closed quarter",
        ),
        pytest.param(State.DRAFT, Act.SUBMIT, replace(CLERK, blocking=1), Breach.BLOCKING_FINDINGS, id="findings"),
        pytest.param(State.DRAFT, Act.SUBMIT, replace(CLERK, unexplained=1), Breach.EXPLANATION_MISSING, id="red"),
        pytest.param(
            State.SUBMITTED, Act.APPROVE, replace(REVIEWER, blocking=1), Breach.BLOCKING_FINDINGS, id="found since"
        ),
    ],
)
def test_one_thing_amiss_is_refused_by_name(state, act, given, breach):
    assert breach_of(state, act, given) is breach


@pytest.mark.parametrize(
    ("state", "act", "given"),
    [case for case in ALLOWED if case.values[2] is not OFFICE and case.values[1] is not Act.REOPEN],
)
def test_a_closed_quarter_stands_still_except_under_correction(state, act, given):
    closed = replace(given, quarter_closed=True)
    assert breach_of(state, act, closed) is Breach.QUARTER_CLOSED  # T8
    assert check_act(state, act, given=replace(closed, correcting=True)).act is act


def test_an_open_quarter_is_not_reopened_under_the_rules_of_a_closed_one():
    """With the quarter open no second person is needed; with it closed the same circumstances do not do."""
    given = replace(OFFICE, quarter_closed=False, asked_by=None)
    assert check_act(State.APPROVED, Act.REOPEN, given=given).quarter is QuarterRule.OPEN
    assert breach_of(State.APPROVED, Act.REOPEN, replace(given, quarter_closed=True)) is Breach.NOT_CONFIRMED


def test_withdrawing_and_returning_do_not_wait_for_complete_figures():
    assert check_act(State.SUBMITTED, Act.WITHDRAW, given=replace(CLERK, blocking=3, unexplained=2))
    assert check_act(State.SUBMITTED, Act.RETURN, given=replace(REVIEWER, blocking=3, unexplained=2))


def test_the_first_broken_rule_is_named():
    """Everything is wrong; each repair brings the next rule to light, in the documented order."""
    given = Circumstances(
        actor=1, roles=frozenset(), quarter_closed=True, editors=frozenset({1}), blocking=1, unexplained=1
    )
    repairs = [
        (Breach.QUARTER_CLOSED, {"quarter_closed": False}),
        (Breach.WRONG_ROLE, {"roles": frozenset({"reviewer"})}),
        (Breach.OWN_WORK, {"actor": 2}),
        (Breach.BLOCKING_FINDINGS, {"blocking": 0}),
        (Breach.EXPLANATION_MISSING, {"unexplained": 0}),
    ]
    for breach, repair in repairs:
        assert breach_of(State.SUBMITTED, Act.APPROVE, given) is breach
        given = replace(given, **repair)
    assert check_act(State.SUBMITTED, Act.APPROVE, given=given).target is State.APPROVED


@pytest.mark.parametrize("state", State)
def test_figures_are_entered_only_in_editable_states(state):
    if state in EDITABLE:
        check_edit(state, given=CLERK)
        return
    with pytest.raises(WorkflowError) as refused:
        check_edit(state, given=CLERK)
    assert refused.value.breach is Breach.NOT_EDITABLE


@pytest.mark.parametrize(
    ("given", "breach"),
    [
        pytest.param(replace(CLERK, quarter_closed=True), Breach.QUARTER_CLOSED, id="T8 back-dated edit"),
        pytest.param(REVIEWER, Breach.WRONG_ROLE, id="a reviewer does not type"),
        pytest.param(OFFICE, Breach.QUARTER_CLOSED, id="nor does the office"),
    ],
)
def test_an_edit_is_refused_by_name(given, breach):
    with pytest.raises(WorkflowError) as refused:
        check_edit(State.RETURNED, given=given)
    assert refused.value.breach is breach


@pytest.mark.parametrize("state", sorted(EDITABLE))
def test_the_office_enters_from_a_returned_workbook_alone(state):
    office = replace(OFFICE, quarter_closed=False)
    check_edit(state, given=office, from_workbook=True)
    with pytest.raises(WorkflowError) as refused:
        check_edit(state, given=office)
    assert refused.value.breach is Breach.WRONG_ROLE


@pytest.mark.parametrize(
    ("state", "given", "breach"),
    [
        pytest.param(State.SUBMITTED, replace(OFFICE, quarter_closed=False), Breach.NOT_EDITABLE, id="on its way"),
        pytest.param(State.RETURNED, replace(OFFICE, quarter_closed=True), Breach.QUARTER_CLOSED, id="closed"),
        pytest.param(State.RETURNED, REVIEWER, Breach.WRONG_ROLE, id="a reviewer applies none"),
    ],
)
def test_a_workbook_passes_no_other_rule(state, given, breach):
    with pytest.raises(WorkflowError) as refused:
        check_edit(state, given=given, from_workbook=True)
    assert refused.value.breach is breach


def test_a_correction_in_a_closed_quarter_can_be_typed():
    check_edit(State.REOPENED, given=replace(CLERK, quarter_closed=True, correcting=True))


def test_the_table_keeps_its_own_promises():
    """No line is doubled; every state can be reached and left; who approves is never who types."""
    keys = [(line.source, line.act, line.quarter) for line in TRANSITIONS]
    assert len(keys) == len(set(keys))
    assert {line.source for line in TRANSITIONS} == set(State)
    assert {line.target for line in TRANSITIONS} | {State.DRAFT} == set(State)
    for line in TRANSITIONS:
        if line.target is State.APPROVED:
            assert line.second_person is SecondPerson.NOT_AN_EDITOR
            assert Role.CLERK not in line.roles
        if line.quarter is QuarterRule.CLOSED:
            assert line.needs_reason
            assert line.second_person is SecondPerson.CONFIRMED
    assert {line.act for line in TRANSITIONS} == set(Act)


def test_only_submitting_leads_out_of_an_editable_state():
    for state in EDITABLE:
        assert allowed_acts(state) == (Act.SUBMIT,)


def test_the_reference_page_is_current():
    """Written anew with python -m tests.engine.generate_states."""
    assert generate_states.PAGE.read_text(encoding="utf-8") == generate_states.page()


def test_the_reference_page_shows_every_line_and_every_state():
    page = generate_states.page()
    assert page.count("\n| ") == len(TRANSITIONS) + len(State) + 2
    for line in TRANSITIONS:
        assert f"| {line.source} | {line.act} | {line.target} |" in page
    assert {field.name for field in fields(TRANSITIONS[0])} == {
        "source", "act", "target", "roles", "quarter", "second_person", "needs_reason", "complete",
    }  # fmt: skip  # a new column of the table needs a column on the page
