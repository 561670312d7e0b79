"""The second factor: an authenticator app, and backup codes for the day the phone is lost."""

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_otp import login as otp_login
from django_otp import match_token

from talentmap.accounts import actions
from talentmap.accounts.access import SignedInRequest, next_page, requires
from talentmap.accounts.actions_sign_in import Outcome
from talentmap.accounts.forms import PasswordOnlyForm, TokenForm
from talentmap.accounts.models import User
from talentmap.accounts.outcomes import told_on
from talentmap.accounts.permissions import Permission as P
from talentmap.accounts.views import note


@requires(P.SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: SignedInRequest) -> HttpResponse:
    if request.user.second_factor_since:
        return redirect("account")
    form = TokenForm(request.POST or None)
    if form.is_valid():
        with told_on(form):
            token = form.cleaned_data["token"]
            device, codes = actions.confirm_second_factor(by=request.user, at=timezone.now(), token=token)
            otp_login(request, device)
            return _codes_page(request, codes)
    device = actions.device_to_set_up(request.user)
    context = {
        "form": form,
        "qr": segno.make(device.config_url, error="m").svg_data_uri(scale=4, border=2, dark="#1f1d1a"),
        "key": actions.readable_key(device),
        "required": request.user.needs_second_factor,
        "next": next_page(request, "home"),
    }
    return render(request, "accounts/second_factor_setup.html", context)


def _codes_page(request: SignedInRequest, codes: list[str]) -> HttpResponse:
    """Shown in the answer itself, not after a redirect: the codes are kept nowhere on the way."""
    return render(request, "accounts/backup_codes.html", {"codes": codes, "next": next_page(request, "home")})


@requires(P.SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: SignedInRequest) -> HttpResponse:
    user = request.user
    if user.is_verified() or not user.second_factor_since:
        return redirect(next_page(request, "home"))
    form = TokenForm(request.POST or None)
    if form.is_valid():
        device = match_token(user, form.cleaned_data["token"])
        if device is not None:
            otp_login(request, device)
            note(request, user, Outcome.CODE)
            request.session.cycle_key()
            return redirect(next_page(request, "home"))
        note(request, user, Outcome.CODE_WRONG)
        form.add_error("token", _refusal(user))
    return render(request, "accounts/second_factor_verify.html", {"form": form, "next": next_page(request, "home")})


def _refusal(user: User) -> str:
    seconds = actions.seconds_until_next_try(user)
    if seconds:
        return _("The code is wrong. Wait %(seconds)s seconds before the next try.") % {"seconds": seconds}
    return _("The code is wrong or too old. Type the one the app shows now, or a backup code not used yet.")


@requires(P.SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def renew_codes(request: SignedInRequest) -> HttpResponse:
    form = PasswordOnlyForm(request.POST or None)
    if form.is_valid():
        with told_on(form):
            password = form.cleaned_data["password"]
            codes = actions.renew_backup_codes(by=request.user, at=timezone.now(), password=password)
            return _codes_page(request, codes)
    return render(request, "accounts/backup_codes_renew.html", {"form": form})


@requires(P.SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def turn_off(request: SignedInRequest) -> HttpResponse:
    form = PasswordOnlyForm(request.POST or None)
    if form.is_valid():
        with told_on(form):
            password = form.cleaned_data["password"]
            actions.turn_second_factor_off(by=request.user, at=timezone.now(), password=password)
            messages.success(request, _("The second factor is off."))
            return redirect("account")
    return render(request, "accounts/second_factor_off.html", {"form": form})
