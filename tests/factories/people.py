"""People and organisations with synthetic identifiers that pass their checks."""

from datetime import UTC, date, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from talentmap.people.choices import Education, OrganisationKind, Purpose, Relation, Sex, SkillLevel
from talentmap.people.consents import wording
from talentmap.people.fields import blind_index
from talentmap.people.identifiers import credit_check_character, id_check_digit
from talentmap.people.models import FamilyMember, Organisation, Skill, Talent
from talentmap.people.pinyin import name_keys
from talentmap.people.records import Consent
from tests.factories.accounts import TownshipFactory, UserFactory

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def id_number(number: int = 1, born: date = date(1995, 6, 1), sex: str = Sex.FEMALE) -> str:
    """The `number`-th valid ID number of somebody of that birthday and sex (500 of each)."""
    sequence = 2 * number + (1 if sex == Sex.MALE else 0)
    first = f"511525{born:%Y%m%d}{sequence % 1000:03}"
    return first + id_check_digit(first)


def credit_code(number: int = 1, prefix: str = "91511525") -> str:
    first = f"{prefix}{number:09}"
    return first + credit_check_character(first)


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation
        exclude = ("keys",)

    name = factory.Sequence(lambda n: f"高县第{n}茶业有限公司")
    kind = OrganisationKind.ENTERPRISE
    region = factory.SubFactory(TownshipFactory)
    keys = factory.LazyAttribute(lambda o: name_keys(o.name, person=False))
    name_sort_key = factory.LazyAttribute(lambda o: o.keys.sort_key)
    name_pinyin = factory.LazyAttribute(lambda o: o.keys.pinyin)
    name_initials = factory.LazyAttribute(lambda o: o.keys.initials)


class TalentFactory(DjangoModelFactory):
    """Somebody in a township of their own, with an ID number and a phone; `user=` gives an account."""

    class Meta:
        model = Talent
        exclude = ("keys", "number")

    number = factory.Sequence(lambda n: n)
    name = factory.LazyAttribute(lambda o: f"张{'一二三四五六七八九十'[o.number % 10]}")
    keys = factory.LazyAttribute(lambda o: name_keys(o.name))
    name_sort_key = factory.LazyAttribute(lambda o: o.keys.sort_key)
    name_pinyin = factory.LazyAttribute(lambda o: o.keys.pinyin)
    name_initials = factory.LazyAttribute(lambda o: o.keys.initials)
    sex = Sex.FEMALE
    birth_date = factory.LazyAttribute(lambda o: date(1960 + o.number // 500 % 40, 6, 1))
    id_number = factory.LazyAttribute(lambda o: id_number(o.number % 500, o.birth_date))
    id_number_index = factory.LazyAttribute(lambda o: blind_index(o.id_number))
    phone = factory.LazyAttribute(lambda o: f"139{o.number:08}")
    region = factory.SubFactory(TownshipFactory)
    education = Education.BACHELOR
    created_by = factory.LazyAttribute(lambda o: o.user or UserFactory())
    created_at = AT
    user = None

    class Params:
        verified = factory.Trait(identity_verified_at=AT, identity_verified_by=factory.SubFactory(UserFactory))
        with_account = factory.Trait(user=factory.SubFactory(UserFactory))


class SkillFactory(DjangoModelFactory):
    class Meta:
        model = Skill

    talent = factory.SubFactory(TalentFactory)
    name = "茶叶加工工"
    level = SkillLevel.SENIOR


class FamilyMemberFactory(DjangoModelFactory):
    class Meta:
        model = FamilyMember

    talent = factory.SubFactory(TalentFactory)
    relation = Relation.SPOUSE
    name = "李四"
    id_number_index = factory.LazyAttribute(lambda o: blind_index(getattr(o, "id_number", "")))


class ConsentFactory(DjangoModelFactory):
    class Meta:
        model = Consent

    talent = factory.SubFactory(TalentFactory)
    purpose = Purpose.BANK_ACCOUNT
    wording = factory.LazyAttribute(lambda o: wording(o.purpose))
    given_at = AT
    given_by = factory.LazyAttribute(lambda o: o.talent.created_by)


def talent_with_account(**fields: Any) -> Talent:
    """A registered applicant: account, role, file."""
    from talentmap.accounts.permissions import Role
    from tests.factories.accounts import give

    talent = TalentFactory(with_account=True, **fields)
    give(talent.user, Role.TALENT)
    return talent
