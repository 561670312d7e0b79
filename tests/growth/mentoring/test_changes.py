"""Another mentor only where one of the two wishes it; the talent may always say no; the answer stays to be read."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from growth.mentoring import actions
from growth.mentoring.models import MentorRequest, Pair
from talentmap.notices.models import Notice
from talentmap.people.takeout import whole_file
from talentmap.ui.errors import Refused
from tests.factories import mentoring
from tests.factories.casework import MONDAY, moment
from tests.growth.mentoring.test_pages import page, post

pytestmark = pytest.mark.django_db
REASON, ANSWER = "行业不同", "暂无懂茶叶的其他导师"


def wished(pair, by, **more):
    return actions.ask_for_change(by=by, at=moment(), pair=pair, reason=REASON, **more)


def told(user, kind):
    return Notice.objects.filter(recipient=user, kind=f"mentoring_{kind}").exists()


def words_of(client, user, pair):
    return page(client, user, "pair", pair.pk).content.decode()


# Nobody changes the mentor of two who are content


def test_the_office_replaces_no_mentor_whom_nobody_wishes_to_leave(client, office, pair):
    other = mentoring.mentor(office)
    post(client, office.staff, "change", pair.pk, mentor=other.pk)
    assert not MentorRequest.objects.open().exists()
    with pytest.raises(Refused, match="wishes another mentor"):
        actions.propose_change(by=office.staff, at=moment(), pair=pair, mentor=other)
    address = reverse("mentoring:change", args=[pair.pk])
    assert address not in words_of(client, office.staff, pair)
    assert not page(client, office.staff, "change", pair.pk).context["may_propose"]
    wished(pair, pair.talent.user)
    assert address in words_of(client, office.staff, pair)
    assert page(client, office.staff, "change", pair.pk).context["may_propose"]


def test_the_office_enters_whose_wish_it_was_and_both_are_told(client, office, pair):
    post(client, office.staff, "wish_change", pair.pk, reason=REASON)
    pair.refresh_from_db()
    assert pair.change_asked_at is None  # whose wish it is was not said
    post(client, office.staff, "wish_change", pair.pk, reason=REASON, whose="mentor")
    pair.refresh_from_db()
    assert (pair.change_side, pair.change_asked_by, pair.change_reason) == ("mentor", office.staff, REASON)
    for user in (pair.talent.user, pair.mentor.user):
        assert told(user, "change_entered")
        assert REASON in words_of(client, user, pair)


def test_the_office_names_one_of_the_two(office, pair):
    for whose in ("", "office", "somebody"):
        with pytest.raises(Refused, match="whose wish"):
            wished(pair, office.staff, whose=whose)


def test_the_present_mentor_hears_of_a_talents_wish_and_of_its_end(office, pair):
    wished(pair, pair.talent.user)
    assert told(pair.mentor.user, "change_entered")
    assert not told(pair.talent.user, "change_entered")
    actions.refuse_change(by=pair.talent.user, at=moment(), pair=pair, reason="想通了")
    assert told(pair.mentor.user, "change_refused")


def test_an_end_by_a_change_says_why(office, pair):
    other = mentoring.mentor(office)
    wished(pair, pair.mentor.user)
    request = actions.propose_change(by=office.staff, at=moment(), pair=pair, mentor=other)
    actions.accept_request(by=other.user, at=moment(), asked=request)
    pair.refresh_from_db()
    assert (pair.end_reason, pair.end_note, pair.change_side) == ("change", REASON, "mentor")


# Saying no


def test_a_talent_keeps_the_mentor_who_wished_to_go_and_the_other_is_asked_no_more(client, office, pair):
    other = mentoring.mentor(office)
    wished(pair, pair.mentor.user)
    request = actions.propose_change(by=office.staff, at=moment(), pair=pair, mentor=other)
    key = f"mentoring:asked:{request.pk}"
    notice = Notice.objects.get(recipient=pair.talent.user, key=key)
    assert notice.link == pair.get_absolute_url()
    shown = words_of(client, pair.talent.user, pair)
    assert other.name in shown
    assert reverse("mentoring:wish_change", args=[pair.pk]) in shown
    post(client, pair.talent.user, "wish_change", pair.pk, reason="愿意继续")
    with pytest.raises(Refused):
        actions.accept_request(by=other.user, at=moment(), asked=request)
    assert Pair.objects.active().get() == pair


def test_a_mentor_does_not_refuse_what_the_talent_wishes(client, office, pair):
    wished(pair, pair.talent.user)
    with pytest.raises(PermissionDenied):
        actions.refuse_change(by=pair.mentor.user, at=moment(), pair=pair, reason="不换")
    assert page(client, pair.mentor.user, "wish_change", pair.pk).status_code == 403
    assert reverse("mentoring:wish_change", args=[pair.pk]) not in words_of(client, pair.mentor.user, pair)


def test_a_mentor_takes_the_own_wish_back(client, pair):
    post(client, pair.mentor.user, "wish_change", pair.pk, reason=REASON)
    pair.refresh_from_db()
    assert pair.change_side == "mentor"
    post(client, pair.mentor.user, "wish_change", pair.pk, reason="可以继续")
    pair.refresh_from_db()
    assert (pair.change_asked_at, pair.change_side) == (None, "")


def test_the_township_wishes_nothing_for_others(office, pair):
    with pytest.raises(PermissionDenied):
        wished(pair, office.cadre, whose="talent")


# The answer


def test_the_talent_reads_why_there_is_no_other_mentor(client, office, pair):
    wished(pair, pair.talent.user)
    post(client, office.staff, "wish_change", pair.pk, reason=ANSWER)
    assert told(pair.talent.user, "change_refused")
    assert ANSWER in words_of(client, pair.talent.user, pair)
    assert ANSWER in [value for _part, _entry, value in whole_file(pair.talent)]
    pair.refresh_from_db()
    assert pair.change_answered_by == office.staff
    wished(pair, pair.talent.user)  # the next wish
    assert ANSWER not in words_of(client, pair.talent.user, pair)


def test_the_database_keeps_wish_and_answer_whole(office, pair):
    rows = Pair.objects.filter(pk=pair.pk)
    wish = {"change_asked_at": moment(), "change_asked_by": office.staff, "change_reason": REASON}
    for columns in ({"change_side": ""}, {"change_side": "office"}):
        with pytest.raises(IntegrityError, match="change_complete"), transaction.atomic():
            rows.update(**wish, **columns)
    answer = {"change_answered_at": moment(), "change_answered_by": office.staff}
    for columns in (answer, {"change_answer": ANSWER}, {**wish, **answer, "change_side": "talent"}):
        with pytest.raises(IntegrityError, match="answer_complete"), transaction.atomic():
            rows.update(**columns)
    assert pair.started_on == MONDAY
