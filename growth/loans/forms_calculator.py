"""The form of the public calculator: it lives in the address, says nothing about a person, and keeps what was typed."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from growth.loans.calculator import Asked, Calculation, calculate
from growth.loans.choices import BorrowerKind, Programme
from growth.loans.models import LoanProduct
from growth.loans.policy import percent
from growth.loans.schedules import BadTerms, DayCount, Method, Terms, add_months
from talentmap.ui.forms import PageForm

PRINCIPAL, MONTHS = Decimal(300_000), 36


class CalculatorForm(PageForm):
    """Without a product rate and terms are free; a product has its own and narrows the choices."""

    product = forms.ChoiceField(label=gettext_lazy("Loan product"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Borrower"), choices=BorrowerKind.choices)
    partners = forms.IntegerField(
        label=gettext_lazy("Partners"),
        min_value=2,
        max_value=50,
        required=False,
        help_text=gettext_lazy("How many borrow together."),
    )
    principal = forms.DecimalField(label=gettext_lazy("Amount (CNY)"), max_digits=12, decimal_places=2)
    months = forms.IntegerField(label=gettext_lazy("Term (months)"))
    annual_rate = forms.DecimalField(label=gettext_lazy("Rate (% a year)"), max_digits=7, decimal_places=4)
    method = forms.ChoiceField(label=gettext_lazy("Way to repay"), choices=Method.choices)
    grace = forms.IntegerField(
        label=gettext_lazy("Grace months"),
        required=False,
        help_text=gettext_lazy("Months at the beginning in which only interest is due; the term counts them."),
    )
    instalment = forms.DecimalField(
        label=gettext_lazy("Instalment (CNY)"),
        max_digits=12,
        decimal_places=2,
        required=False,
        help_text=gettext_lazy("A rounded one that you prefer; empty for the exact one."),
    )
    day_count = forms.ChoiceField(label=gettext_lazy("Day count"), choices=DayCount.choices)
    disbursed = forms.DateField(label=gettext_lazy("Paid out on"))
    first_due = forms.DateField(
        label=gettext_lazy("First due date"),
        required=False,
        help_text=gettext_lazy("Empty: a month after. With interest every quarter it is that of the first month."),
    )

    def __init__(self, asked: QueryDict, products: Iterable[LoanProduct], today: date) -> None:
        self.products = {str(product.pk): product for product in products}
        self.chosen = self.products.get(asked.get("product", ""))
        data = {**_usual(today, self.chosen), **{name: asked[name] for name in asked if name in self.base_fields}}
        if self.chosen and asked.get("before", data["product"]) != data["product"]:
            data |= _within(self.chosen, data)
        super().__init__(data)
        self.fields["product"].choices = [  # type: ignore[attr-defined]
            ("", pgettext_lazy("loan", "Free terms")),
            *((key, f"{each.bank} · {each.name} · {each.rate_text}") for key, each in self.products.items()),
        ]
        if self.chosen:
            self._narrow(self.chosen)

    def _narrow(self, product: LoanProduct) -> None:
        """A product's own terms are no longer asked."""
        for name in ("annual_rate", "day_count"):
            del self.fields[name]
        if not product.max_grace:
            del self.fields["grace"]
        kinds = [kind for kind in BorrowerKind.choices if kind[0] in product.borrower_kinds]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        methods = [method for method in Method.choices if method[0] in product.methods]
        self.fields["method"].choices = methods  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_partnership = cleaned.get("kind") == BorrowerKind.PARTNERSHIP
        if is_partnership and not cleaned.get("partners") and "partners" not in self.errors:
            self.add_error("partners", _("How many borrow together?"))
        if self.chosen:
            self._check_product(self.chosen, cleaned)
        return cleaned

    def _check_product(self, product: LoanProduct, cleaned: dict[str, Any]) -> None:
        principal, months, grace = cleaned.get("principal"), cleaned.get("months"), cleaned.get("grace") or 0
        if principal is not None and not product.min_amount <= principal <= product.max_amount:
            said = _("This product lends from CNY %(least)s to %(most)s.")
            self.add_error(
                "principal", said % {"least": f"{product.min_amount:,.2f}", "most": f"{product.max_amount:,.2f}"}
            )
        if months is not None and not product.min_months <= months <= product.max_months:
            said = _("This product runs from %(least)s to %(most)s months.")
            self.add_error("months", said % {"least": product.min_months, "most": product.max_months})
        if grace > product.max_grace:
            self.add_error("grace", _("This product has at most %(most)s grace months.") % {"most": product.max_grace})

    def calculation(self) -> Calculation | None:
        """The result; None where something is wrong, which then stands at its field."""
        if not self.is_valid():
            return None
        try:
            found = calculate(self._asked())
        except BadTerms as bad:
            self.add_error(bad.field if bad.field in self.fields else None, str(bad))
            return None
        if self.chosen:
            for problem in found.beyond:
                self.add_error(problem.field if problem.field in self.fields else None, problem.reason)
        return found if self.is_valid() else None

    def _asked(self) -> Asked:
        cleaned, product = self.cleaned_data, self.chosen
        kind, method = BorrowerKind(cleaned["kind"]), Method(cleaned["method"])
        terms = Terms(
            principal=cleaned["principal"],
            annual_rate=product.annual_rate if product else cleaned["annual_rate"],
            months=cleaned["months"],
            method=method,
            disbursed=cleaned["disbursed"],
            first_due=cleaned["first_due"] or _month_after(cleaned["disbursed"]),
            grace=0 if method.repays_at_end else cleaned.get("grace") or 0,
            instalment=cleaned["instalment"] if method is Method.EQUAL_INSTALMENT else None,
            day_count=DayCount(product.day_count if product else cleaned["day_count"]),
        )
        programme = Programme(product.programme) if product else Programme.GUARANTEED
        partners = cleaned["partners"] if kind is BorrowerKind.PARTNERSHIP else 1
        return Asked(terms, kind, programme, partners, product.max_months if product else None)

    @property
    def query(self) -> str:
        """The address of this calculation: what is asked, and nothing that is empty or not asked."""
        query = QueryDict(mutable=True)
        for name in self.fields:
            if value := self.data.get(name):
                query[name] = value
        return query.urlencode()


def _usual(today: date, product: LoanProduct | None) -> dict[str, Any]:
    """What stands in the form before anybody typed."""
    usual = {
        "product": "",
        "kind": BorrowerKind.INDIVIDUAL.value,
        "partners": "2",
        "principal": str(PRINCIPAL),
        "months": str(MONTHS),
        "annual_rate": "3.5",
        "method": Method.EQUAL_INSTALMENT.value,
        "grace": "0",
        "day_count": DayCount.THIRTY_360.value,
        "disbursed": today.isoformat(),
    }
    return {**usual, **_within(product, usual)} if product else usual


def _within(product: LoanProduct, typed: dict[str, Any]) -> dict[str, Any]:
    """When another product is chosen, what was typed moves to the nearest that it allows."""
    kinds, methods = product.borrower_kinds, product.methods
    return {
        "kind": typed["kind"] if typed["kind"] in kinds else kinds[0],
        "method": typed["method"] if typed["method"] in methods else methods[0],
        "principal": _nearest(typed["principal"], product.min_amount, product.max_amount),
        "months": _nearest(typed["months"], product.min_months, product.max_months),
        "grace": _nearest(typed.get("grace", "0"), 0, product.max_grace),
        "instalment": "",
    }


def _nearest(typed: str, least: Any, most: Any) -> str:
    try:
        value = Decimal(typed)
        if least <= value <= most:
            return typed
        limit = least if value < least else most
    except ArithmeticError:  # no number, or one that cannot be compared
        limit = most
    return percent(Decimal(limit))


def _month_after(day: date) -> date:
    return add_months(day, 1) if day.year < date.max.year else day


def products_on_offer() -> list[LoanProduct]:
    return list(LoanProduct.objects.on_offer(timezone.localdate()).select_related("bank"))
