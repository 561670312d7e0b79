"""What the database itself does and refuses in the ledger, as SQL of triggers."""

import pgtrigger

# Balances exist from a fund's first moment, so that a line only ever updates them: a CHECK on an upsert would
# judge the line's amount instead of the new balance.
OPEN_BALANCES = """
    INSERT INTO talentmap_fundbalance (fund_id, account, balance)
    SELECT NEW.id, account, 0
    FROM unnest(ARRAY['source', 'available', 'committed', 'paid', 'recovered']) AS account;
    RETURN NULL;
"""

KEEP_BALANCES = """
    SELECT fund_id, application_id INTO entry FROM talentmap_ledgerentry WHERE id = NEW.entry_id;
    UPDATE talentmap_fundbalance SET balance = balance + NEW.amount
    WHERE fund_id = entry.fund_id AND account = NEW.account;
    IF entry.application_id IS NOT NULL AND NEW.account IN ('committed', 'paid', 'recovered') THEN
        INSERT INTO talentmap_commitmentbalance (fund_id, application_id, committed, paid, recovered)
        VALUES (entry.fund_id, entry.application_id, 0, 0, 0)
        ON CONFLICT (fund_id, application_id) DO NOTHING;
        UPDATE talentmap_commitmentbalance SET
            committed = committed + CASE WHEN NEW.account = 'committed' THEN NEW.amount ELSE 0 END,
            paid = paid + CASE WHEN NEW.account = 'paid' THEN NEW.amount ELSE 0 END,
            recovered = recovered + CASE WHEN NEW.account = 'recovered' THEN NEW.amount ELSE 0 END
        WHERE fund_id = entry.fund_id AND application_id = entry.application_id;
    END IF;
    RETURN NULL;
"""

SUMS = """
    SELECT coalesce(sum(amount), 0) AS total, coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS moved
    INTO sums FROM talentmap_ledgerline WHERE entry_id = {entry_id};
    SELECT amount INTO expected FROM talentmap_ledgerentry WHERE id = {entry_id};
    IF sums.total <> 0 OR sums.moved <> expected THEN
        RAISE EXCEPTION 'ledger entry % does not balance: sum %, moved % of %',
            {entry_id}, sums.total, sums.moved, expected USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""

KEEP_RECEIVED = """
    UPDATE talentmap_recovery SET
        received = received + NEW.amount,
        state = CASE WHEN received + NEW.amount = amount THEN 'settled' ELSE state END
    WHERE id = NEW.recovery_id;
    RETURN NULL;
"""


def append_only() -> pgtrigger.Protect:
    """Rows are inserted and never touched again."""
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


def only_by_triggers() -> pgtrigger.Protect:
    """Only another trigger may write: nobody sets a balance by hand."""
    return pgtrigger.Protect(
        name="only_by_ledger",
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Condition("pg_trigger_depth() = 0"),
    )


def after_insert(name: str, func: str, declare: list[tuple[str, str]] | None = None) -> pgtrigger.Trigger:
    """Run `func` for each row inserted."""
    return pgtrigger.Trigger(
        name=name, when=pgtrigger.After, operation=pgtrigger.Insert, func=func, declare=declare or []
    )


def balanced(entry_id: str) -> pgtrigger.Trigger:
    """At the end of the transaction the entry's lines must sum to zero and move exactly its amount."""
    return pgtrigger.Trigger(
        name="balanced",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        declare=[("sums", "record"), ("expected", "numeric")],
        func=SUMS.format(entry_id=entry_id),
    )
