"""What the database itself sees to about responses."""

import pgtrigger


class NotOnesOwnResponse(pgtrigger.Trigger):
    """Nobody reviews what they asked and wrote down themselves; a correction only makes it wait again."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert
    func = """
        IF (NEW.to_state <> 'pending' OR NEW.from_state = 'approved') AND EXISTS (
            SELECT 1 FROM needs_response r WHERE r.id = NEW.response_id AND r.interviewer_id = NEW.by_id)
        THEN
            RAISE EXCEPTION 'nobody reviews their own response'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'needs_reviewevent_not_ones_own';
        END IF;
        RETURN NEW;
    """


class KnowsItsChanges(pgtrigger.Trigger):
    """Whatever changes what a response counts as leaves it marked for the tallies, by whatever statement.

    Tallies take back what an earlier revision counted as: answers that change are a revision of their own.
    """

    when = pgtrigger.Before
    operation = pgtrigger.Update
    func = """
        IF NEW.answers IS DISTINCT FROM OLD.answers AND NEW.revision <= OLD.revision THEN
            RAISE EXCEPTION 'answers change only as a new revision'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'needs_response_corrected_as_revision';
        END IF;
        IF (NEW.state, NEW.version_id, NEW.township_id, NEW.age_band, NEW.occupation, NEW.sex, NEW.revision)
           IS DISTINCT FROM
           (OLD.state, OLD.version_id, OLD.township_id, OLD.age_band, OLD.occupation, OLD.sex, OLD.revision)
        THEN
            NEW.is_dirty := true;
        END IF;
        RETURN NEW;
    """
