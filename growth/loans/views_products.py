"""The banks' products: find, see, offer, change, close."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from growth.loans import actions_products as actions
from growth.loans.actions_products import BeyondPolicy
from growth.loans.forms_products import CloseProductForm, ProductFilter, ProductForm, ReviseProductForm, banks_of
from growth.loans.models import LoanProduct
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.downloads import xlsx_response
from talentmap.ui.lists import ListPage
from talentmap.ui.templatetags.ui import money

SORTS = {
    "bank": ("bank__name_sort_key", "name", "version"),
    "name": ("name", "version"),
    "rate": "annual_rate",
    "most": "max_amount",
    "months": "max_months",
}
HEADER = (
    pgettext_lazy("lender", "Bank"),
    pgettext_lazy("product", "Product"),
    gettext_lazy("Version"),
    gettext_lazy("Programme"),
    gettext_lazy("Who may borrow"),
    gettext_lazy("Rate (% a year)"),
    gettext_lazy("Amount from (CNY)"),
    gettext_lazy("Amount up to (CNY)"),
    gettext_lazy("Months from"),
    gettext_lazy("Months up to"),
    gettext_lazy("Grace months"),
    gettext_lazy("Ways to repay"),
    gettext_lazy("A guarantee is needed"),
    gettext_lazy("Offered from"),
    gettext_lazy("Offered until"),
    pgettext_lazy("product", "State"),
)


def _visible(request: SignedInRequest) -> Any:
    return LoanProduct.objects.visible_to(request.user).select_related("bank")


def _list(request: SignedInRequest) -> ListPage:
    return ListPage(request, _visible(request), ProductFilter, sorts=SORTS, default_sort="bank")


@requires(P.MANAGE_LOANS, P.LEND)
@require_safe
def product_list(request: SignedInRequest) -> HttpResponse:
    return render(request, "loans/products.html", {"list": _list(request)})


@requires(P.MANAGE_LOANS, P.LEND)
@require_safe
def product_export(request: SignedInRequest) -> HttpResponseBase:
    rows = (
        [
            each.bank.name, each.name, each.version, each.get_programme_display(), each.borrowers_text,
            each.annual_rate, each.min_amount, each.max_amount, each.min_months, each.max_months, each.max_grace,
            each.methods_text, _("yes") if each.needs_guarantee else _("no"), each.valid_from, each.valid_until,
            state_of(each),
        ]
        for each in _list(request).queryset
    )  # fmt: skip
    return xlsx_response(_("Loan products"), HEADER, rows)


def state_of(product: LoanProduct) -> str:
    return pgettext("product", "on offer") if product.is_open else pgettext("product", "closed")


@requires(P.MANAGE_LOANS, P.LEND)
@require_safe
def product(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_visible(request).select_related("bank__region", "made_by", "closed_by"), pk=pk)
    versions = LoanProduct.objects.filter(bank=found.bank, name=found.name).order_by("-version")
    context = {
        "product": found,
        "facts": _facts(found),
        "versions": versions.select_related("made_by", "closed_by"),
        "may_change": found.is_open and actions.may_keep(request.user, found.bank),
        "is_on_offer": LoanProduct.objects.on_offer(timezone.localdate()).filter(pk=pk).exists(),
        "crumbs": [(_("Loan products"), reverse("loans:product_list")), (str(found), "")],
    }
    return render(request, "loans/product.html", context)


def _facts(product: LoanProduct) -> list[tuple[str, str]]:
    return [
        (pgettext("lender", "Bank"), product.bank.name),
        (_("Programme"), product.get_programme_display()),
        (_("Who may borrow"), product.borrowers_text),
        (_("Amount"), f"{money(product.min_amount)} – {money(product.max_amount)}"),
        (_("Term"), _("%(least)s to %(most)s months") % {"least": product.min_months, "most": product.max_months}),
        (_("Rate a year"), product.rate_text),
        (_("Day count"), product.get_day_count_display()),
        (_("Ways to repay"), product.methods_text),
        (_("Principal grace at most"), _("%(months)s months") % {"months": product.max_grace}),
        (_("A guarantee is needed"), _("yes") if product.needs_guarantee else _("no")),
        (_("Offered from"), product.valid_from.isoformat()),
        (_("Offered until"), product.valid_until.isoformat() if product.valid_until else _("open-ended")),
    ]


@requires(P.MANAGE_LOANS, P.LEND)
@require_http_methods(["GET", "HEAD", "POST"])
def product_new(request: SignedInRequest) -> HttpResponse:
    form = ProductForm(request.POST or None, banks=banks_of(request.user))
    if form.is_valid():
        values = dict(form.cleaned_data)
        named = {name: values.pop(name) for name in ("bank", "name", "valid_from")}
        with told_on(form), _beyond_policy_on(form):
            made = actions.add_product(by=request.user, at=timezone.now(), values=values, **named)
            messages.success(request, _("The product is on offer."))
            return redirect("loans:product", made.pk)
    crumbs = [(_("Loan products"), reverse("loans:product_list")), (_("New loan product"), "")]
    return render(request, "loans/product_new.html", {"form": form, "crumbs": crumbs})


@requires(P.MANAGE_LOANS, P.LEND)
@require_http_methods(["GET", "HEAD", "POST"])
def product_revise(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _open_or_elsewhere(request, pk)
    if isinstance(found, HttpResponse):
        return found
    form = ReviseProductForm(request.POST or None, instance=found)
    if form.is_valid():
        values = dict(form.cleaned_data)
        reason = values.pop("reason")
        with told_on(form), _beyond_policy_on(form):
            made = actions.revise_product(
                by=request.user, at=timezone.now(), product=found, values=values, reason=reason
            )
            messages.success(request, _("Version %(version)s is on offer.") % {"version": made.version})
            return redirect("loans:product", made.pk)
    return render(request, "loans/product_revise.html", {"form": form, "product": found, "crumbs": _crumbs(found)})


@requires(P.MANAGE_LOANS, P.LEND)
@require_http_methods(["GET", "HEAD", "POST"])
def product_close(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _open_or_elsewhere(request, pk)
    if isinstance(found, HttpResponse):
        return found
    form = CloseProductForm(request.POST or None)
    if form.is_valid():
        with told_on(form):
            actions.close_product(by=request.user, at=timezone.now(), product=found, **form.cleaned_data)
            messages.success(request, _("The product is closed; contracts that rest on it go on."))
            return redirect("loans:product", found.pk)
    return render(request, "loans/product_close.html", {"form": form, "product": found, "crumbs": _crumbs(found)})


def _open_or_elsewhere(request: SignedInRequest, pk: int) -> LoanProduct | HttpResponse:
    """The product to change; its page, where somebody closed it meanwhile."""
    found: LoanProduct = get_object_or_404(_visible(request).select_related("bank__region"), pk=pk)
    if not actions.may_keep(request.user, found.bank):
        raise PermissionDenied
    if found.is_open:
        return found
    messages.warning(request, _("This product was closed already."))
    return redirect("loans:product", found.pk)


@contextmanager
def _beyond_policy_on(form: Any) -> Iterator[None]:
    """What goes beyond the policy stands at the field that does."""
    try:
        yield
    except BeyondPolicy as beyond:
        for field, reason in beyond.fields.items():
            form.add_error(field, reason)


def _crumbs(product: LoanProduct) -> list[tuple[str, str]]:
    return [
        (_("Loan products"), reverse("loans:product_list")),
        (str(product), reverse("loans:product", args=[product.pk])),
        (_("Change"), ""),
    ]
