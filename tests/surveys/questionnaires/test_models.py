"""What the database refuses, and who sees what."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from needs.surveys.questionnaires.models import Question, Questionnaire, Version
from talentmap.accounts.permissions import Role
from tests.factories.accounts import TownshipFactory, UserFactory, user_with
from tests.factories.surveys import QuestionnaireFactory, VersionFactory, campaign_in
from tests.factories.surveys_questionnaires import bank_entry, draft

pytestmark = pytest.mark.django_db


def refused(constraint, make):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()


def test_a_version_number_is_given_once():
    version = VersionFactory()
    refused("needs_version_number_unique", lambda: VersionFactory(questionnaire=version.questionnaire, number=1))


def test_there_is_one_draft_at_a_time():
    row = draft().questionnaire
    refused("needs_version_one_draft", lambda: draft(row, number=9))


@pytest.mark.parametrize(
    "fields",
    [{"published_by": None}, {"published_at": None}, {"compiled": None}],
    ids=["nobody", "never", "nothing to run"],
)
def test_a_published_version_is_complete(fields):
    values = {"published_at": timezone.now(), "published_by": UserFactory(), "compiled": {}} | fields
    refused("needs_version_published_complete", lambda: VersionFactory(**values))


def test_a_key_is_never_given_to_two_questions():
    version = VersionFactory()
    values = {"questionnaire": version.questionnaire, "key": "age", "kind": "integer", "first_version": version}
    Question.objects.create(**values, retired_at=timezone.now())
    refused("needs_question_key_unique", lambda: Question.objects.create(**values))


def test_titles_in_use_and_in_the_bank_are_unique():
    QuestionnaireFactory(title="村民调查")
    QuestionnaireFactory(title="村民调查", archived_at=timezone.now())
    refused("needs_questionnaire_title_unique", lambda: QuestionnaireFactory(title="村民调查"))
    bank_entry("性别")
    refused("needs_bankquestion_title_unique", lambda: bank_entry("性别"))


def test_editors_see_all_and_cadres_what_is_asked_at_home():
    township = TownshipFactory()
    here, elsewhere, hidden = VersionFactory(), VersionFactory(), draft()
    campaign_in(township, TownshipFactory(), version=here)
    campaign_in(TownshipFactory(), version=elsewhere)
    cadre, staff = user_with(Role.TOWNSHIP_CADRE, region=township), user_with(Role.OFFICE_STAFF)
    leader = user_with(Role.COUNTY_LEADER)
    assert list(Questionnaire.objects.visible_to(cadre)) == [here.questionnaire]
    assert list(Version.objects.visible_to(cadre)) == [here]
    assert set(Version.objects.visible_to(staff)) == {here, elsewhere, hidden}
    assert not Version.objects.visible_to(leader).exists()
