"""What the pages of a loan's application say: of the decision, and of the terms that the bank has set."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import lending

pytestmark = pytest.mark.django_db


@pytest.fixture
def market():
    return lending.market()


def shown(user, address):
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client.get(address).content.decode()


def test_a_loan_has_no_decision_letter_and_nobody_is_offered_one(market):
    """The bank's contract is its letter; the services that write one still say so."""
    person = lending.borrower(market)
    case = lending.approved(market, person).application
    letter = reverse("casework:letter", args=[case.pk])
    own, kept = (reverse(f"casework:{name}", args=[case.pk]) for name in ("application", "case"))
    pages = [shown(person.user, own)]
    pages += [shown(user, kept) for user in (market.office.staff, market.bank, market.guarantor)]
    assert [page.count(str(case)) > 0 for page in pages] == [True] * 4
    assert [page.count(letter) for page in pages] == [0] * 4
    guides = [
        shown(person.user, reverse("casework:service_guide", args=[code])) for code in ("start_up_loan", "housing_rent")
    ]
    assert ["letter that you can download" in guide for guide in guides] == [False, True]
