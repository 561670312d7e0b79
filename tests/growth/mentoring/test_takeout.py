"""What a person takes along of their mentoring, and what deletion asks and leaves."""

from datetime import date

import pytest

from growth.mentoring import actions
from growth.mentoring.models import MentoringApplication
from talentmap.people.erasure import CLEARINGS, hindrances
from talentmap.people.takeout import whole_file
from tests.factories import mentoring
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db


def test_the_copy_holds_goals_pairs_meetings_and_ones_own_assessment(office, pair):
    agreement = mentoring.agreed(pair)
    mentoring.met(pair, date(2026, 3, 10))
    for user, words in ((pair.talent.user, "很有收获"), (pair.mentor.user, "他的意见")):
        actions.assess_pair(
            by=user, at=moment(date(2026, 6, 1)), agreement=agreement, phase="midterm", grade="excellent", comment=words
        )
    values = [value for _part, _entry, value in whole_file(pair.talent)]
    assert "一年内把本村的茶卖出自己的品牌" in values
    assert "练了一场直播" in values
    assert "卖出五千斤茶" in values
    assert "很有收获" in values
    assert "他的意见" not in values


def test_a_mentor_takes_the_profile_along_without_the_invitation(office, mentor):
    person = mentoring.TalentFactory(user=mentor.user)
    assert "做了二十年茶叶。" in [value for _part, _entry, value in whole_file(person)]


def test_nobody_is_deleted_out_of_a_running_pair(office, pair):
    assert any(pair.mentor.name in reason for reason in hindrances(pair.talent))
    accompanying = mentoring.TalentFactory(user=pair.mentor.user)
    assert any("accompanies others" in reason for reason in hindrances(accompanying))


def test_deletion_forgets_what_the_person_wrote_of_themselves(office, pair):
    actions.end_pair(by=office.staff, at=moment(), pair=pair, reason="other", note="协商")
    assert not any(pair.mentor.name in reason for reason in hindrances(pair.talent))
    for clearing in CLEARINGS:
        clearing(by=office.staff, at=moment(), talent=pair.talent)
    assert MentoringApplication.objects.get().goals == ""


def test_deletion_takes_a_mentor_out_of_the_directory(office, mentor):
    person = mentoring.TalentFactory(user=mentor.user)
    for clearing in CLEARINGS:
        clearing(by=office.staff, at=moment(), talent=person)
    mentor.refresh_from_db()
    assert (mentor.state, mentor.name, mentor.bio, mentor.mobile) == ("left", "已注销", "", "")
