"""What was confirmed or shown to be done keeps its files as they were; a long pair goes on sharing them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from growth.mentoring import actions
from growth.mentoring.models import PairFile
from talentmap.casework import documents
from talentmap.ui.errors import Refused
from tests.factories import mentoring
from tests.factories.casework import moment, picture
from tests.growth.mentoring.test_pages import page, post

pytestmark = pytest.mark.django_db


def shared(pair, **to):
    return actions.share_file(by=pair.talent.user, at=moment(), pair=pair, upload=picture(), **to)


def removed(pair, file):
    actions.remove_file(by=pair.talent.user, at=moment(), file=file)


@pytest.fixture
def step(pair):
    return actions.add_step(by=pair.mentor.user, at=moment(), pair=pair, title="开网店", due_on=date(2026, 4, 1))


def test_a_confirmed_meeting_takes_no_further_file(client, pair):
    meeting = mentoring.logged(pair, date(2026, 3, 10))
    shared(pair, meeting=meeting)
    actions.confirm_meeting(by=pair.mentor.user, at=moment(), meeting=meeting, version=meeting.version)
    for user in (pair.talent.user, pair.mentor.user):
        post(client, user, "share_file", pair.pk, upload=picture(), meeting=meeting.pk)
        assert b'type="file"' not in page(client, user, "meeting", meeting.pk).content
    assert PairFile.objects.filter(meeting=meeting).count() == 1


def test_a_meeting_that_was_loaded_before_the_confirmation_takes_no_file(pair):
    before = mentoring.logged(pair, date(2026, 3, 10))
    actions.confirm_meeting(by=pair.mentor.user, at=moment(), meeting=before, version=before.version)
    assert before.state == "logged"  # as the page had it
    with pytest.raises(Refused):
        shared(pair, meeting=before)


def test_a_cancelled_meeting_takes_no_file(pair):
    values = {"starts_at": moment(date(2026, 3, 20)), "minutes": 60, "format": "phone", "place": "", "topic": "计划"}
    meeting = actions.plan_meeting(by=pair.mentor.user, at=moment(), pair=pair, values=values)
    shared(pair, meeting=meeting)
    actions.cancel_meeting(by=pair.mentor.user, at=moment(), meeting=meeting, reason="生病")
    with pytest.raises(Refused):
        shared(pair, meeting=meeting)


def test_what_shows_a_step_to_be_done_stays_while_it_is_done(client, pair, step):
    post(client, pair.talent.user, "share_file", pair.pk, upload=picture(), step=step.pk)
    proof = step.files.get()
    gone = reverse("mentoring:remove_file", args=[proof.pk]).encode()
    assert gone in page(client, pair.talent.user, "pair", pair.pk).content
    assert gone not in page(client, pair.mentor.user, "pair", pair.pk).content
    actions.finish_step(by=pair.talent.user, at=moment(), step=step, evidence="店铺已开")
    assert gone not in page(client, pair.talent.user, "pair", pair.pk).content
    with pytest.raises(Refused, match="stays"):
        removed(pair, proof)
    actions.reopen_step(by=pair.mentor.user, at=moment(), step=step)
    removed(pair, proof)
    actions.remove_step(by=pair.mentor.user, at=moment(), step=step)


def test_every_meeting_and_step_has_room_of_its_own(pair, step, monkeypatch):
    monkeypatch.setattr(documents, "MOST_DOCUMENTS", 1)
    meetings = [mentoring.logged(pair, date(2026, 3, 10) + timedelta(days=serial)) for serial in range(2)]
    places = [{}, {"milestone": step}, *({"meeting": meeting} for meeting in meetings)]
    for place in places:
        shared(pair, **place)
    for place in places:
        with pytest.raises(Refused, match="At most 1"):
            shared(pair, **place)
    assert PairFile.objects.count() == 4


def test_the_limits_speak_of_meetings_and_steps(client, pair):
    for name, pk in (("pair", pair.pk), ("meeting", mentoring.logged(pair, date(2026, 3, 10)).pk)):
        text = page(client, pair.talent.user, name, pk).content.decode()
        assert "每次见面、每项任务各最多 30 个文件" in text
        assert "每件申请" not in text
