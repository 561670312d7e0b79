"""My account: who I am here, my roles, my settings, my password."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from django_otp.plugins.otp_static.models import StaticToken

from talentmap.accounts import actions
from talentmap.accounts.access import SignedInRequest, next_page, requires
from talentmap.accounts.actions_mobile import Purpose
from talentmap.accounts.forms import AccountForm, PasswordForm
from talentmap.accounts.outcomes import told_on
from talentmap.accounts.permissions import Permission as P
from talentmap.accounts.views import speaking
from talentmap.accounts.views_mobile import WRONG_CODE, asks_for_code, send_code


@requires(P.SIGNED_IN)
@never_cache
@require_safe
def account(request: SignedInRequest) -> HttpResponse:
    user = request.user
    facts = (
        (_("Name"), user.display_name),
        (_("User name"), user.username),
        (_("Mobile number"), user.mobile if user.mobile_verified_at else _unconfirmed(user.mobile)),
        (_("E-mail"), user.email),
        (_("Language"), user.get_language_display()),
    )
    left = StaticToken.objects.filter(device__user=user).count() if user.second_factor_since else 0
    context = {"facts": facts, "memberships": user.active_memberships, "codes_left": left}
    return render(request, "accounts/account.html", context)


def _unconfirmed(mobile: str) -> str:
    return _("%(mobile)s (not confirmed yet: change your account to do so)") % {"mobile": mobile} if mobile else ""


@requires(P.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest) -> HttpResponse:
    user = request.user
    initial = {"mobile": user.mobile, "email": user.email, "language": user.language}
    if asks_for_code(request):
        form = AccountForm(initial=initial | request.POST.dict())
        return send_code(request, Purpose.CHANGE, lambda told: _edit_page(request, form, told))
    form = AccountForm(request.POST or None, initial=initial)
    if form.is_valid():
        with told_on(form):
            code = form.cleaned_data["code"]
            changed = actions.update_account(by=user, at=timezone.now(), values=form.cleaned_data, code=code)
            if changed:
                messages.success(request, _("Saved."))
                return speaking(request, redirect("account"), changed.language)
            form.add_error("code", WRONG_CODE)
    return _edit_page(request, form)


def _edit_page(request: SignedInRequest, form: AccountForm, told: dict[str, Any] | None = None) -> HttpResponse:
    return render(request, "accounts/account_edit.html", {"form": form, **(told or {})})


@requires(P.SIGNED_IN)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password_change(request: SignedInRequest) -> HttpResponse:
    form = PasswordForm(request.POST or None, user=request.user)
    if form.is_valid():
        with told_on(form):
            old, new = form.cleaned_data["old"], form.cleaned_data["new"]
            user = actions.change_password(by=request.user, at=timezone.now(), old=old, new=new)
            update_session_auth_hash(request, user)
            messages.success(request, _("Your password is changed. Other devices are signed out."))
            return redirect(next_page(request, "account"))
    return render(request, "accounts/password_change.html", {"form": form, "next": next_page(request, "account")})
