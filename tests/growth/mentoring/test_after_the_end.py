"""What belongs to the time of a pair is put in order after its end: meetings written down, corrected, cancelled."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import translation

from growth.mentoring import actions
from growth.mentoring.models import Meeting
from growth.mentoring.presentation import term_look
from talentmap.ui.errors import Refused
from tests.factories import mentoring
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
HELD, END, LATER = date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 12)


def words(day):
    return {"starts_at": moment(day), "minutes": 60, "format": "phone", "place": "", "topic": "月度计划",
            "content": "定了三月的计划", "next_steps": ""}  # fmt: skip


def end(pair):
    actions.end_pair(by=pair.talent.user, at=moment(END, 18), pair=pair, reason="moved", note="去成都工作")


@pytest.fixture
def planned(pair):
    """A meeting planned for the day before the pair ended, that nobody had written down by then."""
    values = {name: value for name, value in words(HELD).items() if name not in ("content", "next_steps")}
    meeting = actions.plan_meeting(by=pair.mentor.user, at=moment(), pair=pair, values=values)
    end(pair)
    meeting.refresh_from_db()
    assert meeting.state == "planned"
    return meeting


def page(client, user, name, *args):
    client.force_login(user)
    return client.get(reverse(f"mentoring:{name}", args=args))


def todo(client, user):
    ((_pair, _side, lines),) = page(client, user, "my_pairs").context["rows"]
    return [line for line in lines if "见面" in line]


def test_a_meeting_held_before_the_end_is_written_down_and_confirmed_after_it(client, pair, planned):
    shown = page(client, pair.talent.user, "meeting", planned.pk)
    assert reverse("mentoring:log_one", args=[planned.pk]) in shown.content.decode()
    assert todo(client, pair.talent.user) == ["补记2026-03-09的见面"]
    client.post(
        reverse("mentoring:log_one", args=[planned.pk]),
        words(HELD) | {"starts_at": "2026-03-09T10:00", "version": planned.version},
    )
    planned.refresh_from_db()
    assert planned.state == "logged"
    actions.confirm_meeting(by=pair.mentor.user, at=moment(LATER), meeting=planned, version=planned.version)
    assert Meeting.objects.get().state == "confirmed"


def test_one_that_was_not_held_is_cancelled_after_the_end(client, pair, planned):
    shown = page(client, pair.mentor.user, "meeting", planned.pk)
    assert reverse("mentoring:cancel_meeting", args=[planned.pk]) in shown.content.decode()
    client.post(reverse("mentoring:cancel_meeting", args=[planned.pk]), {"reason": "没有见成"})
    planned.refresh_from_db()
    assert (planned.state, planned.cancel_reason) == ("cancelled", "没有见成")
    assert todo(client, pair.talent.user) == []


def test_what_was_not_planned_is_written_down_too(client, pair):
    end(pair)
    address = reverse("mentoring:log_meeting", args=[pair.pk])
    assert address in page(client, pair.mentor.user, "pair", pair.pk).content.decode()
    client.post(address, words(END) | {"starts_at": "2026-03-10T15:00"})
    assert Meeting.objects.get().state == "logged"


def test_nothing_is_held_after_the_end(pair, planned):
    with pytest.raises(Refused, match="only meetings held by then"):
        actions.log_meeting(
            by=pair.talent.user, at=moment(LATER), pair=pair, values=words(date(2026, 3, 11)), meeting=planned
        )
    with pytest.raises(Refused, match="has ended"):
        actions.plan_meeting(by=pair.talent.user, at=moment(LATER), pair=pair, values=words(date(2026, 3, 20)))


def test_the_log_stays_between_the_two(office, pair, planned):
    for stranger in (office.staff, mentoring.mentor(office).user):
        with pytest.raises(PermissionDenied):
            actions.log_meeting(by=stranger, at=moment(LATER), pair=pair, values=words(HELD), meeting=planned)
        with pytest.raises(PermissionDenied):
            actions.cancel_meeting(by=stranger, at=moment(LATER), meeting=planned, reason="没有见成")


def test_what_the_other_objects_to_is_corrected_after_the_end(client, pair):
    written = mentoring.logged(pair, HELD)
    end(pair)
    writer, other = pair.talent.user, pair.mentor.user
    actions.object_to_meeting(by=other, at=moment(LATER), meeting=written, objection="只谈了半小时")
    assert todo(client, other) == []  # it waits for who wrote it
    assert todo(client, writer) == ["更正2026-03-09的见面记录"]
    shown = page(client, writer, "meeting", written.pk)
    assert reverse("mentoring:log_one", args=[written.pk]) in shown.content.decode()
    again = actions.log_meeting(
        by=writer, at=moment(LATER), pair=pair, values=words(HELD) | {"minutes": 30}, meeting=written
    )
    assert todo(client, writer) == []
    assert todo(client, other) == ["确认2026-03-09的见面记录"]
    actions.confirm_meeting(by=other, at=moment(LATER), meeting=again, version=again.version)
    assert todo(client, other) == []


def test_with_the_pair_its_agreement_is_no_longer_in_force(client, pair):
    mentoring.agreed(pair)
    end(pair)
    shown = page(client, pair.mentor.user, "pair", pair.pk).content.decode()
    assert "生效中" not in shown
    assert "提前结束" in shown[shown.index('id="agreement"') :].partition("</h3>")[0]


@pytest.mark.parametrize(
    ("state", "ended_on", "today", "word"),
    [
        ("active", None, date(2026, 8, 30), "In force"),  # the last of 26 weeks
        ("active", None, date(2026, 8, 31), "Term over"),
        ("completed", date(2026, 8, 30), date(2026, 9, 1), "Term over"),
        ("ended", END, date(2026, 9, 1), "Ended early"),
        ("ended", date(2026, 9, 1), date(2026, 9, 2), "Term over"),
    ],
)
def test_how_a_term_stands(pair, state, ended_on, today, word):
    row = mentoring.agreed(pair)
    pair.state, pair.ended_on = state, ended_on
    with translation.override("en"):
        assert term_look(row, pair, today).word == word
