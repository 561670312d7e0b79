"""Two people at one questionnaire at the same moment. Each guard has its negative control."""

import pytest
from django.db import IntegrityError
from django.utils import timezone

from needs.surveys.questionnaires import actions
from needs.surveys.questionnaires.actions import drafting, publishing
from needs.surveys.questionnaires.models import Question, Version
from talentmap.ui.errors import Refused
from tests.factories.surveys import QuestionnaireFactory, VersionFactory
from tests.factories.surveys_questionnaires import document, draft, office, question
from tests.races import run_together, without

pytestmark = pytest.mark.django_db(transaction=True)


def errors_of(outcomes):
    return [outcome for outcome in outcomes if isinstance(outcome, Exception)]


def save_both(version):
    editors = [office(), office()]
    return run_together(
        lambda i: actions.save_draft(
            by=editors[i], at=timezone.now(), version=version, revision=0, document=document(question(f"q{i}"))
        ),
        2,
    )


def test_of_two_editors_who_save_at_once_one_is_told():
    version = draft()
    outcomes = save_both(version)
    (told,) = errors_of(outcomes)
    assert isinstance(told, actions.Stale)
    version.refresh_from_db()
    assert version.revision == 1
    (kept,) = (outcome for outcome in outcomes if outcome is not told)
    assert version.document == kept.document


def test_without_the_lock_and_the_revision_both_would_save(monkeypatch):
    """Negative control: the second one overwrites the first without a word."""
    version = draft()
    monkeypatch.setattr(drafting, "lock_draft", lambda version, revision: Version.objects.get(pk=version.pk))
    assert errors_of(save_both(version)) == []


def publish_both(version):
    people = [office(), office()]
    return run_together(
        lambda i: actions.publish(by=people[i], at=timezone.now(), version=version, revision=0, note=f"{i}"), 2
    )


def test_of_two_people_who_publish_at_once_one_is_told():
    version = draft()
    outcomes = publish_both(version)
    (told,) = errors_of(outcomes)
    assert isinstance(told, actions.Stale)
    version.refresh_from_db()
    assert version.is_published
    assert str(version.published_by) in str(told)
    assert Question.objects.filter(questionnaire=version.questionnaire).count() == 4


def test_without_the_locks_only_the_database_stops_the_second_one(monkeypatch):
    """Negative control: the loser runs into the trigger or a unique index instead of being told."""
    version = draft()
    monkeypatch.setattr(publishing, "lock_questionnaire", lambda row: row)
    monkeypatch.setattr(publishing, "lock_draft", lambda version, revision: Version.objects.get(pk=version.pk))
    (told,) = errors_of(publish_both(version))
    assert not isinstance(told, Refused)


def start_both(questionnaire):
    people = [office(), office()]
    return run_together(lambda i: actions.start_draft(by=people[i], at=timezone.now(), questionnaire=questionnaire), 2)


def test_of_two_drafts_that_are_begun_at_once_there_is_one():
    questionnaire = VersionFactory().questionnaire
    outcomes = start_both(questionnaire)
    assert errors_of(outcomes) == []
    assert outcomes[0] == outcomes[1]
    assert questionnaire.versions.filter(published_at=None).count() == 1


def test_without_the_lock_the_database_refuses_the_second_draft(monkeypatch):
    questionnaire = VersionFactory().questionnaire
    monkeypatch.setattr(drafting, "lock_questionnaire", lambda row: row)
    seen = drafting.newest
    monkeypatch.setattr(drafting, "newest", lambda row: row.versions.published().first() or seen(row))
    errors = errors_of(start_both(questionnaire))
    assert len(errors) == 1
    assert isinstance(errors[0], IntegrityError)


def test_without_lock_and_indexes_there_would_be_two(monkeypatch):
    questionnaire = VersionFactory().questionnaire
    monkeypatch.setattr(drafting, "lock_questionnaire", lambda row: row)
    monkeypatch.setattr(drafting, "newest", lambda row: row.versions.published().first())
    with without("needs_version", "needs_version_one_draft"), without("needs_version", "needs_version_number_unique"):
        assert errors_of(start_both(questionnaire)) == []
        assert questionnaire.versions.filter(published_at=None).count() == 2


def test_an_upload_and_an_editor_at_once_do_not_overwrite_each_other():
    questionnaire = QuestionnaireFactory()
    version = draft(questionnaire)
    people = [office(), office()]
    calls = [
        lambda: actions.save_draft(by=people[0], at=timezone.now(), version=version, revision=0, document=document()),
        lambda: actions.take_upload(
            by=people[1], at=timezone.now(), questionnaire=questionnaire, draft_revision=0, document=document()
        ),
    ]
    (told,) = errors_of(run_together(lambda i: calls[i](), 2))
    assert isinstance(told, actions.Stale)
    version.refresh_from_db()
    assert version.revision == 1


def test_saving_and_deleting_at_once_ends_in_one_of_the_two():
    version = draft()
    people = [office(), office()]
    calls = [
        lambda: actions.save_draft(by=people[0], at=timezone.now(), version=version, revision=0, document=document()),
        lambda: actions.delete_draft(by=people[1], at=timezone.now(), version=version),
    ]
    outcomes = run_together(lambda i: calls[i](), 2)
    assert not Version.objects.filter(pk=version.pk).exists()
    assert all(isinstance(error, Refused) for error in errors_of(outcomes))
