"""What the database itself refuses, whoever asks it: each constraint, violated."""

from pathlib import Path

import pgtrigger
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import translation

from talentmap.accounts.models import User
from talentmap.money import models
from talentmap.money.models import (
    BatchLine,
    CommitmentBalance,
    FundBalance,
    LedgerEntry,
    LedgerLine,
    Tariff,
    TariffValue,
)
from talentmap.ui.errors import reasons
from tests.factories import money as made

pytestmark = pytest.mark.django_db
AT = made.AT


def violates(name):
    return pytest.raises(IntegrityError, match=name)


def entry(fund, **changes):
    values = {"kind": "budget", "amount": 10, "at": AT, "by": User.objects.system(), "key": "e", **changes}
    return LedgerEntry.objects.create(fund=fund, **values)


def lines(of, **amounts):
    LedgerLine.objects.bulk_create(LedgerLine(entry=of, account=a, amount=n) for a, n in amounts.items())


def settle_constraints():
    """Have deferred triggers speak now, as at the end of a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# The ledger ----------------------------------------------------------------------------------------------


def test_an_entry_sums_to_zero():
    booked = entry(made.fund(0))
    lines(booked, source=-10, available=9)
    with violates("does not balance"):
        settle_constraints()


def test_an_entry_without_lines_is_none():
    entry(made.fund(0))
    with violates("does not balance"):
        settle_constraints()


def test_an_entry_moves_what_it_says():
    booked = entry(made.fund(0))
    lines(booked, source=-9, available=9)
    with violates("does not balance"):
        settle_constraints()


def test_lines_cannot_be_added_to_an_entry_later():
    fund = made.fund(10)
    LedgerLine.objects.create(entry=fund.entries.get(), account="committed", amount=5)
    with violates("does not balance"):
        settle_constraints()


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"amount": 0}, "talentmap_ledgerentry_moves_something"),
        ({"amount": -1}, "talentmap_ledgerentry_moves_something"),
        ({"kind": "payment"}, "talentmap_ledgerentry_names_its_application"),
        ({"kind": "magic"}, "talentmap_ledgerentry_names_its_application"),
    ],
)
def test_entries(changes, name):
    with violates(name):
        entry(made.fund(0), **changes)


def test_a_budget_belongs_to_no_application():
    with violates("talentmap_ledgerentry_names_its_application"):
        entry(made.fund(0), application=made.ApplicationFactory())


def test_a_key_is_unique():
    fund = made.fund(0)
    entry(fund)
    with violates("talentmap_ledgerentry_booked_once"):
        entry(fund)


def test_an_entry_touches_an_account_once():
    booked = entry(made.fund(0))
    lines(booked, source=-10)
    with violates("talentmap_ledgerline_one_an_account"):
        lines(booked, source=-10)


def test_a_line_is_not_zero():
    with violates("talentmap_ledgerline_not_zero"):
        lines(entry(made.fund(0)), source=0)


def test_a_fund_is_never_overdrawn():
    fund = made.fund(5)
    booked = entry(fund, kind="commitment", application=made.ApplicationFactory())
    with violates("talentmap_fundbalance_never_overdrawn"):
        lines(booked, available=-10, committed=10)


def test_no_more_is_paid_than_committed_for_an_application():
    fund = made.fund(500)
    made.commit(fund, 100)
    application = made.commit(fund, 5)
    booked = entry(fund, kind="payment", application=application)
    with violates("talentmap_commitmentbalance_never_overdrawn"):
        lines(booked, committed=-10, paid=10)


def test_no_more_is_recovered_than_was_paid():
    fund = made.fund(500)
    booked = entry(fund, kind="recovery", application=made.commit(fund, 100))
    with violates("talentmap_commitmentbalance_recovers_only_paid"):
        lines(booked, recovered=-10, available=10)


@pytest.mark.parametrize("model", [LedgerEntry, LedgerLine])
def test_the_ledger_is_only_added_to(model):
    made.fund(10)
    for attempt in (lambda: model.objects.update(amount=3), lambda: model.objects.all()._raw_delete("default")):
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
            attempt()


def test_balances_are_not_set_by_hand():
    made.commit(made.fund(10), 5)
    for attempt in (
        lambda: FundBalance.objects.update(balance=1_000),
        lambda: CommitmentBalance.objects.update(committed=0),
        lambda: FundBalance.objects.all().delete(),
        lambda: FundBalance.objects.create(fund=made.fund(0), account="paid"),
    ):
        with pytest.raises(DatabaseError, match="only_by_ledger"), transaction.atomic():
            attempt()


def test_a_fund_has_one_balance_of_an_account():
    fund = made.fund(0)
    guard = pgtrigger.ignore("talentmap.FundBalance:only_by_ledger")
    with guard, violates("talentmap_fundbalance_one_an_account"), transaction.atomic():
        FundBalance.objects.create(fund=fund, account="paid")


def test_an_application_has_one_commitment_of_a_fund():
    fund = made.fund(10)
    application = made.commit(fund, 5)
    guard = pgtrigger.ignore("talentmap.CommitmentBalance:only_by_ledger")
    with guard, violates("talentmap_commitmentbalance_one_an_application"), transaction.atomic():
        CommitmentBalance.objects.create(fund=fund, application=application)


def test_a_fund_code_is_unique():
    fund = made.fund(0)
    with violates("talentmap_fund_one_a_code"):
        made.FundFactory(code=fund.code)


# Tariffs -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "name"), [(1, "talentmap_tariff_one_a_version"), (0, "talentmap_tariff_versions_from_one")]
)
def test_tariff_versions(version, name):
    made.tariff()
    with violates(name):
        made.tariff(version=version)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"key": "months", "value": 1}, "talentmap_tariffvalue_one_a_key"),
        ({"key": "other", "value": -1}, "talentmap_tariffvalue_not_negative"),
    ],
)
def test_tariff_values(values, name):
    with violates(name):
        TariffValue.objects.create(tariff=made.tariff(), **values)


@pytest.mark.parametrize("change", [{"model": Tariff, "note": "x"}, {"model": TariffValue, "value": 9}])
def test_a_version_is_never_edited(change):
    made.tariff()
    model = change.pop("model")
    with pytest.raises(DatabaseError, match="append_only"):
        model.objects.update(**change)


# All of them ---------------------------------------------------------------------------------------------


def test_every_constraint_is_tested_and_has_words():
    source = "".join(file.read_text() for file in Path(__file__).parent.glob("test_*constraints.py"))
    for name in models.__all__:
        model = getattr(models, name)
        for constraint in (getattr(model, "_meta", None) and model._meta.constraints) or ():
            short = constraint.name.removeprefix("talentmap_recovery_")
            assert constraint.name in source or short in source, constraint.name
            assert constraint.violation_error_message != constraint.default_violation_error_message


def test_a_violation_is_told_in_words():
    fund = made.fund(0)
    with translation.override("en"), pytest.raises(IntegrityError) as violation, transaction.atomic():
        made.FundFactory(code=fund.code)
    with translation.override("en"):
        assert reasons(violation.value) == ["There is already a fund with this code."]


def test_account_numbers_never_reach_the_audit_history():
    from talentmap.audit.models import AuditEntry

    batch = made.prepared(1)
    payable = batch.lines.get().payable
    for table, pk in (("talentmap_payable", payable.pk), ("talentmap_batchline", batch.lines.get().pk)):
        rows = AuditEntry.objects.filter(table_name=table, row_id=str(pk))
        assert rows.exists()
        for row in rows:
            assert payable.bank_account not in str(row.changes)
            assert "gAAAA" not in str(row.changes)


def test_an_account_is_stored_encrypted():
    payable = made.payable(made.fund())
    with connection.cursor() as cursor:
        cursor.execute("SELECT bank_account FROM talentmap_payable WHERE id = %s", [payable.pk])
        stored = cursor.fetchone()[0]
    assert payable.bank_account not in stored
    assert BatchLine._meta.get_field("bank_account").sensitive
