"""Who offers which loan, what the policy refuses, and that what was announced stays."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from growth.loans import actions_products as actions
from growth.loans.models import LoanProduct
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.money import actions as money
from talentmap.money.tariffs import in_force
from talentmap.ui.errors import Refused
from tests import races
from tests.factories import loans
from tests.factories.accounts import user_with
from tests.factories.casework import moment
from tests.factories.people import OrganisationFactory

pytestmark = pytest.mark.django_db
D = Decimal
TODAY = date(2026, 3, 2)


@pytest.fixture
def bank(db):
    loans.policy_in_force()
    return loans.bank()


def revise(product, by, *, reason="利率随LPR下调", **changes):
    values = {**loans.VALUES, **changes}
    return actions.revise_product(by=by, at=moment(), product=product, values=values, reason=reason)


class TestActions:
    def test_an_officer_offers_for_the_own_bank_only(self, bank):
        officer, other = loans.officer(bank), loans.bank("另一家银行")
        made = loans.product(bank, by=officer)
        assert (made.made_by, made.version, made.is_open) == (officer, 1, True)
        with pytest.raises(PermissionDenied):
            loans.product(other, by=officer)

    @pytest.mark.parametrize("role", [Role.OFFICE_STAFF, Role.OFFICE_DIRECTOR])
    def test_the_office_offers_for_every_bank(self, bank, role):
        assert loans.product(bank, by=user_with(role))

    @pytest.mark.parametrize("role", [Role.TOWNSHIP_CADRE, Role.GUARANTOR_OFFICER, Role.COUNTY_LEADER, Role.TALENT])
    def test_others_offer_nothing(self, bank, role):
        with pytest.raises(PermissionDenied):
            loans.product(bank, by=user_with(role))

    def test_only_a_bank_lends(self, bank):
        with pytest.raises(Refused, match="Only a bank"):
            loans.product(OrganisationFactory())
        with pytest.raises(Refused, match="Only a bank"):
            loans.product(OrganisationFactory(kind="bank", is_active=False))

    @pytest.mark.parametrize(
        ("changes", "fields"),
        [
            ({"max_amount": D(500_001)}, {"max_amount"}),
            ({"max_months": 37}, {"max_months"}),
            ({"annual_rate": D("3.51")}, {"annual_rate"}),
            ({"annual_rate": D(4), "max_months": 60}, {"annual_rate", "max_months"}),
            ({"borrower_kinds": ["enterprise"], "max_amount": D(6_000_000)}, {"max_months"}),
            ({**loans.YOUTH, "min_amount": D(20_000)}, {"min_amount"}),
            ({**loans.YOUTH, "max_amount": D(200_000)}, {"max_amount"}),
        ],
    )
    def test_nothing_beyond_the_policy(self, bank, changes, fields):
        with pytest.raises(actions.BeyondPolicy) as refused:
            loans.product(bank, **changes)
        assert set(refused.value.fields) == fields
        assert not LoanProduct.objects.exists()

    def test_one_for_several_kinds_goes_as_far_as_the_furthest(self, bank):
        kinds = ["enterprise", "individual"]
        made = loans.product(bank, borrower_kinds=kinds, max_amount=D(6_000_000))
        assert made.borrower_kinds == ["individual", "enterprise"]

    def test_the_policy_of_its_first_day_counts(self, bank):
        values = {**in_force("growth.loans", on=TODAY), "rate.lpr": D("2.5")}
        director = user_with(Role.OFFICE_DIRECTOR)
        money.add_version(
            by=director,
            at=moment(),
            code="growth.loans",
            valid_from=date(2026, 7, 1),
            values=values,
            note="LPR",
            expected_version=1,
        )
        assert loans.product(bank, name="甲", valid_from=date(2026, 6, 30))
        with pytest.raises(actions.BeyondPolicy):
            loans.product(bank, name="乙", valid_from=date(2026, 7, 1))

    def test_a_change_is_a_new_version_and_the_old_one_stays(self, bank):
        officer = loans.officer(bank)
        first = loans.product(bank, by=officer)
        second = revise(first, officer, annual_rate=D("3.2"))
        first.refresh_from_db()
        assert (second.version, second.replaces, second.valid_from) == (2, first, TODAY)
        assert (first.annual_rate, first.is_open, first.closed_why) == (D("3.5"), False, "利率随LPR下调")
        assert list(LoanProduct.objects.on_offer(TODAY)) == [second]

    def test_a_refused_change_leaves_the_offer_as_it_was(self, bank):
        first = loans.product(bank)
        with pytest.raises(actions.BeyondPolicy):
            revise(first, User.objects.system(), annual_rate=D(9))
        assert list(LoanProduct.objects.on_offer(TODAY)) == [first]

    def test_closed_once_and_for_good(self, bank):
        system = User.objects.system()
        row = loans.product(bank)
        with pytest.raises(Refused):
            actions.close_product(by=system, at=moment(), product=row, reason="  ")
        actions.close_product(by=system, at=moment(), product=row, reason="停办")
        with pytest.raises(Refused, match="closed already"):
            actions.close_product(by=system, at=moment(), product=row, reason="停办")
        with pytest.raises(Refused):
            revise(row, system)
        assert loans.product(bank, name="返乡创业贷二号")

    def test_the_name_stands_for_one_open_product(self, bank):
        loans.product(bank)
        with pytest.raises(ValidationError):
            loans.product(bank)
        with pytest.raises(ValidationError):
            loans.product(bank, name="   ")

    @pytest.mark.parametrize(
        ("day", "changes", "offered"),
        [
            (date(2026, 1, 4), {}, False),
            (date(2026, 1, 5), {}, True),
            (date(2026, 6, 30), {"valid_until": date(2026, 6, 30)}, True),
            (date(2026, 7, 1), {"valid_until": date(2026, 6, 30)}, False),
        ],
    )
    def test_on_offer_between_its_days(self, bank, day, changes, offered):
        loans.product(bank, **changes)
        assert LoanProduct.objects.on_offer(day).exists() is offered


class TestDatabase:
    @pytest.mark.parametrize(
        ("fields", "constraint"),
        [
            ({"name": ""}, "named"),
            ({"borrower_kinds": []}, "for_somebody"),
            ({"methods": []}, "for_somebody"),
            ({"max_amount": D(9_999)}, "amounts_in_order"),
            ({"min_amount": D(0)}, "amounts_in_order"),
            ({"max_months": 5}, "months_in_order"),
            ({"min_months": 1, "max_months": 6}, "months_in_order"),
            ({"annual_rate": D(101)}, "rate_possible"),
            ({"programme": "youth"}, "youth_is_free"),
            ({"programme": "youth", "annual_rate": D(0)}, "youth_is_free"),
            ({"valid_until": date(2026, 1, 4)}, "offer_in_order"),
            ({"closed_at": moment()}, "closing_complete"),
            ({"closed_why": "停办"}, "closing_complete"),
            ({"version": 2}, "later_versions_replace"),
        ],
    )
    def test_what_must_never_be(self, bank, fields, constraint):
        values = {**loans.VALUES, "name": "甲", "valid_from": loans.OFFERED_FROM, **fields}
        row = LoanProduct(bank=bank, made_by=User.objects.system(), made_at=moment(), **values)
        with pytest.raises(IntegrityError, match=f"growth_loanproduct_{constraint}"), transaction.atomic():
            row.save()

    def test_two_of_one_name_or_version(self, bank):
        row = loans.product(bank)
        for changed in ({}, {"closed_at": moment(), "closed_by": row.made_by, "closed_why": "停办"}):
            copy = LoanProduct.objects.get()
            copy.pk = None
            for name, value in changed.items():
                setattr(copy, name, value)
            with pytest.raises(IntegrityError, match=r"one_(open|a_version)"), transaction.atomic():
                copy.save(force_insert=True)

    def test_what_was_announced_is_never_edited_or_deleted(self, bank):
        row = loans.product(bank)
        for change in ({"annual_rate": D(1)}, {"max_amount": D(11_000)}, {"name": "乙"}):
            with pytest.raises(InternalError, match="update"), transaction.atomic():
                LoanProduct.objects.update(**change)
        with pytest.raises(InternalError, match="delete"), transaction.atomic():
            LoanProduct.objects.all().delete()
        closed = actions.close_product(by=row.made_by, at=moment(), product=row, reason="停办")
        with pytest.raises(InternalError, match="update"), transaction.atomic():
            LoanProduct.objects.filter(pk=closed.pk).update(closed_at=None, closed_by=None, closed_why="")


@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_make_one_new_version(transactional_db):
    loans.policy_in_force()
    first = loans.product(loans.bank())
    by = User.objects.system()
    outcomes = races.run_together(lambda _index: revise(first, by), 2)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["LoanProduct", "Refused"]
    assert list(LoanProduct.objects.order_by("version").values_list("version", flat=True)) == [1, 2]


def form_data(**changes):
    values = {**loans.VALUES, "name": "青创贷", "valid_from": "2026-01-05", "valid_until": "", "needs_guarantee": "on"}
    return {**values, **changes}


class TestPages:
    @pytest.fixture
    def officer(self, bank, client):
        officer = loans.officer(bank)
        client.force_login(officer)
        return officer

    @pytest.mark.parametrize("count", [1, 3])
    @pytest.mark.parametrize(("name", "cost"), [("product_list", 6), ("product_export", 4)])
    def test_lists_cost_the_same_at_any_length(self, bank, officer, client, count, name, cost):
        for number in range(count):
            loans.product(bank, name=f"产品{number}")
        client.get(reverse(f"loans:{name}"))
        with CaptureQueriesContext(connection) as statements:
            response = client.get(reverse(f"loans:{name}"))
            b"".join(response) if response.streaming else response.content
        assert len(statements) == cost

    def test_a_bank_sees_its_own(self, bank, officer, client):
        own, other = loans.product(bank), loans.product(loans.bank("另一家银行"), name="别家产品")
        page = client.get(reverse("loans:product_list")).content.decode()
        assert own.name in page and other.name not in page
        for name in ("product", "product_revise", "product_close"):
            assert client.get(reverse(f"loans:{name}", args=[own.pk])).status_code == 200
            assert client.get(reverse(f"loans:{name}", args=[other.pk])).status_code == 404
            assert client.post(reverse(f"loans:{name}", args=[other.pk])).status_code in (404, 405)

    def test_filtered_and_sorted(self, bank, officer, client):
        loans.product(bank, name="甲产品", annual_rate=D("2.9"))
        loans.product(bank, name="乙产品", **loans.YOUTH)
        closed = loans.product(bank, name="丙产品")
        actions.close_product(by=officer, at=moment(), product=closed, reason="停办")
        url = reverse("loans:product_list")
        for query, shown in (
            ("q=甲", ["甲产品"]),
            ("programme=youth", ["乙产品"]),
            ("state=closed", ["丙产品"]),
            ("kind=enterprise", []),
            ("sort=-rate", ["丙产品", "甲产品", "乙产品"]),
        ):
            rows = client.get(f"{url}?{query}").context["list"].rows
            assert [row.name for row in rows] == shown, query

    def test_offered_changed_and_closed_by_forms(self, bank, officer, client):
        url = reverse("loans:product_new")
        assert "高县示例银行" in client.get(url).content.decode()
        client.post(url, form_data(bank=bank.pk))
        made = LoanProduct.objects.get()
        assert (made.name, made.valid_from, made.max_amount) == ("青创贷", date(2026, 1, 5), 500_000)
        changed = form_data(annual_rate="3.1", reason="下调利率")
        client.post(reverse("loans:product_revise", args=[made.pk]), changed)
        second = LoanProduct.objects.get(version=2)
        assert second.annual_rate == D("3.1")
        page = client.get(reverse("loans:product", args=[made.pk])).content.decode()
        assert "下调利率" in page and reverse("loans:product", args=[second.pk]) in page
        client.post(reverse("loans:product_close", args=[second.pk]), {"reason": "停办"})
        assert not LoanProduct.objects.filter(closed_at=None).exists()
        assert client.get(reverse("loans:product_revise", args=[second.pk])).status_code == 302

    def test_what_is_beyond_the_policy_stands_at_its_field(self, bank, officer, client):
        response = client.post(
            reverse("loans:product_new"), form_data(bank=bank.pk, annual_rate="4.35", max_months="60")
        )
        form = response.context["form"]
        assert "3.5%" in form.errors["annual_rate"][0] and "36" in form.errors["max_months"][0]
        assert "4.35" in response.content.decode()
        assert not LoanProduct.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"name": ""}, "name"),
            ({"min_amount": "600000"}, "__all__"),
            ({"max_months": "3"}, "__all__"),
            ({"borrower_kinds": []}, "borrower_kinds"),
            ({"annual_rate": "many"}, "annual_rate"),
            ({"annual_rate": "-1"}, "__all__"),
            ({"max_grace": "-1"}, "max_grace"),
            ({"max_months": "99999"}, "max_months"),
            ({"max_amount": "9" * 40}, "max_amount"),
            ({"bank": "0"}, "bank"),
        ],
    )
    def test_bad_input_is_said_and_changes_nothing(self, bank, officer, client, changes, field):
        response = client.post(reverse("loans:product_new"), form_data(**{"bank": bank.pk, **changes}))
        assert response.status_code == 200 and field in response.context["form"].errors
        assert not LoanProduct.objects.exists()

    def test_another_bank_cannot_be_named(self, bank, officer, client):
        other = loans.bank("另一家银行")
        response = client.post(reverse("loans:product_new"), form_data(bank=other.pk))
        assert "bank" in response.context["form"].errors
        assert not LoanProduct.objects.exists()

    def test_the_office_chooses_the_bank(self, bank, client):
        other = loans.bank("另一家银行")
        client.force_login(user_with(Role.OFFICE_STAFF))
        page = client.get(reverse("loans:product_new")).content.decode()
        assert bank.name in page and other.name in page
        client.post(reverse("loans:product_new"), form_data(bank=other.pk))
        assert LoanProduct.objects.get().bank == other
