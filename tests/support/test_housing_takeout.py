"""What a person takes along is everything that is stored about them, whichever area stores it."""

import pytest
from django.utils import translation

from talentmap.accounts.permissions import Role
from talentmap.people import actions, takeout
from tests.factories import housing
from tests.factories.accounts import user_with
from tests.factories.money import payable
from tests.factories.people import AT, SkillFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def told():
    """All that a person with a running subsidy takes along, as one text a part."""
    office = housing.office()
    person = housing.talent(office, name="张伟")
    SkillFactory(talent=person, name="评茶员")
    held = housing.approved(office, person)
    payable(office.fund, application=held.application)
    reader = user_with(Role.OFFICE_STAFF, display_name="李读")
    actions.unmask(by=reader, at=AT, talent=person, field="phone", reason="asking about the lease")
    parts: dict[str, str] = {}
    for part, entry, value in takeout.whole_file(person):
        parts[part] = f"{parts.get(part, '')}\n{entry}: {value}"
    return person, held, parts, office


def test_everything_stored_about_a_person_is_in_it(told):
    person, held, parts, _office = told
    number = held.application.number
    for part, words in {
        "File": person.id_number,
        "Account": person.user.username,
        "Skill 1": "评茶员",
        "Consent 1": person.consents.first().wording,
        f"Application {number}": str(held.application.service.title),
        f"Application {number} · Step 1": "at: ",
        f"Application {number} · document 1": held.application.documents.first().name,
        f"Application {number} · Housing": str(held.application.housing.monthly_rent),
        "Housing benefit 1": str(held.monthly_amount),
        "Payment 1": "1500.00",
        "Notice 1": number,
    }.items():
        assert words in parts.get(part, ""), (part, sorted(parts))
    [reading] = [text for part, text in parts.items() if part.startswith("Reading")]
    for words in ("李读", "mobile phone", "asking about the lease"):
        assert words in reading


def test_nothing_of_anybody_else_is_in_it(told):
    person, _held, _parts, office = told
    other = housing.submitted(housing.talent(office, name="李四"))
    whole = str(takeout.whole_file(person))
    for foreign in (other.number, other.applicant.id_number, office.cadre.username, office.director.username):
        assert foreign not in whole
