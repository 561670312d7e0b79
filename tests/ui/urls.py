"""A few views that misbehave, for the tests of what stands around them."""

import threading

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.csrf import csrf_protect
from django_filters import CharFilter, ChoiceFilter, FilterSet
from django_ratelimit.exceptions import Ratelimited

from talentmap.accounts.models import User
from talentmap.regions.models import Level, Region
from talentmap.ui.errors import Refused
from talentmap.ui.forms import PageForm, SearchInput
from talentmap.ui.lists import ListPage
from talentmap.urls import handler400, handler403, handler404, handler500  # noqa: F401
from talentmap.urls import urlpatterns as real


def say(request: HttpRequest) -> HttpResponse:
    """Shows what is waiting to be told, and reads the body as any form view does."""
    told = [str(message) for message in messages.get_messages(request)]
    return HttpResponse("|".join([*told, request.POST.get("text", "")]))


def refuse(request: HttpRequest) -> HttpResponse:
    raise Refused("The fund is short of 12.00")


def invalid(request: HttpRequest) -> HttpResponse:
    raise ValidationError(["First reason", "Second reason"])


def taken(request: HttpRequest) -> HttpResponse:
    User.objects.bulk_create([User(username="same", display_name="A"), User(username="same", display_name="B")])
    return HttpResponse()


def absurd(request: HttpRequest) -> HttpResponse:
    raise DataError("integer out of range")


def huge(request: HttpRequest) -> HttpResponse:
    raise OverflowError("too large")


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault of ours")


def denied(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("Only the handler may do this")


def too_often(request: HttpRequest) -> HttpResponse:
    raise Ratelimited


@csrf_protect
def guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


class RegionFilter(FilterSet):
    q = CharFilter(field_name="name", lookup_expr="contains", label="Name", widget=SearchInput)
    level = ChoiceFilter(choices=Level.choices, label="Level")
    code = CharFilter(label="Code")

    class Meta:
        model = Region
        fields = ("q", "level", "code")


def regions(request: HttpRequest) -> HttpResponse:
    rows = ListPage(
        request,
        Region.objects.all(),
        RegionFilter,
        sorts={"name": "name", "code": "code"},
        default_sort="code",
        page_size=2,
    )
    return render(request, "test_list_page.html", {"list": rows})


class NoteForm(PageForm):
    fieldsets = (("A note", ("text", "amount", "day")),)
    text = forms.CharField(label="Text", max_length=20)
    amount = forms.DecimalField(label="Amount", max_digits=8, decimal_places=2)
    day = forms.DateField(label="Day", required=False)


sent: list[str] = []
arrived, may_answer = threading.Event(), threading.Event()
may_answer.set()


def form(request: HttpRequest) -> HttpResponse:
    """A form whose answer a test can hold back, to do something while it is on its way."""
    filled = NoteForm(request.POST or None)
    if request.method == "POST" and filled.is_valid():
        sent.append(filled.once_token)
        arrived.set()
        may_answer.wait(timeout=30)
        return redirect("/t/say/")
    return render(request, "test_form.html", {"form": filled, "count": len(sent)})


def arrival(request: HttpRequest) -> HttpResponse:
    """Answers once a form has arrived whose own answer is held back."""
    return HttpResponse(status=204 if arrived.wait(timeout=30) else 504)


def release(request: HttpRequest) -> HttpResponse:
    may_answer.set()
    return HttpResponse(status=204)


urlpatterns = [
    *(
        path(f"t/{view.__name__}/", view)
        for view in (
            say,
            refuse,
            invalid,
            taken,
            absurd,
            huge,
            broken,
            denied,
            too_often,
            guarded,
            regions,
            form,
            arrival,
            release,
        )
    ),
    *real,
]
