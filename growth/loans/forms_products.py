"""Forms of the banks' products, and the filter of their list."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from growth.loans.choices import BorrowerKind, Programme
from growth.loans.models import LoanProduct
from growth.loans.schedules import Method
from talentmap.accounts.permissions import Permission
from talentmap.people.choices import OrganisationKind
from talentmap.people.models import Organisation
from talentmap.ui.forms import PageForm, PageModelForm, SearchInput


def banks_of(user: Any) -> QuerySet[Organisation]:
    """The banks whose products somebody keeps."""
    reach = user.reach(Permission.MANAGE_LOANS).q(region="region") | user.reach(Permission.LEND).q(organisation="pk")
    return Organisation.objects.filter(reach, kind=OrganisationKind.BANK, is_active=True)


class ProductForm(PageModelForm):
    borrower_kinds = forms.MultipleChoiceField(
        label=_("Who may borrow"), choices=BorrowerKind.choices, widget=forms.CheckboxSelectMultiple
    )
    methods = forms.MultipleChoiceField(
        label=_("Ways to repay"), choices=Method.choices, widget=forms.CheckboxSelectMultiple
    )
    fieldsets = (
        (_("The product"), ("bank", "name", "programme", "borrower_kinds")),
        (_("Amount and term"), ("min_amount", "max_amount", "min_months", "max_months")),
        (_("Rate and repayment"), ("annual_rate", "day_count", "methods", "max_grace", "needs_guarantee")),
        (_("The offer"), ("conditions", "valid_from", "valid_until", "reason")),
    )

    class Meta:
        model = LoanProduct
        fields = (
            "bank",
            "name",
            "programme",
            "borrower_kinds",
            "min_amount",
            "max_amount",
            "min_months",
            "max_months",
            "annual_rate",
            "day_count",
            "methods",
            "max_grace",
            "needs_guarantee",
            "conditions",
            "valid_from",
            "valid_until",
        )
        help_texts = {
            "name": _("As borrowers will see it, for example: Returnees' start-up loan"),
            "programme": _("Under the youth plan individuals borrow without interest and without a guarantee."),
            "annual_rate": _("The policy in force sets a ceiling."),
            "max_grace": _("Months in which only interest is due; the term counts them. 0 for none."),
            "conditions": _("What else the bank expects, in plain words. Borrowers read it."),
            "valid_until": _("The last day on which it can be applied for; empty while it is open-ended."),
        }

    def __init__(self, *args: Any, banks: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank"].queryset = banks  # type: ignore[attr-defined]
        if len(banks) == 1:
            self.fields["bank"].initial = banks[0]
        self.fields["valid_from"].initial = timezone.localdate()

    def _post_clean(self) -> None:
        """The action makes the row and has the model check it: once, and with what only it knows."""


class ReviseProductForm(ProductForm):
    """A new version: bank and name stay, and it is offered from today."""

    reason = forms.CharField(
        label=_("Why it is changed"),
        max_length=200,
        help_text=_("The version until now is closed with this reason; contracts that rest on it go on."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, banks=Organisation.objects.none(), **kwargs)
        for name in ("bank", "name", "valid_from"):
            del self.fields[name]


class CloseProductForm(PageForm):
    reason = forms.CharField(label=_("Why it is closed"), max_length=200, widget=forms.Textarea)


OPEN, CLOSED = "open", "closed"


class ProductFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Product or bank"), method="search", max_length=50, widget=SearchInput)
    programme = django_filters.ChoiceFilter(label=_("Programme"), choices=Programme.choices, empty_label=_("All"))
    kind = django_filters.ChoiceFilter(
        label=_("Who may borrow"), choices=BorrowerKind.choices, method="for_kind", empty_label=_("All")
    )
    state = django_filters.ChoiceFilter(
        label=pgettext_lazy("product", "State"),
        choices=[(OPEN, pgettext_lazy("product", "on offer")), (CLOSED, pgettext_lazy("product", "closed"))],
        method="by_state",
        empty_label=_("All"),
    )

    class Meta:
        model = LoanProduct
        fields: tuple[str, ...] = ()

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        wanted = value.strip()
        return queryset.filter(
            Q(name__icontains=wanted)
            | Q(bank__name__icontains=wanted)
            | Q(bank__name_pinyin__startswith=wanted.lower())
        )

    def for_kind(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(borrower_kinds__contains=[value])

    def by_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(closed_at__isnull=value == OPEN)
