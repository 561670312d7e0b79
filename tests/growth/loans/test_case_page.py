"""What the pages of a loan's application say: of the decision, and of the terms that the bank has set."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from growth.loans import actions
from growth.loans.models_loan import LoanApplication
from tests.factories import lending
from tests.factories.casework import moment

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


def part(page, begin, end):
    return page.split(begin, 1)[1].split(end, 1)[0]


def test_what_the_bank_approves_is_what_it_has_set(market):
    """120,000 for 24 months at 3.5% was asked for; the bank lends 100,000 for 12 months at 3.3%."""
    asked = {"amount": Decimal(120_000), "months": 24}
    application = lending.at_bank(market, lending.borrower(market), **asked)
    case = reverse("casework:case", args=[application.pk])
    before = part(shown(market.bank, case), 'id="decision"', "</section>")
    assert "Set the terms of the loan first." in before
    assert 'value="approve"' not in before, "there is nothing to approve yet"
    assert 'value="return"' in before

    actions.set_terms(
        by=market.bank, at=moment(), application=application, amount=Decimal(100_000), rate=Decimal("3.3"), months=12,
        method="interest-only", grace=0, day_count="30/360",
    )  # fmt: skip
    page = shown(market.bank, case)
    granted, decision = part(page, "What would be granted", "</section>"), part(page, 'id="decision"', "</section>")
    assert [words in granted for words in ("CNY 100,000.00 for 12 months", "3.3% a year", "120,000")] == [
        True, True, False,
    ]  # fmt: skip
    assert 'value="approve"' in decision
    assert ("100,000.00" in decision, "120,000.00" in decision) == (True, False)
    assert "120,000.00" in page, "what was applied for is still told"


def test_what_other_loans_do_not_count_is_told_completely(market):
    application = lending.draft(market, lending.borrower(market))
    LoanApplication.objects.filter(application=application).update(other_loans="others")
    judged = application.service.assess(application.applicant, at=moment(), application=application).unmet
    assert ["consumer loans up to CNY 50,000.00" in str(condition.reason) for condition in judged] == [True]
