from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from talentmap.accounts.permissions import Role
from talentmap.audit.models import AuditEntry
from talentmap.audit.triggers import HIDDEN, AuditTrigger
from talentmap.notices.models import Notice, Preference
from talentmap.people import actions, erasure
from talentmap.people.choices import Purpose, RequestKind, RequestState
from talentmap.people.models import HIDDEN_IN_HISTORY, Talent
from talentmap.people.records import Consent, DataRequest
from talentmap.ui.errors import Refused
from tests.factories.accounts import TownshipFactory, give, user_with
from tests.factories.money import ApplicationFactory
from tests.factories.people import (
    AT,
    ConsentFactory,
    FamilyMemberFactory,
    SkillFactory,
    TalentFactory,
    id_number,
    talent_with_account,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def staff():
    return user_with(Role.OFFICE_STAFF)


def ask(talent, kind=RequestKind.DELETE, **fields):
    return actions.ask_data_request(by=talent.user, at=AT, talent=talent, kind=kind, **fields)


def answer(staff, request, state=RequestState.DONE, text="", checked=True):
    return actions.answer_data_request(
        by=staff,
        at=AT + timedelta(days=1),
        data_request=request,
        state=state,
        answer=text,
        identity_checked=checked,
    )


def test_a_verified_number_is_not_corrected_without_a_look_at_the_document(staff):
    talent = talent_with_account(verified=True)
    number = talent.id_number
    wanted = id_number(400, date(1990, 2, 2))
    request = ask(talent, RequestKind.CORRECT, field="id_number", wanted_value=wanted)
    with pytest.raises(Refused):
        answer(staff, request, checked=False)
    talent.refresh_from_db()
    assert talent.id_number == number
    assert answer(staff, request, RequestState.REFUSED, "Come with the document.", checked=False).answered_at


def test_a_verified_number_is_corrected_on_request(staff):
    talent = talent_with_account(verified=True)
    number = id_number(400, date(1990, 2, 2))
    request = ask(talent, RequestKind.CORRECT, field="id_number", wanted_value=number)
    answered = answer(staff, request)
    talent.refresh_from_db()
    assert (talent.id_number, talent.birth_date) == (number, date(1990, 2, 2))
    assert (talent.identity_verified_by, talent.identity_verified_at) == (staff, answered.answered_at)
    assert (answered.state, answered.wanted_value) == (RequestState.DONE, "")
    notice = Notice.objects.get(recipient=talent.user)
    assert number not in str(notice.params)


def test_the_office_hears_of_a_new_request(staff):
    talent = talent_with_account()
    elsewhere = user_with(Role.OFFICE_STAFF, region=TownshipFactory())
    here = user_with(Role.OFFICE_STAFF, region=talent.region)
    request = ask(talent)
    told = Notice.objects.filter(kind="data_request_asked")
    assert {notice.recipient for notice in told} == {staff, here}
    assert elsewhere not in {notice.recipient for notice in told}
    assert {notice.link for notice in told} == {reverse("people:data_request", args=[request.pk])}


def test_a_refused_deletion_is_told_in_words_that_fit(staff):
    request = ask(talent_with_account())
    answer(staff, request, RequestState.REFUSED, "A payment is on its way.")
    assert "about your data" in Notice.objects.get(kind="data_request_answered").text


def test_whoever_asked_for_deletion_is_told_although_the_account_is_empty_by_then(staff):
    talent = talent_with_account()
    talent.user.mobile, talent.user.email = "13812341234", "z@example.com"
    talent.user.save()
    answer(staff, ask(talent))
    notice = Notice.objects.get(kind="file_erased")
    assert {(each.channel, each.address) for each in notice.deliveries.all()} == {
        ("email", "z@example.com"),
        ("sms", "13812341234"),
    }
    assert not Notice.objects.filter(kind="data_request_answered").exists()


@pytest.mark.parametrize("by_staff", [True, False])
def test_a_bank_account_that_the_office_changes_is_told(staff, by_staff):
    talent = talent_with_account()
    ConsentFactory(talent=talent, purpose=Purpose.BANK_ACCOUNT)
    changes = {"bank_account": "6222023100001234", "bank_name": "农业银行", "bank_account_name": talent.name}
    actions.update_talent(by=staff if by_staff else talent.user, at=AT, talent=talent, changes=changes)
    assert Notice.objects.filter(recipient=talent.user, kind="bank_account_changed").exists() == by_staff


def test_a_correction_verifies_nothing_that_was_not_verified_before(staff):
    talent = talent_with_account()
    answer(staff, ask(talent, RequestKind.CORRECT, field="name", wanted_value="张三丰"))
    talent.refresh_from_db()
    assert (talent.name, talent.identity_verified_at) == ("张三丰", None)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "what is to be corrected"),
        ({"field": "name"}, "correct value"),
        ({"field": "id_number", "wanted_value": "123"}, "17 digits"),
        ({"field": "birth_date", "wanted_value": "yesterday"}, "1990-06-30"),
        ({"field": "sex", "wanted_value": "x"}, "one of the two"),
    ],
)
def test_an_unreadable_correction_is_refused_at_once(fields, told):
    with pytest.raises(Refused, match=told):
        ask(talent_with_account(), RequestKind.CORRECT, **fields)


def test_one_open_request_of_a_kind(staff):
    talent = talent_with_account()
    request = ask(talent)
    with pytest.raises(Refused, match="already open"):
        ask(talent)
    answer(staff, request, RequestState.REFUSED, "A payment is on its way.")
    ask(talent)


def test_a_refusal_says_why_and_an_answer_is_final(staff):
    request = ask(talent_with_account())
    with pytest.raises(Refused, match="why"):
        answer(staff, request, RequestState.REFUSED)
    answer(staff, request, RequestState.REFUSED, "A payment is on its way.")
    with pytest.raises(Refused, match="Somebody else"):
        answer(staff, request)


def test_nobody_answers_their_own_or_without_the_right():
    talent = talent_with_account()
    request = ask(talent)
    with pytest.raises(PermissionDenied):
        answer(user_with(Role.TOWNSHIP_CADRE, region=talent.region), request)
    give(talent.user, Role.OFFICE_STAFF)
    talent.user.forget_memberships()
    with pytest.raises(PermissionDenied):
        answer(talent.user, request)


def test_deletion_empties_everything_and_closes_the_account(staff):
    talent = talent_with_account(
        name="张伟",
        email="z@example.com",
        health_note="x",
        bank_account="6222023100001234",
        bank_account_last4="1234",
        verified=True,
    )
    user = talent.user
    SkillFactory(talent=talent)
    FamilyMemberFactory(talent=talent)
    ConsentFactory(talent=talent, purpose=Purpose.REGISTER)
    answered = answer(staff, ask(talent, text="please"))
    assert "Your file was deleted" in answered.answer
    assert "must be kept" not in answered.answer
    talent = Talent.objects.get(pk=talent.pk)
    assert talent.is_erased
    assert not talent.skills.exists()
    assert not talent.family.exists()
    assert not Consent.objects.filter(talent=talent, withdrawn_at=None).exists()
    assert not DataRequest.objects.get().text
    personal = {field.name for field in Talent._meta.concrete_fields} - {
        "id", "name", "name_sort_key", "name_pinyin", "name_initials", "version", "created_by", "created_at",
        "erased_at",
    }  # fmt: skip
    assert {name: getattr(talent, name) for name in personal if getattr(talent, name)} == {}
    user.refresh_from_db()
    assert not user.is_active
    assert not user.has_usable_password()
    assert (user.mobile, user.email) == ("", "")
    assert "张伟" not in (user.display_name, user.username)


def test_the_history_holds_no_contact_and_no_family_and_the_answer_says_what_it_holds(staff):
    talent = talent_with_account(name="张伟", email="z@example.com", phone="13812341234", address="文江镇滨河路1号")
    actions.update_talent(by=staff, at=AT, talent=talent, changes={"address": "庆符镇1号", "phone": "13912341234"})
    FamilyMemberFactory(talent=talent, name="张小一")
    told = answer(staff, ask(talent, text="我住文江镇滨河路1号")).answer
    entries = AuditEntry.objects.filter(table_name__in=["talentmap_talent", "talentmap_familymember"])
    assert {HIDDEN} == {entry.changes["phone"] for entry in entries if "phone" in entry.changes}
    history = str(list(AuditEntry.objects.values_list("changes", flat=True)))
    for personal in ("z@example.com", "13812341234", "13912341234", "滨河路", "庆符镇1号", "张小一"):
        assert personal not in history
    assert "It still says who changed what and when, with your name" in told
    never = ("ID number", "phone", "e-mail", "address", "bank account number", "health note")
    assert all(word in told.partition("as they were. Your ")[2] for word in never)
    hidden = AuditTrigger(hide=HIDDEN_IN_HISTORY).hidden_columns(Talent)
    assert set(hidden) == {"id_number", "id_number_index", "phone", "email", "address", "bank_account", "health_note"}


def test_an_erased_file_takes_no_more_writing(staff):
    talent = TalentFactory()
    actions.erase(by=staff, at=AT, talent=talent)
    with pytest.raises(Refused, match="deleted"):
        actions.update_talent(by=staff, at=AT, talent=talent, changes={"phone": "13812341234"})
    assert not Talent.objects.registered().exists()


def test_the_number_is_free_again_after_deletion(staff):
    talent = TalentFactory()
    number = talent.id_number
    actions.erase(by=staff, at=AT, talent=talent)
    actions.create_talent(by=staff, at=AT, consented=True, data={"name": "张伟", "id_number": number})


def test_an_account_with_other_duties_stays_open(staff):
    talent = talent_with_account()
    give(talent.user, Role.TOWNSHIP_CADRE)
    actions.erase(by=staff, at=AT, talent=talent)
    talent.user.refresh_from_db()
    assert talent.user.is_active
    assert talent.user.roles == {Role.TOWNSHIP_CADRE}


def test_what_records_money_or_decisions_stays_and_the_answer_says_so(staff):
    talent = talent_with_account()
    ApplicationFactory(applicant=talent, region=talent.region)
    told = answer(staff, ask(talent)).answer
    assert "applications (1)" in told
    assert "public money" in told
    assert talent.applications.exists()


def test_an_account_that_closes_keeps_no_device_and_no_preference(staff):
    talent = talent_with_account()
    devices = [TOTPDevice.objects.create(user=talent.user), StaticDevice.objects.create(user=talent.user)]
    Preference.objects.create(user=talent.user, kind_group="cases", channel="sms", wanted=False)
    talent.user.second_factor_since = AT
    talent.user.save()
    actions.erase(by=staff, at=AT, talent=talent)
    assert not any(type(device).objects.filter(user=talent.user).exists() for device in devices)
    assert not Preference.objects.filter(user=talent.user).exists()
    talent.user.refresh_from_db()
    assert talent.user.second_factor_since is None


def test_rows_that_protect_the_file_are_what_is_kept():
    talent = TalentFactory()
    assert erasure.kept_records(talent) == []
    protected = {
        relation.related_model._meta.label
        for relation in Talent._meta.related_objects
        if relation.on_delete.__name__ == "PROTECT"
    }
    assert "talentmap.Application" in protected


def test_something_under_way_stops_the_deletion(staff, monkeypatch):
    talent = talent_with_account()
    monkeypatch.setattr(erasure, "GUARDS", [lambda talent: "An application is open."])
    with pytest.raises(Refused, match="application is open"):
        answer(staff, ask(talent))
    talent.refresh_from_db()
    assert not talent.is_erased


def test_other_areas_clear_their_copies(staff, monkeypatch):
    cleared = []
    monkeypatch.setattr(erasure, "CLEARINGS", [lambda *, by, at, talent: cleared.append(talent)])
    talent = TalentFactory()
    actions.erase(by=staff, at=AT, talent=talent)
    assert cleared == [talent]
