"""Whose word a tick waits for, and what a tick taken back says to whom."""

import pytest
from django.urls import reverse

from growth.pathways import actions, companions
from growth.pathways.models import Tick
from growth.pathways.parts import confirming_part, parts_of
from talentmap.accounts.permissions import Role
from talentmap.notices.models import Notice
from talentmap.ui.errors import Refused
from tests.factories import pathways
from tests.factories.accounts import give, user_with
from tests.factories.casework import moment
from tests.factories.pathways import milestone, stage, ticked
from tests.growth.pathways.pages import page, text

pytestmark = pytest.mark.django_db
WORDS = (
    stage("a", milestone("m", needs="mentor"), milestone("o", needs="office"), milestone("e", needs="either")),
    stage("b", milestone("z")),
)


def kinds_told(user):
    return sorted(Notice.objects.filter(recipient=user).values_list("kind", flat=True))


# What waits for the reader ----------------------------------------------------------------------------------------


def may_answer(reader):
    """Tick by tick, as the actions decide it."""
    return {
        tick.pk
        for tick in Tick.objects.waiting().select_related("journey__talent")
        if tick.journey.is_active
        and confirming_part(
            reader, parts_of(reader, tick.journey), tick, has_mentor=bool(companions.mentors_of(tick.journey.talent))
        )
    }


def test_what_waits_for_somebody_is_what_they_may_answer(town):
    version, other = pathways.published(*WORDS), pathways.Town()
    alone, over, far = town.another(), town.another(), other.another()
    both = user_with(Role.TOWNSHIP_CADRE, region=town.township)
    give(both, Role.MENTOR)
    with pathways.accompanied((town.mentor, town.talent), (both, far)):
        rows = [pathways.journey(town, version, each) for each in (town.talent, alone, over, far)]
        for row in rows:
            for code in "moe":
                ticked(row, code)
        actions.end(by=town.cadre, at=moment(), journey=rows[2], reason="外出")
        by_office = pathways.journey(town, version, town.another())
        ticked(by_office, "m", by=town.cadre)  # waits, and not for the one who ticked it
        readers = {
            "mentor": (town.mentor, 2), "cadre": (town.cadre, 2 + 3), "another cadre": (other.cadre, 2),
            "cadre and mentor": (both, 2 + 3 + 1 + 2), "staff": (town.staff, 2 + 3 + 1 + 2),
            "talent": (town.talent.user, 0), "leader": (user_with(Role.COUNTY_LEADER), 0),
        }  # fmt: skip
        for name, (reader, count) in readers.items():
            found = set(Tick.objects.waiting_for(reader).values_list("pk", flat=True))
            assert found == may_answer(reader), name
            assert len(found) == count, name


def test_a_mentor_is_not_called_for_what_waits_for_the_office(town, accompanied, signed_in):
    row = pathways.journey(town)
    ticked(row, "course")  # the office's to confirm
    response = page(signed_in(town.mentor), "mentees")
    assert "Nothing waits for your word" in text(response)
    assert response.context["list"].rows[0].waiting == 0
    ticked(row, "plan")
    response = page(signed_in(town.mentor), "mentees")
    assert "1 roadmap has a milestone to be confirmed" in text(response)
    assert "1 waits for you" in text(response)


def test_the_office_is_not_called_for_what_waits_for_a_mentor(town, accompanied, signed_in):
    row = pathways.journey(town)
    ticked(row, "plan")  # the mentor's to confirm
    client = signed_in(town.cadre)
    file_of_person = reverse("people:talent_detail", args=[town.talent.pk])
    assert "to be confirmed</a>" not in text(page(client, "list"))
    assert len(page(client, "list", waiting="1").context["list"].rows) == 0
    assert "waits for you" not in text(client.get(file_of_person))
    accompanied.pairs.clear()  # nobody accompanies any more: the office stands in
    assert "1 roadmap has a milestone to be confirmed" in text(page(client, "list"))
    assert len(page(client, "list", waiting="1").context["list"].rows) == 1
    assert "1 waits for you" in text(client.get(file_of_person))


# Taking back -------------------------------------------------------------------------------------------------------


def confirmed_by_mentor(town, by=None):
    tick = ticked(pathways.journey(town), "plan", by=by)
    actions.confirm(by=town.mentor, at=moment(), tick=tick)
    return tick


def test_what_the_office_takes_back_is_told_and_says_why(town, accompanied, signed_in):
    tick = confirmed_by_mentor(town)
    actions.withdraw(by=town.staff, at=moment(), tick=tick, note="证书系伪造")
    told = Notice.objects.get(recipient=town.talent.user, kind="pathway_taken_back")
    assert told.link == reverse("pathways:journey", args=[tick.journey_id])
    assert "证书" not in str(told.params)
    assert kinds_told(town.mentor) == ["pathway_taken_back", "pathway_waits"]
    assert kinds_told(town.staff) == []
    shown = text(page(signed_in(town.talent.user), "journey", tick.journey_id))
    assert "Taken back: 证书系伪造" in shown
    assert "Taken back: 证书系伪造" in text(page(signed_in(town.talent.user), "tick", tick.journey_id, "plan"))


def test_who_takes_back_their_own_is_not_told_and_who_no_longer_accompanies_neither(town, accompanied):
    own = ticked(pathways.journey(town), "visit")
    actions.withdraw(by=town.talent.user, at=moment(), tick=own)
    assert kinds_told(town.talent.user) == []
    tick = ticked(own.journey, "plan")
    actions.confirm(by=town.mentor, at=moment(), tick=tick)
    accompanied.pairs.clear()
    actions.withdraw(by=town.staff, at=moment(), tick=tick, note="有误")
    assert "pathway_taken_back" not in kinds_told(town.mentor)


def test_the_office_takes_its_own_confirmed_tick_back_for_a_reason_only(town, accompanied, signed_in):
    tick = confirmed_by_mentor(town, by=town.cadre)
    with pytest.raises(Refused, match="Say why"):
        actions.withdraw(by=town.cadre, at=moment(), tick=tick)
    address = reverse("pathways:answer", args=[tick.journey_id, tick.pk, "withdraw"])
    client = signed_in(town.cadre)
    assert "This field is required" in text(client.post(address, {"note": ""}))
    client.post(address, {"note": "录错了人"})
    answer = tick.answers.get(kind="withdrawn")
    assert (answer.note, answer.part) == ("录错了人", "office")
    waiting = ticked(tick.journey, "plan", by=town.cadre)  # nobody has said a word about it yet
    assert actions.withdraw(by=town.cadre, at=moment(), tick=waiting).note == ""
