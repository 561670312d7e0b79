"""A pair on the talent's roadmap: the shipped pathways know it without anybody's tick."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from growth.mentoring import actions, tasks
from growth.pathways import actions as roads
from growth.pathways.models import Pathway, PathwayMilestone, Tick
from growth.pathways.reference import shipped_pathways
from growth.pathways.tasks import catch_up_journeys, catch_up_talent
from talentmap.accounts.actions_members import end_role
from talentmap.casework import registry
from tests.factories import mentoring, pathways
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db


def test_a_pair_meets_the_milestone_of_having_a_mentor(office, mentor):
    shipped_pathways()
    person = mentoring.talent(office)
    founder = Pathway.objects.get(code="founder")
    journey = roads.start(by=person.user, at=moment(), talent=person, pathway=founder)
    assert not journey.ticks.filter(code="mentor").exists()
    mentoring.pair(office, person, mentor)
    catch_up_journeys()
    assert journey.ticks.get(code="mentor").part == "record"


def test_the_roadmap_knows_the_pair_at_once(office, mentor, queue, django_capture_on_commit_callbacks):
    shipped_pathways()
    person = mentoring.talent(office)
    journey = roads.start(by=person.user, at=moment(), talent=person, pathway=Pathway.objects.get(code="founder"))
    with django_capture_on_commit_callbacks(execute=True):
        mentoring.pair(office, person, mentor)
    assert queue == {person.pk}
    catch_up_talent(queue.pop())
    assert journey.ticks.get(code="mentor").part == "record"


def test_a_certificate_and_an_approval_are_read_at_once(office, queue, django_capture_on_commit_callbacks):
    shipped_pathways()
    person = mentoring.talent(office)
    roads.start(by=person.user, at=moment(), talent=person, pathway=Pathway.objects.get(code="founder"))
    with django_capture_on_commit_callbacks(execute=True):
        person.skills.create(name="电工", level="senior")
    assert queue == {person.pk}
    queue.clear()
    with django_capture_on_commit_callbacks(execute=True):
        mentoring.passed(office, person)
    assert queue == {person.pk}


def test_nothing_is_queued_for_whoever_has_no_roadmap(office, mentor, queue, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        mentoring.pair(office, mentoring.talent(office), mentor)
    assert queue == set()


@pytest.fixture
def queue(monkeypatch):
    """Whose roadmaps the worker is told to read again."""
    told = set()
    monkeypatch.setattr(catch_up_talent, "apply_async", lambda args, **options: told.add(*args))
    return told


def test_the_shipped_pathways_suggest_what_there_is_and_no_mentor_to_who_becomes_one(office):
    shipped_pathways()
    offered = {scheme.code for scheme in registry.all_schemes()}
    for milestone in PathwayMilestone.objects.all():
        assert set(milestone.services) <= offered, milestone.title
    assert all(milestone.services == [] for milestone in PathwayMilestone.objects.filter(code="give_back"))


def test_the_office_stands_in_for_a_mentor_who_lost_the_role(office, pair):
    journey = pathways.journey(pathways.Town(office.township), pathways.published(), pair.talent)
    waiting = pathways.ticked(journey, "plan")
    assert list(Tick.objects.waiting_for(pair.mentor.user)) == [waiting]
    assert not Tick.objects.waiting_for(office.staff).exists()
    with pytest.raises(PermissionDenied):
        roads.confirm(by=office.staff, at=moment(), tick=waiting)
    end_role(by=office.director, at=moment(), membership=pair.mentor.user.memberships.get(), reason="届满")
    assert list(Tick.objects.waiting_for(office.staff)) == [waiting]
    roads.confirm(by=office.staff, at=moment(), tick=waiting)
    assert waiting.answers.get().by == office.staff


def test_what_fails_in_the_night_is_logged_without_anybodys_name(office, pair, caplog, monkeypatch):
    mentoring.agreed(pair)
    monkeypatch.setattr(actions, "remind_to_assess", fails)
    tasks.remind_to_assess(at=moment(date(2026, 6, 1)))
    said = "\n".join(caplog.messages)
    assert "could not be brought up to date" in said
    assert pair.mentor.name not in said and pair.talent.name not in said


def fails(**_call):
    raise ValueError
