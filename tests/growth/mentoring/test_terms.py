"""Where a term ends: when the office may assess it and what becomes of the pair then."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from growth.mentoring import actions
from growth.mentoring.models import Mentor, Stipend
from talentmap.casework.models import Application
from talentmap.casework.states import State
from talentmap.ui.errors import Refused
from tests.factories import mentoring
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
END = date(2026, 8, 30)  # 26 weeks from 2 March 2026
WORDS = {"aims": "目标", "content": "内容", "duties": "职责"}


def assess(agreement, by, phase="final", on=END):
    return actions.assess_pair(
        by=by, at=moment(on), agreement=agreement, phase=phase, grade="excellent", comment="认真负责"
    )


def proposed(pair, on=END):
    """The next term, as the mentor alone has confirmed it."""
    first = END + timedelta(days=1)
    return actions.write_agreement(by=pair.mentor.user, at=moment(on), pair=pair, starts_on=first, weeks=26, **WORDS)


def page(client, user, name, *args):
    client.force_login(user)
    return client.get(reverse(f"mentoring:{name}", args=args))


# The office's final assessment


@pytest.mark.parametrize("on", [date(2026, 8, 16), date(2026, 8, 29)])
def test_the_office_does_not_pay_and_end_a_term_that_runs(office, pair, on):
    agreement = mentoring.agreed(pair)
    with pytest.raises(Refused, match="2026-08-30"):
        assess(agreement, office.staff, on=on)
    pair.refresh_from_db()
    assert pair.is_active
    assert not Stipend.objects.exists()
    for partner in (pair.talent.user, pair.mentor.user):
        assess(agreement, partner, on=on)


def test_on_its_last_day_the_whole_term_is_paid_and_the_pair_ends_with_it(office, pair):
    agreement = mentoring.agreed(pair)
    assess(agreement, office.staff, on=END)
    pair.refresh_from_db()
    assert (pair.state, pair.ended_on) == ("completed", END)
    assert Stipend.objects.get().payable.period_to == END


def test_a_pair_that_has_ended_early_need_not_wait_for_the_last_day(office, pair):
    agreement = mentoring.agreed(pair)
    early = date(2026, 4, 12)  # six weeks
    actions.end_pair(by=office.staff, at=moment(early), pair=pair, reason="other", note="协商")
    assess(agreement, office.staff, on=early)
    assert (Stipend.objects.get().weeks, Stipend.objects.get().amount) == (6, Decimal("346.15"))  # 3,000 × 6 / 52


def test_a_renewal_that_waits_for_the_other_side_survives_the_offices_grade(office, pair):
    first = mentoring.agreed(pair)
    draft = proposed(pair)
    assess(first, office.staff)
    assert Stipend.objects.get().amount == Decimal("1500.00")
    actions.confirm_agreement(by=pair.talent.user, at=moment(END), agreement=draft, version=draft.version)
    pair.refresh_from_db()
    assert (pair.state, pair.term_ends_on) == ("active", date(2027, 2, 28))


def test_a_renewal_taken_back_after_the_offices_grade_completes_the_pair(client, office, pair):
    first = mentoring.agreed(pair)
    draft = proposed(pair)
    assess(first, office.staff)
    told = "撤回后帮带关系即告完成"
    assert told in page(client, pair.mentor.user, "pair", pair.pk).content.decode()
    actions.take_agreement_back(by=pair.mentor.user, at=moment(date(2026, 9, 2)), agreement=draft)
    pair.refresh_from_db()
    assert (pair.state, pair.end_reason, pair.ended_on) == ("completed", "completed", date(2026, 9, 2))
    assert Mentor.objects.get(pk=pair.mentor_id).taken == 0
    assert Application.objects.get(pk=pair.application_id).state == State.CLOSED


def test_a_renewal_taken_back_before_the_offices_grade_ends_nothing(office, pair):
    first = mentoring.agreed(pair)
    draft = proposed(pair)
    for partner in (pair.talent.user, pair.mentor.user):
        assess(first, partner)
    actions.take_agreement_back(by=pair.mentor.user, at=moment(END), agreement=draft)
    pair.refresh_from_db()
    assert pair.is_active


@pytest.fixture
def just_over(office, mentor):
    """A pair whose term of four weeks has its last day today."""
    start = timezone.localdate() - timedelta(days=27)
    row = mentoring.pair(office, mentoring.talent(office), mentor, on=start)
    return row, mentoring.agreed(row, weeks=4, starts_on=start)


def test_the_form_of_the_final_grade_says_that_the_pair_ends(client, office, just_over):
    row, agreement = just_over
    assert "评价后帮带关系即告完成" in page(client, office.staff, "assess", agreement.pk, "final").content.decode()
    actions.write_agreement(
        by=row.mentor.user, at=timezone.now(), pair=row, starts_on=row.started_on + timedelta(days=28), weeks=4, **WORDS
    )
    text = page(client, office.staff, "assess", agreement.pk, "final").content.decode()
    assert "帮带关系即告完成" not in text
    assert "帮带关系继续" in text


def test_the_form_of_the_final_grade_counts_the_meetings_of_its_term(client, office, just_over):
    row, agreement = just_over
    mentoring.met(row, row.started_on + timedelta(days=3))
    following = mentoring.agreed(
        type(row).objects.select_related("talent__user", "mentor__user").get(pk=row.pk),
        weeks=4,
        starts_on=agreement.ends_on + timedelta(days=1),
    )
    mentoring.met(row, following.starts_on + timedelta(days=1))
    mentoring.met(row, following.starts_on + timedelta(days=2))
    text = page(client, office.staff, "assess", agreement.pk, "final").content.decode()
    assert "本期已开展并经双方确认的见面1次" in text


def test_before_the_last_day_the_office_reads_from_when_on_it_assesses(client, office, mentor):
    start = timezone.localdate() - timedelta(days=20)
    row = mentoring.pair(office, mentoring.talent(office), mentor, on=start)
    agreement = mentoring.agreed(row, weeks=4, starts_on=start)
    response = page(client, office.staff, "pair", row.pk)
    _midterm, final = response.context["terms"]
    assert [voice.url for voice in final.voices] == ["", "", ""]
    assert f"{agreement.ends_on:%Y-%m-%d}起可评价" in response.content.decode()


# The first day


def begins(pair, starts_on, on=None):
    return actions.write_agreement(
        by=pair.talent.user, at=moment(on) if on else moment(), pair=pair, starts_on=starts_on, weeks=26, **WORDS
    )


@pytest.mark.parametrize("typo", [date(2026, 6, 1), date(2062, 3, 2), date(9999, 12, 31), date(2026, 3, 1)])
def test_a_term_does_not_begin_in_another_year(pair, typo):
    with pytest.raises(Refused, match="between 2026-03-02 and 2026-05-31"):  # 90 days from 2 March
        begins(pair, typo)
    assert not pair.agreements.exists()
    assert begins(pair, date(2026, 5, 31)).starts_on == date(2026, 5, 31)


def test_the_90_days_count_from_today_or_from_the_end_of_the_term_before(pair):
    mentoring.agreed(pair)
    with pytest.raises(Refused, match="between 2026-08-31 and 2026-11-29"):
        begins(pair, date(2026, 11, 30))
    with pytest.raises(Refused, match="between 2026-08-31 and 2026-12-30"):
        begins(pair, date(2026, 12, 31), on=date(2026, 10, 1))
    assert begins(pair, date(2026, 12, 30), on=date(2026, 10, 1)).number == 2


def test_the_form_says_at_the_first_day_when_a_term_may_begin(client, pair):
    last = timezone.localdate() + timedelta(days=90)
    address = reverse("mentoring:agreement", args=[pair.pk])
    text = page(client, pair.talent.user, "agreement", pair.pk).content.decode()
    assert f"2026-03-02至{last:%Y-%m-%d}之间" in text
    sent = {"starts_on": "9999-12-31", "weeks": 26, **WORDS}
    response = client.post(address, sent)
    assert response.context["form"].errors["starts_on"] == [f"本期开始日应在2026-03-02至{last:%Y-%m-%d}之间。"]
    assert client.get(pair.get_absolute_url()).status_code == 200
    assert not pair.agreements.exists()
