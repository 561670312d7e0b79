"""The office's file and the account that its person made later become one, and nothing gets lost."""

from datetime import date

import pytest

from talentmap.accounts.permissions import Role
from talentmap.audit.models import AuditEntry
from talentmap.notices.models import Notice
from talentmap.people import actions
from talentmap.people.choices import Purpose, RequestKind
from talentmap.people.models import Talent
from talentmap.ui.errors import Refused
from tests.factories.accounts import TownshipFactory, UserFactory, give, user_with
from tests.factories.money import ApplicationFactory
from tests.factories.people import (
    AT,
    ConsentFactory,
    FamilyMemberFactory,
    OrganisationFactory,
    SkillFactory,
    TalentFactory,
    id_number,
    talent_with_account,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def staff():
    return user_with(Role.OFFICE_STAFF)


@pytest.fixture
def talent():
    """What the office keeps, as an import leaves it: the identity and little else."""
    return TalentFactory(name="张伟", verified=True, education="", phone="")


@pytest.fixture
def registered():
    user = UserFactory(mobile="13812341234")
    give(user, Role.TALENT)
    return actions.register_self(by=user, at=AT, user=user, name="张伟", phone="13812341234")


def join(staff, talent, registered):
    return actions.link_account(by=staff, at=AT, talent=talent, user=registered.user)


def test_file_and_account_are_joined_after_the_identity_was_verified(staff, registered):
    talent = TalentFactory(name="张伟")
    with pytest.raises(Refused, match="verify"):
        join(staff, talent, registered)
    actions.verify_identity(by=staff, at=AT, talent=talent)
    join(staff, talent, registered)
    assert Talent.objects.get(user=registered.user).pk == talent.pk
    assert not Talent.objects.filter(pk=registered.pk).exists()
    assert actions.has_consent(talent, Purpose.REGISTER)


def test_the_person_is_told(staff, talent, registered):
    join(staff, talent, registered)
    assert Notice.objects.get(recipient=registered.user).kind == "file_joined"


def test_a_consent_that_both_files_hold_does_not_stand_in_the_way(staff, talent, registered):
    """The office records the consent on paper, the person gives the same one when registering."""
    given = ConsentFactory(talent=talent, purpose=Purpose.REGISTER)
    ConsentFactory(talent=registered, purpose=Purpose.HOUSING, withdrawn_at=AT, withdrawn_by=registered.user)
    actions.give_consent(by=registered.user, at=AT, talent=registered, purpose=Purpose.SHARING)
    join(staff, talent, registered)
    in_force = talent.consents.filter(withdrawn_at=None)
    assert set(in_force.values_list("purpose", flat=True)) == {Purpose.REGISTER, Purpose.SHARING}
    assert in_force.get(purpose=Purpose.REGISTER) == given
    assert talent.consents.filter(purpose=Purpose.HOUSING).count() == 1


def test_whatever_the_person_had_filled_in_is_there_afterwards(staff, talent, registered):
    for purpose in (Purpose.BANK_ACCOUNT, Purpose.HEALTH, Purpose.CHILD):
        actions.give_consent(by=registered.user, at=AT, talent=registered, purpose=purpose)
    changes = {
        "education": "master", "school": "西南大学", "employer": OrganisationFactory(), "position": "技术员",
        "bank_account": "6222023100001234", "bank_name": "农业银行", "bank_account_name": "张伟",
        "health_note": "青霉素过敏",
    }  # fmt: skip
    actions.update_talent(by=registered.user, at=AT, talent=registered, changes=changes)
    SkillFactory(talent=registered, name="评茶员")
    FamilyMemberFactory(talent=registered, name="李四")
    FamilyMemberFactory(talent=registered, relation="child", name="张小一", id_number=id_number(5, date(2018, 5, 1)))
    asked = actions.ask_data_request(
        by=registered.user, at=AT, talent=registered, kind=RequestKind.CORRECT, text="my name"
    )
    join(staff, talent, registered)
    talent.refresh_from_db()
    assert {name: getattr(talent, name) for name in changes} == changes
    assert talent.bank_account_last4 == "1234"
    assert [skill.name for skill in talent.skills.all()] == ["评茶员"]
    assert {member.name for member in talent.family.all()} == {"李四", "张小一"}
    assert talent.data_requests.get() == asked
    assert {consent.purpose for consent in talent.consents.all()} == {
        Purpose.REGISTER, Purpose.BANK_ACCOUNT, Purpose.HEALTH, Purpose.CHILD,
    }  # fmt: skip
    gone = AuditEntry.objects.filter(operation="delete", action="people.link_account")
    assert set(gone.values_list("table_name", flat=True)) == {"talentmap_talent"}


def test_what_both_files_hold_alike_is_kept_once(staff, talent, registered):
    for each in (talent, registered):
        SkillFactory(talent=each, name="评茶员")
        FamilyMemberFactory(talent=each, name="李四", id_number=id_number(9))
        Talent.objects.filter(pk=each.pk).update(education="master")
        actions.ask_data_request(by=staff, at=AT, talent=each, kind=RequestKind.DELETE)
    join(staff, talent, registered)
    talent.refresh_from_db()
    assert (talent.skills.count(), talent.family.count(), talent.data_requests.count()) == (1, 1, 1)


def test_files_that_contradict_each_other_are_not_joined_and_staff_learn_in_what(staff, talent, registered):
    Talent.objects.filter(pk=talent.pk).update(education="college")
    FamilyMemberFactory(talent=talent, name="王五")
    changes = {"education": "master", "region": TownshipFactory(), "address": "文江镇1号"}
    actions.update_talent(by=registered.user, at=AT, talent=registered, changes=changes)
    FamilyMemberFactory(talent=registered, name="李四")
    with pytest.raises(Refused) as refused:
        join(staff, talent, registered)
    for told in ("highest education", "township", "Spouse"):
        assert told in str(refused.value)
    assert "address" not in str(refused.value)
    registered.refresh_from_db()
    assert registered.family.get().name == "李四"


def test_a_file_is_never_joined_to_somebody_else_s_account(staff, talent):
    other = talent_with_account(name="张伟", user=UserFactory(mobile="13712341234"))
    with pytest.raises(Refused, match="another ID number"):
        join(staff, talent, other)
    user = UserFactory(mobile="13912341234")
    with pytest.raises(Refused, match="another name"):
        join(staff, talent, actions.register_self(by=user, at=AT, user=user, name="李四"))


def test_an_account_that_has_applied_keeps_its_file(staff, talent, registered):
    ApplicationFactory(applicant=registered, region=talent.region)
    with pytest.raises(Refused, match=r"in use: applications \(1\)"):
        join(staff, talent, registered)
