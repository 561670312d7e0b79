"""A loan from the public calculator through four organisations to the first interest subsidy: each at their own window.

300,000 yuan for 12 months at 3.5% with the principal at the end: 300,000 × 3.5% / 12 = 875.00 of interest a month and
10,500.00 in all. The state bears half of it (the whole loan is within the first 300,000): 437.50 a month, 1,312.50 for
the three months of a quarter, 5,250.00 in all.
"""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from growth.loans import actions
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import RepaymentFile, SubsidyBooking
from talentmap.casework.models import Application
from talentmap.money.models import PaymentBatch
from tests.browser import Visitor
from tests.factories import lending
from tests.journeys.conftest import NAME, PASSWORD
from tests.journeys.test_rent_subsidy import attach, bank_file, decide, file, state_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PURPOSE = "购置炒茶机和包装设备"
MONTH, QUARTER = "¥875.00", "¥1,312.50"
PAID_IN = (date(2026, 4, 10), date(2026, 5, 10), date(2026, 6, 10))


@pytest.fixture
def county(transactional_db, clock):
    """The office with its fund, a guarantor and two banks, and a graduate who has consented to nothing yet."""
    market = lending.market()
    talent = lending.borrower(market, consents=(), name=NAME, phone="13900000001", bank_account_name=NAME)
    office = market.office
    for person in (talent.user, office.cadre, office.staff, office.director, market.guarantor, market.bank):
        person.set_password(PASSWORD)
        person.save()
    return market, talent


def calculate_and_apply(window: Visitor, market: lending.Market, username: str) -> Application:
    """Somebody who is not signed in finds the calculator, and goes on with what they calculated."""
    window.goes(reverse("casework:services"))
    window.follows(f"a[href='{reverse('loans:calculator')}']")
    window.find("[name=product]").select_option(str(market.product.pk))
    expect(window.find("[name=annual_rate]")).to_have_count(0)
    window.find("[name=method]").select_option("interest-only")
    window.fills(months="12")
    figures = window.page.locator("#result .figures")
    expect(figures).to_contain_text("¥10,500.00")
    expect(figures).to_contain_text("¥5,250.00")
    window.look()
    window.follows(f"#result a[href^='{reverse('sign_in')}']")
    window.fills(username=username, password=PASSWORD)
    window.follows("form.form-page button[type=submit]")
    expect(window.page.locator("#result .figures")).to_contain_text("¥5,250.00")
    window.follows("#result form[method=post] button")
    return Application.objects.get()


def fill_in_and_send(window: Visitor, market: lending.Market) -> None:
    """The loan stands in the form as it was calculated; the rest is asked."""
    expect(window.find("[name=kind][value=individual]")).to_be_checked()
    expect(window.find("[name=product]")).to_have_value(str(market.product.pk))
    for name, value in (("amount", "300000.00"), ("months", "12"), ("method", "interest-only"), ("grace", "0")):
        expect(window.find(f"[name={name}]")).to_have_value(value)
    window.fills(purpose=PURPOSE)
    window.follows("form.form-page button[type=submit]")
    window.fills(business_started_on="2025-01-10")
    window.find("[name=other_loans][value=none]").check()
    window.find("[name=spouse_loans][value=permitted]").check()
    window.follows("form.form-page button[type=submit]")
    window.find("[name=declared_true]").check()
    window.follows("form.form-page button[type=submit]")
    attach(window, "licence", "licence.png")
    attach(window, "plan", "plan.png")
    window.look()
    window.follows(".form-buttons a.btn-primary")
    window.sees(PURPOSE, "300,000", "licence.png", "plan.png")
    for name in ("consent_bank_account", "consent_sharing", "declaration"):
        window.find(f"[name={name}]").check()
    window.follows("form.form-page button[type=submit]")


def test_from_the_calculator_through_four_organisations_to_the_subsidy(county, clock, enter, visit):
    market, talent = county
    with visit() as window:
        application = calculate_and_apply(window, market, talent.user.username)
        fill_in_and_send(window, market)
        window.sees(application.number or Application.objects.get().number)
    assert state_of(application) == "submitted"

    review(market, application, clock, enter)
    decide_at_the_bank(market, application, clock, enter)
    loan = Loan.objects.get()
    lend(market, loan, clock, enter)
    repay(market, loan, clock, enter)
    subsidise(market, loan, clock, enter)
    pay(market, clock, enter)

    clock.on(date(2026, 7, 8))
    with enter(talent.user) as window:
        window.sees("已批准")
        window.follows(f"a[href='/applications/{application.pk}/']")
        window.follows(f"a[href='{loan.get_absolute_url()}']")
        window.sees("HT-2026-001", MONTH, "2026-Q2", QUARTER, "已拨付", "¥300,000.00")


def review(market, application, clock, enter) -> None:
    """Township, office and guarantor, one after the other; the guarantor sees nothing before its turn."""
    case = reverse("casework:case", args=[application.pk])
    with enter(market.office.cadre) as window:
        window.sees(application.number, NAME)
        decide(window, application, "accept")
        window.goes("/cases/")
        decide(window, application, "pass_stage")
    assert state_of(application) == "in_review:office"
    with enter(market.guarantor) as window:
        assert window.page.request.get(case).status == 404
        assert NAME not in window.page.content()

    clock.on(date(2026, 3, 3))
    with enter(market.office.staff) as window:
        decide(window, application, "pass_stage")
    assert state_of(application) == "in_review:guarantor"
    with enter(market.bank) as window:
        assert window.page.request.get(case).status == 404

    clock.on(date(2026, 3, 4))
    with enter(market.guarantor) as window:
        window.sees(application.number, NAME, "2026-03-06")  # three working days after 3 March
        window.follows(f"a[href^='{case}']")
        window.sees(PURPOSE)
        read(window, "plan.png")
        window.goes("/cases/")
        decide(window, application, "pass_stage")
    assert state_of(application) == "in_review:bank"


def read(window: Visitor, name: str) -> None:
    """Open a document beside the case."""
    window.page.locator("#document-list a", has_text=name).click()
    expect(window.find("#viewer img")).to_be_visible()


def decide_at_the_bank(market, application, clock, enter) -> None:
    clock.on(date(2026, 3, 5))
    with enter(market.bank) as window:
        window.sees(application.number, NAME, "2026-03-11")  # five working days after 4 March
        window.follows(f"a[href^='/cases/{application.pk}/']")
        read(window, "licence.png")
        window.follows(f"a[href='{reverse('loans:terms', args=[application.pk])}']")
        expect(window.find("[name=rate]")).to_have_value("3.5000")
        window.look()
        window.follows("form.form-page button[type=submit]")
        window.goes("/cases/")
        decide(window, application, "approve")
    assert state_of(application) == "approved"


def lend(market, loan, clock, enter) -> None:
    """The contract, and the money."""
    clock.on(date(2026, 3, 9))
    with enter(market.bank) as window:
        window.goes(reverse("loans:loan_list"))
        window.follows(f"a[href='{loan.get_absolute_url()}']")
        window.follows(f"a[href='{reverse('loans:sign', args=[loan.pk])}']")
        window.fills(contract_number="HT-2026-001", signed_on="2026-03-09")
        window.follows("form.form-page button[type=submit]")
        clock.on(date(2026, 3, 10))
        window.follows(f"a[href='{reverse('loans:disburse', args=[loan.pk])}']")
        window.fills(reference="FK-001", on="2026-03-10", first_due="2026-04-10")
        expect(window.find("[name=amount]")).to_have_value("300000.00")
        window.follows("form.form-page button[type=submit]")
        window.sees("2026-04-10", MONTH, "2027-03-10", "¥300,000.00")


def repay(market, loan, clock, enter) -> None:
    """The first instalment is entered, the others come with the bank's file."""
    clock.on(PAID_IN[0])
    with enter(market.bank) as window:
        window.goes(loan.get_absolute_url())
        window.follows(f"a[href='{reverse('loans:repay', args=[loan.pk])}']")
        expect(window.find("[name=interest]")).to_have_value("875.00")
        window.fills(reference="LS-04")
        window.follows("form.form-page button[type=submit]")
        window.sees("LS-04", MONTH)

    clock.on(PAID_IN[2])
    rows = [f"HT-2026-001,{day},0,875.00,0,LS-{day:%m}" for day in PAID_IN[1:]]
    content = "\n".join(["合同号,还款日期,本金,利息,罚息,流水号", *rows, "HT-9,2026-06-10,0,1,0,LS-X"]).encode()
    with enter(market.bank) as window:
        window.goes(reverse("loans:loan_list"))
        window.follows(f"a[href='{reverse('loans:repayment_import')}']")
        window.find("input[type=file]").set_input_files(file("还款.csv", content, "text/csv"))
        window.follows("form.form-page button[type=submit]")
        actions.enter_file(RepaymentFile.objects.get().pk, timezone.now)  # the worker's part; the page sees it
        window.sees("LS-05", "LS-06", "LS-X")
        expect(window.page.locator("#main tbody tr")).to_have_count(3)
        window.goes(loan.get_absolute_url())
        window.sees("LS-04", "LS-05", "LS-06", "2026-07-10")
    assert [str(each.interest) for each in loan.repayments.all()] == ["875.00"] * 3


def subsidise(market, loan, clock, enter) -> None:
    """Nothing before the quarter is over; then half of what was paid in it."""
    compute = f"form[action='{reverse('loans:book_subsidy', args=[loan.pk])}'] button"
    for day, booked in ((date(2026, 6, 30), []), (date(2026, 7, 3), ["1312.50"])):
        clock.on(day)
        with enter(market.office.staff) as window:
            window.goes(reverse("loans:loan_list"))
            window.follows(f"a[href='{loan.get_absolute_url()}']")
            window.follows(compute)
        assert [str(each.amount) for each in SubsidyBooking.objects.all()] == booked


def pay(market, clock, enter) -> None:
    """Prepared by one person, released by another; the bank answers that it was paid."""
    with enter(market.office.staff) as window:
        window.goes(reverse("money:batch_list"))
        window.follows(f"a[href='{reverse('money:batch_prepare')}']")
        window.sees(QUARTER)
        window.follows("form.form-page button[type=submit]")
        batch = PaymentBatch.objects.get().get_absolute_url()
        expect(window.page).to_have_url(re.compile(f"{batch}$"))
        window.sees(QUARTER, NAME)

    clock.on(date(2026, 7, 6))
    with enter(market.office.director) as window:
        window.goes(batch)
        window.find("details.asks-again summary").click()
        window.follows("form[action$='/release/'] button")
        rows = bank_file(window)
    assert [(row["账户名"], row["金额"]) for row in rows] == [(NAME, "1312.50")]

    clock.on(date(2026, 7, 7))
    with enter(market.office.staff) as window:
        window.goes(f"{batch}return/")
        answer = f"业务参考号,金额,交易结果\n{rows[0]['业务参考号']},1312.50,成功\n".encode()
        window.find("input[type=file]").set_input_files(file("return.csv", answer, "text/csv"))
        window.follows("form.form-page button[type=submit]")
        window.goes(reverse("money:fund_detail", args=[market.fund.pk]))
        window.sees("¥998,687.50", QUARTER)  # of 1,000,000.00
