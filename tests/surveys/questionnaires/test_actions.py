"""Questionnaires made, edited, published, archived; the question bank."""

import copy

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, ProgrammingError, transaction
from django.utils import timezone

from needs.surveys.questionnaires import actions, ready
from needs.surveys.questionnaires.documents import BadDocument
from needs.surveys.questionnaires.models import BankQuestion, Questionnaire, Version
from needs.surveys.reference import question_bank
from talentmap.audit.models import AuditEntry
from talentmap.ui.errors import Refused
from tests.factories.surveys import CHINESE, QuestionnaireFactory, VersionFactory
from tests.factories.surveys_questionnaires import bank_entry, document, draft, question

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


def made(staff, now, **values):
    values = {"title": "村民调查", "audience": "villagers"} | values
    return actions.make_questionnaire(by=staff, at=now, **values)


def published(staff, now, version, note=""):
    version.refresh_from_db()
    return actions.publish(by=staff, at=now, version=version, revision=version.revision, note=note)


def edited(staff, now, version, content):
    version.refresh_from_db()
    return actions.save_draft(by=staff, at=now, version=version, revision=version.revision, document=content)


def test_a_new_one_is_empty_with_a_form_id_of_its_own(staff, now):
    version = made(staff, now).versions.get()
    assert version.document["items"] == []
    assert version.document["settings"]["title"] == "村民调查"
    assert version.document["settings"]["form_id"] == f"questionnaire_{version.questionnaire_id}"
    assert not version.is_published


@pytest.mark.parametrize("code", ["villagers", "enterprises", "talents"])
def test_each_ready_questionnaire_can_be_made_and_published(staff, now, code):
    row = made(staff, now, document=ready.document(code))
    version = published(staff, now, row.versions.get())
    assert version.compiled["nodes"]
    assert row.questions.count() > 15


def test_nobody_else_makes_one(cadre, now):
    with pytest.raises(PermissionDenied):
        made(cadre, now)
    assert not Questionnaire.objects.exists()


def test_a_title_is_free_again_when_its_questionnaire_is_archived(staff, now):
    first = made(staff, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        made(staff, now)
    actions.archive(by=staff, at=now, questionnaire=first)
    made(staff, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.bring_back(by=staff, at=now, questionnaire=first)


def test_a_draft_is_saved_with_its_revision_and_the_history_names_no_answers(staff, now):
    version = made(staff, now).versions.get()
    saved = edited(staff, now, version, document())
    assert (saved.revision, len(saved.document["items"])) == (1, 4)
    entry = AuditEntry.objects.filter(table_name="needs_version", operation="update").latest("pk")
    assert entry.action == "needs.surveys.questionnaires.save_draft"
    assert "年龄" not in str(entry.changes)


def test_a_stale_revision_overwrites_nothing(staff, now):
    version = made(staff, now).versions.get()
    edited(staff, now, version, document())
    with pytest.raises(actions.Stale) as stale:
        actions.save_draft(by=staff, at=now, version=version, revision=0, document=document(question("mine")))
    assert stale.value.version.revision == 1
    assert "李经办" in str(stale.value)
    version.refresh_from_db()
    assert version.document == document()


def test_what_is_no_document_is_not_saved(staff, now):
    version = made(staff, now).versions.get()
    with pytest.raises(BadDocument):
        actions.save_draft(by=staff, at=now, version=version, revision=0, document={"items": 3})
    version.refresh_from_db()
    assert version.revision == 0


def test_publishing_keeps_one_row_for_each_question(staff, now):
    row = made(staff, now, document=document())
    version = published(staff, now, row.versions.get(), note="第一版")
    assert (version.number, version.note, version.published_by) == (1, "第一版", staff)
    assert list(row.questions.values_list("key", "kind", "position")) == [
        ("age", "integer", 0),
        ("sex", "select_one", 1),
        ("work", "select_one", 2),
        ("wish", "text", 3),
    ]


def test_a_published_version_never_changes(staff, now):
    version = published(staff, now, made(staff, now, document=document()).versions.get())
    for write in (
        lambda: Version.objects.filter(pk=version.pk).update(note="x"),
        lambda: Version.objects.filter(pk=version.pk).update(document={}),
        lambda: Version.objects.filter(pk=version.pk).delete(),
    ):
        with pytest.raises((InternalError, ProgrammingError, IntegrityError)), transaction.atomic():
            write()
    with pytest.raises(actions.Stale):
        edited(staff, now, version, document())
    with pytest.raises(Refused):
        actions.delete_draft(by=staff, at=now, version=version)


def test_questions_go_through_the_versions_under_their_ids(staff, now):
    """A new label or name keeps the row; what is left out is retired; another kind of answer is another question."""
    row = made(staff, now, document=document())
    first = published(staff, now, row.versions.get())
    second = actions.start_draft(by=staff, at=now, questionnaire=row)
    assert (second.number, second.document) == (2, first.document)
    content = copy.deepcopy(second.document)
    age, _sex, work, wish = content["items"]
    age["label"] = {CHINESE: "您今年多少周岁"}
    work["name"] = "job"
    wish["type"], wish["list"] = "select_one", "work"
    content["items"] = [work, age, wish]
    edited(staff, now, second, content)
    done = published(staff, now, second)
    rows = {question.key: question for question in row.questions.all()}
    assert rows["age"].label == {CHINESE: "您今年多少周岁"}
    assert rows["age"].first_version == first
    assert rows["work"].retired_at is None
    assert rows["work"].position == 0
    assert rows["sex"].retired_at == now
    assert rows["wish"].retired_at == now
    (new,) = set(rows) - {"age", "sex", "work", "wish"}
    assert rows[new].kind == "select_one"
    assert rows[new].first_version == done
    assert {node["id"] for node in done.compiled["nodes"]} >= {"age", "work", new}


def test_a_draft_with_problems_is_saved_but_not_published(staff, now):
    version = made(staff, now, document=document(question("why", relevant="${nobody} = 'x'"))).versions.get()
    with pytest.raises(Refused):
        published(staff, now, version)
    version.refresh_from_db()
    assert not version.is_published
    assert not version.questionnaire.questions.exists()


def test_the_same_again_is_no_new_version(staff, now):
    row = made(staff, now, document=document())
    published(staff, now, row.versions.get())
    again = actions.start_draft(by=staff, at=now, questionnaire=row)
    with pytest.raises(Refused):
        published(staff, now, again)


def test_only_one_draft_at_a_time(staff, now):
    row = made(staff, now)
    assert actions.start_draft(by=staff, at=now, questionnaire=row) == row.versions.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        draft(row, number=2)


def test_an_archived_questionnaire_gets_no_draft(staff, now):
    row = QuestionnaireFactory(archived_at=now)
    VersionFactory(questionnaire=row)
    with pytest.raises(Refused):
        actions.start_draft(by=staff, at=now, questionnaire=row)


def test_deleting_the_only_draft_deletes_the_questionnaire(staff, now):
    row = made(staff, now)
    assert actions.delete_draft(by=staff, at=now, version=row.versions.get())
    assert not Questionnaire.objects.exists()


def test_deleting_a_later_draft_leaves_the_published_versions(staff, now):
    row = made(staff, now, document=document())
    first = published(staff, now, row.versions.get())
    assert not actions.delete_draft(by=staff, at=now, version=actions.start_draft(by=staff, at=now, questionnaire=row))
    assert row.versions.get() == first


def test_an_upload_becomes_the_next_draft_or_replaces_the_one_that_was_seen(staff, now):
    row = made(staff, now, document=document())
    published(staff, now, row.versions.get())
    values = {"by": staff, "at": now, "questionnaire": row}
    new = actions.take_upload(document=document(question("a")), draft_revision=None, **values)
    assert (new.number, new.revision) == (2, 0)
    with pytest.raises(actions.Stale):
        actions.take_upload(document=document(question("b")), draft_revision=None, **values)
    replaced = actions.take_upload(document=document(question("b")), draft_revision=0, **values)
    assert (replaced.pk, replaced.revision) == (new.pk, 1)
    actions.delete_draft(by=staff, at=now, version=replaced)
    with pytest.raises(Refused):
        actions.take_upload(document=document(question("c")), draft_revision=1, **values)


def test_the_bank_keeps_a_question_with_its_own_lists_and_without_its_id(staff, now):
    item = question("work", "select_one", list="work", id="work_2")
    kept = actions.keep_in_bank(
        by=staff, at=now, title=" 职业 ", topic="基本情况", item=item, choices=document()["choices"]
    )
    assert (kept.title, kept.item.get("id"), set(kept.choices)) == ("职业", None, {"work"})


def test_the_bank_has_each_title_once(staff, now):
    bank_entry("性别")
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.keep_in_bank(by=staff, at=now, title="性别", topic="", item=question("a"), choices={})


def test_what_is_no_question_is_not_kept(staff, now):
    for item in (None, [], {"kind": "question"}, {"kind": "page", "name": "x"}):
        with pytest.raises(BadDocument):
            actions.keep_in_bank(by=staff, at=now, title="x", topic="", item=item, choices={})


def test_the_bank_is_renamed_and_emptied_by_editors_only(staff, cadre, now):
    entry = bank_entry()
    for act in (actions.rename_in_bank, actions.delete_from_bank):
        more = {"title": "x", "topic": ""} if act is actions.rename_in_bank else {}
        with pytest.raises(PermissionDenied):
            act(by=cadre, at=now, entry=entry, **more)
    assert actions.rename_in_bank(by=staff, at=now, entry=entry, title="性 别", topic="个人").topic == "个人"
    actions.delete_from_bank(by=staff, at=now, entry=entry)
    assert not BankQuestion.objects.exists()


def test_the_standard_questions_are_loaded_once_and_what_the_office_deletes_stays_deleted(staff, now):
    assert question_bank() == "13 questions in the bank"
    BankQuestion.objects.filter(title="性别").delete()
    BankQuestion.objects.filter(title="年龄段").update(title="年龄组")
    assert question_bank() == "12 questions in the bank"


def test_each_standard_question_can_be_published(staff, now):
    question_bank()
    for entry in BankQuestion.objects.all():
        content = document()
        content["items"], content["choices"] = [entry.item], entry.choices
        row = made(staff, now, title=entry.title, document=content)
        assert published(staff, now, row.versions.get()).is_published
