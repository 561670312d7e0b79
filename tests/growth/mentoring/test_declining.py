"""Who declines is told what follows, and what of it the talent hears."""

import pytest

from growth.mentoring import actions
from growth.mentoring.models import MentorRequest
from tests.factories import mentoring
from tests.factories.casework import moment
from tests.growth.mentoring.test_pages import TODAY, page, post

pytestmark = pytest.mark.django_db


def said(client, asked):
    """What the page says after the mentor has declined."""
    response = post(client, asked.mentor.user, "decline", asked.pk, reason="春茶太忙")
    assert MentorRequest.objects.get(pk=asked.pk).state == "declined"
    return " ".join(str(message) for message in response.context["messages"])


def lead(client, asked):
    return page(client, asked.mentor.user, "decline", asked.pk).context["lead"]


def test_where_another_wish_is_left_the_next_mentor_is_asked(client, office, mentor):
    asked = mentoring.asked(office, mentoring.talent(office), mentor, mentoring.mentor(office), on=TODAY())
    assert "不告知申请人" in lead(client, asked)
    assert said(client, asked) == "已婉拒，现征求下一位导师。"
    assert MentorRequest.objects.open().count() == 1


def test_where_no_wish_is_left_the_office_looks_for_somebody(client, office, mentor):
    asked = mentoring.asked(office, mentoring.talent(office), mentor, on=TODAY())
    assert said(client, asked) == "已婉拒，将由本中心另行安排导师。"
    assert not MentorRequest.objects.open().exists()


def test_for_a_change_of_mentor_the_office_looks_and_nobody_is_asked(client, office, mentor):
    pair = mentoring.pair(office, mentoring.talent(office), mentor, on=TODAY())
    other = mentoring.mentor(office)
    actions.ask_for_change(by=pair.talent.user, at=moment(TODAY()), pair=pair, reason="行业不同")
    asked = actions.propose_change(by=office.staff, at=moment(TODAY()), pair=pair, mentor=other)
    assert "不告知申请人" in lead(client, asked)
    assert said(client, asked) == "已婉拒，将由本中心另行安排导师。"
    assert not MentorRequest.objects.open().exists()
