"""My file: what the person sees of it, changes, takes along, and asks for."""

import pytest
from django.urls import reverse

from talentmap.accounts.permissions import Role
from talentmap.audit.models import AccessLog
from talentmap.people import actions
from talentmap.people.choices import Purpose
from talentmap.people.models import Talent
from talentmap.people.records import DataRequest
from tests.factories.accounts import user_with
from tests.factories.people import (
    AT,
    ConsentFactory,
    TalentFactory,
    id_number,
    talent_with_account,
)
from tests.people.pages import page, send, told

pytestmark = pytest.mark.django_db


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


def test_phone_and_account_say_where_the_other_is_changed(client, mine):
    assert reverse("account_edit") in page(client, "section", mine.pk, "contact")
    assert reverse("account_edit") not in page(client, "section", mine.pk, "education").split("<main")[1]
    account = client.get(reverse("account_edit")).content.decode()
    assert reverse("people:section", args=[mine.pk, "contact"]) in account


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
    wanted = f"request:{asked.pk}"
    assert number not in send(client, "unmask", mine.pk, field=wanted).content.decode()
    assert number in send(client, "unmask", mine.pk, field=wanted, reason="comparing it with the card").content.decode()
    assert [(line.subject_id, line.field) for line in AccessLog.objects.all()] == [(str(mine.pk), wanted)]
    send(client, "data_request", asked.pk, state="done", identity_checked="on")
    mine.refresh_from_db()
    assert mine.id_number == number


def test_a_corrected_name_needs_a_look_at_the_document_and_warns_of_the_account(client, mine):
    Talent.objects.filter(pk=mine.pk).update(bank_account_name=mine.name, identity_verified_at=AT)
    asked = actions.ask_data_request(
        by=mine.user, at=AT, talent=mine, kind="correct", field="name", wanted_value="张卫"
    )
    client.force_login(user_with(Role.OFFICE_STAFF))
    assert 'name="identity_checked"' in page(client, "data_request", asked.pk)
    assert "Look at the ID document again" in send(client, "data_request", asked.pk, state="done").content.decode()
    send(client, "data_request", asked.pk, state="done", identity_checked="on")
    assert f"“{mine.name}” is no longer called like the person, “张卫”" in page(client, "data_request", asked.pk)


def test_what_a_person_asks_for_is_read_by_who_answers_it_and_nobody_else(client, mine):
    asked = actions.ask_data_request(
        by=mine.user, at=AT, talent=mine, kind="correct", field="id_number", wanted_value=id_number(300)
    )
    other = talent_with_account()
    client.force_login(user_with(Role.TOWNSHIP_CADRE, region=mine.region))
    assert send(client, "unmask", mine.pk, field=f"request:{asked.pk}", reason="x").status_code == 403
    client.force_login(user_with(Role.OFFICE_STAFF))
    assert send(client, "unmask", other.pk, field=f"request:{asked.pk}", reason="x").status_code == 302
    assert not AccessLog.objects.exists()


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


def own_number(client, talent, number):
    return send(client, "section", talent.pk, "identity", name=talent.name, id_number=number, version=talent.version)


def test_a_number_that_is_registered_already_points_to_the_counter_and_is_logged(client):
    """The office imported the person long ago; now they register and type their number."""
    known, mine = TalentFactory(), talent_with_account(id_number="", id_number_index="", birth_date=None, sex="")
    client.force_login(mine.user)
    response = own_number(client, mine, known.id_number)
    assert "come to the counter with your ID card" in response.content.decode()
    assert known.name not in response.content.decode().replace(mine.name, "")
    line = AccessLog.objects.get()
    assert (line.user, line.subject_id, line.field) == (mine.user, str(known.pk), "id_number")
    mine.refresh_from_db()
    assert mine.id_number == ""


def test_nobody_tries_number_after_number(client):
    mine = talent_with_account(id_number="", id_number_index="", birth_date=None, sex="")
    client.force_login(mine.user)
    known = [TalentFactory() for _each in range(11)]
    answers = [own_number(client, mine, each.id_number) for each in known]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert "ask at the counter" in answers[-1].content.decode()
    assert AccessLog.objects.count() == 10
