"""Claims to get paid money back."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from talentmap.accounts.models import User
from talentmap.money import actions
from talentmap.money.models import CommitmentBalance, LedgerEntry, Recovery
from talentmap.ui.errors import Refused
from tests.factories import money as made

pytestmark = pytest.mark.django_db
AT = made.AT


def claim(of, **changes):
    values = {
        "by": User.objects.system(),
        "at": AT,
        "fund": of.fund,
        "application": of.application,
        "amount": Decimal(500),
        "reason": "离职",
        "key": "second",
        **changes,
    }
    return actions.open_recovery(**values)


def receive(recovery, amount, key="r1", **changes):
    values = {"by": made.staff(), "at": AT, "received_on": date(2026, 5, 6), **changes}
    return actions.receive(recovery=recovery, amount=Decimal(amount), key=key, **values)


def test_a_claim_is_opened_once_a_key():
    first = made.recovery(1_000, paid=3_000)
    second = claim(first)
    assert claim(first) == second
    with pytest.raises(actions.KeyReused):
        claim(first, amount=Decimal(501))


def test_no_more_is_claimed_than_was_paid_and_kept():
    first = made.recovery(1_000, paid=3_000)
    with pytest.raises(Refused, match="2,000"):
        claim(first, amount=Decimal("2000.01"))
    receive(first, 400)
    claim(first, amount=Decimal(2_000))


def test_a_claim_comes_in_in_parts():
    recovery = made.recovery(1_000)
    receive(recovery, 400)
    recovery.refresh_from_db()
    assert (recovery.state, recovery.outstanding) == ("open", 600)
    receive(recovery, 600, key="r2")
    recovery.refresh_from_db()
    assert (recovery.state, recovery.outstanding) == ("settled", 0)
    balances = actions.balances(recovery.fund)
    assert (balances["available"], balances["recovered"], balances["paid"]) == (1_000, -1_000, 3_000)
    assert CommitmentBalance.objects.get(application=recovery.application).kept == 2_000


def test_a_receipt_is_booked_once_a_key():
    recovery = made.recovery(1_000)
    assert receive(recovery, 400) == receive(recovery, 400)
    assert LedgerEntry.objects.filter(kind="recovery").count() == 1


def test_no_more_is_received_than_is_outstanding():
    recovery = made.recovery(1_000)
    with pytest.raises(Refused, match="1,000"):
        receive(recovery, 1_001)
    receive(recovery, 1_000)
    with pytest.raises(Refused):
        receive(recovery, 1, key="r2")


@pytest.mark.parametrize("amount", ["0", "-3", "0.001"])
def test_an_absurd_receipt_is_refused(amount):
    with pytest.raises(Refused):
        receive(made.recovery(), amount)


@pytest.mark.parametrize("changes", [{"amount": Decimal(0)}, {"reason": " "}])
def test_a_claim_has_an_amount_and_a_reason(changes):
    with pytest.raises(Refused):
        claim(made.recovery(), **changes)


def test_a_written_off_claim_moves_no_money_and_is_closed():
    recovery = made.recovery(1_000)
    receive(recovery, 100)
    before = actions.balances(recovery.fund)
    actions.write_off(by=made.director(), at=AT, recovery=recovery, reason="无力偿还")
    recovery.refresh_from_db()
    assert (recovery.state, recovery.close_reason) == ("written_off", "无力偿还")
    assert actions.balances(recovery.fund) == before
    for act in (lambda: receive(recovery, 1, key="r2"), lambda: write_off(recovery)):
        with pytest.raises(Refused):
            act()


def write_off(recovery, by=None, reason="x"):
    return actions.write_off(by=by or made.director(), at=AT, recovery=recovery, reason=reason)


def test_who_may_what():
    recovery = made.recovery()
    leader = made.user_with("county_leader")
    with pytest.raises(PermissionDenied):
        receive(recovery, 1, by=leader)
    with pytest.raises(PermissionDenied):
        write_off(recovery, by=made.staff())
    with pytest.raises(PermissionDenied):
        claim(recovery, by=leader)
    with pytest.raises(Refused):
        write_off(recovery, reason="")


def test_claims_are_seen_within_reach():
    recovery = made.recovery()
    assert list(Recovery.objects.visible_to(made.staff())) == [recovery]
    cadre = made.user_with("township_cadre", region=recovery.application.region)
    assert not Recovery.objects.visible_to(cadre).exists()


def test_a_claim_that_was_not_owed_is_withdrawn_and_leaves_room_for_the_right_one():
    recovery = made.recovery(3_000, paid=3_000)
    with pytest.raises(PermissionDenied):
        actions.withdraw_claim(by=made.user_with("county_leader"), at=AT, recovery=recovery, reason="x")
    actions.withdraw_claim(by=made.staff(), at=AT, recovery=recovery, reason="银行退汇")
    recovery.refresh_from_db()
    assert (recovery.state, recovery.close_reason) == ("withdrawn", "银行退汇")
    assert claim(recovery, amount=Decimal(1_000)).state == "open"
    with pytest.raises(Refused):
        write_off(recovery)
