"""The pages on which loans are kept, as bank, office and borrower see them."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from growth.loans import actions
from growth.loans.filters import overdue_q
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import Repayment, RepaymentFile
from growth.loans.tariff import TARIFF, UNTIL
from talentmap.accounts.permissions import Role
from talentmap.money import actions as money
from talentmap.money.tariffs import value_of
from talentmap.people.models import Talent
from tests.factories import lending
from tests.factories.accounts import TownshipFactory, user_with
from tests.factories.casework import moment
from tests.factories.people import OrganisationFactory, TalentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def market():
    return lending.market()


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def page(user, name, *args, status=200, **query):
    response = signed_in(user).get(reverse(f"loans:{name}", args=args), query)
    assert response.status_code == status
    return response


def post(user, name, *args, **values):
    return signed_in(user).post(reverse(f"loans:{name}", args=args), values)


def test_a_contract_after_the_policys_last_day_is_told_so(market):
    """Beforehand, when it is recorded, and on the loan's page."""
    over, told = date(2026, 1, 1), "no interest subsidy is promised"
    in_time, late = lending.approved(market), lending.approved(market, lending.borrower(market))
    contract = {"amount": "300000", "rate": "3.5", "months": "12", "signed_on": timezone.localdate()}
    assert told not in english(market.bank, reverse("loans:sign", args=[in_time.pk]))
    post(market.bank, "sign", in_time.pk, contract_number="HT-1", **contract)
    assert told not in english(market.bank, reverse("loans:loan", args=[in_time.pk]))

    money.add_version(
        by=market.office.director, at=moment(), code="growth.loans", valid_from=date(2025, 4, 1),
        values={**TARIFF.defaults, UNTIL: value_of(over)}, note="政策提前结束", expected_version=1,
    )  # fmt: skip
    assert told in english(market.bank, reverse("loans:sign", args=[late.pk]))
    client = signed_in(market.bank)
    client.cookies["django_language"] = "en"
    recorded = client.post(reverse("loans:sign", args=[late.pk]), {**contract, "contract_number": "HT-2"}, follow=True)
    assert [str(each) for each in recorded.context["messages"] if told in str(each) and "2026-01-01" in str(each)]
    assert told in english(market.bank, reverse("loans:loan", args=[late.pk]))
    assert told not in english(market.bank, reverse("loans:loan", args=[in_time.pk])), "its own version holds"


def english(user, address):
    client = signed_in(user)
    client.cookies["django_language"] = "en"
    return client.get(address).content.decode()


def test_from_the_terms_to_the_first_repayment_in_the_banks_pages(market):
    person = lending.borrower(market)
    application = lending.at_bank(market, person)
    case = reverse("casework:case", args=[application.pk])
    assert reverse("loans:terms", args=[application.pk]) in signed_in(market.bank).get(case).content.decode()
    terms = {
        "amount": "300,000", "rate": "3.5", "months": "12", "method": "interest-only", "grace": "",
        "day_count": "30/360",
    }  # fmt: skip
    assert post(market.bank, "terms", application.pk, **terms).url == case
    application.refresh_from_db()
    decision = {"action": "approve", "version": application.version, "reason": ""}
    signed_in(market.bank).post(reverse("casework:decide", args=[application.pk]), decision)
    loan = Loan.objects.get()
    today = timezone.localdate()
    contract = {"contract_number": "HT-1", "signed_on": today, "amount": "300,000", "rate": "3.5", "months": "12"}
    post(market.bank, "sign", loan.pk, **contract)
    post(
        market.bank,
        "disburse",
        loan.pk,
        amount="300000",
        on=today,
        reference="FK-1",
        first_due=date(today.year + 1, 1, 10),
    )
    early = {
        "paid_on": today, "principal": "100000", "interest": "0", "penalty": "", "reference": "TQ-1", "note": "",
        "keep": "term",
    }  # fmt: skip
    assert post(market.bank, "early", loan.pk, **early).url == loan.get_absolute_url()
    loan.refresh_from_db()
    assert (loan.state, loan.outstanding) == ("running", Decimal(200_000))


def test_a_loan_of_which_nothing_is_paid_out_has_its_pages_as_well(market):
    loan = lending.approved(market)
    sign = reverse("loans:sign", args=[loan.pk])
    assert sign in page(market.bank, "loan", loan.pk).content.decode()
    for reader in (market.office.staff, market.guarantor, Talent.objects.get(pk=loan.talent_id).user):
        page(reader, "loan", loan.pk)
    for name in ("repay", "early"):
        page(market.bank, name, loan.pk)
        refused = post(market.bank, name, loan.pk, paid_on=timezone.localdate(), principal=1, interest=0,
                       reference="LS-1", keep="term")  # fmt: skip
        assert refused.status_code == 200
    assert not Repayment.objects.exists()


def test_a_refusal_stands_on_the_form_which_keeps_what_was_typed(market):
    loan = lending.running(market)
    values = {"paid_on": date(2026, 4, 10), "principal": "5", "interest": "875", "penalty": "", "reference": "LS-1"}
    response = post(market.bank, "repay", loan.pk, **values)
    assert response.status_code == 200
    shown = response.content.decode()
    assert 'value="LS-1"' in shown
    assert "875.00" in shown
    assert not Repayment.objects.exists()


def test_everybody_sees_their_own_loans_and_nobody_elses(market):
    here = TownshipFactory()
    mine, other = TalentFactory(region=here, user=user_with(Role.TALENT)), lending.borrower(market)
    loan = lending.bare(mine, market.bank_office, market.guarantor_office, "HT-1")
    elsewhere = lending.bare(other, OrganisationFactory(kind="bank"), OrganisationFactory(kind="guarantor"), "HT-2")
    cadre = user_with(Role.TOWNSHIP_CADRE, region=here)
    for reader in (mine.user, cadre, market.bank, market.guarantor):
        page(reader, "loan", loan.pk)
        page(reader, "loan", elsewhere.pk, status=404)
    page(market.office.staff, "loan", elsewhere.pk)
    page(market.other_bank, "loan", loan.pk, status=404)
    for stranger in (market.office.leader, user_with(Role.HOSPITAL_CLERK)):
        page(stranger, "loan", loan.pk, status=403)
    assert [row.pk for row in page(market.bank, "loan_list").context["list"].rows] == [loan.pk]


def test_another_banks_officer_gets_404_for_every_page_of_a_loan(market):
    loan = lending.running(market)
    repayment = lending.paid(market, loan, date(2026, 4, 10), interest="875")
    for name in (
        "loan", "sign", "correct_contract", "disburse", "repay", "early", "extend", "write_off", "cancel",
    ):  # fmt: skip
        page(market.other_bank, name, loan.pk, status=404)
        assert post(market.other_bank, name, loan.pk).status_code in (404, 405)
    page(market.other_bank, "take_back", loan.pk, repayment.pk, status=404)
    page(market.other_bank, "terms", loan.application_id, status=404)
    document = loan.application.documents.first()
    for name in ("casework:viewer", "casework:document"):
        address = reverse(name, args=[loan.application_id, document.pk])
        assert signed_in(market.other_bank).get(address).status_code == 404
        assert signed_in(market.bank).get(address).status_code == 200


def test_payouts_and_extensions_are_taken_back_and_the_contract_number_is_corrected_on_their_pages(market):
    loan = lending.running(market)
    payout, on = loan.disbursements.get(), date(2026, 3, 12)
    extension = actions.extend(by=market.bank, at=moment(on), loan=loan, on=on, months=3, reason="回款推迟")
    back = reverse("loans:take_back_payout", args=[loan.pk, payout.pk])
    shown = page(market.bank, "loan", loan.pk).content.decode()
    assert back in shown and reverse("loans:take_back_extension", args=[loan.pk, extension.pk]) in shown
    assert back not in page(market.office.staff, "loan", loan.pk).content.decode()
    assert "展期（2026-03-12）" in page(market.bank, "take_back_payout", loan.pk, payout.pk).content.decode()
    for name, pk in (("take_back_payout", payout.pk), ("take_back_extension", extension.pk)):
        page(market.other_bank, name, loan.pk, pk, status=404)
        page(market.guarantor, name, loan.pk, pk, status=403)
    refused = post(market.bank, "take_back_payout", loan.pk, payout.pk, reason="金额有误")
    assert refused.status_code == 200 and "金额有误" in refused.content.decode()
    for name, pk in (("take_back_extension", extension.pk), ("take_back_payout", payout.pk)):
        assert post(market.bank, name, loan.pk, pk, reason="录入错误").url == loan.get_absolute_url()
    shown = page(market.bank, "loan", loan.pk).content.decode()
    assert "录入错误" in shown and back not in shown
    assert post(market.bank, "correct_contract", loan.pk, contract_number="HT-9", reason="录入错误").status_code == 302
    assert "HT-9" in page(market.bank, "loan", loan.pk).content.decode()
    taken = lending.running(market, lending.borrower(market), "HT-8")
    refused = post(market.bank, "correct_contract", taken.pk, contract_number="HT-9", reason="录入错误")
    assert refused.context["form"].non_field_errors()


def test_a_guarantor_reads_a_loan_and_changes_nothing(market):
    loan = lending.running(market)
    shown = page(market.guarantor, "loan", loan.pk).content.decode()
    assert reverse("loans:repay", args=[loan.pk]) not in shown
    page(market.guarantor, "repay", loan.pk, status=403)


@pytest.mark.parametrize("count", [1, 3])
def test_the_portfolio_costs_the_same_for_one_and_three(market, count, django_assert_num_queries):
    for number in range(count):
        lending.bare(lending.borrower(market), market.bank_office, market.guarantor_office, f"HT-{number}")
    client = signed_in(market.office.staff)
    with django_assert_num_queries(13):
        client.get(reverse("loans:loan_list"))


@pytest.mark.parametrize("count", [1, 3])
def test_a_loans_page_costs_the_same_for_one_and_three_repayments(market, count, django_assert_num_queries):
    loan = lending.running(market)
    for month in range(4, 4 + count):
        lending.paid(market, loan, date(2026, month, 10), interest="875")
    client = signed_in(market.bank)
    with django_assert_num_queries(19):
        client.get(loan.get_absolute_url())


def test_the_portfolio_is_filtered_by_age_of_arrears_and_sums_what_it_shows(market):
    loans = [
        lending.bare(lending.borrower(market, name=name), market.bank_office, market.guarantor_office, name)
        for name in ("甲", "乙")
    ]
    today = timezone.localdate()
    Loan.objects.filter(pk=loans[0].pk).update(overdue_since=today - timedelta(days=31), arrears=Decimal(100))
    for age, found in (("any", {"甲"}), ("30", set()), ("60", {"甲"}), ("over_90", set())):
        listed = page(market.office.staff, "loan_list", age=age).context
        assert {row.talent.name for row in listed["list"].rows} == found
    sums = page(market.office.staff, "loan_list").context["sums"]
    assert (sums["granted"], sums["outstanding"], sums["arrears"], sums["overdue"]) == (240_000, 240_000, 100, 1)


def test_the_bank_uploads_its_file_and_reads_what_became_of_each_row(market):
    lending.running(market)
    content = "合同号,还款日期,本金,利息,流水号\nHT-1,2026-04-10,0,875.00,LS-1\nHT-9,2026-04-10,0,1,LS-2\n".encode()
    file = SimpleUploadedFile("还款.csv", content)
    response = post(market.bank, "repayment_import", bank=market.bank_office.pk, file=file)
    actions.enter_file(RepaymentFile.objects.get().pk, timezone.now)
    shown = signed_in(market.bank).get(response.url).content.decode()
    assert "LS-1" in shown
    assert "HT-9" in shown
    assert signed_in(market.other_bank).get(response.url).status_code == 404
    bad = SimpleUploadedFile("坏.csv", b"\xe5\x90\x88,x\n1,2\n")
    assert post(market.bank, "repayment_import", bank=market.bank_office.pk, file=bad).status_code == 200


def test_the_borrower_comes_from_the_application_to_the_schedule(market):
    loan = lending.running(market)
    borrower = Talent.objects.get(pk=loan.talent_id).user
    application = signed_in(borrower).get(reverse("casework:application", args=[loan.application_id]))
    assert loan.get_absolute_url() in application.content.decode()
    shown = page(borrower, "loan", loan.pk).content.decode()
    assert "2026-04-10" in shown
    assert reverse("loans:repay", args=[loan.pk]) not in shown


def test_the_export_holds_what_the_filter_shows(market):
    today = timezone.localdate()
    for name in ("甲", "乙"):
        lending.bare(lending.borrower(market, name=name), market.bank_office, market.guarantor_office, f"HT-{name}")
    late = Loan.objects.get(talent__name="甲")
    Loan.objects.filter(pk=late.pk).update(overdue_since=today - timedelta(days=31), arrears=Decimal(100))
    assert exported(market.office.staff, columns=(0, 2)) == {("HT-甲", "甲"), ("HT-乙", "乙")}
    assert exported(market.office.staff, columns=(0, 2, 6, 10), age="60") == {("HT-甲", "甲", late.amount, 100)}
    assert exported(market.office.staff, columns=(0,), age="30") == set()


def exported(user, *, columns, **query):
    """What stands in these columns of the workbook."""
    response = page(user, "loan_export", **query)
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    return {tuple(line[column] for column in columns) for line in sheet.iter_rows(min_row=2, values_only=True)}


def test_what_is_overdue_is_what_the_bank_is_offered_to_enter(market):
    """Of 120,000 in twelve equal parts, each due on the 10th from April 2026 on, nothing was paid."""
    today = timezone.localdate()
    loan = lending.bare(lending.borrower(market), market.bank_office, market.guarantor_office, "HT-1")
    actions.refresh(loan, today)
    fallen = min((today.year - 2026) * 12 + today.month - 4 + (today.day > 10), 12)
    assert page(market.bank, "repay", loan.pk).context["form"].initial["principal"] == 10_000 * fallen
    assert page(market.bank, "early", loan.pk).context["danger"]


def test_the_list_names_the_bank_only_where_there_are_several(market):
    lending.approved(market)
    own, all_banks = (page(by, "loan_list").content.decode() for by in (market.bank, market.office.staff))
    cell = f">{market.bank_office}</td>"
    assert cell in all_banks and cell not in own


def test_a_loan_of_nothing_is_an_error_at_its_field(market):
    application = lending.at_bank(market, lending.borrower(market))
    approved, signed = lending.approved(market), lending.signed(market)
    asked = (("terms", application), ("sign", approved), ("disburse", signed))
    for name, row in asked:
        form = post(market.bank, name, row.pk, amount="0").context["form"]
        assert "amount" in form.errors, name
        typed = post(market.bank, name, row.pk, amount="0.01").context["form"]
        assert "amount" not in typed.errors, name


def test_what_was_paid_before_a_write_off_is_offered_as_of_its_day(market):
    loan, on = lending.running(market), date(2026, 6, 1)
    actions.write_off(by=market.bank, at=moment(on), loan=loan, on=on, reason="破产")
    form = page(market.bank, "repay", loan.pk).context["form"]
    assert (form.initial["paid_on"], form.initial["interest"]) == (on, Decimal("1750.00"))
    values = {**form.initial, "reference": "LS-1", "note": ""}
    assert post(market.bank, "repay", loan.pk, **values).url == loan.get_absolute_url()


def test_each_class_of_arrears_begins_where_the_one_before_ends(market):
    today = timezone.localdate()
    loan = lending.bare(lending.borrower(market), market.bank_office, market.guarantor_office, "HT-1")
    for days, age in ((1, "30"), (30, "30"), (31, "60"), (60, "60"), (61, "90"), (90, "90"), (91, "over_90")):
        Loan.objects.filter(pk=loan.pk).update(overdue_since=today - timedelta(days=days))
        classes = ("30", "60", "90", "over_90")
        assert [each for each in classes if Loan.objects.filter(overdue_q(each, today)).exists()] == [age], days
