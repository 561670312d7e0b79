"""Coming in and going out: sign-in, its lock, sign-out, registration."""

import math
from datetime import timedelta
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from talentmap.accounts import actions, limits
from talentmap.accounts.access import SignedInRequest, next_page, requires, with_next
from talentmap.accounts.actions_mobile import Purpose
from talentmap.accounts.actions_sign_in import Outcome, is_locked_everywhere, note_sign_in
from talentmap.accounts.addresses import client_ip
from talentmap.accounts.backends import counted_name, find
from talentmap.accounts.forms import RegisterForm, SignInForm
from talentmap.accounts.models import User
from talentmap.accounts.outcomes import told_on
from talentmap.accounts.permissions import Permission as P
from talentmap.accounts.views_mobile import WRONG_CODE, asks_for_code, send_code
from talentmap.people.choices import Purpose as Consented
from talentmap.people.consents import wording

BACKEND = "talentmap.accounts.backends.NameOrMobileBackend"


@requires(P.PUBLIC)
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: SignedInRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(next_page(request, "home"))
    form = SignInForm(request.POST or None)
    if request.method == "POST":
        limits.count(request, "sign-in", "60/m")  # checking a password is meant to be slow
    if form.is_valid():
        if is_locked_everywhere(counted_name(request, form.cleaned_data), timezone.now()):
            note(request, find(form.cleaned_data["username"]), Outcome.LOCKED)
            return locked_out(request, credentials=form.cleaned_data, everywhere=True)
        user = authenticate(request, **form.cleaned_data)
        if isinstance(user, User):
            return _let_in(request, user)
        is_locked = getattr(request, "axes_locked_out", False)
        note(request, find(form.cleaned_data["username"]), Outcome.LOCKED if is_locked else Outcome.WRONG)
        form.add_error(None, _("The user name, mobile number or password is wrong, or the account is closed."))
    return render(request, "accounts/sign_in.html", _sign_in_context(request, form))


def _sign_in_context(request: SignedInRequest, form: SignInForm) -> dict[str, Any]:
    return {
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "register_url": with_next(request, "register"),
        "idle_minutes": settings.SESSION_COOKIE_AGE // 60
        if "expired" in request.GET and request.method == "GET"
        else 0,
    }


def note(request: SignedInRequest, user: User | None, outcome: str) -> None:
    note_sign_in(by=None, at=timezone.now(), user=user, address=client_ip(request), outcome=outcome)


def _let_in(request: SignedInRequest, user: User) -> HttpResponse:
    login(request, user, BACKEND)
    note(request, user, Outcome.IN)
    response = redirect(next_page(request, "home"))
    return speaking(request, response, user.language)


def speaking(request: SignedInRequest, response: HttpResponse, language: str) -> HttpResponse:
    """Have the browser remember the language that the account is kept in."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


def locked_out(
    request: SignedInRequest,
    original_response: HttpResponse | None = None,
    credentials: dict[str, Any] | None = None,
    everywhere: bool = False,
) -> HttpResponse:
    """After too many failures: says for how long, since trying again only tells an attacker that it works."""
    left = _locked_for(request, credentials, everywhere)
    minutes = max(1, math.ceil(left.total_seconds() / 60))
    context = {"minutes": minutes, "everywhere": everywhere}
    response = render(request, "accounts/locked_out.html", context, status=429)
    response["Retry-After"] = str(minutes * 60)
    return response


def _locked_for(request: SignedInRequest, credentials: dict[str, Any] | None, everywhere: bool) -> timedelta:
    attempts = AccessAttempt.objects.filter(username=counted_name(request, credentials))
    if not everywhere:
        attempts = attempts.filter(ip_address=client_ip(request))
    last = attempts.aggregate(last=Max("attempt_time"))["last"]
    until = (last or timezone.now()) + (get_cool_off(request) or timedelta())
    return max(until - timezone.now(), timedelta())


@requires(P.PUBLIC)
@require_POST
def sign_out(request: SignedInRequest) -> HttpResponse:
    logout(request)
    messages.success(request, _("You are signed out."))
    return redirect("sign_in")


@requires(P.PUBLIC)
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: SignedInRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(next_page(request, "home"))
    if asks_for_code(request):
        form = RegisterForm(initial=request.POST.dict() | {"password": ""})
        return send_code(request, Purpose.REGISTER, lambda told: _register_page(request, form, told))
    form = RegisterForm(request.POST or None)
    if request.method == "POST":
        limits.count(request, "register", "30/h")
    if form.is_valid():
        with told_on(form):
            if user := _registered(form):
                return _welcomed(request, user)
            form.add_error("code", WRONG_CODE)
    return _register_page(request, form)


def _registered(form: RegisterForm) -> User | None:
    values = {name: form.cleaned_data[name] for name in ("name", "mobile", "code", "password")}
    return actions.register(by=None, at=timezone.now(), language=get_language() or "", **values)


def _welcomed(request: SignedInRequest, user: User) -> HttpResponse:
    login(request, user, BACKEND)
    note(request, user, Outcome.IN)
    onward = next_page(request, "people:my_file")
    if onward == reverse("people:my_file"):
        messages.success(request, _("Welcome. Your file is still empty: fill it in once, and no service asks again."))
    else:
        messages.success(request, _("Welcome. Your account is open."))
    return redirect(onward)


def _register_page(request: SignedInRequest, form: RegisterForm, told: dict[str, Any] | None = None) -> HttpResponse:
    context = {
        "form": form,
        "wording": wording(Consented.REGISTER),
        "sign_in_url": with_next(request, "sign_in"),
        **(told or {}),
    }
    return render(request, "accounts/register.html", context)


@requires(P.PUBLIC)
@require_safe
def privacy(request: SignedInRequest) -> HttpResponse:
    wordings = [(purpose.label, wording(purpose)) for purpose in Consented]
    return render(request, "accounts/privacy.html", {"wordings": wordings})
