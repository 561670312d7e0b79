"""From the public calculator to an application that says what was calculated."""

from datetime import date
from decimal import Decimal
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from growth.loans.actions_products import close_product
from talentmap.accounts.permissions import Role
from talentmap.casework import actions as casework
from talentmap.casework.models import Application
from talentmap.ui.errors import Refused
from tests.factories import lending
from tests.factories.accounts import user_with
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
ASKED = {"principal": "240,000", "months": "24", "method": "equal-principal", "grace": "3", "kind": "individual"}


@pytest.fixture
def market():
    return lending.market()


@pytest.fixture
def person(market):
    return lending.borrower(market)


def apply(user, **asked):
    client = Client()
    client.force_login(user)
    return client.post(reverse("loans:calculator_apply", query={**ASKED, **asked}))


def test_what_was_calculated_stands_in_the_application(market, person):
    response = apply(person.user, product=market.product.pk)
    application = Application.objects.get()
    assert response.url == reverse("casework:form_page", args=[application.pk, "loan"])
    form = application.loan_form
    assert (form.kind, form.partners, form.product) == ("individual", None, market.product)
    assert (form.amount, form.months, form.method, form.grace) == (Decimal(240_000), 24, "equal-principal", 3)


def test_without_a_product_the_bank_is_still_to_be_chosen(market, person):
    apply(person.user, kind="partnership", partners="3", annual_rate="3.5")
    form = Application.objects.get().loan_form
    assert (form.kind, form.partners, form.product, form.amount) == ("partnership", 3, None, Decimal(240_000))


def test_calculating_again_goes_into_the_same_draft_and_never_into_what_was_sent(market, person):
    apply(person.user, product=market.product.pk)
    apply(person.user, product=market.product.pk, months="12")
    application = Application.objects.get()
    assert application.loan_form.months == 12

    other = lending.borrower(market)
    sent = casework.submit(by=other.user, at=moment(), application=lending.draft(market, other))
    response = apply(other.user, product=market.product.pk)
    assert response.url == reverse("casework:application", args=[sent.pk])
    assert Application.objects.get(pk=sent.pk).loan_form.amount == Decimal(300_000)


def test_terms_that_give_no_schedule_lead_back_to_the_calculator(market, person):
    assert apply(person.user, months="0").url.startswith(reverse("loans:calculator"))
    assert not Application.objects.exists()


def test_an_account_without_a_file_is_led_to_it(market):
    assert apply(user_with(Role.TALENT)).url == reverse("people:my_file")


def test_the_way_to_the_application_is_for_whoever_may_apply(market, person):
    here = reverse("loans:calculator", query=ASKED)
    stranger, applicant, officer = Client(), Client(), Client()
    applicant.force_login(person.user)
    officer.force_login(market.bank)
    shown = {who: client.get(here).content.decode() for who, client in
             (("stranger", stranger), ("applicant", applicant), ("officer", officer))}  # fmt: skip
    to_apply = reverse("loans:calculator_apply")
    assert [who for who, text in shown.items() if to_apply in text] == ["applicant"]
    back = f"{reverse('sign_in')}?next={quote(reverse('loans:calculator'), safe='')}"
    assert [who for who, text in shown.items() if back in text] == ["stranger"]
    assert apply(market.bank).status_code == 403


def test_an_old_draft_cannot_be_sent_for_a_product_that_the_bank_has_ended(market, person):
    draft = lending.draft(market, person)
    ended, later = date(2026, 3, 4), date(2026, 3, 5)
    close_product(by=market.bank, at=moment(ended), product=market.product, reason="停办")
    with translation.override("en"), pytest.raises(Refused, match="The bank offered it until"):
        casework.submit(by=person.user, at=moment(later), application=draft)
    casework.submit(by=person.user, at=moment(ended), application=draft)
    at_later = draft.service.assess(person, at=moment(later), application=Application.objects.get(pk=draft.pk))
    assert "on_offer" not in {each.code for each in at_later.conditions}  # what was sent in time stays good
