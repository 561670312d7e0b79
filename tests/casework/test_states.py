"""The one transition table."""

import pytest

from talentmap.casework import states
from talentmap.casework.states import Action, State


def test_every_state_has_a_label_for_the_applicant_and_one_for_staff():
    assert set(states.APPLICANT_LABELS) == set(State)
    for state in State:
        assert str(states.applicant_label(state))
        assert str(states.staff_label(state))


def test_every_state_but_the_draft_is_reached_and_every_open_one_is_left():
    reached = {m.target for m in states.TRANSITIONS}
    assert reached == set(State) - {State.DRAFT}
    for state in states.OPEN_STATES:
        assert states.moves(state)


def test_no_row_is_there_twice():
    rows = [(m.source, m.action, m.target) for m in states.TRANSITIONS]
    assert len(rows) == len(set(rows))


def test_withdrawal_is_possible_in_every_open_state_and_in_no_other():
    sources = {m.source for m in states.TRANSITIONS if m.action == Action.WITHDRAW}
    assert sources == set(states.OPEN_STATES)


@pytest.mark.parametrize("state", [State.REFUSED, State.REJECTED, State.WITHDRAWN, State.REVOKED])
def test_what_is_final_is_final(state):
    assert states.moves(state) == ()
