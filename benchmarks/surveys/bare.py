"""The yardsticks: plain Django views that do as little as anybody could, behind the same server and middleware."""

import json
from typing import Any

from django import forms
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import Context, Engine

from talentmap.accounts.access import requires
from talentmap.accounts.permissions import Permission

FIELDS = 20
TABLE = "create table if not exists bench_bare (id bigserial primary key, answers jsonb not null)"
_PAGE = Engine().from_string("<!doctype html><title>Form</title><form method=post>{{ form }}<button>OK</button></form>")
_CHOICES = [(str(number), f"选项{number}") for number in range(5)]


class BareForm(forms.Form):
    """Twenty fields: eight choices, four whole numbers, four texts, two dates, two decimals."""


def _field(number: int) -> forms.Field:
    label = f"问题{number}"
    if number < 8:
        return forms.ChoiceField(label=label, choices=_CHOICES)
    if number < 12:
        return forms.IntegerField(label=label, min_value=0, max_value=120)
    if number < 16:
        return forms.CharField(label=label, max_length=200)
    if number < 18:
        return forms.DateField(label=label)
    return forms.DecimalField(label=label, max_digits=8, decimal_places=2)


for _number in range(FIELDS):
    BareForm.base_fields[f"q{_number}"] = _field(_number)


def filled() -> dict[str, str]:
    """What is posted to the bare view."""
    kinds = ["3"] * 8 + ["42"] * 4 + ["希望有养蚕技术员"] * 4 + ["2019-05-15"] * 2 + ["12.50"] * 2
    return {f"q{number}": value for number, value in enumerate(kinds)}


@requires(Permission.PUBLIC)
def accept(request: HttpRequest) -> HttpResponse:
    """Validate 20 fields, insert one jsonb row."""
    form = BareForm(request.POST)
    if not form.is_valid():
        return JsonResponse(form.errors, status=422)
    with connection.cursor() as cursor:
        cursor.execute("insert into bench_bare (answers) values (%s)", [_json(form.cleaned_data)])
    return JsonResponse({"state": "accepted"}, status=201)


def _json(cleaned: dict[str, Any]) -> str:
    return json.dumps(cleaned, default=str, ensure_ascii=False)


@requires(Permission.PUBLIC)
def page(request: HttpRequest) -> HttpResponse:
    """Render 20 fields."""
    return HttpResponse(_PAGE.render(Context({"form": BareForm()})))
