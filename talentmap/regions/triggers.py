"""What the database itself refuses about regions."""

import pgtrigger


class BelowItsParent(pgtrigger.Trigger):
    """A code begins with the significant digits of the region it belongs to: reach and figures count on it.

    Judged at the end of the transaction, because a township and its villages get their new codes one after another.
    """

    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.UpdateOf("code", "parent_id")
    timing = pgtrigger.Deferred
    func = """
        IF EXISTS (
            SELECT 1 FROM talentmap_region child JOIN talentmap_region parent ON parent.id = child.parent_id
             WHERE NEW.id IN (child.id, parent.id)
               AND NOT starts_with(child.code, regexp_replace(parent.code, '(000){1,2}$', '')))
        THEN
            RAISE EXCEPTION 'region % does not lie below its parent', NEW.code
                USING ERRCODE = 'check_violation', CONSTRAINT = 'talentmap_region_code_below_parent';
        END IF;
        RETURN NULL;
    """
