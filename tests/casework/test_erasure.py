"""A person's deletion request and their applications."""

from pathlib import Path

import pytest

from talentmap.casework import actions, erasure
from talentmap.casework.models import Application, Document
from talentmap.casework.states import State
from talentmap.people.erasure import CLEARINGS, GUARDS
from tests.factories import casework as cases
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db


def forget(people):
    erasure.forget_drafts_and_documents(by=people.staff, at=moment(), talent=people.talent.talent)


def stored(settings):
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_it_is_registered():
    assert erasure.running_applications in GUARDS
    assert erasure.forget_drafts_and_documents in CLEARINGS


def test_a_running_application_stops_the_deletion_and_is_named(people):
    assert erasure.running_applications(people.talent.talent) == ""
    draft = cases.draft(people.talent)
    assert erasure.running_applications(people.talent.talent) == ""
    application = actions.submit(by=people.talent, at=moment(), application=draft)
    assert application.number in erasure.running_applications(people.talent.talent)
    actions.withdraw(by=people.talent, at=moment(), application=application)
    assert erasure.running_applications(people.talent.talent) == ""


def test_drafts_end_and_their_uploads_go(people, settings, django_capture_on_commit_callbacks):
    cases.draft(people.talent, cost=5000)
    with django_capture_on_commit_callbacks(execute=True):
        forget(people)
    assert Application.objects.get().state == State.WITHDRAWN
    document = Document.objects.get()
    assert (document.name, document.file.name) == ("", "")
    assert stored(settings) == []
    forget(people)


def test_what_proves_why_money_was_spent_stays(people, settings):
    cases.approved(people, cost=5000)
    forget(people)
    assert Document.objects.get().name == "plan.png"
    assert len(stored(settings)) == 1
