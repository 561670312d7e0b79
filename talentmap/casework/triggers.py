"""What the database itself refuses about applications."""

import pgtrigger

from talentmap.casework.states import Action

_STAFF_ACTIONS = (
    Action.ACCEPT,
    Action.REFUSE,
    Action.RETURN,
    Action.PASS_STAGE,
    Action.REJECT,
    Action.APPROVE,
    Action.REVOKE,
    Action.REASSIGN,
)


class NotOnesOwnCase(pgtrigger.Trigger):
    """Nobody decides on an application of their own, whatever roles they hold."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert
    func = f"""
        IF NEW.action IN ({", ".join(f"'{action.value}'" for action in _STAFF_ACTIONS)}) AND EXISTS (
            SELECT 1 FROM talentmap_application a JOIN talentmap_talent t ON t.id = a.applicant_id
             WHERE a.id = NEW.application_id AND t.user_id = NEW.by_id)
        THEN
            RAISE EXCEPTION 'nobody decides on their own application'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'talentmap_transition_not_ones_own_case';
        END IF;
        RETURN NEW;
    """  # noqa: S608
