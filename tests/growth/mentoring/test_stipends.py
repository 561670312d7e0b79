"""A stipend goes to the mentor, though the application is the talent's: account, batch, messages, copy."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from growth.mentoring import actions
from growth.mentoring.models import Stipend
from growth.mentoring.tariff import TARIFF_CODE, in_force, term_weeks
from growth.pathways import deeds
from talentmap.accounts.models import User
from talentmap.money import actions as money
from talentmap.money.models import BatchLine, Payable
from talentmap.money.rules import Quarter
from talentmap.notices.models import Notice
from talentmap.people.takeout import whole_file
from talentmap.ui.errors import Refused
from tests.factories import mentoring
from tests.factories import money as made
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
END = date(2026, 8, 30)  # 26 weeks from 2 March 2026
LATER = moment(date(2026, 10, 12))
ACCOUNT = "6222000011112222"


def account_of(mentor, number=ACCOUNT):
    actions.set_account(by=mentor.user, at=moment(), mentor=mentor, bank_name="宜宾市商业银行", bank_account=number)


@pytest.fixture
def stipend(office, pair):
    account_of(pair.mentor)
    return assessed(office, pair)


def assessed(office, pair):
    actions.assess_pair(
        by=office.staff,
        at=moment(END),
        agreement=mentoring.agreed(pair),
        phase="final",
        grade="excellent",
        comment="好",
    )
    return Stipend.objects.select_related("payable", "pair__mentor__user", "pair__talent__user").get(pair=pair)


def prepare(office):
    return money.prepare_batch(by=office.staff, at=LATER, fund=office.fund, quarter=Quarter(2026, 3)).batch


def differing(batch):
    return list(BatchLine.objects.filter(batch=batch).with_difference().filter(differs=True))


def paid(office, batch, **answered):
    money.release_batch(by=office.director, at=LATER, batch=batch)
    upload = made.upload(made.answer(batch.lines.get(), **answered))
    money.import_return(by=office.staff, at=LATER, batch=batch, upload=upload)


def test_the_mentors_own_account_is_as_in_the_file(client, office, stipend):
    batch = prepare(office)
    assert not stipend.payable.entered_by_hand
    assert differing(batch) == []
    client.force_login(office.director)
    response = client.get(reverse("money:batch_detail", args=[batch.pk]))
    assert stipend.pair.mentor.name in response.content.decode()
    assert response.context["sums"]["differing"] == 0


@pytest.mark.parametrize("column", ["bank_account", "bank_name", "name"])
def test_what_the_mentor_changed_since_is_marked(office, stipend, column):
    batch, mentor = prepare(office), stipend.pair.mentor
    if column == "bank_account":
        account_of(mentor, "6222000011117777")
    else:
        setattr(mentor, column, "另一个名称")
        mentor.save(update_fields=[column])
    assert [line.payable for line in differing(batch)] == [stipend.payable]


def test_an_account_entered_by_hand_is_marked_even_where_it_is_the_talents(office, stipend):
    talent = stipend.pair.talent
    money.correct_payee(
        by=office.staff, at=LATER, payable=stipend.payable, reason="更正",
        payee=money.Payee(talent.name, talent.bank_name or "农行", talent.bank_account or "6228480402564890018"),
    )  # fmt: skip
    assert len(differing(prepare(office))) == 1


def test_taken_from_the_file_it_is_the_mentors_account_that_was_entered_late(client, office, pair):
    payable = assessed(office, pair).payable
    assert not payable.has_account
    account_of(pair.mentor)
    client.force_login(office.staff)
    client.post(reverse("money:payable_from_file", args=[payable.pk]))
    payable = Payable.objects.get(pk=payable.pk)
    assert (payable.payee_name, payable.bank_account, payable.entered_by_hand) == (pair.mentor.name, ACCOUNT, False)


@pytest.mark.parametrize(("result", "kind"), [("成功", "payment_made"), ("失败", "payment_failed")])
def test_the_mentor_and_not_the_talent_is_told_of_the_payment(office, stipend, result, kind):
    paid(office, prepare(office), result=result)
    notice = Notice.objects.get(kind=kind)
    assert notice.recipient == stipend.pair.mentor.user
    assert notice.link == reverse("mentoring:own")


def test_the_copy_of_the_mentor_holds_the_payment_and_the_talents_does_not(office, stipend):
    mentor = mentoring.TalentFactory(user=stipend.pair.mentor.user)

    def words(talent):
        return [value for _part, _entry, value in whole_file(talent)]

    assert "1500.00" in words(mentor)
    assert "1500.00" not in words(stipend.pair.talent)


def test_the_talents_roadmap_does_not_count_the_mentors_money(office, stipend):
    paid(office, prepare(office))
    assert deeds.of(stipend.pair.talent, stipend.pair.talent.user, only="payment") == []


def test_a_person_is_counted_once_for_several_stipends(client, office, stipend):
    second = mentoring.pair(office, mentoring.talent(office), stipend.pair.mentor, on=date(2026, 3, 2))
    assessed(office, second)
    client.force_login(office.director)
    batch = prepare(office)
    sums = client.get(reverse("money:batch_detail", args=[batch.pk])).context["sums"]
    assert (sums["count"], sums["people"]) == (2, 1)


# Whoever has left


def left(pair):
    actions.leave_mentoring(by=pair.mentor.user, at=LATER, mentor=pair.mentor, reason="调离本县")


def page_of(client, user, name):
    client.force_login(User.objects.get(pk=user.pk))
    return client.get(reverse(f"mentoring:{name}"))


def test_who_has_left_corrects_the_account_of_a_stipend_that_came_back(client, office, stipend):
    user = stipend.pair.mentor.user
    paid(office, prepare(office), result="失败")
    left(stipend.pair)
    told = Notice.objects.get(recipient=user, kind="payment_failed")
    client.force_login(User.objects.get(pk=user.pk))
    shown = client.get(told.link).content.decode()
    assert reverse("mentoring:account") in shown
    assert "1,500.00" in shown
    response = client.post(
        reverse("mentoring:account"), {"bank_name": "高县农商银行", "bank_account": "6222000011117777"}
    )
    assert response.status_code == 302
    stipend.pair.mentor.refresh_from_db()
    assert (stipend.pair.mentor.bank_name, stipend.pair.mentor.bank_account_last4) == ("高县农商银行", "7777")


def test_who_has_left_enters_an_account_before_the_office_assesses(client, office, pair):
    agreement = mentoring.agreed(pair)
    actions.end_pair(by=office.staff, at=LATER, pair=pair, reason="other", note="协商")
    left(pair)
    assert page_of(client, pair.mentor.user, "account").status_code == 200
    actions.assess_pair(
        by=office.staff, at=LATER, agreement=agreement, phase="final", grade="unqualified", comment="未履职"
    )
    assert page_of(client, pair.mentor.user, "account").status_code == 302  # nothing is owed


def test_no_account_is_asked_of_who_is_owed_nothing(client, office):
    mentor = mentoring.applied(office)
    assert reverse("mentoring:account").encode() not in page_of(client, mentor.user, "own").content
    assert page_of(client, mentor.user, "account").status_code == 302


def test_after_the_payment_the_account_of_who_has_left_is_left_alone(client, office, stipend):
    paid(office, prepare(office))
    left(stipend.pair)
    assert "1,500.00" in page_of(client, stipend.pair.mentor.user, "own").content.decode()
    assert page_of(client, stipend.pair.mentor.user, "account").status_code == 302


# The tariff


def raised(office, valid_from, **amounts):
    """The next version of the tariff, in force from a day on."""
    before = in_force(valid_from)
    values = {**before, **{f"stipend.{grade}": Decimal(amount) for grade, amount in amounts.items()}}
    return money.add_version(
        by=office.director, at=LATER, code=TARIFF_CODE, valid_from=valid_from, values=values, note="新办法",
        expected_version=before.version,
    )  # fmt: skip


def test_a_term_is_paid_by_the_tariff_of_the_day_on_which_it_began(client, office, pair):
    raised(office, date(2026, 3, 3), excellent=6000)  # the day after the term began
    stipend = assessed(office, pair)
    assert (stipend.amount, stipend.tariff.version) == (Decimal(1500), 1)
    client.force_login(office.staff)
    shown = client.get(pair.get_absolute_url()).content.decode()
    assert "¥1,500.00（26周，按政策标准第1版）" in shown


def test_the_next_term_is_paid_by_the_tariff_in_force_when_it_begins(office, pair):
    raised(office, date(2026, 3, 3), excellent=6000)
    mentoring.agreed(pair)
    pair.refresh_from_db()
    second = mentoring.agreed(pair, starts_on=END + timedelta(days=1))
    actions.assess_pair(
        by=office.staff, at=moment(second.ends_on), agreement=second, phase="final", grade="excellent", comment="好"
    )
    stipend = Stipend.objects.get(agreement=second)
    assert (stipend.amount, stipend.tariff.version) == (Decimal(3000), 2)  # 6,000 × 26 / 52


def test_the_office_reads_what_each_grade_pays_before_it_assesses(client, office, pair):
    raised(office, date(2026, 3, 3), excellent=6000, qualified=5000)
    agreement = mentoring.agreed(pair)
    client.force_login(office.staff)
    address = reverse("mentoring:assess", args=[agreement.pk, "final"])
    lead = client.get(address).context["lead"]
    assert "本期26周，按2026-03-02施行的政策标准：优秀: ¥1,500.00、合格: ¥1,000.00。" in lead


def test_no_term_can_be_made_longer_than_the_year_that_a_stipend_is_for(office):
    values = {**in_force(END), "term.weeks_most": Decimal(53)}
    with pytest.raises(Refused, match="Between 1 and 52"):
        money.add_version(
            by=office.director, at=LATER, code=TARIFF_CODE, valid_from=END, values=values, note="新办法",
            expected_version=1,
        )  # fmt: skip


def test_a_version_that_once_allowed_more_than_a_year_allows_a_year_now():
    assert term_weeks({"term.weeks_least": Decimal(4), "term.weeks_most": Decimal(104)}) == (4, 52)
