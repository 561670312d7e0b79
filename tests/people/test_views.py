"""The pages of the register: who opens them, what they show masked, what they answer to bad input."""

import pytest
from django.urls import reverse

from talentmap.accounts.permissions import Role
from talentmap.audit.models import AccessLog, AuditEntry
from talentmap.notices.models import Notice
from talentmap.people import actions
from talentmap.people.choices import Purpose
from talentmap.people.forms import SECTIONS
from talentmap.people.models import Talent
from tests.factories.accounts import TownshipFactory, user_with
from tests.factories.people import (
    AT,
    ConsentFactory,
    FamilyMemberFactory,
    OrganisationFactory,
    TalentFactory,
    id_number,
    talent_with_account,
)
from tests.people.pages import page, send, told

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


@pytest.mark.parametrize(
    "typed", ["13912345678", "139 1234 5678", "139-1234-5678", "１３９１２３４５６７８", "91234567"]
)
def test_a_whole_phone_does_not_go_into_the_address(client, staff, typed):
    TalentFactory(name="欧阳娜", phone="13912345678")
    html = page(client, "talent_list", q=typed)
    assert "last four digits: what is typed here appears" in html
    assert "欧阳娜" not in html


def test_the_last_digits_of_a_phone_find_its_person(client, staff):
    talent = TalentFactory(name="欧阳娜", phone="13912345678")
    assert talent.name in page(client, "talent_list", q="5678")
    assert talent.name not in page(client, "talent_list", q="5679")


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
    return {"name": "张伟", "id_number": NUMBER, "phone": "13812341234", "consent": "on", **changes}


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
        ({"consent": ""}, "Without this consent"),
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


@pytest.mark.parametrize("field", ["id_number", "phone", "bank_account"])
def test_staff_read_no_secret_of_a_person_without_a_reason_and_a_line_in_the_log(client, staff, field):
    talent = talent_with_account(bank_account="6222023100001234", bank_account_last4="1234")
    ConsentFactory(talent=talent, purpose=Purpose.BANK_ACCOUNT)
    talent.user.mobile = "13812341234"
    talent.user.save()
    hidden = {getattr(talent, field), talent.user.mobile}
    pages = [
        reverse("people:talent_list"),
        *(reverse(f"people:{name}", args=[talent.pk]) for name in ("talent_detail", "talent_edit", "family_new")),
        *(reverse("people:section", args=[talent.pk, section]) for section in SECTIONS if section != "health"),
        *(reverse(name, args=[talent.user.pk]) for name in ("member", "member_edit")),
        reverse("members"),
    ]
    for url in pages:
        shown = client.get(url)
        assert shown.status_code == 200, url
        assert not [value for value in hidden if value in shown.content.decode()], url
    assert not AccessLog.objects.exists()
    assert getattr(talent, field) in send(client, "unmask", talent.pk, field=field, reason="call").content.decode()
    assert AccessLog.objects.get().field == field


def test_a_hidden_phone_stays_when_the_contact_section_is_saved(client, staff):
    talent = TalentFactory()
    shown = page(client, "section", talent.pk, "contact")
    assert talent.masked_phone in shown
    send(client, "section", talent.pk, "contact", address="文江镇1号", region=talent.region_id, version=1)
    changed = Talent.objects.get()
    assert (changed.phone, changed.address) == (talent.phone, "文江镇1号")


def test_a_hidden_mobile_stays_when_an_account_is_corrected(client, staff):
    user = talent_with_account().user
    user.mobile = "13812341234"
    user.save()
    client.post(reverse("member_edit", args=[user.pk]), {"display_name": "李四", "mobile": "", "email": ""})
    user.refresh_from_db()
    assert (user.display_name, user.mobile) == ("李四", "13812341234")


def test_the_true_holder_gets_the_number_that_somebody_else_had_typed(client, staff):
    squatter = talent_with_account(region=None)
    shown = send(client, "talent_new", **new_file(id_number=squatter.id_number)).content.decode()
    assert reverse("people:talent_detail", args=[squatter.pk]) in shown
    assert reverse("people:talent_clear_number", args=[squatter.pk]) in page(client, "talent_detail", squatter.pk)
    assert "required" in send(client, "talent_clear_number", squatter.pk).content.decode()
    send(client, "talent_clear_number", squatter.pk, reason="the holder came with the card")
    emptied = Talent.objects.get(pk=squatter.pk)
    assert (emptied.id_number, emptied.id_number_index, emptied.birth_date, emptied.sex) == ("", "", None, "")
    entry = AuditEntry.objects.filter(action="people.clear_id_number").get(table_name="talentmap_talent")
    assert (entry.actor, entry.reason) == (staff, "the holder came with the card")
    assert Notice.objects.get(recipient=squatter.user).kind == "id_number_removed"
    send(client, "talent_new", **new_file(id_number=squatter.id_number))
    assert Talent.objects.with_id_number(squatter.id_number).get().name == "张伟"


def test_a_verified_number_is_corrected_not_taken_out(client, staff):
    talent = TalentFactory(verified=True)
    assert reverse("people:talent_clear_number", args=[talent.pk]) not in page(client, "talent_detail", talent.pk)
    assert "verified" in send(client, "talent_clear_number", talent.pk, reason="x").content.decode()
    assert Talent.objects.get() == talent
    assert Talent.objects.get().id_number == talent.id_number
