"""The public calculator: the same numbers as the command and the rules, for whoever asks, and nothing stored."""

import json
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from urllib.parse import urlencode

import openpyxl
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from growth.loans import actions_products, views_calculator
from growth.loans.schedules import DayCount, Method, schedule, totals
from tests.factories import loans
from tests.factories import money as made
from tests.factories.casework import moment
from tests.growth.loans.test_schedules import terms

pytestmark = pytest.mark.django_db
D = Decimal
VECTOR = {
    "kind": "individual",
    "principal": "5000",
    "months": "18",
    "annual_rate": "12",
    "method": "equal-instalment",
    "disbursed": "2022-11-01",
    "first_due": "2022-12-01",
}
LOAN = {
    **VECTOR,
    "principal": "300000",
    "months": "36",
    "annual_rate": "3.5",
    "disbursed": "2026-03-02",
    "first_due": "",
}


@pytest.fixture
def policy(db):
    loans.policy_in_force()


def url(name="calculator", **asked):
    return f"{reverse(f'loans:{name}')}?{urlencode(asked)}"


def found(client, **asked):
    return client.get(url(**asked)).context["found"]


def errors(client, **asked):
    response = client.get(url(**asked))
    assert response.status_code == 200 and response.context["found"] is None
    return response.context["form"].errors


def workbook(client, **asked):
    response = client.get(url("calculator_export", **asked))
    return openpyxl.load_workbook(BytesIO(b"".join(response))).active


def command(asked):
    out = StringIO()
    call_command(
        "loan_schedule",
        *(f"--{name}={asked[key]}" for name, key in (
            ("principal", "principal"), ("rate", "annual_rate"), ("months", "months"), ("method", "method"),
            ("grace", "grace"), ("day-count", "day_count"), ("disbursed", "disbursed"), ("first-due", "first_due"),
        )),
        "--json",
        stdout=out,
    )  # fmt: skip
    return json.loads(out.getvalue())


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("day_count", DayCount)
def test_page_workbook_command_and_rules_say_the_same(client, policy, method, day_count):
    asked = {**VECTOR, "method": method.value, "day_count": day_count.value, "grace": "3", "first_due": "2022-12-05"}
    expected = schedule(terms(method, day_count=day_count, grace=3, first_due=date(2022, 12, 5)))
    assert found(client, **asked).rows == expected
    page = client.get(url(**asked)).content.decode()
    assert all(f"{row.total:,.2f}" in page and row.due.isoformat() in page for row in expected)
    lines = list(workbook(client, **asked).iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[1].date(), D(str(row[4])), D(str(row[5]))) for row in lines[:-1]] == [
        (row.number, row.due, row.principal, row.interest) for row in expected
    ]
    assert [(row["due"], row["total"]) for row in command(asked)["rows"]] == [
        (row.due.isoformat(), f"{row.total:.2f}") for row in expected
    ]


def test_the_vector_of_an_instalment_chosen_by_hand(client, policy):
    rows = found(client, **VECTOR, instalment="305").rows
    assert (rows[0].principal, rows[-1].total, totals(rows)[1]) == (D("255.00"), D("303.22"), D("488.22"))


def test_what_the_borrower_really_pays(client, policy):
    """300,000 at 3.5% with interest every month: 875.00, of which the subsidy bears 437.50; 36 months."""
    asked = {**LOAN, "method": "interest-only"}
    result = found(client, **asked)
    assert result.is_subsidised
    assert {split.subsidy for split in result.splits} == {D("437.50")}
    assert (result.sums.interest, result.sums.subsidy) == (D("31500.00"), D("15750.00"))
    assert result.sums.borrower_pays == D("315750.00")
    page = client.get(url(**asked)).content.decode()
    for said in ("¥31,500.00", "¥15,750.00", "¥315,750.00", "¥500,000.00", "36 个月", "50%"):
        assert said in page


def test_the_workbook_sums_up(client, policy):
    sheet = workbook(client, **{**LOAN, "principal": "500000"})
    *rows, last = sheet.iter_rows(min_row=2, values_only=True)
    assert len(rows) == 36
    for column in range(4, 10):
        assert sum(D(str(row[column])) for row in rows) == D(str(last[column]))
    assert D(str(last[4])) == 500_000
    assert all(abs(row[5] - row[7] - row[8]) < 0.001 and abs(row[4] + row[8] - row[9]) < 0.001 for row in rows)


def test_the_first_look_shows_a_result(client, policy):
    response = client.get(reverse("loans:calculator"))
    assert response.context["found"].is_subsidised
    assert "data-loan-chart" in response.content.decode()


def test_the_first_due_date_is_a_month_after_unless_said(client, policy):
    result = found(client, **{**LOAN, "disbursed": "2026-01-31"})
    assert [str(row.due) for row in result.rows[:3]] == ["2026-02-28", "2026-03-31", "2026-04-30"]
    assert result.sums.interest == found(client, **LOAN).sums.interest == D("16462.47")
    assert result.is_subsidised


def test_beyond_the_policy_nothing_is_subsidised(client, policy):
    result = found(client, **{**VECTOR, "disbursed": "2026-03-02", "first_due": ""})
    assert [problem.field for problem in result.beyond] == ["annual_rate"]
    assert result.sums.subsidy == 0 and result.sums.borrower_pays == result.sums.instalments
    assert "超出政策" in client.get(url(**{**LOAN, "months": "48"})).content.decode()


def test_after_the_policys_last_day_no_subsidy_is_promised(client, policy):
    assert found(client, **{**LOAN, "disbursed": "2027-12-31"}).is_subsidised
    asked = {**LOAN, "disbursed": "2028-01-01"}
    result = found(client, **asked)
    assert (result.is_subsidised, result.sums.subsidy, result.sums.interest) == (False, 0, D("16462.47"))
    assert "签订于 2027-12-31 及之前的合同" in client.get(url(**asked)).content.decode()


def test_a_policy_that_is_prolonged_goes_on(client, policy):
    """The office adds a version with a later last day; the form asks for it as a date."""
    client.force_login(made.director())
    tariff = reverse("money:tariff_add", args=["growth.loans"])
    page = client.get(tariff)
    asked = {name: field.initial for name, field in page.context["form"].fields.items() if name.startswith("value_")}
    assert asked["value_policy__until"] == date(2027, 12, 31)
    told = {**asked, "value_policy__until": "2030-12-31", "valid_from": "2028-01-01", "note": "川人社发〔2027〕8号"}
    assert "2030-12-31" in client.post(tariff, {**told, "seen_version": "1"}).content.decode()
    bad = client.post(tariff, {**told, "value_policy__until": "3000-01-01", "seen_version": "1"})
    assert "2999-12-31" in bad.context["form"].errors["value_policy__until"][0]
    client.post(tariff, {**told, "seen_version": "1", "confirmed": "1"})
    assert "2030-12-31" in client.get(reverse("money:tariff_detail", args=["growth.loans"])).content.decode()
    assert found(client, **{**LOAN, "disbursed": "2028-01-01"}).is_subsidised
    assert not found(client, **{**LOAN, "disbursed": "2031-01-01"}).is_subsidised


@pytest.mark.parametrize("asked", [VECTOR, LOAN])
def test_without_a_policy_the_schedule_stands_alone(client, db, asked):
    result = found(client, **asked)
    assert result.tariff is None and result.sums.subsidy == 0 and len(result.rows) == int(asked["months"])
    assert "没有有效的贷款政策" in client.get(url(**asked)).content.decode()


def test_a_partnership_by_its_partners(client, policy):
    asked = {**LOAN, "kind": "partnership", "principal": "900000", "method": "interest-only"}
    three = found(client, **asked, partners="3")
    assert three.is_subsidised and {split.subsidy for split in three.splits} == {D("1312.50")}  # half of 2,625.00
    assert errors(client, **asked, partners="")["partners"]
    assert errors(client, **asked, partners="1")["partners"]
    assert found(client, **{**LOAN, "partners": ""}).asked.partners == 1, "only a partnership has partners"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"principal": "-5"}, "principal"),
        ({"principal": "abc"}, "principal"),
        ({"principal": ""}, "principal"),
        ({"principal": "9" * 30}, "principal"),
        ({"principal": "NaN"}, "principal"),
        ({"principal": "1e5"}, ""),
        ({"months": "0"}, "months"),
        ({"months": "361"}, "months"),
        ({"months": "9" * 5000}, "months"),
        ({"annual_rate": "101"}, "annual_rate"),
        ({"annual_rate": "-1"}, "annual_rate"),
        ({"method": "balloon"}, "method"),
        ({"kind": "everybody"}, "kind"),
        ({"day_count": "actual/360"}, "day_count"),
        ({"grace": "36"}, "grace"),
        ({"grace": "-1"}, "grace"),
        ({"instalment": "1"}, "instalment"),
        ({"instalment": "290000"}, "instalment"),
        ({"disbursed": "2026-02-30"}, "disbursed"),
        ({"disbursed": "9999-12-31"}, "first_due"),
        ({"disbursed": "9998-12-31"}, "first_due"),
        ({"first_due": "2026-03-02"}, "first_due"),
        ({"product": "77"}, "product"),
        ({"product": "x"}, "product"),
    ],
)
def test_bad_input_is_said_at_its_field(client, policy, changes, field):
    if not field:
        assert found(client, **{**LOAN, **changes})
        return
    assert set(errors(client, **{**LOAN, **changes})) == {field}
    assert client.get(url("calculator_export", **{**LOAN, **changes})).status_code == 302


def test_what_the_method_does_not_have_is_not_asked(client, policy):
    assert found(client, **{**LOAN, "method": "interest-only", "grace": "40", "instalment": "7"})


class TestProducts:
    @pytest.fixture
    def bank(self, policy):
        return loans.bank()

    def test_a_product_brings_its_terms(self, client, bank):
        row = loans.product(bank, annual_rate=D("3.2"), day_count="actual/365", conditions="须在本行开户")
        response = client.get(url(product=row.pk, principal="200000", disbursed="2026-03-02"))
        asked = response.context["found"].asked.terms
        assert (asked.annual_rate, asked.day_count) == (D("3.2"), DayCount.ACTUAL_365)
        form = response.context["form"]
        assert not {"annual_rate", "day_count"} & set(form.fields)
        assert [key for key, _label in form.fields["method"].choices] == ["equal-instalment", "interest-quarterly"]
        assert "须在本行开户" in response.content.decode()

    def test_its_limits_hold(self, client, bank):
        row = loans.product(bank, max_amount=D(200_000), max_months=24, max_grace=3)
        assert "200,000.00" in errors(client, product=row.pk, principal="200001")["principal"][0]
        assert "24" in errors(client, product=row.pk, months="25")["months"][0]
        assert "3" in errors(client, product=row.pk, grace="4")["grace"][0]
        assert errors(client, product=row.pk, method="interest-only")["method"]
        assert errors(client, product=row.pk, kind="enterprise")["kind"]

    def test_its_months_run_from_the_payout_to_the_last_due_date(self, client, bank):
        """As when it is paid out: 24 months from 2 March 2026 end on 2 March 2028."""
        row = loans.product(bank, max_months=24)
        asked = {"product": row.pk, "months": "24", "disbursed": "2026-03-02"}
        assert found(client, **asked, first_due="2026-04-02").rows[-1].due == date(2028, 3, 2)
        said = errors(client, **asked, first_due="2026-04-03")["first_due"][0]
        assert "24" in said and "2028-03-02" in said

    def test_and_so_do_those_of_the_policy_for_each_kind(self, client, bank):
        row = loans.product(bank, borrower_kinds=["individual", "enterprise"], max_amount=D(6_000_000))
        asked = {"product": row.pk, "months": "24", "disbursed": "2026-03-02"}
        assert errors(client, **asked, principal="600000", kind="individual")["principal"]
        assert found(client, **asked, principal="600000", kind="enterprise").is_subsidised

    def test_another_product_moves_what_was_typed_into_its_limits(self, client, bank):
        row = loans.product(bank, "青创贷", **loans.YOUTH, methods=["equal-principal"], max_grace=0)
        response = client.get(url(**{**LOAN, "before": "", "product": row.pk, "grace": "5"}))
        asked = response.context["found"].asked.terms
        assert (asked.principal, asked.months, asked.method) == (100_000, 36, Method.EQUAL_PRINCIPAL)
        assert (asked.annual_rate, asked.grace) == (0, 0)
        assert response.context["found"].sums.interest == 0

    @pytest.mark.parametrize("typed", ["", "abc", "NaN", "sNaN", "Infinity", "-1", "1e400"])
    def test_whatever_was_typed(self, client, bank, typed):
        row = loans.product(bank)
        asked = {"product": row.pk, "before": "", "principal": typed, "months": typed, "grace": typed}
        assert client.get(url(**asked)).status_code == 200

    def test_what_is_not_on_offer_is_not_offered(self, client, bank):
        row = loans.product(bank)
        actions_products.close_product(by=row.made_by, at=moment(), product=row, reason="停办")
        assert errors(client, product=row.pk)["product"]

    @pytest.mark.parametrize("count", [1, 3])
    def test_it_costs_the_same_with_many_products(self, client, bank, count):
        rows = [loans.product(bank, name=f"产品{number}") for number in range(count)]
        client.get(url(product=rows[0].pk))
        with CaptureQueriesContext(connection) as statements:
            client.get(url(product=rows[0].pk))
        assert len(statements) == 3  # the products, the policy, its values


def test_the_address_says_what_was_asked_and_nothing_else(client, policy):
    response = client.get(
        url(**VECTOR, before="", csrfmiddlewaretoken="x", talent="张三"), headers={"HX-Request": "true"}
    )
    address = response["HX-Replace-Url"]
    assert "principal=5000" in address and "张三" not in address and "before" not in address
    assert client.get(address).context["found"].rows == found(client, **VECTOR).rows


def test_services_and_the_public_navigation_lead_to_it(client, policy):
    page = client.get(reverse("casework:services")).content.decode()
    assert page.count(reverse("loans:calculator")) >= 2


def test_too_many_from_one_address_wait(client, policy, monkeypatch):
    monkeypatch.setattr(views_calculator, "RATE", "2/h")
    assert [client.get(url()).status_code for _n in range(3)] == [200, 200, 429]
