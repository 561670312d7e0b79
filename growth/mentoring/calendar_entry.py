"""A meeting as an iCalendar file (RFC 5545), published by the office (RFC 5546, 3.2.1 and 3.2.5)."""

from datetime import UTC, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from growth.mentoring.models import Meeting


def entry(meeting: Meeting, address: str) -> bytes:
    """The same UID each time, so that a moved meeting moves in the calendar; a cancelled one is taken out."""
    calendar = Calendar()
    calendar.add("prodid", "-//Talentmap//Mentoring//ZH")
    calendar.add("version", "2.0")
    is_off = meeting.state == Meeting.State.CANCELLED
    calendar.add("method", "CANCEL" if is_off else "PUBLISH")
    event = Event()
    event.add("uid", f"mentoring-meeting-{meeting.pk}@talentmap")
    event.add("sequence", meeting.version + is_off)
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    event.add("summary", meeting.topic)
    event.add("dtstart", meeting.starts_at.astimezone(UTC))
    event.add("dtend", meeting.ends_at.astimezone(UTC))
    event.add("dtstamp", (meeting.logged_at or meeting.planned_at or meeting.starts_at).astimezone(UTC))
    event.add("location", meeting.place or str(meeting.get_format_display()))
    event.add("description", _("Mentoring: %(pair)s") % {"pair": meeting.pair})
    event.add("url", address)
    event.add("organizer", _organizer())
    event.add_component(_alarm())
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _organizer() -> vCalAddress:
    """The office, under the address that its messages come from: a published entry names somebody, and it asks nobody
    to answer."""
    office = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    office.params["CN"] = vText(settings.OFFICE_NAME)
    return office


def _alarm() -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _("Mentoring meeting"))
    alarm.add("trigger", timedelta(hours=-2))
    return alarm
