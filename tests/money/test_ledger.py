"""The ledger: what each movement does to the balances, once a key, and what is refused."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Sum

from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.money import actions
from talentmap.money.models import CommitmentBalance, LedgerEntry, LedgerLine
from talentmap.ui.errors import Refused
from tests.factories import money as made
from tests.factories.accounts import user_with

pytestmark = pytest.mark.django_db
AT = made.AT


def told(**changes):
    return {"by": User.objects.system(), "at": AT, "key": "k1", **changes}


def test_a_new_fund_has_every_account_at_zero():
    balances = actions.balances(made.fund(0))
    assert balances == dict.fromkeys(("source", "available", "committed", "paid", "recovered"), 0)


def test_money_goes_from_budget_to_payment_and_back():
    fund = made.fund(10_000)
    application = made.commit(fund, 3_000)
    made.pay(**told(fund=fund, amount=Decimal(1_000), application=application, key="p"))
    actions.recover(**told(fund=fund, amount=Decimal(400), application=application, key="r"))
    actions.release(**told(fund=fund, amount=Decimal(500), application=application, key="f"))
    assert actions.balances(fund) == {
        "source": Decimal(-10_000),
        "available": Decimal(7_900),
        "committed": Decimal(1_500),
        "paid": Decimal(1_000),
        "recovered": Decimal(-400),
    }
    row = CommitmentBalance.objects.get(application=application)
    assert (row.committed, row.paid, row.recovered, row.kept) == (1500, 1000, -400, 600)


def test_each_entry_has_two_lines_that_sum_to_zero():
    fund = made.fund(10_000)
    made.commit(fund, 3_000)
    for entry in LedgerEntry.objects.filter(fund=fund):
        amounts = list(entry.lines.values_list("amount", flat=True))
        assert sorted(amounts) == [-entry.amount, entry.amount]


def test_a_key_books_once():
    fund = made.fund(10_000)
    application = made.ApplicationFactory()
    entries = [actions.commit(**told(fund=fund, amount=Decimal(10), application=application)) for _ in range(3)]
    assert len({entry.pk for entry in entries}) == 1
    assert actions.committed(fund, application) == 10


@pytest.mark.parametrize("other", [{"amount": Decimal(11)}, {"fund": "other"}, {"application": "other"}])
def test_a_key_is_never_used_for_something_else(other):
    fund = made.fund(10_000)
    application = made.ApplicationFactory()
    first = told(fund=fund, amount=Decimal(10), application=application)
    actions.commit(**first)
    replaced = {"fund": made.fund(50), "application": made.ApplicationFactory()}
    changes = {name: replaced.get(name) if value == "other" else value for name, value in other.items()}
    with pytest.raises(actions.KeyReused):
        actions.commit(**{**first, **changes})


def test_a_refused_commitment_says_what_is_missing():
    fund = made.fund(1_000, name="住房基金")
    with pytest.raises(actions.Shortfall) as refusal:
        actions.commit(**told(fund=fund, amount=Decimal("1500.50"), application=made.ApplicationFactory()))
    error = refusal.value
    assert (error.needed, error.available, error.missing) == (Decimal("1500.50"), 1000, Decimal("500.50"))
    assert isinstance(error, Refused)
    for part in ("住房基金", "¥1,000.00", "¥1,500.50", "¥500.50"):
        assert part in str(error)
    assert not LedgerEntry.objects.filter(kind="commitment").exists()


@pytest.mark.parametrize("act", [made.pay, actions.release])
def test_no_more_is_paid_or_released_than_was_committed(act):
    fund = made.fund(10_000)
    application = made.commit(fund, 100)
    made.commit(fund, 5_000)
    with pytest.raises(actions.Shortfall) as refusal:
        act(**told(fund=fund, amount=Decimal(101), application=application))
    assert (refusal.value.needed, refusal.value.available) == (101, 100)


@pytest.mark.parametrize("amount", ["0", "-5", "0.001", "NaN", "Infinity", "1000000000000"])
def test_an_absurd_amount_is_refused(amount):
    fund = made.fund(10_000)
    with pytest.raises(Refused):
        actions.commit(**told(fund=fund, amount=Decimal(amount), application=made.ApplicationFactory()))
    assert LedgerLine.objects.filter(entry__fund=fund).count() == 2


def test_a_fund_out_of_use_books_nothing():
    fund = made.fund(10_000)
    fund.is_active = False
    fund.save()
    with pytest.raises(Refused, match=fund.name):
        actions.commit(**told(fund=fund, amount=Decimal(10), application=made.ApplicationFactory()))


def test_the_rest_of_a_commitment_is_released_once():
    fund = made.fund(10_000)
    application = made.commit(fund, 3_000)
    args = told(fund=fund, application=application, keep=Decimal(1_000), key="rest")
    first = actions.release_rest(**args)
    assert first.amount == 2_000
    assert actions.release_rest(**args) == first
    assert actions.committed(fund, application) == 1_000
    assert actions.release_rest(**told(fund=fund, application=application, keep=Decimal(1_000), key="again")) is None


def test_topping_up_wants_permission_and_a_reason():
    fund = made.fund(0)
    args = {"at": AT, "fund": fund, "amount": Decimal(5), "key": "t"}
    with pytest.raises(PermissionDenied):
        actions.top_up(by=made.staff(), reason="x", **args)
    with pytest.raises(Refused):
        actions.top_up(by=made.director(), reason="  ", **args)
    assert actions.top_up(by=made.director(), reason="x", **args).memo == "x"


def test_budget_is_taken_back_only_as_far_as_it_is_free():
    fund = made.fund(1_000)
    made.commit(fund, 800)
    args = {"by": made.director(), "at": AT, "fund": fund, "reason": "调减", "kind": "reduction"}
    with pytest.raises(actions.Shortfall):
        actions.top_up(amount=Decimal(201), key="a", **args)
    actions.top_up(amount=Decimal(200), key="b", **args)
    assert actions.balances(fund)["available"] == 0
    assert actions.balances(fund)["source"] == -800


# Budget years ----------------------------------------------------------------------------------------------

LAST_YEAR, THIS_YEAR = AT.replace(year=2025, month=11), AT


def used_in_two_years():
    """2025: 10,000 of budget, 1,000 of top-up, 4,000 committed. 2026: 500 committed before anything is carried over."""
    fund, application, system = made.fund(0), made.ApplicationFactory(), User.objects.system()
    for kind, amount in (("budget", 10_000), ("top_up", 1_000)):
        actions.top_up(
            by=system, at=LAST_YEAR, fund=fund, amount=Decimal(amount), kind=kind, key=f"{fund.pk}:{kind}", reason="x"
        )
    for at, amount in ((LAST_YEAR, 4_000), (THIS_YEAR, 500)):
        actions.commit(
            by=system, at=at, fund=fund, amount=Decimal(amount), application=application, key=f"{fund.pk}:{at}"
        )
    return fund, application


def carry_over(fund, **changes):
    return actions.carry_over(**{"by": made.director(), "at": THIS_YEAR, "fund": fund, "reason": "结转", **changes})


def test_what_a_year_left_is_carried_over_and_counted_once():
    fund, _application = used_in_two_years()
    before = actions.balances(fund)
    entry = carry_over(fund)
    assert (entry.amount, entry.kind, entry.memo) == (7_000, "carry_over", "结转")
    assert actions.balances(fund) == before
    assert LedgerLine.objects.filter(entry__fund=fund).aggregate(total=Sum("amount"))["total"] == 0
    this, last = actions.budget_years(fund)
    assert (last.year, last.budget, last.topped_up, last.committed) == (2025, 10_000, 1_000, 4_000)
    assert (last.carried_out, last.left) == (7_000, 0)
    assert (this.year, this.budget, this.carried_over, this.committed, this.left) == (2026, 0, 7_000, 500, 6_500)
    assert this.left == before["available"]


def test_a_year_is_carried_over_once():
    fund, _application = used_in_two_years()
    carry_over(fund)
    with pytest.raises(Refused, match="2025"):
        carry_over(fund)
    assert LedgerEntry.objects.filter(kind__in=("carry_over", "carry_out")).count() == 2


def test_nothing_is_carried_over_where_nothing_is_left():
    with pytest.raises(Refused, match="2025"):
        carry_over(made.fund(1_000))


def test_carrying_over_wants_permission_and_a_reason():
    fund, _application = used_in_two_years()
    with pytest.raises(PermissionDenied):
        carry_over(fund, by=made.staff())
    with pytest.raises(Refused):
        carry_over(fund, reason=" ")


def test_no_budget_is_made_up_by_hand_as_if_carried_over():
    with pytest.raises(ValueError, match="carry_over"):
        actions.top_up(
            by=made.director(), at=AT, fund=made.fund(0), amount=Decimal(5), key="t", reason="x", kind="carry_over"
        )


def test_a_year_counts_what_was_paid_released_and_recovered_in_it():
    fund, application = used_in_two_years()
    made.pay(**told(fund=fund, amount=Decimal(1_000), application=application, key="p"))
    actions.recover(**told(fund=fund, amount=Decimal(400), application=application, key="r"))
    actions.release(**told(fund=fund, amount=Decimal(2_000), application=application, key="f"))
    actions.top_up(**told(fund=fund, amount=Decimal(300), kind="reduction", reason="x", key="m"))
    this = actions.budget_years(fund)[0]
    assert (this.budget, this.committed, this.paid, this.recovered) == (-300, -1_500, 1_000, 400)
    assert sum(year.left for year in actions.budget_years(fund)) == actions.balances(fund)["available"]


def test_the_budget_year_is_that_of_the_office_not_of_greenwich():
    fund = made.fund(0)
    new_year = datetime(2026, 1, 1, 0, 30, tzinfo=AT.tzinfo)
    actions.top_up(**told(fund=fund, amount=Decimal(5), reason="x", at=new_year))
    assert [year.year for year in actions.budget_years(fund)] == [2026]


def test_top_up_books_nothing_but_budget():
    with pytest.raises(ValueError, match="payment"):
        actions.top_up(
            by=made.director(), at=AT, fund=made.fund(0), amount=Decimal(5), key="t", reason="x", kind="payment"
        )


def test_a_fund_is_opened_once():
    args = {"by": User.objects.system(), "at": AT, "code": "housing", "name": "人才住房保障基金"}
    assert actions.open_fund(**args) == actions.open_fund(**{**args, "name": "other"})


def test_only_those_who_may_look_see_funds():
    fund = made.fund(10)
    assert list(type(fund).objects.visible_to(user_with(Role.COUNTY_LEADER))) == [fund]
    assert not type(fund).objects.visible_to(user_with(Role.TOWNSHIP_CADRE)).exists()
