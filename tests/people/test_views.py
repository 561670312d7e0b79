"""The pages of the register: who opens them, what they show masked, what they answer to bad input."""

import pytest
from django.urls import reverse

from talentmap.accounts.permissions import Role
from talentmap.audit.models import AccessLog
from talentmap.people import actions
from talentmap.people.choices import Purpose
from talentmap.people.models import Organisation, Talent
from talentmap.people.records import DataRequest
from tests.factories.accounts import TownshipFactory, user_with
from tests.factories.people import (
    AT,
    ConsentFactory,
    FamilyMemberFactory,
    OrganisationFactory,
    TalentFactory,
    credit_code,
    id_number,
    talent_with_account,
)

pytestmark = pytest.mark.django_db
NUMBER = "11010519491231002X"
# session, account, roles, unread messages, townships of the filter, count, rows
LIST_QUERIES = 7


@pytest.fixture(autouse=True)
def _in_english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def staff(client):
    user = user_with(Role.OFFICE_STAFF)
    client.force_login(user)
    return user


@pytest.fixture
def mine(client):
    talent = talent_with_account(name="张伟", health_note="青霉素过敏", verified=True)
    client.force_login(talent.user)
    return talent


def page(client, name, *args, **query):
    response = client.get(reverse(f"people:{name}", args=args), query)
    assert response.status_code == 200, response
    return response.content.decode()


def send(client, page_name, /, *args, **data):
    return client.post(reverse(f"people:{page_name}", args=args), data)


def told(response):
    return [str(message) for message in response.wsgi_request._messages]


# The register ------------------------------------------------------------------------------------------


def test_the_list_masks_phones_and_holds_no_id_number(client, staff):
    talent = TalentFactory()
    shown = page(client, "talent_list")
    assert talent.name in shown
    assert talent.masked_phone in shown
    assert talent.phone not in shown
    assert talent.id_number not in shown


def test_the_list_filters_and_sorts(client, staff):
    TalentFactory(name="张伟", education="doctor")
    TalentFactory(name="安心", education="college")
    assert "安心" not in page(client, "talent_list", q="zw")
    assert "张伟" not in page(client, "talent_list", education="college")
    shown = page(client, "talent_list", sort="name")
    assert shown.index("安心") < shown.index("张伟")


def test_an_id_number_in_the_search_box_is_turned_away(client, staff):
    talent = TalentFactory()
    shown = page(client, "talent_list", q=talent.id_number)
    assert "Find by ID number" in shown


def test_a_person_is_found_by_id_number_without_it_in_the_address(client, staff):
    talent = TalentFactory()
    response = send(client, "talent_find", **{"find-id_number": talent.id_number})
    assert response["Location"] == reverse("people:talent_detail", args=[talent.pk])
    response = send(client, "talent_find", **{"find-id_number": NUMBER})
    assert response["Location"] == reverse("people:talent_list")
    response = send(client, "talent_find", **{"find-id_number": "36042619910102009X"})
    assert "check digit" in " ".join(told(response))


def test_the_list_costs_the_same_at_one_and_at_three_rows(client, staff, django_assert_num_queries):
    TalentFactory(employer=OrganisationFactory())
    page(client, "talent_list")
    with django_assert_num_queries(LIST_QUERIES):
        page(client, "talent_list")
    TalentFactory.create_batch(2, employer=OrganisationFactory())
    with django_assert_num_queries(LIST_QUERIES):
        page(client, "talent_list")


def test_the_file_masks_every_secret(client, staff):
    talent = TalentFactory(bank_account="6222023100001234", bank_account_last4="1234", health_note="青霉素过敏")
    child = FamilyMemberFactory(talent=talent, name="李小四", id_number=id_number(77))
    shown = page(client, "talent_detail", talent.pk)
    for hidden in (talent.id_number, talent.phone, "6222023100001234", "青霉素", id_number(77), child.name):
        assert hidden not in shown
    for masked in (talent.masked_id_number, talent.masked_phone, "**** 1234", "李*"):
        assert masked in shown


def test_others_files_are_not_there(client):
    talent = TalentFactory()
    for role in (Role.TOWNSHIP_CADRE, Role.TALENT):
        client.force_login(user_with(role))
        for name in ("talent_detail", "skill_new", "family_new"):
            response = client.get(reverse(f"people:{name}", args=[talent.pk]))
            assert response.status_code in (403, 404), (role, name)
        assert send(client, "unmask", talent.pk, field="phone", reason="x").status_code in (403, 404)


def test_unmasking_by_htmx_asks_a_reason_and_gives_the_value(client, staff):
    talent = TalentFactory()
    url = reverse("people:unmask", args=[talent.pk])
    response = client.post(url, {"field": "id_number"}, headers={"HX-Request": "true"})
    assert "HX-Retarget" in response
    assert talent.id_number not in response.content.decode()
    response = client.post(url, {"field": "id_number", "why": "Checking the identity"}, headers={"HX-Request": "true"})
    assert talent.id_number in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert AccessLog.objects.get().reason == "Checking the identity"


def test_unmasking_works_without_scripts(client, staff):
    talent = TalentFactory()
    assert talent.phone in send(client, "unmask", talent.pk, field="phone", reason="call").content.decode()
    assert send(client, "unmask", talent.pk, field="phone").status_code == 302
    assert client.get(reverse("people:unmask", args=[talent.pk])).status_code == 405


def new_file(**changes):
    return {"name": "张伟", "id_number": NUMBER, "phone": "13812341234", **changes}


def test_a_file_is_opened_at_the_counter(client, staff):
    organisation = OrganisationFactory()
    response = send(
        client, "talent_new", **new_file(category="E", category_since="2026-01-01", employer_text=organisation.name)
    )
    talent = Talent.objects.get()
    assert response["Location"] == reverse("people:talent_detail", args=[talent.pk])
    assert (talent.employer, str(talent.category_until)) == (organisation, "2030-12-31")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": ""}, "required"),
        ({"name": "。。"}, "Please enter a name"),
        ({"id_number": "360426199113010079"}, "does not exist"),
        ({"phone": "1"}, "11 digits"),
        ({"region": "999999"}, "Select a valid choice"),
        ({"category": "Z"}, "Select a valid choice"),
        ({"category": "A"}, "first and a last day"),
        ({"graduated_on": "3026-01-01"}, "future"),
        ({"birth_date": "0001-01-01"}, "too far back"),
        ({"enterprise_text": "无此企业"}, "No organisation of this name"),
        ({"email": "x"}, "valid email"),
        ({"birth_date": "1990-01-01"}, "date of birth differs"),
    ],
)
def test_a_bad_entry_is_named_and_what_was_typed_stays(client, staff, changes, told):
    response = send(client, "talent_new", **new_file(address="文江镇1号", **changes))
    assert response.status_code == 200
    shown = response.content.decode()
    assert told in shown
    assert "文江镇1号" in shown
    assert not Talent.objects.exists()


def test_a_known_number_leads_to_its_file(client, staff):
    known = TalentFactory()
    shown = send(client, "talent_new", **new_file(id_number=known.id_number)).content.decode()
    assert reverse("people:talent_detail", args=[known.pk]) in shown


def test_a_cadre_cannot_open_a_file_elsewhere(client):
    client.force_login(user_with(Role.TOWNSHIP_CADRE))
    assert send(client, "talent_new", **new_file(region=TownshipFactory().pk)).status_code == 403


def test_the_edit_page_shows_no_secret_and_keeps_it_when_left_empty(client, staff):
    talent = TalentFactory(verified=True)
    shown = page(client, "talent_edit", talent.pk)
    assert talent.id_number not in shown
    assert talent.phone not in shown
    kept = {"region": talent.region_id, "birth_date": talent.birth_date, "sex": talent.sex}
    send(client, "talent_edit", talent.pk, name="张无忌", version=talent.version, **kept)
    changed = Talent.objects.get()
    assert (changed.name, changed.id_number, changed.phone) == ("张无忌", talent.id_number, talent.phone)


def test_a_stale_edit_is_told_and_keeps_what_was_typed(client, staff):
    talent = TalentFactory()
    actions.update_talent(by=staff, at=AT, talent=talent, changes={"major": "茶学"})
    response = send(client, "talent_edit", talent.pk, name="张无忌", version=1, birth_date=talent.birth_date,
                    sex=talent.sex, region=talent.region_id)  # fmt: skip
    assert "Somebody else has changed this file" in response.content.decode()
    assert "张无忌" in response.content.decode()
    assert Talent.objects.get().name == talent.name


def test_identity_is_verified_by_staff(client, staff):
    talent = TalentFactory()
    send(client, "talent_verify", talent.pk)
    assert Talent.objects.get().identity_verified_by == staff


def test_the_masked_export_holds_no_secret_and_the_full_one_is_logged(client, staff):
    import io

    from openpyxl import load_workbook

    talent = TalentFactory(name="=张伟")
    other = TalentFactory(name="李四")

    def cells(response):
        book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
        return [[cell.value for cell in row] for row in book.active.iter_rows(min_row=2)]

    rows = cells(client.get(reverse("people:talent_export")))
    assert len(rows) == 2
    assert talent.masked_id_number in rows[0] + rows[1]
    assert not any(t.id_number in row or t.phone in row for t in (talent, other) for row in rows)
    assert not AccessLog.objects.exists()
    url = reverse("people:talent_export_full") + "?q=ls"
    assert "required" in client.post(url, {"reason": " "}).content.decode()
    rows = cells(client.post(url, {"reason": "yearly report"}))
    assert [row[1] for row in rows] == [other.id_number]
    assert [line.subject_id for line in AccessLog.objects.all()] == [str(other.pk)]


# My file -----------------------------------------------------------------------------------------------


def test_my_file_masks_my_secrets_too(client, mine):
    shown = page(client, "my_file")
    assert mine.masked_id_number in shown
    assert mine.id_number not in shown
    assert "青霉素" not in shown
    assert mine.id_number in send(client, "unmask", mine.pk, field="id_number").content.decode()


@pytest.mark.parametrize("section", ["identity", "contact", "education", "work", "bank", "health"])
def test_every_section_opens_and_hides_what_is_stored(client, mine, section):
    assert mine.id_number not in page(client, "section", mine.pk, section)


def test_a_section_is_saved_and_returns_to_its_place(client, mine):
    response = send(client, "section", mine.pk, "contact", phone="13812341234", version=1, region=mine.region_id)
    assert response["Location"] == reverse("people:my_file") + "#contact"
    assert Talent.objects.get().phone == "13812341234"


def test_a_bank_account_is_stored_with_the_consent_ticked(client, mine):
    data = {"bank_account": "6222 0231 0000 1234", "bank_name": "农业银行", "bank_account_name": "张伟", "version": 1}
    assert "Without this consent" in send(client, "section", mine.pk, "bank", **data).content.decode()
    send(client, "section", mine.pk, "bank", **data, consent="on")
    mine.refresh_from_db()
    assert mine.bank_account == "6222023100001234"
    assert mine.consents.get().purpose == Purpose.BANK_ACCOUNT


def test_verified_identity_points_to_the_correction(client, mine):
    assert reverse("people:ask_correction") in page(client, "section", mine.pk, "identity")
    data = {"name": "李四", "version": 1, "sex": mine.sex, "birth_date": mine.birth_date}
    response = send(client, "section", mine.pk, "identity", **data)
    assert "ask for a correction" in response.content.decode()
    assert Talent.objects.get().name == "张伟"


def test_staff_have_no_health_section(client, staff):
    talent = TalentFactory()
    assert client.get(reverse("people:section", args=[talent.pk, "health"])).status_code == 404
    assert client.get(reverse("people:section", args=[talent.pk, "nonsense"])).status_code == 404


def test_skills_and_family_by_hand(client, mine):
    send(client, "skill_new", mine.pk, name="评茶员", level="senior")
    send(client, "family_new", mine.pk, relation="spouse", name="李四")
    response = send(client, "family_new", mine.pk, relation="child", name="张小一")
    assert "guardian" in response.content.decode()
    send(client, "family_new", mine.pk, relation="child", name="张小一", consent="on")
    assert mine.skills.count() == 1
    assert mine.family.count() == 2
    send(client, "skill_remove", mine.pk, mine.skills.get().pk)
    for member in mine.family.all():
        send(client, "family_remove", mine.pk, member.pk)
    assert not mine.skills.exists()
    assert not mine.family.exists()


def test_consents_by_hand(client, mine):
    send(client, "consent", mine.pk, "sharing")
    assert actions.has_consent(mine, Purpose.SHARING)
    send(client, "consent", mine.pk, "sharing", withdraw="1")
    assert not actions.has_consent(mine, Purpose.SHARING)
    assert send(client, "consent", mine.pk, "nonsense").status_code == 404
    ConsentFactory(talent=mine, purpose=Purpose.REGISTER)
    assert "deletion" in " ".join(told(send(client, "consent", mine.pk, "register", withdraw="1")))


@pytest.mark.parametrize("form", ["json", "xlsx"])
def test_the_whole_file_can_be_taken_along_and_that_is_logged(client, mine, form):
    response = send(client, "my_download", form)
    assert response.status_code == 200
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if form == "json":
        assert mine.id_number in content.decode()
        assert "青霉素过敏" in content.decode()
    assert AccessLog.objects.get().field == "download"
    assert client.get(reverse("people:my_download", args=[form])).status_code == 405
    assert send(client, "my_download", "exe").status_code == 404


def test_asking_for_a_correction_and_its_answer(client, mine):
    number = id_number(300, mine.birth_date)
    response = send(client, "ask_correction", field="id_number", wanted_value="123")
    assert "17 digits" in response.content.decode()
    send(client, "ask_correction", field="id_number", wanted_value=number)
    asked = DataRequest.objects.get()
    client.force_login(user_with(Role.OFFICE_STAFF))
    assert number not in page(client, "data_request", asked.pk)
    assert "张伟" in page(client, "data_request_list")
    send(client, "data_request", asked.pk, state="done")
    mine.refresh_from_db()
    assert mine.id_number == number


def test_asking_for_deletion_says_beforehand_what_follows(client, mine):
    assert "whole file is emptied" in page(client, "ask_deletion")
    assert "required" in send(client, "ask_deletion").content.decode()
    send(client, "ask_deletion", sure="on")
    asked = DataRequest.objects.get()
    client.force_login(user_with(Role.OFFICE_STAFF))
    send(client, "data_request", asked.pk, state="done")
    assert "Your file was deleted" in page(client, "data_request", asked.pk)
    assert "deleted on the person" in page(client, "talent_detail", mine.pk)
    assert "已注销" not in page(client, "talent_list")


def test_an_account_without_a_file_has_no_page(client):
    client.force_login(user_with(Role.TALENT))
    assert client.get(reverse("people:my_file")).status_code == 404


# Organisations -----------------------------------------------------------------------------------------


def test_organisations_are_registered_with_a_warning_for_the_check_digit(client, staff):
    data = {
        "name": "高县早白尖茶业有限公司",
        "kind": "enterprise",
        "credit_code": "91110000600037341N",
        "is_active": "on",
    }
    response = send(client, "organisation_new", **data)
    organisation = Organisation.objects.get()
    assert response["Location"] == reverse("people:organisation_detail", args=[organisation.pk])
    assert "does not match" in page(client, "organisation_detail", organisation.pk)
    send(client, "organisation_edit", organisation.pk, **(data | {"credit_code": credit_code(1)}))
    assert "does not match" not in page(client, "organisation_list").split('id="list"')[1]
    assert client.get(reverse("people:organisation_export")).status_code == 200


def test_a_taken_credit_code_is_named(client, staff):
    OrganisationFactory(credit_code=credit_code(1))
    response = send(client, "organisation_new", name="乙", kind="bank", credit_code=credit_code(1))
    assert "already registered" in response.content.decode()


def test_names_are_offered_to_whoever_types(client, mine):
    OrganisationFactory(name="高县早白尖茶业有限公司", contact_phone="0831-5400000")
    shown = page(client, "organisation_names", field="employer_text", employer_text="早白")
    assert "高县早白尖茶业有限公司" in shown
    assert "5400000" not in shown
    assert "option" not in page(client, "organisation_names")


def test_the_organisation_list_costs_the_same_at_one_and_at_three_rows(client, staff, django_assert_num_queries):
    OrganisationFactory()
    page(client, "organisation_list")
    with django_assert_num_queries(LIST_QUERIES):
        page(client, "organisation_list")
    OrganisationFactory.create_batch(2)
    with django_assert_num_queries(LIST_QUERIES):
        page(client, "organisation_list")
