"""What the two do together: agreement, meetings, plan, files, assessments, stipend, change, end."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from growth.mentoring import actions, tasks
from growth.mentoring.models import Agreement, Assessment, Meeting, Mentor, MentorRequest, Pair, PairFile, Stipend
from talentmap.casework.models import Application
from talentmap.casework.states import State
from talentmap.money.models import FundBalance, Payable
from talentmap.notices.models import Notice
from talentmap.ui.errors import Refused
from tests.factories import mentoring
from tests.factories.casework import MONDAY, moment, picture

pytestmark = pytest.mark.django_db
WORDS = {"aims": "目标", "content": "内容", "duties": "职责"}


# The agreement


def test_an_agreement_is_in_force_when_both_have_confirmed_the_same_words(pair):
    draft = actions.write_agreement(by=pair.talent.user, at=moment(), pair=pair, starts_on=MONDAY, weeks=26, **WORDS)
    assert not draft.is_in_force
    changed = actions.write_agreement(
        by=pair.mentor.user, at=moment(), pair=pair, starts_on=MONDAY, weeks=30, version=draft.version, **WORDS
    )
    assert changed.pk == draft.pk
    assert changed.talent_confirmed_at is None  # the talent confirmed other words
    with pytest.raises(Refused, match="changed in the meantime"):
        actions.confirm_agreement(by=pair.talent.user, at=moment(), agreement=changed, version=draft.version)
    done = actions.confirm_agreement(by=pair.talent.user, at=moment(), agreement=changed, version=changed.version)
    assert done.is_in_force
    assert done.ends_on == date(2026, 9, 27)  # 30 weeks from Monday, 2 March, end with a Sunday
    pair.refresh_from_db()
    assert pair.term_ends_on == done.ends_on


def test_nobody_changes_an_agreement_in_force(pair):
    done = mentoring.agreed(pair)
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Agreement.objects.filter(pk=done.pk).update(weeks=1)
    renewal = actions.write_agreement(
        by=pair.talent.user, at=moment(), pair=pair, starts_on=done.ends_on + timedelta(days=1), weeks=4, **WORDS
    )
    assert renewal.number == 2
    actions.take_agreement_back(by=pair.talent.user, at=moment(), agreement=renewal)
    assert Agreement.objects.count() == 1


@pytest.mark.parametrize(("weeks", "possible"), [(3, False), (4, True), (52, True), (53, False)])
def test_a_term_is_as_long_as_the_tariff_says(pair, weeks, possible):
    arguments = {"by": pair.talent.user, "at": moment(), "pair": pair, "starts_on": MONDAY, "weeks": weeks, **WORDS}
    if possible:
        assert actions.write_agreement(**arguments).weeks == weeks
    else:
        with pytest.raises(Refused, match="between 4 and 52"):
            actions.write_agreement(**arguments)


def test_strangers_and_the_office_write_no_agreement(office, pair):
    for stranger in (office.staff, mentoring.mentor(office).user):
        with pytest.raises(PermissionDenied):
            actions.write_agreement(by=stranger, at=moment(), pair=pair, starts_on=MONDAY, weeks=26, **WORDS)


# Meetings


def test_a_meeting_is_on_the_log_when_the_other_side_confirms_it(pair):
    written = mentoring.logged(pair, date(2026, 3, 10))
    with pytest.raises(PermissionDenied):
        actions.confirm_meeting(by=pair.talent.user, at=moment(), meeting=written, version=written.version)
    actions.confirm_meeting(by=pair.mentor.user, at=moment(), meeting=written, version=written.version)
    written.refresh_from_db()
    assert written.state == "confirmed"
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Meeting.objects.filter(pk=written.pk).update(content="别的")


def test_the_database_lets_nobody_confirm_their_own_words(pair):
    written = mentoring.logged(pair, date(2026, 3, 10))
    with pytest.raises(IntegrityError, match="confirmed_by_the_other"), transaction.atomic():
        Meeting.objects.filter(pk=written.pk).update(
            state="confirmed", confirmed_by=pair.talent.user, confirmed_at=moment()
        )


def test_what_is_not_right_is_corrected_by_who_wrote_it(pair):
    written = mentoring.logged(pair, date(2026, 3, 10))
    actions.object_to_meeting(by=pair.mentor.user, at=moment(), meeting=written, objection="只谈了半小时")
    values = {"starts_at": moment(date(2026, 3, 10)), "minutes": 30, "format": "on_site", "place": "茶厂",
              "topic": "直播", "content": "练了一场直播", "next_steps": ""}  # fmt: skip
    later = moment(date(2026, 3, 11))
    with pytest.raises(Refused):
        actions.log_meeting(by=pair.mentor.user, at=later, pair=pair, values=values, meeting=written)
    again = actions.log_meeting(by=pair.talent.user, at=later, pair=pair, values=values, meeting=written)
    assert (again.objection, again.minutes) == ("", 30)
    with pytest.raises(Refused, match="in the meantime"):  # confirmed is what was shown
        actions.confirm_meeting(by=pair.mentor.user, at=later, meeting=written, version=written.version)


def plan(pair, starts_at, at=None):
    values = {"starts_at": starts_at, "minutes": 60, "format": "phone", "place": "", "topic": "月度计划"}
    return actions.plan_meeting(by=pair.mentor.user, at=at or moment(), pair=pair, values=values)


def test_both_are_reminded_of_a_meeting_once(pair):
    plan(pair, moment(date(2026, 3, 20)))
    assert tasks.remind_of_meetings(at=moment(date(2026, 3, 18))) == 0
    for _twice in range(2):
        tasks.remind_of_meetings(at=moment(date(2026, 3, 19), 8))
    reminded = Notice.objects.filter(kind="mentoring_reminder").values_list("recipient", flat=True)
    assert sorted(reminded) == sorted([pair.talent.user.pk, pair.mentor.user.pk])


def test_a_meeting_lies_ahead_when_planned_and_behind_when_written_down(pair):
    with pytest.raises(Refused):
        plan(pair, moment(MONDAY, 9))
    with pytest.raises(Refused):
        mentoring.logged(pair, MONDAY - timedelta(days=1))


def test_a_cancelled_meeting_says_why(pair):
    meeting = plan(pair, moment(date(2026, 3, 20)))
    actions.cancel_meeting(by=pair.talent.user, at=moment(), meeting=meeting, reason="生病")
    with pytest.raises(Refused):
        actions.cancel_meeting(by=pair.talent.user, at=moment(), meeting=meeting, reason="生病")


# The plan and the files


def test_a_step_is_done_with_what_shows_it(pair):
    step = actions.add_step(by=pair.mentor.user, at=moment(), pair=pair, title="开网店", due_on=date(2026, 4, 1))
    with pytest.raises(Refused):
        actions.finish_step(by=pair.talent.user, at=moment(), step=step, evidence=" ")
    done = actions.finish_step(by=pair.talent.user, at=moment(), step=step, evidence="店铺链接")
    assert done.done_by == pair.talent.user
    with pytest.raises(Refused):
        actions.remove_step(by=pair.talent.user, at=moment(), step=step)
    actions.reopen_step(by=pair.mentor.user, at=moment(), step=step)
    actions.remove_step(by=pair.talent.user, at=moment(), step=step)


def test_files_are_judged_by_their_content_and_removed_by_their_owner(pair):
    fake = SimpleUploadedFile("plan.pdf", b"MZ not a pdf", content_type="application/pdf")
    with pytest.raises(Refused):
        actions.share_file(by=pair.talent.user, at=moment(), pair=pair, upload=fake)
    kept = actions.share_file(by=pair.talent.user, at=moment(), pair=pair, upload=picture())
    with pytest.raises(PermissionDenied):
        actions.remove_file(by=pair.mentor.user, at=moment(), file=kept)
    actions.remove_file(by=pair.talent.user, at=moment(), file=kept)
    assert not PairFile.objects.exists()


# Assessments and the stipend

END = date(2026, 8, 30)  # 26 weeks from 2 March 2026


def assess(agreement, by, phase="final", grade="excellent", on=END):
    return actions.assess_pair(by=by, at=moment(on), agreement=agreement, phase=phase, grade=grade, comment="很有收获")


def test_assessments_wait_for_their_time_and_are_given_once(office, pair):
    agreement = mentoring.agreed(pair)
    with pytest.raises(Refused, match="too early"):
        assess(agreement, pair.talent.user, "midterm", on=date(2026, 5, 30))
    assess(agreement, pair.talent.user, "midterm", on=date(2026, 6, 1))
    with pytest.raises(Refused, match="too early"):
        assess(agreement, pair.talent.user, on=date(2026, 8, 15))
    assess(agreement, pair.talent.user, on=date(2026, 8, 16))
    with pytest.raises(Refused, match="already"):
        assess(agreement, pair.talent.user)
    with pytest.raises(PermissionDenied):
        assess(agreement, mentoring.mentor(office).user)
    with pytest.raises(Exception, match="Cannot"), transaction.atomic():
        Assessment.objects.update(grade="unqualified")


def test_the_offices_final_grade_pays_the_stipend_and_completes_the_pair(office, pair):
    actions.set_account(
        by=pair.mentor.user,
        at=moment(),
        mentor=pair.mentor,
        bank_name="宜宾市商业银行",
        bank_account="6222 0000 1111 2222",
    )
    agreement = mentoring.agreed(pair)
    assess(agreement, office.staff)
    stipend = Stipend.objects.get()
    assert (stipend.weeks, stipend.amount) == (26, Decimal("1500.00"))  # half of the year's 3,000
    payable = stipend.payable
    assert (payable.payee_name, payable.account_last4) == (pair.mentor.name, "2222")
    assert payable.bank_account == "6222000011112222"
    assert FundBalance.objects.get(fund=office.fund, account="available").balance == Decimal(98_500)
    pair.refresh_from_db()
    assert (pair.state, pair.end_reason) == ("completed", "completed")
    assert Mentor.objects.get(pk=pair.mentor_id).taken == 0
    assert Application.objects.get(pk=pair.application_id).state == State.CLOSED


def test_an_unqualified_term_pays_nothing(office, pair):
    assess(mentoring.agreed(pair), office.staff, grade="unqualified")
    assert not Payable.objects.exists()


def test_without_money_nothing_is_assessed():
    office = mentoring.office(budget=1000)
    pair = mentoring.pair(office, mentoring.talent(office), mentoring.mentor(office))
    agreement = mentoring.agreed(pair)
    with pytest.raises(Refused, match=r"1,500\.00"):
        assess(agreement, office.staff)
    assert not Assessment.objects.exists()


def test_a_renewed_pair_goes_on_after_the_first_terms_assessment(office, pair):
    first = mentoring.agreed(pair)
    pair.refresh_from_db()
    mentoring.agreed(pair, starts_on=first.ends_on + timedelta(days=1))
    assess(first, office.staff)
    pair.refresh_from_db()
    assert pair.state == "active"
    assert pair.term_ends_on == date(2027, 2, 28)


# The end and the change


def test_an_early_end_says_why_frees_the_place_and_closes_the_case(office, pair):
    mentoring.agreed(pair)
    planned = plan(pair, moment(date(2026, 3, 20)))
    with pytest.raises(Refused, match="other side"):
        actions.end_pair(by=pair.talent.user, at=moment(), pair=pair, reason="mentor", note="他不愿意")
    actions.end_pair(by=pair.talent.user, at=moment(date(2026, 3, 10)), pair=pair, reason="moved", note="去成都工作")
    pair.refresh_from_db()
    assert (pair.state, pair.ended_on, pair.end_note) == ("ended", date(2026, 3, 10), "去成都工作")
    assert Mentor.objects.get(pk=pair.mentor_id).taken == 0
    planned.refresh_from_db()
    assert planned.state == "cancelled"
    assert Application.objects.get(pk=pair.application_id).state == State.CLOSED


def test_an_early_end_is_paid_for_the_weeks_that_were(office, pair):
    agreement = mentoring.agreed(pair)
    actions.end_pair(by=office.staff, at=moment(date(2026, 3, 10)), pair=pair, reason="other", note="协商")
    assess(agreement, office.staff, grade="qualified", on=date(2026, 3, 11))
    stipend = Stipend.objects.get()
    assert (stipend.weeks, stipend.amount) == (2, Decimal("76.92"))  # 2,000 × 2 / 52


def test_the_mentor_is_changed_when_another_has_accepted(office, pair):
    other = mentoring.mentor(office)
    actions.ask_for_change(by=pair.talent.user, at=moment(), pair=pair, reason="行业不同")
    request = actions.propose_change(by=office.staff, at=moment(), pair=pair, mentor=other)
    pair.refresh_from_db()
    assert pair.is_active
    actions.accept_request(by=other.user, at=moment(date(2026, 3, 4)), asked=request)
    pair.refresh_from_db()
    following = Pair.objects.active().get()
    assert (pair.end_reason, following.mentor, following.kind) == ("change", other, "practice")
    assert following.application == pair.application
    assert [each.taken for each in Mentor.objects.order_by("pk")] == [0, 1]
    assert Application.objects.get(pk=pair.application_id).state == State.APPROVED


def test_a_change_that_is_declined_or_refused_leaves_the_pair(office, pair):
    other = mentoring.mentor(office)
    actions.ask_for_change(by=pair.talent.user, at=moment(), pair=pair, reason="行业不同")
    request = actions.propose_change(by=office.staff, at=moment(), pair=pair, mentor=other)
    actions.decline_request(by=other.user, at=moment(), asked=request, reason="忙")
    assert not MentorRequest.objects.open().exists()
    actions.refuse_change(by=office.staff, at=moment(), pair=pair, reason="暂无合适人选")
    pair.refresh_from_db()
    assert pair.is_active
    assert pair.change_asked_at is None
