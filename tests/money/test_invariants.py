"""Whatever is booked in whatever order: the ledger sums to zero, balances are its sums, and nothing is overdrawn."""

from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from talentmap.accounts.models import User
from talentmap.money import actions, rules
from talentmap.money.models import CommitmentBalance, FundBalance, LedgerEntry, LedgerLine
from talentmap.ui.errors import Refused
from tests.factories import money as made

amounts = st.decimals(min_value="0.01", max_value="900", places=2)
steps = st.lists(
    st.tuples(
        st.sampled_from(["top_up", "reduce", "commit", "release", "pay", "recover", "repeat"]),
        amounts,
        st.integers(0, 2),
    ),
    max_size=25,
)


class Model:
    """The same bookkeeping in five lines of arithmetic."""

    def __init__(self):
        self.available = Decimal(0)
        self.committed = [Decimal(0)] * 3
        self.paid = [Decimal(0)] * 3

    def may(self, kind, amount, who):
        return {
            "top_up": True,
            "reduce": amount <= self.available,
            "commit": amount <= self.available,
            "release": amount <= self.committed[who],
            "pay": amount <= self.committed[who],
            "recover": amount <= self.paid[who],
        }[kind]

    def do(self, kind, amount, who):
        self.available += {"top_up": 1, "reduce": -1, "commit": -1, "release": 1, "recover": 1}.get(kind, 0) * amount
        self.committed[who] += {"commit": 1, "release": -1, "pay": -1}.get(kind, 0) * amount
        self.paid[who] += {"pay": 1, "recover": -1}.get(kind, 0) * amount


class TestLedger(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(steps)
    def test_every_sequence_keeps_the_books(self, sequence):
        fund = made.fund(0)
        people = [made.ApplicationFactory() for _ in range(3)]
        model, last = Model(), None
        for number, (kind, amount, who) in enumerate(sequence):
            if kind == "repeat":
                if last:
                    book(fund, people, *last)
                continue
            call = (kind, amount, who, f"{fund.code}:{number}")
            if model.may(kind, amount, who):
                book(fund, people, *call)
                model.do(kind, amount, who)
                last = call
            elif kind != "recover":  # of recoveries, claims keep count; the ledger's own guard is tested elsewhere
                with pytest.raises(Refused):
                    book(fund, people, *call)
        check(fund, people, model)


def book(fund, people, kind, amount, who, key):
    told = {"by": User.objects.system(), "at": made.AT, "fund": fund, "amount": amount, "key": key}
    if kind in ("top_up", "reduce"):
        actions.top_up(reason="x", kind="budget" if kind == "top_up" else "reduction", **told)
    else:
        act = made.pay if kind == "pay" else getattr(actions, kind)
        act(application=people[who], **told)


def check(fund, people, model):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    lines = LedgerLine.objects.filter(entry__fund=fund)
    assert (lines.aggregate(total=Sum("amount"))["total"] or 0) == 0
    for entry in LedgerEntry.objects.filter(fund=fund).prefetch_related("lines"):
        assert {line.account: line.amount for line in entry.lines.all()} == dict(
            rules.postings(entry.kind, entry.amount)
        )
    for row in FundBalance.objects.filter(fund=fund):
        total = lines.filter(account=row.account).aggregate(total=Sum("amount"))["total"] or 0
        assert row.balance == total
    balances = actions.balances(fund)
    assert balances["available"] == model.available
    assert balances["available"] == -sum(balances[a] for a in ("source", "committed", "paid", "recovered"))
    for application, committed, kept in zip(people, model.committed, model.paid, strict=True):
        assert actions.committed(fund, application) == committed
        row = CommitmentBalance.objects.filter(application=application).first()
        assert (row.kept if row else 0) == kept
