"""What the database itself does in the tables of mentoring."""

from typing import Any

import pgtrigger


class CountPlaces(pgtrigger.Trigger):
    """Keep `mentor.taken` as the rows of this table that hold a place, those in the state `held`.

    It adds and subtracts rather than counts: an update waits for the one before it and then sees its result, where a
    count would see the rows as they were when it began.
    """

    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    declare = [("_before", "bigint := NULL"), ("_after", "bigint := NULL")]

    def __init__(self, *, held: str, name: str = "count_places") -> None:
        self.held = held
        super().__init__(name=name)

    def get_func(self, model: Any) -> str:
        return f"""
            IF TG_OP <> 'INSERT' AND OLD.state = '{self.held}' THEN _before := OLD.mentor_id; END IF;
            IF TG_OP <> 'DELETE' AND NEW.state = '{self.held}' THEN _after := NEW.mentor_id; END IF;
            IF _before IS DISTINCT FROM _after THEN
                UPDATE growth_mentor SET taken = taken - 1 WHERE id = _before;
                UPDATE growth_mentor SET taken = taken + 1 WHERE id = _after;
            END IF;
            RETURN NULL;
        """  # noqa: S608


def only_the_receiver() -> pgtrigger.Trigger:
    """A request is accepted by the mentor whom it went to, and by nobody else."""
    return pgtrigger.Trigger(
        name="only_the_receiver",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__state="accepted"),
        func="""
            IF NOT EXISTS (SELECT 1 FROM growth_mentor WHERE id = NEW.mentor_id AND user_id = NEW.answered_by_id) THEN
                RAISE EXCEPTION 'only the mentor who was asked accepts'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'growth_mentorrequest_only_the_receiver';
            END IF;
            RETURN NEW;
        """,
    )


def not_oneself() -> pgtrigger.Trigger:
    """Nobody is their own mentor."""
    return pgtrigger.Trigger(
        name="not_oneself",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            IF EXISTS (SELECT 1 FROM growth_mentor m JOIN talentmap_talent t ON t.user_id = m.user_id
                        WHERE m.id = NEW.mentor_id AND t.id = NEW.talent_id) THEN
                RAISE EXCEPTION 'nobody is their own mentor'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'growth_pair_not_oneself';
            END IF;
            RETURN NEW;
        """,
    )


def settled(name: str, **old: Any) -> pgtrigger.Protect:
    """A row that was settled is never changed again, nor removed."""
    return pgtrigger.Protect(
        name=name,
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Q(**{f"old__{key}": value for key, value in old.items()}),
    )
