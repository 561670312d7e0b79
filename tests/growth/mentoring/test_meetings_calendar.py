"""What a calendar needs to take a meeting in (RFC 5546): who publishes it, and that a cancelled one goes."""

from datetime import date

import pytest
from icalendar import Calendar

from growth.mentoring import actions
from tests.factories.casework import moment
from tests.growth.mentoring.test_pages import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(pair):
    values = {"starts_at": moment(date(2026, 3, 20)), "minutes": 60, "format": "phone", "place": "", "topic": "计划"}
    return actions.plan_meeting(by=pair.mentor.user, at=moment(), pair=pair, values=values)


def entry(client, meeting):
    calendar = Calendar.from_ical(page(client, meeting.pair.talent.user, "calendar", meeting.pk).content)
    (event,) = calendar.walk("VEVENT")
    return str(calendar["method"]), event


@pytest.mark.parametrize("sender", ["office@gaoxian.example", "人才中心 <office@gaoxian.example>"])
def test_the_office_is_the_organizer_of_a_published_meeting(client, settings, meeting, sender):
    settings.DEFAULT_FROM_EMAIL, settings.OFFICE_NAME = sender, "高县人才服务中心"
    method, event = entry(client, meeting)
    assert method == "PUBLISH"
    assert str(event["organizer"]) == "mailto:office@gaoxian.example"
    assert event["organizer"].params["CN"] == "高县人才服务中心"
    assert "attendee" not in event  # nobody is asked to answer a published entry


def test_a_cancelled_meeting_is_taken_out_by_the_same_organizer(client, settings, meeting):
    settings.DEFAULT_FROM_EMAIL = "office@gaoxian.example"
    _method, before = entry(client, meeting)
    actions.cancel_meeting(by=meeting.pair.mentor.user, at=moment(), meeting=meeting, reason="生病")
    method, after = entry(client, meeting)
    assert (method, str(after["status"])) == ("CANCEL", "CANCELLED")
    assert (after["uid"], str(after["organizer"])) == (before["uid"], "mailto:office@gaoxian.example")
    assert after["sequence"] > before["sequence"]
