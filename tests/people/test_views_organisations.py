"""The pages of organisations."""

import pytest
from django.urls import reverse

from talentmap.accounts.permissions import Role
from talentmap.people.models import Organisation
from tests.factories.accounts import user_with
from tests.factories.people import (
    OrganisationFactory,
    credit_code,
    talent_with_account,
)
from tests.people.pages import page, send

pytestmark = pytest.mark.django_db
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
