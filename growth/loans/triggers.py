"""What the database itself refuses in the tables of loans."""

import pgtrigger


def only_ever_closed() -> tuple[pgtrigger.Protect, ...]:
    """A product is as it was announced, for the contracts that rest on it: all it can be is closed, once."""
    return _only_once("only_closed", "closed_at", "closed_by_id", "closed_why")


def only_ever_finished() -> tuple[pgtrigger.Protect, ...]:
    """A file is as the bank sent it: all that is added, once, is that every row has its line."""
    return _only_once("only_finished", "finished_at", "counts")


def _only_once(name: str, moment: str, *columns: str) -> tuple[pgtrigger.Protect, ...]:
    """Nothing of a row changes but these columns, and they no more once `moment` is set."""
    free = ", ".join(f"'{column}'" for column in (moment, *columns))
    return (
        pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        pgtrigger.Protect(
            name=name,
            operation=pgtrigger.Update,
            condition=pgtrigger.Condition(
                f"OLD.{moment} IS NOT NULL"
                f" OR to_jsonb(NEW) - ARRAY[{free}] IS DISTINCT FROM to_jsonb(OLD) - ARRAY[{free}]"
            ),
        ),
    )
