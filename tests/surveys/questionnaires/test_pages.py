"""The pages of questionnaires, as who may see them gets them."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from needs.surveys import xlsform
from needs.surveys.questionnaires import actions
from needs.surveys.questionnaires.models import Questionnaire, Version
from talentmap.accounts.permissions import Role
from tests.factories.accounts import TownshipFactory, user_with
from tests.factories.surveys import QuestionnaireFactory, VersionFactory, campaign_in
from tests.factories.surveys_questionnaires import compiled_document, document, draft, question

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"surveys:{name}", args=args)


def workbook(content=None, name="调查.xlsx"):
    file = io.BytesIO(xlsform.write(content or document()))
    file.name = name
    return file


def broken():
    """A workbook with two mistakes: an unknown type in row 2, an unknown list in row 3."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "survey"
    for row in (["type", "name", "label"], ["geotrace", "way", "路线"], ["select_one nothing", "pick", "选择"]):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "broken.xlsx"
    return file


def published(staff, content=None, **values):
    row = actions.make_questionnaire(
        by=staff, at=timezone.now(), title=values.pop("title", "村民调查"), audience="villagers",
        document=content or document(),
    )  # fmt: skip
    version = row.versions.get()
    return actions.publish(by=staff, at=timezone.now(), version=version, revision=0, note="")


# the list -------------------------------------------------------------------------------------------------


def test_the_list_finds_by_title_audience_and_archive(as_user, staff):
    for title, audience, archived in (("村民", "villagers", None), ("企业", "enterprises", None), ("旧", "other", 1)):
        row = QuestionnaireFactory(title=title, audience=audience, archived_at=archived and timezone.now())
        VersionFactory(questionnaire=row)
    client = as_user(staff)

    def found(**query):
        return {row.title for row in client.get(url("questionnaire_list"), query).context["list"].rows}

    assert found() == {"村民", "企业"}
    assert found(q="村") == {"村民"}
    assert found(audience="enterprises") == {"企业"}
    assert found(archive="archived") == {"旧"}
    assert found(q="nothing") == set()


@pytest.mark.parametrize("sort", ["title", "-title", "audience", "latest", "asked", "in_field", "edited", "-edited"])
def test_the_list_sorts(as_user, staff, sort):
    VersionFactory()
    draft()
    assert as_user(staff).get(url("questionnaire_list"), {"sort": sort}).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_queries_for_any_number_of_rows(as_user, staff, count):
    for _n in range(count):
        campaign_in(TownshipFactory(), version=VersionFactory())
    client = as_user(staff)
    client.get(url("questionnaire_list"))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = client.get(url("questionnaire_list"))
    assert len(page.context["list"].rows) == count
    assert len(queries) == 6, [query["sql"][:90] for query in queries]


def test_the_list_counts_questions_and_campaigns(as_user, staff):
    version = VersionFactory()
    campaign_in(TownshipFactory(), TownshipFactory(), version=version)
    (row,) = as_user(staff).get(url("questionnaire_list")).context["list"].rows
    assert (row.asked, row.in_field, row.latest, row.draft) == (4, 1, 1, None)


def test_an_empty_list_says_what_to_do_next(as_user, staff, cadre):
    assert url("questionnaire_new") in as_user(staff).get(url("questionnaire_list")).content.decode()
    assert url("questionnaire_new") not in as_user(cadre).get(url("questionnaire_list")).content.decode()


def test_a_cadre_sees_what_is_asked_in_their_township_and_no_draft(as_user, cadre):
    township = cadre.memberships.get().region
    here, elsewhere = (VersionFactory(**compiled_document()) for _each in range(2))
    campaign_in(township, version=here)
    campaign_in(TownshipFactory(), version=elsewhere)
    later = draft(here.questionnaire, number=2)
    client = as_user(cadre)
    assert [row.pk for row in client.get(url("questionnaire_list")).context["list"].rows] == [here.questionnaire_id]
    page = client.get(url("questionnaire", here.questionnaire_id)).content.decode()
    assert url("version", here.pk) in page
    assert url("builder", later.pk) not in page
    assert client.get(url("version", here.pk)).status_code == 200
    for name, pk in (("version", later.pk), ("version", elsewhere.pk), ("version_xlsform", later.pk)):
        assert client.get(url(name, pk)).status_code == 404
    for name in ("builder", "version_publish"):
        assert client.get(url(name, later.pk)).status_code == 403


def test_a_leader_reads_results_but_no_questionnaire(as_user):
    leader = user_with(Role.COUNTY_LEADER)
    assert as_user(leader).get(url("questionnaire_list")).status_code == 403


# one questionnaire ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_one_asks_the_same_number_of_queries_for_any_number_of_versions(as_user, staff, count):
    row = QuestionnaireFactory()
    for number in range(1, count + 1):
        campaign_in(TownshipFactory(), version=VersionFactory(questionnaire=row, number=number))
    client = as_user(staff)
    client.get(url("questionnaire", row.pk))
    with CaptureQueriesContext(connection) as queries:
        page = client.get(url("questionnaire", row.pk))
    assert len(page.context["versions"]) == count
    assert len(queries) == 8, [query["sql"][:90] for query in queries]


def test_archiving_and_bringing_back(as_user, staff):
    row = VersionFactory().questionnaire
    client = as_user(staff)
    client.post(url("questionnaire_archive", row.pk))
    row.refresh_from_db()
    assert row.archived_at
    page = client.get(url("questionnaire", row.pk)).content.decode()
    assert url("draft_start", row.pk) not in page
    client.post(url("questionnaire_bring_back", row.pk))
    row.refresh_from_db()
    assert row.archived_at is None


def test_a_taken_title_hinders_bringing_back_with_its_reason(as_user, staff):
    row = VersionFactory(questionnaire=QuestionnaireFactory(title="同名", archived_at=timezone.now())).questionnaire
    VersionFactory(questionnaire=QuestionnaireFactory(title="同名"))
    page = as_user(staff).post(url("questionnaire_bring_back", row.pk), follow=True)
    with translation.override("zh-hans"):
        assert _("Another questionnaire has this title.") in page.content.decode()


@pytest.mark.parametrize("source", ["empty", "ready:villagers", "copy"])
def test_a_new_one_begins_with_what_was_chosen(as_user, staff, source):
    original = VersionFactory()
    source = f"copy:{original.questionnaire_id}" if source == "copy" else source
    sent = {"source": source, "title": "新问卷", "audience": "villagers", "description": ""}
    answer = as_user(staff).post(url("questionnaire_new"), sent)
    version = Version.objects.get(questionnaire__title="新问卷")
    assert answer.url == url("builder", version.pk)
    expected = {"empty": 0, "ready:villagers": 13}.get(source, 4)
    assert len(version.document["items"]) == expected
    assert version.document["settings"]["title"] == "新问卷"


def test_a_taken_title_is_told_and_what_was_typed_stays(as_user, staff):
    QuestionnaireFactory(title="村民调查")
    sent = {"source": "empty", "title": "村民调查", "audience": "villagers", "description": "每年一次"}
    page = as_user(staff).post(url("questionnaire_new"), sent)
    assert "每年一次" in page.content.decode()
    assert page.context["form"].errors
    assert Questionnaire.objects.count() == 1


def test_an_unknown_source_is_refused(as_user, staff):
    sent = {"source": "copy:999999", "title": "x", "audience": "villagers"}
    assert as_user(staff).post(url("questionnaire_new"), sent).context["form"].errors["source"]


def test_deleting_the_last_draft_leads_to_the_list(as_user, staff):
    version = draft()
    answer = as_user(staff).post(url("draft_delete", version.pk))
    assert answer.url == url("questionnaire_list")
    assert not Questionnaire.objects.exists()


# XLSForm --------------------------------------------------------------------------------------------------


def test_every_mistake_is_shown_with_its_place_and_nothing_is_saved(as_user, staff):
    page = as_user(staff).post(url("questionnaire_upload"), {"file": broken()})
    rows = {(found.sheet, found.row, found.column) for found in page.context["imported"].mistakes}
    assert {("survey", 2, "A"), ("survey", 3, "A")} <= rows
    assert "accept_form" not in page.context
    assert not Questionnaire.objects.exists()


def test_the_report_speaks_the_readers_language(as_user, staff):
    client = as_user(staff)
    chinese = client.post(url("questionnaire_upload"), {"file": broken()}).content.decode()
    client.cookies["django_language"] = "en"
    english = client.post(url("questionnaire_upload"), {"file": broken()}).content.decode()
    assert "not supported" in english
    assert "not supported" not in chinese


def accepted(client, page, **more):
    form = page.context["accept_form"]
    values = {name: form.initial.get(name, "") for name in form.fields} | more
    row = page.context.get("questionnaire")
    address = url("draft_upload_accept", row.pk) if row else url("upload_accept")
    return client.post(address, values, follow=True)


def test_an_upload_is_shown_first_and_then_becomes_a_questionnaire(as_user, staff):
    client = as_user(staff)
    page = client.post(url("questionnaire_upload"), {"file": workbook(document(form_id="own_id"))})
    assert not Questionnaire.objects.exists()
    accepted(client, page, title="上传的调查", audience="villagers")
    version = Version.objects.get()
    assert version.questionnaire.title == "上传的调查"
    assert version.document["settings"] | {"title": ""} == document(form_id="own_id", title="")["settings"]
    assert [item["name"] for item in version.document["items"]] == ["age", "sex", "work", "wish"]


def test_a_taken_title_asks_again_without_a_second_upload(as_user, staff):
    QuestionnaireFactory(title="村民调查")
    client = as_user(staff)
    page = client.post(url("questionnaire_upload"), {"file": workbook()})
    again = accepted(client, page, title="村民调查", audience="villagers")
    assert again.context["accept_form"].errors
    assert "payload" in again.content.decode()


def test_an_upload_as_draft_shows_the_difference_and_keeps_the_ids(as_user, staff):
    first = published(staff)
    content = document(question("new_one", label="新增"))
    del content["items"][1]
    content["items"][0]["name"], content["items"][0]["id"] = "years", "age"
    client = as_user(staff)
    page = client.post(url("draft_upload", first.questionnaire_id), {"file": workbook(content)})
    assert page.context["changes"]
    assert first.questionnaire.versions.count() == 1
    accepted(client, page)
    made = first.questionnaire.versions.get(number=2)
    assert {item["name"]: item.get("id") for item in made.document["items"]}["years"] == "age"


def test_a_page_of_yesterday_or_of_somebody_else_saves_nothing(as_user, staff):
    client = as_user(staff)
    page = client.post(url("questionnaire_upload"), {"file": workbook()})
    other = as_user(user_with(Role.OFFICE_STAFF))
    form = page.context["accept_form"]
    sent = {"payload": form.initial["payload"], "title": "x", "audience": "villagers"}
    for client_, values in ((other, sent), (client, sent | {"payload": sent["payload"][:-3]})):
        assert client_.post(url("upload_accept"), values).url == url("questionnaire_upload")
    row = draft().questionnaire
    assert client.post(url("draft_upload_accept", row.pk), sent).url == url("draft_upload", row.pk)
    assert Questionnaire.objects.count() == 1


@pytest.mark.parametrize("content", [b"", b"MZ\x90", b"PK\x03\x04broken", b"%PDF-1.7", "姓名,年龄\n".encode()])
def test_what_is_no_workbook_is_told(as_user, staff, content):
    file = io.BytesIO(content)
    file.name = "x.xlsx"
    page = as_user(staff).post(url("questionnaire_upload"), {"file": file})
    assert page.status_code == 200
    assert "accept_form" not in page.context
    assert page.context["form"].errors or page.context["imported"].mistakes


def test_any_version_comes_back_as_xlsform(as_user, staff):
    version = published(staff)
    answer = as_user(staff).get(url("version_xlsform", version.pk))
    imported = xlsform.import_document(xlsform.read(io.BytesIO(b"".join(answer.streaming_content)), "x.xlsx"))
    assert imported.ok
    assert [item["name"] for item in imported.document["items"]] == ["age", "sex", "work", "wish"]
