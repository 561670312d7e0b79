"""What the database itself does in the tables of housing."""

import pgtrigger


def keep_talent() -> pgtrigger.Trigger:
    """A month is always its entitlement's person's, whoever writes it."""
    return pgtrigger.Trigger(
        name="keep_talent",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="SELECT talent_id INTO NEW.talent_id FROM support_entitlement WHERE id = NEW.entitlement_id; RETURN NEW;",
    )
