from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from talentmap.accounts.permissions import Role
from talentmap.audit.models import AccessLog, AuditEntry
from talentmap.people import actions
from talentmap.people.choices import Purpose, Relation, Sex
from talentmap.people.models import Talent
from talentmap.ui.errors import Refused
from tests.factories.accounts import TownshipFactory, UserFactory, VillageFactory, user_with
from tests.factories.people import (
    AT,
    ConsentFactory,
    OrganisationFactory,
    TalentFactory,
    credit_code,
    id_number,
    talent_with_account,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NUMBER = "11010519491231002X"


@pytest.fixture
def staff():
    return user_with(Role.OFFICE_STAFF)


def test_registering_opens_a_file_with_its_consent():
    user = UserFactory()
    talent = actions.register_self(by=user, at=AT, user=user, name=" 单 雄信 ", phone="138 1234 1234")
    assert (talent.user, talent.phone, talent.name_pinyin) == (user, "13812341234", "shanxiongxin")
    assert actions.has_consent(talent, Purpose.REGISTER)


def test_nobody_registers_another():
    with pytest.raises(PermissionDenied):
        actions.register_self(by=UserFactory(), at=AT, user=UserFactory(), name="张伟")


def test_a_file_at_the_counter_is_completed_from_the_number(staff):
    data = {"name": "张伟", "id_number": NUMBER.lower(), "region": TownshipFactory()}
    talent = actions.create_talent(by=staff, at=AT, consented=True, data=data)
    assert (talent.birth_date, talent.sex) == (date(1949, 12, 31), Sex.FEMALE)
    assert Talent.objects.with_id_number(NUMBER).get() == talent
    entry = AuditEntry.objects.get(table_name="talentmap_talent", row_id=str(talent.pk))
    assert (entry.actor, entry.action) == (staff, "people.create_talent")
    assert NUMBER not in str(entry.changes)
    assert talent.consents.get().purpose == Purpose.REGISTER


def test_no_file_without_the_signed_consent(staff):
    with pytest.raises(Refused, match="signed consent"):
        actions.create_talent(by=staff, at=AT, data={"name": "张伟"}, consented=False)
    assert not Talent.objects.exists()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"name": " "}, "name"),
        ({"name": "张伟", "id_number": "360426199113010079"}, "does not exist"),
        ({"name": "张伟", "id_number": NUMBER, "birth_date": date(1990, 1, 1)}, "date of birth differs"),
        ({"name": "张伟", "id_number": NUMBER, "sex": Sex.MALE}, "sex differs"),
        ({"name": "张伟", "phone": "123"}, "mobile"),
        ({"name": "张伟", "employed_until": date(2026, 1, 1)}, "first day"),
        ({"name": "张伟", "bank_account": "6222023100001234"}, "consent"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason(staff, data, told):
    with pytest.raises(Refused, match=told):
        actions.create_talent(by=staff, at=AT, consented=True, data=data)
    assert not Talent.objects.exists()


def test_a_second_file_of_the_same_person_is_refused(staff):
    one = TalentFactory()
    with pytest.raises(Refused, match="already registered"):
        actions.create_talent(by=staff, at=AT, consented=True, data={"name": "张伟", "id_number": one.id_number})


def test_a_cadre_opens_files_in_the_own_township_only():
    township = TownshipFactory()
    cadre = user_with(Role.TOWNSHIP_CADRE, region=township)
    actions.create_talent(
        by=cadre, at=AT, consented=True, data={"name": "张伟", "region": VillageFactory(parent=township)}
    )
    for elsewhere in (TownshipFactory(), None):
        with pytest.raises(PermissionDenied):
            actions.create_talent(by=cadre, at=AT, consented=True, data={"name": "张伟", "region": elsewhere})


def test_a_cadre_does_not_push_a_file_out_of_the_own_township():
    talent = TalentFactory()
    cadre = user_with(Role.TOWNSHIP_CADRE, region=talent.region)
    with pytest.raises(Refused, match="outside your reach"):
        actions.update_talent(by=cadre, at=AT, talent=talent, changes={"region": TownshipFactory()})


def test_the_person_changes_what_is_theirs_and_nothing_else():
    talent = talent_with_account()
    actions.update_talent(by=talent.user, at=AT, talent=talent, changes={"phone": "13812341234"})
    assert Talent.objects.get(pk=talent.pk).phone == "13812341234"
    for changes in ({"category": "A", "category_since": date(2026, 1, 1)}, {"is_civil_servant": True}):
        with pytest.raises(PermissionDenied):
            actions.update_talent(by=talent.user, at=AT, talent=talent, changes=changes)
    with pytest.raises(PermissionDenied):
        actions.update_talent(by=talent.user, at=AT, talent=TalentFactory(), changes={"phone": ""})


def test_verified_identity_is_no_longer_the_person_s_to_change(staff):
    talent = talent_with_account()
    actions.update_talent(by=talent.user, at=AT, talent=talent, changes={"name": "张三丰"})
    actions.verify_identity(by=staff, at=AT, talent=talent)
    for changes in ({"name": "张无忌"}, {"id_number": id_number(499)}):
        with pytest.raises(Refused, match="ask for a correction"):
            actions.update_talent(by=talent.user, at=AT, talent=talent, changes=changes)
    actions.update_talent(by=talent.user, at=AT, talent=talent, changes={"name": "张三丰", "address": "文江镇"})


@pytest.mark.parametrize("changes", [{"name": "张无忌"}, {"id_number": id_number(499)}])
def test_an_identity_that_changes_has_to_be_verified_again(staff, changes):
    talent = TalentFactory(verified=True)
    same = actions.update_talent(by=staff, at=AT, talent=talent, changes={"name": talent.name, "major": "茶学"})
    assert same.identity_verified_at == AT
    talent = actions.update_talent(by=staff, at=AT, talent=talent, changes=changes)
    assert (talent.identity_verified_at, talent.identity_verified_by) == (None, None)
    assert actions.verify_identity(by=staff, at=AT, talent=talent).identity_verified_by == staff


def test_nobody_verifies_their_own_identity():
    talent = talent_with_account()
    from tests.factories.accounts import give

    give(talent.user, Role.OFFICE_STAFF)
    talent.user.forget_memberships()
    with pytest.raises(PermissionDenied):
        actions.verify_identity(by=talent.user, at=AT, talent=talent)


def test_a_member_of_the_office_cannot_promote_themselves():
    talent = talent_with_account()
    from tests.factories.accounts import give

    give(talent.user, Role.OFFICE_STAFF)
    changes = {"category": "A", "category_since": date(2026, 1, 1)}
    with pytest.raises(PermissionDenied):
        actions.update_talent(by=talent.user, at=AT, talent=talent, changes=changes)


def test_a_stale_page_overwrites_nothing(staff):
    talent = TalentFactory()
    actions.update_talent(by=staff, at=AT, talent=talent, changes={"major": "茶学"}, expected_version=1)
    with pytest.raises(Refused, match="Somebody else"):
        actions.update_talent(by=staff, at=AT, talent=talent, changes={"major": "医学"}, expected_version=1)
    assert Talent.objects.get(pk=talent.pk).major == "茶学"


def test_saving_without_a_change_leaves_no_trace(staff):
    talent = TalentFactory()
    before = AuditEntry.objects.count()
    actions.update_talent(by=staff, at=AT, talent=talent, changes={"id_number": talent.id_number, "name": talent.name})
    assert AuditEntry.objects.count() == before


def test_an_empty_category_ends_its_term_and_a_new_one_runs_five_years(staff):
    talent = TalentFactory()
    changes = {"category": "E", "category_since": date(2026, 3, 1)}
    talent = actions.update_talent(by=staff, at=AT, talent=talent, changes=changes)
    assert talent.category_until == date(2031, 2, 28)
    assert talent.category_on(date(2031, 2, 28)) == "E"
    assert talent.category_on(date(2031, 3, 1)) == ""
    assert talent.category_renewable_on(date(2030, 11, 28))
    assert not talent.category_renewable_on(date(2030, 11, 27))
    talent = actions.update_talent(by=staff, at=AT, talent=talent, changes={"category": ""})
    assert talent.category_since is talent.category_until is None


def test_date_of_birth_and_sex_follow_the_number(staff):
    talent = TalentFactory()
    with pytest.raises(Refused, match="part of the ID number"):
        actions.update_talent(by=staff, at=AT, talent=talent, changes={"birth_date": date(1980, 1, 1)})
    talent = actions.update_talent(by=staff, at=AT, talent=talent, changes={"id_number": NUMBER})
    assert talent.birth_date == date(1949, 12, 31)


def test_a_bank_account_needs_its_consent():
    talent = talent_with_account()
    changes = {"bank_account": "6222 0231 0000 1234", "bank_name": "农业银行", "bank_account_name": "张一"}
    with pytest.raises(Refused, match="Bank account"):
        actions.update_talent(by=talent.user, at=AT, talent=talent, changes=changes)
    consent = actions.give_consent(by=talent.user, at=AT, talent=talent, purpose=Purpose.BANK_ACCOUNT)
    talent = actions.update_talent(by=talent.user, at=AT, talent=talent, changes=changes)
    assert talent.bank_account_last4 == "1234"
    actions.withdraw_consent(by=talent.user, at=AT, consent=consent)
    talent.refresh_from_db()
    assert (talent.bank_account, talent.bank_account_last4, talent.bank_name) == ("", "", "")


def test_a_consent_given_with_entries_that_are_refused_is_not_given():
    talent = talent_with_account()
    changes = {"bank_account": "123", "bank_name": "农业银行", "bank_account_name": "张一"}
    save = {"by": talent.user, "at": AT, "talent": talent, "consents": [Purpose.BANK_ACCOUNT]}
    with pytest.raises(Refused, match="8 to 30 digits"):
        actions.update_talent(**save, changes=changes)
    add = {"by": talent.user, "at": AT, "talent": talent, "relation": Relation.CHILD, "name": "张小一"}
    with pytest.raises(Refused, match="future"):
        actions.add_family_member(**add, birth_date=date(2027, 1, 1), consent=True)
    assert not talent.consents.exists()
    actions.update_talent(**save, changes=changes | {"bank_account": "6222023100001234"})
    actions.add_family_member(**add, birth_date=date(2020, 1, 1), consent=True)
    assert {consent.purpose for consent in talent.consents.all()} == {Purpose.BANK_ACCOUNT, Purpose.CHILD}


def test_the_health_note_is_the_person_s_alone(staff):
    talent = talent_with_account()
    actions.give_consent(by=talent.user, at=AT, talent=talent, purpose=Purpose.HEALTH)
    actions.update_talent(by=talent.user, at=AT, talent=talent, changes={"health_note": "青霉素过敏"})
    with pytest.raises(PermissionDenied):
        actions.update_talent(by=staff, at=AT, talent=talent, changes={"health_note": "无"})
    with pytest.raises(PermissionDenied):
        actions.unmask(by=staff, at=AT, talent=talent, field="health_note", reason="curious")
    talent.refresh_from_db()
    assert actions.unmask(by=talent.user, at=AT, talent=talent, field="health_note") == "青霉素过敏"


def test_a_child_needs_the_guardian_s_consent():
    talent = talent_with_account()
    child = {"relation": Relation.CHILD, "name": "张小一", "id_number": id_number(5, date(2018, 5, 1))}
    with pytest.raises(Refused, match="child"):
        actions.add_family_member(by=talent.user, at=AT, talent=talent, **child)
    consent = actions.give_consent(by=talent.user, at=AT, talent=talent, purpose=Purpose.CHILD)
    member = actions.add_family_member(by=talent.user, at=AT, talent=talent, **child)
    assert member.birth_date == date(2018, 5, 1)
    actions.add_family_member(by=talent.user, at=AT, talent=talent, relation=Relation.SPOUSE, name="李四")
    actions.withdraw_consent(by=talent.user, at=AT + timedelta(days=1), consent=consent)
    assert [each.relation for each in talent.family.all()] == [Relation.SPOUSE]


def test_family_is_not_oneself_nor_doubled_nor_unborn():
    talent = talent_with_account()
    add = {"by": talent.user, "at": AT, "talent": talent, "relation": Relation.SPOUSE, "name": "李四"}
    with pytest.raises(Refused, match="own ID number"):
        actions.add_family_member(**add, id_number=talent.id_number)
    with pytest.raises(Refused, match="future"):
        actions.add_family_member(**add, birth_date=date(2027, 1, 1))
    member = actions.add_family_member(**add)
    with pytest.raises(Refused, match="already"):
        actions.add_family_member(**add)
    actions.remove_family_member(by=talent.user, at=AT, member=member)
    assert not talent.family.exists()


def test_skills():
    talent = talent_with_account()
    add = {"by": talent.user, "at": AT, "talent": talent, "name": "评茶员", "level": "senior"}
    skill = actions.add_skill(**add)
    with pytest.raises(Refused, match="already"):
        actions.add_skill(**add)
    with pytest.raises(Refused):
        actions.add_skill(**(add | {"level": "grandmaster"}))
    with pytest.raises(PermissionDenied):
        actions.remove_skill(by=UserFactory(), at=AT, skill=skill)
    actions.remove_skill(by=talent.user, at=AT, skill=skill)
    assert not talent.skills.exists()


def test_reading_another_s_secret_needs_a_reason_and_leaves_a_line(staff):
    talent = TalentFactory()
    with pytest.raises(Refused, match="why"):
        actions.unmask(by=staff, at=AT, talent=talent, field="id_number", reason="  ")
    with pytest.raises(Refused, match="numbers"):
        actions.unmask(by=staff, at=AT, talent=talent, field="id_number", reason=f"is it {talent.id_number}?")
    assert not AccessLog.objects.exists()
    value = actions.unmask(by=staff, at=AT, talent=talent, field="id_number", reason="payment")
    assert value == talent.id_number
    line = AccessLog.objects.get()
    assert (line.user, line.subject_id, line.field, line.reason) == (staff, str(talent.pk), "id_number", "payment")


def test_reading_one_s_own_is_logged_without_asking():
    talent = talent_with_account()
    assert actions.unmask(by=talent.user, at=AT, talent=talent, field="phone") == talent.phone
    assert AccessLog.objects.get().user == talent.user


@pytest.mark.parametrize(
    "field", ["", "password", "user", "family:999", "family:x", "family:" + "9" * 5000, "id_number_index"]
)
def test_only_secrets_are_unmasked(staff, field):
    with pytest.raises(Refused, match="no such entry"):
        actions.unmask(by=staff, at=AT, talent=TalentFactory(), field=field, reason="x")


def test_who_has_no_reach_reads_nothing():
    talent = TalentFactory()
    for role in (Role.TOWNSHIP_CADRE, Role.COUNTY_LEADER, Role.BANK_OFFICER, Role.TALENT):
        with pytest.raises(PermissionDenied):
            actions.unmask(by=user_with(role), at=AT, talent=talent, field="phone", reason="x")


def test_an_organisation_takes_over_the_employees_that_named_it(staff):
    waiting = TalentFactory(employer_name="高县早白尖茶业有限公司")
    data = {"name": "高县早白尖茶业有限公司", "kind": "enterprise", "credit_code": "91110000600037341N"}
    organisation = actions.create_organisation(by=staff, at=AT, data=data)
    assert organisation.credit_code_warning
    waiting.refresh_from_db()
    assert (waiting.employer, waiting.employer_name) == (organisation, "")
    organisation = actions.update_organisation(
        by=staff, at=AT, organisation=organisation, changes={"credit_code": credit_code(1)}
    )
    assert not organisation.credit_code_warning


def test_a_malformed_or_taken_credit_code_is_refused(staff):
    OrganisationFactory(credit_code=credit_code(1))
    for code, told in (("123", "18"), (credit_code(1), "already")):
        with pytest.raises(Refused, match=told):
            actions.create_organisation(by=staff, at=AT, data={"name": "甲", "kind": "enterprise", "credit_code": code})


def test_consent_is_given_once_and_withdrawn_once():
    talent = talent_with_account()
    give = {"by": talent.user, "at": AT, "talent": talent, "purpose": Purpose.SHARING}
    consent = actions.give_consent(**give)
    assert actions.give_consent(**give) == consent
    assert consent.wording
    withdrawn = actions.withdraw_consent(by=talent.user, at=AT, consent=consent)
    assert actions.withdraw_consent(by=talent.user, at=AT + timedelta(1), consent=consent) == withdrawn
    assert actions.give_consent(**give) != consent


def test_the_consent_to_the_file_itself_ends_by_deletion_only():
    talent = talent_with_account()
    consent = ConsentFactory(talent=talent, purpose=Purpose.REGISTER)
    with pytest.raises(Refused, match="deletion"):
        actions.withdraw_consent(by=talent.user, at=AT, consent=consent)
