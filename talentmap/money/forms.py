"""What people enter about money: sums into a fund, tariff versions, batches, answers of the bank."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.money.models import LedgerEntry, Payable, Recovery
from talentmap.money.models_payment import quarter_name
from talentmap.money.rules import Quarter, Result
from talentmap.money.tariffs import TariffKey, TariffVersion, Unit, day_of, value_of
from talentmap.ui.forms import NumberText, PageForm

QUARTERS_OFFERED = 8


def amount_field(label: Any, **options: Any) -> forms.DecimalField:
    """Yuan with at most two places, more than zero."""
    return forms.DecimalField(label=label, max_digits=12, decimal_places=2, min_value=Decimal("0.01"), **options)


def reason_field(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=300, widget=forms.Textarea(attrs={"rows": 2}), **options)


class TopUpForm(PageForm):
    KINDS: ClassVar = {
        LedgerEntry.Kind.BUDGET: _("Budget of the year"),
        LedgerEntry.Kind.TOP_UP: _("Top-up"),
        LedgerEntry.Kind.REDUCTION: _("Budget taken back"),
    }

    kind = forms.ChoiceField(
        label=_("What is booked"),
        choices=KINDS.items(),
        widget=forms.RadioSelect,
        initial=LedgerEntry.Kind.BUDGET,
    )
    amount = amount_field(_("Amount in yuan"))
    reason = reason_field(_("Basis and reason"), help_text=_("For example the number of the budget document."))


class VersionForm(PageForm):
    """A new tariff version: one field a parameter, filled with what is in force."""

    def __init__(self, *args: Any, current: TariffVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = current.definition.keys
        for key in self.keys:
            self.fields[_field_of(key)] = _asked(key, current[key.key])

    valid_from = forms.DateField(label=_("Valid from"), widget=forms.DateInput)
    note = forms.CharField(
        label=_("Basis and reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Name the document that this version rests on."),
    )

    def layout(self) -> Layout:
        values = (_field_of(key) for key in self.keys)
        return Layout(
            Fieldset(str(_("What applies from when")), "valid_from", "note"), Fieldset(str(_("Values")), *values)
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for key in self.keys:
            value = cleaned.get(_field_of(key))
            if isinstance(value, date):
                value = cleaned[_field_of(key)] = value_of(value)
            if value is not None and (problem := key.problem(value)):
                self.add_error(_field_of(key), problem)
        return dict(cleaned)

    @property
    def values(self) -> dict[str, Decimal]:
        return {key.key: self.cleaned_data[_field_of(key)] for key in self.keys}


def _field_of(key: TariffKey) -> str:
    return "value_" + key.key.replace(".", "__")


def _asked(key: TariffKey, current: Decimal) -> forms.Field:
    if key.unit is Unit.DAY:
        return forms.DateField(label=str(key.label), initial=day_of(current), widget=forms.DateInput)
    return forms.DecimalField(
        label=f"{key.label} ({key.unit.label})",
        max_digits=14,
        initial=shown(current, key.unit),
        widget=NumberText(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


def shown(value: Decimal, unit: Unit) -> str:
    """A value as people read it, without needless zeros: 3,000; 0.5; 1,500.50 for yuan; 2027-12-31."""
    if unit is Unit.DAY:
        return day_of(value).isoformat()
    text = f"{value:,.{unit.places}f}"
    return text.rstrip("0").rstrip(".") if "." in text and unit.places != 2 else text.removesuffix(".00")


class PrepareForm(PageForm):
    def __init__(self, *args: Any, funds: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund"] = forms.ModelChoiceField(label=_("Fund"), queryset=funds, empty_label=None)
        self.fields["quarter"] = forms.TypedChoiceField(
            label=_("Due until the end of"),
            coerce=Quarter.parse,
            choices=[(str(each), quarter_name(each)) for each in recent_quarters(today)],
            help_text=_(
                "Everything due by the end of that quarter is taken. What failed is due again once its account is"
                " corrected."
            ),
        )


def recent_quarters(today: date) -> Iterable[Quarter]:
    """The running quarter and those before it, the latest first."""
    quarter = Quarter.of(today)
    for _unused in range(QUARTERS_OFFERED):
        yield quarter
        quarter = quarter.before


class ReasonForm(PageForm):
    reason = reason_field(_("Reason"))


class ReturnFileForm(PageForm):
    file = forms.FileField(
        label=_("Return file of the bank"),
        help_text=_("Excel (.xlsx) or CSV with the columns reference, amount, result and reason; at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,text/csv"}),
    )


class AnswerForm(PageForm):
    result = forms.TypedChoiceField(
        label=_("What the bank says"),
        coerce=Result,
        choices=[
            (Result.PAID.value, pgettext_lazy("payment", "Paid")),
            (Result.FAILED.value, _("Failed, or came back")),
        ],
        widget=forms.RadioSelect,
    )
    reason = reason_field(_("Where this is known from, and why it failed"))


class PayeeForm(PageForm):
    payee_name = forms.CharField(label=_("Account holder"), max_length=60)
    bank_name = forms.CharField(label=_("Bank"), max_length=120)
    bank_account = forms.RegexField(
        r"^[0-9 ]{8,34}$",
        label=_("Account number"),
        required=False,
        help_text=_("Leave empty to keep the number that is stored."),
        error_messages={"invalid": _("An account number has 8 to 30 digits.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    reason = reason_field(_("Why it is corrected"))

    def __init__(self, *args: Any, payable: Payable, **kwargs: Any) -> None:
        super().__init__(*args, initial={"payee_name": payable.payee_name, "bank_name": payable.bank_name}, **kwargs)
        self.fields["bank_account"].required = not payable.account_last4


class ReceiptForm(PageForm):
    amount = amount_field(_("Amount received in yuan"))
    received_on = forms.DateField(label=_("Received on"))
    reference = forms.CharField(label=_("Bank reference"), max_length=120, required=False)

    def __init__(self, *args: Any, recovery: Recovery, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.recovery = recovery
        self.today = today
        self.fields["amount"].initial = recovery.outstanding

    def clean_received_on(self) -> date:
        day: date = self.cleaned_data["received_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        return day
