"""Each constraint of the register, violated behind the actions' back."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from talentmap.people.choices import Purpose, Relation, RequestKind, RequestState
from talentmap.people.models import Organisation, Talent
from talentmap.people.records import DataRequest
from tests.factories.people import (
    AT,
    ConsentFactory,
    FamilyMemberFactory,
    OrganisationFactory,
    SkillFactory,
    TalentFactory,
    credit_code,
)

pytestmark = pytest.mark.django_db


def refused(constraint, write):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        write()


def change(talent, **values):
    return lambda: Talent.objects.filter(pk=talent.pk).update(**values)


def test_id_number_once():
    one, two = TalentFactory.create_batch(2)
    refused("talentmap_talent_id_number_once", change(two, id_number_index=one.id_number_index))


def test_many_people_without_a_number():
    TalentFactory.create_batch(3, id_number="", id_number_index="")


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("talentmap_talent_id_number_indexed", {"id_number_index": ""}),
        ("talentmap_talent_phone_form", {"phone": "12345"}),
        ("talentmap_talent_category_term", {"category": "A"}),
        ("talentmap_talent_category_term", {"category_since": date(2026, 1, 1)}),
        (
            "talentmap_talent_category_term",
            {"category": "Z", "category_since": date(2026, 1, 1), "category_until": date(2027, 1, 1)},
        ),
        (
            "talentmap_talent_employment_term",
            {"employed_since": date(2026, 1, 2), "employed_until": date(2026, 1, 1)},
        ),
        ("talentmap_talent_bank_account_last4", {"bank_account": "6222023100001234"}),
        ("talentmap_talent_bank_account_last4", {"bank_account_last4": "1234"}),
        ("talentmap_talent_identity_verified", {"identity_verified_at": AT}),
        ("talentmap_talent_named", {"name": ""}),
    ],
)
def test_files(constraint, values):
    refused(constraint, change(TalentFactory(), **values))


def test_organisations():
    one = OrganisationFactory(credit_code=credit_code(1))
    two = OrganisationFactory()
    rows = Organisation.objects.filter(pk=two.pk)
    refused("talentmap_organisation_credit_code_once", lambda: rows.update(credit_code=one.credit_code))
    refused("talentmap_organisation_credit_code_form", lambda: rows.update(credit_code="I" * 18))
    refused("talentmap_organisation_named", lambda: rows.update(name=""))


def test_skills_and_family():
    skill = SkillFactory()
    refused(
        "talentmap_skill_level_once",
        lambda: SkillFactory(talent=skill.talent, name=skill.name, level=skill.level),
    )
    spouse = FamilyMemberFactory()
    refused("talentmap_familymember_one_spouse", lambda: FamilyMemberFactory(talent=spouse.talent))
    child = {"talent": spouse.talent, "relation": Relation.CHILD, "id_number": "x", "id_number_index": "y"}
    FamilyMemberFactory(**child)
    refused("talentmap_familymember_id_number_once", lambda: FamilyMemberFactory(**child))
    refused(
        "talentmap_familymember_id_number_indexed",
        lambda: FamilyMemberFactory(talent=spouse.talent, relation=Relation.CHILD, id_number="x", id_number_index=""),
    )


def test_consents():
    consent = ConsentFactory()
    refused("talentmap_consent_one_in_force", lambda: ConsentFactory(talent=consent.talent))
    refused("talentmap_consent_withdrawal", lambda: ConsentFactory(purpose=Purpose.HEALTH, withdrawn_at=AT))


def test_requests():
    talent = TalentFactory()
    row = {"talent": talent, "kind": RequestKind.DELETE, "asked_at": AT, "asked_by": talent.created_by}
    DataRequest.objects.create(**row)
    refused("talentmap_datarequest_one_open", lambda: DataRequest.objects.create(**row))
    refused(
        "talentmap_datarequest_answered",
        lambda: DataRequest.objects.create(**row, state=RequestState.DONE, answered_at=AT),
    )
