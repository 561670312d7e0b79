"""Payables and batches: what goes into a batch, who lets it go, and what is taken back out."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils import translation

from talentmap.accounts.models import User
from talentmap.audit.models import AccessLog
from talentmap.money import actions
from talentmap.money.models import Payable, PaymentBatch
from talentmap.notices.models import Notice
from talentmap.ui.errors import Refused
from tests.factories import casework
from tests.factories import money as made
from tests.factories.people import TalentFactory

pytestmark = pytest.mark.django_db
AT = made.AT
State = Payable.State


def prepare(fund, **changes):
    values = {"by": made.staff(), "at": AT, "fund": fund, "quarter": made.QUARTER, **changes}
    return actions.prepare_batch(**values)


def states():
    return sorted(Payable.objects.values_list("state", flat=True))


# Payables ------------------------------------------------------------------------------------------------


def test_what_is_owed_goes_to_the_account_in_the_file():
    payable = made.payable(made.fund())
    talent = payable.application.applicant
    assert payable.payee_name == talent.bank_account_name
    assert (payable.bank_account, payable.account_last4) == (talent.bank_account, "0018")


def test_what_is_owed_once_is_owed_once():
    first = made.payable(made.fund(), key="same")
    again = made.payable(first.fund, application=first.application, key="same")
    assert again == first
    with pytest.raises(actions.KeyReused):
        made.payable(first.fund, amount=1, application=first.application, key="same")


def test_no_more_is_owed_than_is_committed():
    fund = made.fund()
    application = made.commit(fund, 3_000)
    made.payable(fund, 2_000, application=application)
    with pytest.raises(actions.Shortfall) as refusal:
        made.payable(fund, 1_001, application=application)
    assert (refusal.value.needed, refusal.value.available) == (3_001, 3_000)
    made.payable(fund, 1_000, application=application)


def test_it_is_to_be_paid_within_ten_working_days_of_the_rule_then_in_force():
    """From Thursday 2 April 2026; 4 to 6 April are off."""
    fund = made.fund(100_000)
    payable = made.payable(fund)
    assert payable.due_on == date(2026, 4, 17)
    casework.rules_in_force(on=AT.date(), pay=3)
    payable.refresh_from_db()
    assert payable.due_on == date(2026, 4, 17)
    assert made.payable(fund).due_on == date(2026, 4, 8)


def test_what_is_not_paid_by_then_is_overdue():
    fund = made.fund(100_000)
    due, paid = made.payable(fund), made.payable(fund)
    Payable.objects.filter(pk=paid.pk).update(state=State.PAID)
    assert not Payable.objects.overdue(date(2026, 4, 17)).exists()
    assert Payable.objects.overdue(date(2026, 4, 18)).get() == due


# Preparing -----------------------------------------------------------------------------------------------


def test_a_batch_takes_what_is_due_by_the_end_of_the_quarter():
    fund = made.fund(100_000)
    made.payable(fund)
    made.payable(fund, period_from=date(2025, 10, 1), period_to=date(2025, 12, 31))
    later = made.payable(fund, period_from=date(2026, 4, 1), period_to=date(2026, 6, 30))
    other = made.payable(made.fund())
    batch = prepare(fund).batch
    assert batch.lines.count() == 2
    assert {line.payable.state for line in batch.lines.all()} == {State.BATCHED}
    for left in (later, other):
        left.refresh_from_db()
        assert left.state == State.DUE


def test_payments_are_numbered_and_keep_their_account():
    batch = made.prepared(3)
    assert [line.position for line in batch.lines.all()] == [1, 2, 3]
    first = batch.lines.all()[0]
    assert first.reference == f"{batch.number}-0001"
    assert first.bank_account == first.payable.bank_account == "6228480402564890018"


def test_batches_of_a_quarter_are_counted():
    fund = made.fund(100_000, code="housing")
    made.payable(fund)
    assert prepare(fund).batch.number == "HOUSING-2026Q1-01"
    made.payable(fund)
    assert prepare(fund).batch.number == "HOUSING-2026Q1-02"


def test_without_an_account_a_payment_is_left_out_and_said():
    fund = made.fund(100_000)
    made.payable(fund)
    poor = made.ApplicationFactory(applicant=TalentFactory())
    left = made.payable(fund, application=made.commit(fund, 1_500, poor))
    prepared = prepare(fund)
    assert (prepared.batch.lines.count(), prepared.without_account) == (1, 1)
    left.refresh_from_db()
    assert left.state == State.DUE


def test_nothing_due_makes_no_batch():
    fund = made.fund(100_000)
    with pytest.raises(Refused):
        prepare(fund)
    poor = made.ApplicationFactory(applicant=TalentFactory())
    made.payable(fund, application=made.commit(fund, 1_500, poor))
    with pytest.raises(Refused, match="1"):
        prepare(fund)
    assert not PaymentBatch.objects.exists()


def test_who_may_not_prepares_none():
    with pytest.raises(PermissionDenied):
        prepare(made.fund(), by=made.director())


def test_those_who_release_are_told():
    chief = made.director()
    batch = made.prepared()
    assert Notice.objects.filter(recipient=chief, kind="batch_prepared", link=batch.get_absolute_url()).exists()
    actions.release_batch(by=chief, at=AT, batch=batch)
    assert Notice.objects.filter(recipient=batch.prepared_by, kind="batch_released").exists()


# Releasing -----------------------------------------------------------------------------------------------


def release(batch, **changes):
    return actions.release_batch(**{"by": made.director(), "at": AT, "batch": batch, **changes})


def test_another_person_releases_a_batch():
    batch = release(made.prepared())
    assert (batch.state, batch.released_at) == ("released", AT)


def test_whoever_prepared_it_does_not_release_it():
    person = made.both()
    batch = made.prepared(by=person)
    with pytest.raises(Refused):
        release(batch, by=person)
    batch.state, batch.released_by, batch.released_at = "released", person, AT
    with pytest.raises(IntegrityError, match="four_eyes"):
        batch.save()


def test_who_may_not_releases_none():
    with pytest.raises(PermissionDenied):
        release(made.prepared(), by=made.staff())


def test_a_batch_is_released_once():
    batch = made.prepared()
    release(batch)
    with pytest.raises(Refused):
        release(batch)


def test_a_batch_that_changed_since_it_was_seen_is_not_released():
    batch = made.prepared(2)
    with pytest.raises(Refused, match="3,000"):
        release(batch, expected_total=Decimal(1))
    assert release(batch, expected_total=Decimal(3_000)).state == "released"


def test_an_emptied_batch_is_not_released():
    batch = made.prepared(1)
    cancel(batch.lines.get().payable.application)
    with pytest.raises(Refused):
        release(batch)


# Cancelling ----------------------------------------------------------------------------------------------


def cancel(application, **changes):
    values = {"by": User.objects.system(), "at": AT, "application": application, "reason": "离职", **changes}
    return actions.cancel_payables(**values)


def test_a_single_payment_is_given_up_while_it_is_due_or_failed_only():
    payable = made.payable(made.fund(10_000))
    values = {"by": made.staff(), "at": AT, "payable": payable, "reason": "离职"}
    cancelled = actions.cancel_payable(**values)
    assert (cancelled.state, cancelled.state_reason) == ("cancelled", "离职")
    with pytest.raises(Refused):
        actions.cancel_payable(**values)
    with pytest.raises(Refused):
        actions.cancel_payable(**{**values, "payable": made.prepared(1).lines.get().payable})


def test_a_cancelled_batch_gives_its_payments_back():
    batch = made.prepared(2)
    actions.cancel_batch(by=made.staff(), at=AT, batch=batch, reason="账号有误")
    batch.refresh_from_db()
    assert (batch.state, batch.cancel_reason) == ("cancelled", "账号有误")
    assert states() == ["due", "due"]
    again = prepare(batch.fund).batch
    assert again.lines.count() == 2
    assert again.number != batch.number


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_batch_is_cancelled_for_a_reason(reason):
    with pytest.raises(Refused):
        actions.cancel_batch(by=made.staff(), at=AT, batch=made.prepared(), reason=reason)


def test_a_released_batch_is_not_cancelled():
    with pytest.raises(Refused):
        actions.cancel_batch(by=made.staff(), at=AT, batch=made.released(), reason="x")


def test_who_may_not_cancels_none():
    stranger = made.user_with("county_leader")
    with pytest.raises(PermissionDenied):
        actions.cancel_batch(by=stranger, at=AT, batch=made.prepared(), reason="x")


def test_payables_of_a_revoked_case_leave_the_prepared_batch():
    batch = made.prepared(2)
    gone, stays = batch.lines.all()
    result = cancel(gone.payable.application)
    assert [p.pk for p in result.cancelled] == [gone.payable_id]
    assert result.under_way == ()
    gone.refresh_from_db()
    assert (gone.outcome, gone.reason) == ("dropped", "离职")
    assert states() == ["batched", "cancelled"]
    assert list(release(batch).lines.filter(outcome="")) == [stays]


def test_what_the_bank_has_is_not_cancelled_but_reported():
    line = made.released(1).lines.get()
    result = cancel(line.payable.application)
    assert (result.cancelled, [p.pk for p in result.under_way]) == ((), [line.payable_id])


def test_only_later_periods_are_cancelled_after_a_departure():
    fund = made.fund()
    application = made.commit(fund, 3_000)
    first = made.payable(fund, application=application)
    later = made.payable(fund, application=application, period_from=date(2026, 4, 1), period_to=date(2026, 6, 30))
    assert cancel(application, after=first.period_to).cancelled == (later,)


# Correcting ----------------------------------------------------------------------------------------------


def correct(payable, **changes):
    values = {"name": "张三", "bank": "农行", "account": "6228 4804 0256 4890 999", **changes}
    payee = actions.Payee(**values)
    return actions.correct_payee(by=made.staff(), at=AT, payable=payable, payee=payee, reason="账号有误")


def test_a_corrected_payment_is_due_with_the_new_account():
    payable = correct(made.payable(made.fund()))
    assert (payable.bank_account, payable.account_last4) == ("6228480402564890999", "0999")


def test_no_new_number_keeps_the_old():
    assert correct(made.payable(made.fund()), account="").bank_account == "6228480402564890018"


def test_an_account_has_all_its_parts():
    poor = made.ApplicationFactory(applicant=TalentFactory())
    fund = made.fund()
    payable = made.payable(fund, application=made.commit(fund, 1_500, poor))
    with pytest.raises(Refused):
        correct(payable, account="")
    with pytest.raises(Refused):
        correct(payable, bank="")


def test_what_is_in_a_batch_is_not_corrected():
    with pytest.raises(Refused):
        correct(made.prepared(1).lines.get().payable)


# The bank file -------------------------------------------------------------------------------------------


def test_every_bank_file_is_logged():
    batch = made.released(2)
    person = made.staff()
    lines = actions.export_batch(by=person, at=AT, batch=batch)
    assert [line.bank_account for line in lines] == ["6228480402564890018"] * 2
    log = AccessLog.objects.get()
    assert (log.user, log.field, log.subject_id) == (person, "bank_account", str(batch.pk))
    assert batch.number in log.reason


def test_there_is_no_bank_file_before_release():
    with pytest.raises(Refused):
        actions.export_batch(by=made.staff(), at=AT, batch=made.prepared())
    with pytest.raises(PermissionDenied):
        actions.export_batch(by=made.user_with("county_leader"), at=AT, batch=made.released())


def test_a_quarter_is_said_in_words():
    with translation.override("en"):
        assert made.prepared(1).quarter_label == "2026, quarter 1"
