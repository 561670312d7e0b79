"""What the database itself refuses in the tables of loans."""

import pgtrigger

_CLOSING = "ARRAY['closed_at', 'closed_by_id', 'closed_why']"


def only_ever_closed() -> tuple[pgtrigger.Protect, ...]:
    """A product is as it was announced, for the contracts that rest on it: all it can be is closed, once."""
    return (
        pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        pgtrigger.Protect(
            name="only_closed",
            operation=pgtrigger.Update,
            condition=pgtrigger.Condition(
                f"OLD.closed_at IS NOT NULL OR to_jsonb(NEW) - {_CLOSING} IS DISTINCT FROM to_jsonb(OLD) - {_CLOSING}"
            ),
        ),
    )
