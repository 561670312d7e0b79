from decimal import Decimal

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory

from talentmap.ui.forms import PageForm


class LeaseForm(PageForm):
    fieldsets = (("The flat", ("address", "kind")), ("Gone", ("no_such_field",)))
    autocomplete = {"address": "street-address"}

    address = forms.CharField(label="Address", help_text="As in the contract", max_length=50)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    rent = forms.DecimalField(label="Rent", max_digits=8, decimal_places=2, required=False)
    rooms = forms.IntegerField(label="Rooms", required=False)
    lease_from = forms.DateField(label="From", required=False)
    seen_at = forms.DateTimeField(label="Seen", required=False)
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)

    def clean(self):
        if self.cleaned_data.get("rent") == 13:
            raise forms.ValidationError("Not thirteen")


GOOD = {"address": "文江路 1 号", "kind": "a"}


def rendered(form):
    return render_to_string("ui/components/form.html", {"form": form}, request=RequestFactory().get("/"))


@pytest.mark.parametrize(
    "typed, understood",
    [
        ("1,200.50", "1200.50"),
        ("￥1，200", "1200"),
        ("１２００．５", "1200.5"),
        (" 1200 元 ", "1200"),
        ("¥1,200", "1200"),
    ],
)
def test_amounts_are_understood_as_people_type_them(typed, understood):
    form = LeaseForm(GOOD | {"rent": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["rent"] == Decimal(understood)


@pytest.mark.parametrize("typed", ["twelve", "1.2.3", "NaN", "Infinity", "1e99", "9" * 400, "--1", "\u0661"])
def test_what_is_no_amount_is_an_error_beside_its_field(typed):
    form = LeaseForm(GOOD | {"rent": typed, "rooms": typed})
    form.is_valid()
    assert "rent" in form.errors or form.cleaned_data["rent"] == 1


@pytest.mark.parametrize("typed", ["2026-11-23", "2026/11/23", "2026.11.23", "2026年11月23日", "20261123"])
def test_dates_are_understood_as_people_type_them(typed):
    form = LeaseForm(GOOD | {"lease_from": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["lease_from"].isoformat() == "2026-11-23"


def test_inputs_suit_the_phone():
    page = rendered(LeaseForm())
    assert 'type="date"' in page
    assert 'type="datetime-local"' in page
    assert page.count('inputmode="decimal"') == page.count('inputmode="numeric"') == 1
    assert 'autocomplete="street-address"' in page
    assert 'type="number"' not in page


def test_a_date_is_shown_in_the_form_its_input_knows():
    from datetime import date

    assert 'value="2026-11-23"' in rendered(LeaseForm(initial={"lease_from": date(2026, 11, 23)}))


def test_what_was_typed_stays_and_every_error_is_linked_to_its_field():
    page = rendered(LeaseForm({"address": "<b>文江路</b>", "rent": "much", "lease_from": "someday"}))
    assert "&lt;b&gt;文江路" in page
    assert 'value="much"' in page
    assert 'href="#id_kind_0"' in page
    assert 'href="#id_rent"' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_rent_error"' in page
    assert 'id="id_rent_error"' in page


def test_errors_of_the_whole_form_stand_once_in_the_summary():
    page = rendered(LeaseForm(GOOD | {"rent": "13"}))
    assert page.count("Not thirteen") == 1


def test_fieldsets_come_first_and_other_fields_follow():
    page = rendered(LeaseForm())
    assert page.count("<legend>") == 1
    assert page.index("The flat") < page.index("id_address") < page.index("id_rent")


def test_the_once_token_survives_sending_and_nonsense_does_not():
    first = LeaseForm()
    assert first.once_token == first.once_token
    assert f'name="once_token" value="{first.once_token}"' in rendered(first)
    assert LeaseForm({"once_token": first.once_token}).once_token == first.once_token
    assert LeaseForm({"once_token": "<script>"}).once_token != "<script>"
    assert LeaseForm().once_token != first.once_token


def test_a_form_carries_no_inline_script_or_style():
    page = rendered(LeaseForm({}))
    assert "style=" not in page
    assert "<script" not in page
    assert "onsubmit" not in page
