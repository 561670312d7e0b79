"""The pages on which a loan is applied for, and the forms with which bank and office keep it."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from growth.loans.choices import BorrowerKind, OtherLoans
from growth.loans.consents import partners_wording
from growth.loans.models import LoanProduct
from growth.loans.models_loan import LoanApplication
from growth.loans.partners import BadPartners, read_partners
from growth.loans.schedules import ZERO, DayCount, Keep, Method
from growth.loans.standing import TOLERANCE
from talentmap.casework.page_form import SchemePageForm
from talentmap.people.choices import OrganisationKind
from talentmap.people.fields import blind_index
from talentmap.people.models import Organisation
from talentmap.ui.forms import PageForm

FEWEST_PARTNERS = 2


class ProductField(forms.ModelChoiceField):
    """Names the bank with each product."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.bank} · {obj} · {obj.rate_text}"


class LoanForm(SchemePageForm):
    fieldsets: ClassVar = (
        (_("Who borrows?"), ("kind", "partners")),
        (_("The loan"), ("product", "amount", "months", "method", "grace")),
        (_("What for?"), ("purpose",)),
    )
    product = ProductField(LoanProduct.objects.none(), label=_("Bank and product"))

    class Meta:
        model = LoanApplication
        fields = ("kind", "partners", "product", "amount", "months", "method", "grace", "purpose")
        widgets: ClassVar = {"kind": forms.RadioSelect, "purpose": forms.Textarea}
        help_texts: ClassVar = {
            "partners": _("For a partnership: how many of you."),
            "grace": _("Months at the beginning in which only interest is due."),
            "purpose": _("For example: a roasting machine and packaging for the tea workshop."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = LoanProduct.objects.on_offer(timezone.localdate()).select_related("bank")
        if self.instance.product_id:  # what was chosen stays a choice when the bank has closed it since
            offered = offered | LoanProduct.objects.filter(pk=self.instance.product_id).select_related("bank")
        self.fields["product"].queryset = offered  # type: ignore[attr-defined]
        for name in ("kind", "product", "amount", "months", "method", "purpose"):
            self.fields[name].required = True
        self.fields["grace"].required = False

    def clean_grace(self) -> int:
        return self.cleaned_data.get("grace") or 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == BorrowerKind.PARTNERSHIP and (cleaned.get("partners") or 0) < FEWEST_PARTNERS:
            self.add_error("partners", _("Say how many partners you are."))
        if product := cleaned.get("product"):
            self._check_product(product, cleaned)
        return cleaned

    def _check_product(self, product: LoanProduct, cleaned: dict[str, Any]) -> None:
        kind, method = cleaned.get("kind"), cleaned.get("method")
        if kind and kind not in product.borrower_kinds:
            said = _("This product is for: %(kinds)s.") % {"kinds": product.borrowers_text}
            self.add_error("product", said)
        if method and method not in product.methods:
            self.add_error("method", _("The product is repaid by: %(methods)s.") % {"methods": product.methods_text})
        bounds = (
            ("amount", product.min_amount, product.max_amount),
            ("months", product.min_months, product.max_months),
            ("grace", 0, product.max_grace),
        )
        for name, least, most in bounds:
            value = cleaned.get(name)
            if value is not None and not least <= value <= most:
                said = _("The product allows %(least)s to %(most)s.") % {"least": f"{least:,}", "most": f"{most:,}"}
                self.add_error(name, said)


class BusinessForm(SchemePageForm):
    class Meta:
        model = LoanApplication
        fields = (
            "business_started_on", "other_loans", "consumer_amount", "spouse_loans", "spouse_consumer_amount",
            "partner_list", "partners_agree",
        )  # fmt: skip
        widgets: ClassVar = {
            "other_loans": forms.RadioSelect,
            "spouse_loans": forms.RadioSelect,
            "partner_list": forms.Textarea,
        }
        labels: ClassVar = {"business_started_on": _("In business since")}
        help_texts: ClassVar = {
            "spouse_loans": _("Without a spouse: none."),
            "partner_list": _(
                "Everybody but you, each on a line: name, a space, ID number. It is encrypted; nobody who handles the"
                " application reads it here."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("business_started_on", "other_loans", "spouse_loans"):
            self.fields[name].required = True
        self._ask_for_partners(self.instance.kind == BorrowerKind.PARTNERSHIP)

    def _ask_for_partners(self, is_partnership: bool) -> None:
        """Only a partnership has any."""
        for name in ("partner_list", "partners_agree"):
            if is_partnership:
                self.fields[name].required = True
            else:
                del self.fields[name]
        if is_partnership:
            self.fields["partners_agree"].help_text = partners_wording()

    def clean_partner_list(self) -> str:
        """Everybody is named once, and the applicant not again."""
        written = str(self.cleaned_data.get("partner_list") or "")
        try:
            found = read_partners(written, timezone.localdate())
        except BadPartners as error:
            raise ValidationError(str(error)) from error
        if self.context.talent.id_number_index in {blind_index(each.id_number) for each in found}:
            raise ValidationError(_("You are a partner yourself: name the others."))
        if len(found) + 1 != self.instance.partners:
            raise ValidationError(
                _("You are %(all)s partners: name the other %(others)s.")
                % {"all": self.instance.partners, "others": (self.instance.partners or 1) - 1}
            )
        return written

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for stated, amount in (("other_loans", "consumer_amount"), ("spouse_loans", "spouse_consumer_amount")):
            if cleaned.get(stated) == OtherLoans.CONSUMER and cleaned.get(amount) is None:
                self.add_error(amount, _("Say how much is owed."))
        return cleaned


class DeclarationForm(SchemePageForm):
    class Meta:
        model = LoanApplication
        fields = ("declared_true",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["declared_true"].required = True


def amount_field(label: Any, *, required: bool = True, least: Decimal = ZERO, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=required, max_digits=14, decimal_places=2, min_value=least, **options
    )


def lent_field() -> forms.DecimalField:
    """What is granted, signed or paid out is something."""
    return amount_field(_("Amount (CNY)"), least=Decimal("0.01"))


def rate_field() -> forms.DecimalField:
    return forms.DecimalField(label=_("Rate (% a year)"), max_digits=7, decimal_places=4, min_value=0, max_value=100)


class TermsForm(PageForm):
    """What the bank would lend."""

    amount = lent_field()
    rate = rate_field()
    months = forms.IntegerField(label=_("Term in months"), min_value=1, max_value=360)
    method = forms.ChoiceField(label=_("Way of repayment"), choices=Method.choices)
    grace = forms.IntegerField(label=_("Months of grace"), min_value=0, required=False)
    day_count = forms.ChoiceField(label=_("Day count"), choices=DayCount.choices)

    def clean_grace(self) -> int:
        return self.cleaned_data.get("grace") or 0


class GuarantorForm(PageForm):
    guarantor = forms.ModelChoiceField(Organisation.objects.none(), label=_("Guarantor"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Organisation.objects.filter(kind=OrganisationKind.GUARANTOR, is_active=True)
        self.fields["guarantor"].queryset = known  # type: ignore[attr-defined]


class SignForm(PageForm):
    """The contract; it may stay below what was approved, where the policy has become stricter since."""

    contract_number = forms.CharField(label=_("Contract number"), max_length=60)
    signed_on = forms.DateField(label=_("Contract signed on"))
    amount = lent_field()
    rate = rate_field()
    months = forms.IntegerField(label=_("Term in months"), min_value=1, max_value=360)


class ContractNumberForm(PageForm):
    contract_number = forms.CharField(label=_("Contract number"), max_length=60)
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea)


class DisburseForm(PageForm):
    amount = lent_field()
    on = forms.DateField(label=_("Paid out on"))
    reference = forms.CharField(label=_("The bank's reference"), max_length=60)
    first_due = forms.DateField(label=_("First instalment due on"), required=False)

    def __init__(self, *args: Any, first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if first:
            self.fields["first_due"].required = True
        else:
            del self.fields["first_due"]


class RepayForm(PageForm):
    paid_on = forms.DateField(label=_("Paid on"))
    principal = amount_field(_("Principal (CNY)"))
    interest = amount_field(
        _("Interest (CNY)"),
        help_text=format_lazy(
            _(
                "Up to CNY {most} more or less than is due, over the whole loan, counts as the bank's rounding: nothing"
                " is overdue for that. The principal is repaid to the fen by the last instalment."
            ),
            most=TOLERANCE,
        ),
    )
    penalty = amount_field(_("Penalty interest (CNY)"), required=False)
    reference = forms.CharField(
        label=_("The bank's reference"),
        max_length=60,
        help_text=_("The number of the payment in the bank's books: it keeps it from being entered twice."),
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def clean_penalty(self) -> Any:
        return self.cleaned_data.get("penalty") or 0


class EarlyForm(RepayForm):
    keep = forms.ChoiceField(label=_("What stays as it is"), choices=Keep.choices, widget=forms.RadioSelect)


class ExtendForm(PageForm):
    on = forms.DateField(label=_("From"))
    months = forms.IntegerField(
        label=_("Further months"),
        min_value=1,
        max_value=36,
        error_messages={
            "min_value": _("A loan is extended by a month or more."),
            "max_value": _("A loan is extended by at most %(limit_value)s months."),
        },
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea)


class ReasonForm(PageForm):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea)


class WriteOffForm(PageForm):
    on = forms.DateField(label=_("Written off on"))
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea)


class ImportForm(PageForm):
    bank = forms.ModelChoiceField(Organisation.objects.none(), label=_("Bank"))
    file = forms.FileField(label=_("File of the bank (XLSX or CSV)"))

    def __init__(self, *args: Any, banks: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank"].queryset = banks  # type: ignore[attr-defined]
        if len(banks) == 1:
            self.fields["bank"].initial, self.fields["bank"].widget = banks[0], forms.HiddenInput()
