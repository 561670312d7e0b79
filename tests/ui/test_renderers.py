"""What our renderer draws is what Django's own draws, for every kind of field that a form here has."""

from datetime import date

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html
from django.utils import translation

from talentmap.ui.renderers import PlainRenderer

NASTY = """<b>"'&</b>"""


class EveryField(forms.Form):
    text = forms.CharField(widget=forms.TextInput(attrs={"class": "form-control", "data-x": NASTY, "autofocus": True}))
    search = forms.CharField(widget=forms.TextInput(attrs={"type": "search"}), required=False)
    number = forms.IntegerField(min_value=3, max_value=9000, help_text="x")
    amount = forms.DecimalField(max_digits=9, decimal_places=2)
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    mail = forms.EmailField(max_length=80)
    tel = forms.CharField(widget=forms.TextInput(attrs={"type": "tel"}), disabled=True)
    url = forms.URLField(assume_scheme="https")
    hidden = forms.CharField(widget=forms.HiddenInput)
    plain = forms.ChoiceField(choices=[("", "All"), ("a", NASTY), (NASTY, "b"), (3, 1234567)])
    grouped = forms.ChoiceField(choices=[("", "-"), (NASTY, [("a", "A"), ("b", "B")]), ("Two", [("c", "C")])])
    many = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B"), ("c", "C")])
    yes = forms.NullBooleanField(required=False)
    tick = forms.BooleanField()
    radio = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    note = forms.CharField(widget=forms.Textarea)
    secret = forms.CharField(widget=forms.PasswordInput)
    file = forms.FileField()


FILLED = {
    "text": NASTY, "search": "王", "number": "1234", "amount": "1234.50", "day": date(2026, 3, 12), "mail": "a@b.cn",
    "tel": "13800000000", "url": "https://a.cn", "hidden": NASTY, "plain": "3", "grouped": "b", "many": ["a", "c"],
    "yes": "true", "tick": "on", "radio": "b", "note": NASTY,
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", EveryField.base_fields)
@pytest.mark.parametrize("given", [{"data": None}, {"data": {}}, {"data": FILLED}, {"initial": FILLED}])
def test_it_draws_what_django_draws(name, given, language):
    with translation.override(language):
        ours = str(EveryField(**given, renderer=PlainRenderer())[name])
        djangos = str(EveryField(**given, renderer=DjangoTemplates())[name])
    assert parse_html(ours) == parse_html(djangos)


def test_it_escapes():
    drawn = str(EveryField(initial=FILLED, renderer=PlainRenderer()))
    assert "<b>" not in drawn
    assert "&lt;b&gt;&quot;&#x27;&amp;&lt;/b&gt;" in drawn
