"""The pages of the builder, of publishing and of the question bank."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from needs.surveys.questionnaires.models import BankQuestion
from talentmap.accounts.permissions import Role
from tests.factories.accounts import user_with
from tests.factories.surveys_questionnaires import bank_entry, document, draft, question
from tests.surveys.questionnaires.test_pages import published, url, workbook

pytestmark = pytest.mark.django_db


# builder --------------------------------------------------------------------------------------------------


def save(client, version, revision, content):
    body = {"revision": revision, "document": content}
    return client.post(url("draft_save", version.pk), body, content_type="application/json")


def test_the_builder_saves_and_tells_the_next_revision(as_user, staff):
    version = draft()
    answer = save(as_user(staff), version, 0, document(question("more")))
    assert (answer.status_code, answer.json()) == (200, {"revision": 1, "problems": []})


def test_problems_come_back_with_their_place(as_user, staff):
    group = {"kind": "group", "name": "g", "label": {}, "items": [question("why", relevant="${nobody} = 'x'")]}
    (problem,) = save(as_user(staff), draft(), 0, document(group)).json()["problems"]
    assert (problem["path"], problem["key"]) == ("4.0", "relevant")
    assert "nobody" in problem["text"]


def test_the_second_editor_is_told_who_was_faster(as_user, staff):
    version = draft()
    client, other = as_user(staff), as_user(user_with(Role.OFFICE_STAFF))
    save(client, version, 0, document())
    answer = save(other, version, 0, document(question("theirs")))
    assert answer.status_code == 409
    assert "李经办" in answer.json()["reasons"][0]
    version.refresh_from_db()
    assert version.document == document()


def test_saving_what_was_published_or_deleted_meanwhile_is_told(as_user, staff):
    version = published(staff)
    assert save(as_user(staff), version, 0, document()).status_code == 409
    gone = draft()
    pk = gone.pk
    gone.delete()
    gone.pk = pk
    assert save(as_user(staff), gone, 0, document()).status_code == 404


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "null", "[" * 50_000, '{"revision": 0}', '{"revision": "0", "document": {}}',
     '{"revision": true, "document": {}}', '{"revision": 0, "document": {"items": 1}}',
     '{"revision": 0, "document": {"items": [{"kind": "question", "name": "\\u0000", "type": "text"}]}}',
     '{"revision": 0, "document": {"items": [{"kind": "question", "name": "\\ud800", "type": "text"}]}}',
     '{"revision": NaN, "document": {}}', "x" * 3_000_000],
)  # fmt: skip
def test_hostile_json_is_answered_with_reasons(as_user, staff, body):
    version = draft()
    answer = as_user(staff).post(url("draft_save", version.pk), body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["reasons"]
    version.refresh_from_db()
    assert version.revision == 0


def test_a_form_sent_to_the_address_for_json_is_answered_with_reasons(as_user, staff):
    client = as_user(staff)
    for address in (url("draft_save", draft().pk), url("bank_keep")):
        answer = client.post(address, {"revision": "0", "file": workbook()})
        assert (answer.status_code, len(answer.json()["reasons"])) == (400, 1)


def test_a_revision_beyond_all_numbers_is_only_stale(as_user, staff):
    assert save(as_user(staff), draft(), 10**40, document()).status_code == 409


def test_the_builder_of_a_published_version_leads_back(as_user, staff):
    version = published(staff)
    assert as_user(staff).get(url("builder", version.pk)).url == url("questionnaire", version.questionnaire_id)


def test_a_script_in_a_text_stays_text(as_user, staff):
    version = draft(document=document(question("x", label="</script><script>alert(1)</script>")))
    for name in ("builder", "version", "version_preview", "version_logic"):
        assert "<script>alert" not in as_user(staff).get(url(name, version.pk)).content.decode()


# publishing -----------------------------------------------------------------------------------------------


def test_publishing_shows_the_difference_first(as_user, staff):
    first = published(staff)
    client = as_user(staff)
    client.post(url("draft_start", first.questionnaire_id))
    version = first.questionnaire.versions.get(number=2)
    content = document(question("new_one", label="新增问题"))
    save(client, version, 0, content)
    page = client.get(url("version_publish", version.pk))
    assert "新增问题" in page.content.decode()
    sent = {"revision": page.context["form"]["revision"].value(), "note": "加了一题"}
    done = client.post(url("version_publish", version.pk), sent, follow=True)
    assert "加了一题" in done.content.decode()
    version.refresh_from_db()
    assert version.is_published
    assert client.get(url("version_publish", version.pk)).status_code == 302


def test_a_draft_that_changed_after_the_page_was_shown_is_not_published(as_user, staff):
    version = draft()
    client = as_user(staff)
    save(client, version, 0, document(question("late")))
    page = client.post(url("version_publish", version.pk), {"revision": 0, "note": ""})
    assert page.context["form"].non_field_errors()
    version.refresh_from_db()
    assert not version.is_published


def test_problems_stand_in_the_way_of_publishing(as_user, staff):
    version = draft(document=document(question("why", relevant="${nobody} = 'x'")))
    page = as_user(staff).get(url("version_publish", version.pk))
    assert f"{url('builder', version.pk)}#4" in page.content.decode()
    assert page.context["problems"]


def test_any_two_versions_are_compared(as_user, staff):
    first = published(staff)
    client = as_user(staff)
    client.post(url("draft_start", first.questionnaire_id))
    second = first.questionnaire.versions.get(number=2)
    content = document()
    content["items"][3]["label"] = {"中文 (zh)": "最想学的技能"}
    save(client, second, 0, content)
    page = client.get(url("compare", first.questionnaire_id)).content.decode()
    assert "最想学的技能" in page
    assert "最希望学什么" in page
    assert client.get(url("compare", first.questionnaire_id), {"old": "x", "new": "99"}).status_code == 200


# the bank -------------------------------------------------------------------------------------------------


def test_the_bank_is_searched_by_title_and_topic(as_user, staff):
    bank_entry("性别", "基本情况")
    bank_entry("培训意愿", "需求")
    client = as_user(staff)

    def found(**query):
        return {row.title for row in client.get(url("question_bank"), query).context["list"].rows}

    assert found() == {"性别", "培训意愿"}
    assert found(q="性") == {"性别"}
    assert found(topic="需求") == {"培训意愿"}


@pytest.mark.parametrize("count", [1, 3])
def test_the_bank_asks_the_same_number_of_queries_for_any_number_of_rows(as_user, staff, count):
    for number in range(count):
        bank_entry(f"题{number}")
    client = as_user(staff)
    client.get(url("question_bank"))
    with CaptureQueriesContext(connection) as queries:
        page = client.get(url("question_bank"))
    assert len(page.context["list"].rows) == count
    assert len(queries) == 7, [query["sql"][:90] for query in queries]


def test_an_entry_is_renamed_and_deleted(as_user, staff):
    entry = bank_entry()
    client = as_user(staff)
    client.post(url("bank_edit", entry.pk), {"title": "受访者性别", "topic": "个人"})
    entry.refresh_from_db()
    assert (entry.title, entry.topic) == ("受访者性别", "个人")
    client.post(url("bank_delete", entry.pk))
    assert not BankQuestion.objects.exists()


def test_the_builder_keeps_in_the_bank_and_takes_from_it(as_user, staff):
    client = as_user(staff)
    item = question("work", "select_one", list="work")
    sent = {"title": "职业", "topic": "基本情况", "item": item, "choices": document()["choices"]}
    answer = client.post(url("bank_keep"), sent, content_type="application/json")
    assert answer.status_code == 201
    (offered,) = client.get(url("bank_items")).json()["items"]
    assert (offered["title"], list(offered["choices"]), offered["asked"]) == ("职业", ["work"], ["务农", "经商"])
    again = client.post(url("bank_keep"), sent, content_type="application/json")
    assert again.status_code == 400
    assert again.json()["reasons"]


@pytest.mark.parametrize("sent", [[], {}, {"title": "x"}, {"title": "x", "item": 3}, {"title": 5, "item": {}}])
def test_hostile_bank_entries_are_answered_with_reasons(as_user, staff, sent):
    answer = as_user(staff).post(url("bank_keep"), sent, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["reasons"]
    assert not BankQuestion.objects.exists()


def test_a_cadre_has_no_bank(as_user, cadre):
    for name in ("question_bank", "bank_items"):
        assert as_user(cadre).get(url(name)).status_code == 403
