"""Members of one's reach: find, let in, help back in, give and end roles."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from talentmap.accounts import actions_members as actions
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.forms import MemberEditForm, MemberFilter, MemberForm, ReasonForm, RoleForm
from talentmap.accounts.models import Membership, User
from talentmap.accounts.outcomes import told_on, told_on_page
from talentmap.accounts.permissions import Permission as P
from talentmap.accounts.permissions import Role
from talentmap.people.masks import mask_phone
from talentmap.people.models import Talent
from talentmap.ui.lists import ListPage


def _member_or_404(request: SignedInRequest, pk: int) -> User:
    return get_object_or_404(User.objects.visible_to(request.user), pk=pk)


def _only_if(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied(_("This account holds a role that is not yours to manage."))


@requires(P.MANAGE_MEMBERS)
@require_safe
def members(request: SignedInRequest) -> HttpResponse:
    rows = User.objects.visible_to(request.user).with_memberships()
    page = ListPage(
        request,
        rows,
        MemberFilter,
        sorts={
            "name": "name_sort_key",
            "username": "username",
            "joined": "date_joined",
            "seen": "last_login",
        },
        default_sort="name",
    )
    return render(request, "accounts/members.html", {"list": page})


@requires(P.MANAGE_MEMBERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def member_new(request: SignedInRequest) -> HttpResponse:
    form = MemberForm(request.POST or None, by=request.user)
    if form.is_valid():
        with told_on(form):
            user, password = actions.add_member(by=request.user, at=timezone.now(), **form.cleaned_data)
            return _password_page(request, user, password)
    return render(request, "accounts/member_new.html", {"form": form})


def _password_page(request: SignedInRequest, user: User, password: str) -> HttpResponse:
    """Shown in the answer itself, not after a redirect: the password is kept nowhere on the way."""
    return render(request, "accounts/password_shown.html", {"member": user, "password": password})


@requires(P.MANAGE_MEMBERS)
@never_cache
@require_POST
def open_for_talent(request: SignedInRequest, talent_pk: int) -> HttpResponse:
    talent = get_object_or_404(Talent.objects.visible_to(request.user), pk=talent_pk)
    with told_on_page(request):
        return _password_page(request, *actions.open_account(by=request.user, at=timezone.now(), talent=talent))
    return redirect("people:talent_detail", talent.pk)


@requires(P.MANAGE_MEMBERS)
@require_safe
def member(request: SignedInRequest, user_pk: int) -> HttpResponse:
    user = _member_or_404(request, user_pk)
    held = user.memberships.select_related(
        "region", "organisation__region", "granted_by", "ended_by", "user__talent__region"
    )
    context = {
        "member": user,
        "facts": _facts(user),
        "memberships": [(each, actions.may_end_role(request.user, each)) for each in held],
        "may_manage": actions.may_manage_account(request.user, user),
        "is_self": user.pk == request.user.pk,
        "close_field": _allowed_field("0"),
        "open_field": _allowed_field("1"),
    }
    return render(request, "accounts/member.html", context)


def _allowed_field(value: str) -> SafeString:
    return format_html('<input type="hidden" name="allowed" value="{}">', value)


def _confirmed(user: User) -> str:
    at = user.mobile_verified_at
    return timezone.localtime(at).strftime("%Y-%m-%d") if at else _("Not yet: nobody has shown that it is theirs")


def _factor_state(user: User) -> str:
    return pgettext("second factor", "on") if user.second_factor_since else pgettext("second factor", "off")


def _facts(user: User) -> tuple[tuple[str, Any], ...]:
    return (
        (_("User name"), user.username),
        (_("Mobile number"), mask_phone(user.mobile) if Role.TALENT in user.roles else user.mobile),
        *(((_("Number confirmed"), _confirmed(user)),) if user.mobile else ()),
        (_("E-mail"), user.email),
        (_("Registered at"), timezone.localtime(user.date_joined).strftime("%Y-%m-%d")),
        (
            _("Last sign-in"),
            user.last_login and timezone.localtime(user.last_login).strftime("%Y-%m-%d %H:%M"),
        ),
        (_("Second factor"), _factor_state(user)),
        (_("State"), _("May sign in") if user.is_active else _("Closed")),
    )


@requires(P.MANAGE_MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def member_edit(request: SignedInRequest, user_pk: int) -> HttpResponse:
    user = _member_or_404(request, user_pk)
    _only_if(actions.may_manage_account(request.user, user))
    initial = {name: getattr(user, name) for name in ("display_name", "mobile", "email")}
    form = MemberEditForm(request.POST or None, initial=initial, member=user)
    if form.is_valid():
        with told_on(form):
            actions.update_member(by=request.user, at=timezone.now(), user=user, values=form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("member", user.pk)
    return render(request, "accounts/member_edit.html", {"form": form, "member": user})


@requires(P.MANAGE_MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def role_give(request: SignedInRequest, user_pk: int) -> HttpResponse:
    user = _member_or_404(request, user_pk)
    _only_if(user.pk != request.user.pk)
    form = RoleForm(request.POST or None, by=request.user)
    if form.is_valid():
        with told_on(form):
            given = actions.give_role(by=request.user, at=timezone.now(), user=user, **form.cleaned_data)
            messages.success(request, _("%(name)s now holds the role %(role)s.") % {"name": user, "role": given})
            return redirect("member", user.pk)
    return render(request, "accounts/role_give.html", {"form": form, "member": user})


@requires(P.MANAGE_MEMBERS)
@require_POST
def role_end(request: SignedInRequest, user_pk: int, membership_pk: int) -> HttpResponse:
    user = _member_or_404(request, user_pk)
    membership = get_object_or_404(Membership.objects.active(), user=user, pk=membership_pk)
    if reason := _reason(request, _("Say why the role ends.")):
        with told_on_page(request):
            actions.end_role(by=request.user, at=timezone.now(), membership=membership, reason=reason)
            messages.success(request, _("The role has ended."))
    return redirect("member", user.pk)


@requires(P.MANAGE_MEMBERS)
@never_cache
@require_POST
def password_reset(request: SignedInRequest, user_pk: int) -> HttpResponse:
    user = _member_or_404(request, user_pk)
    if reason := _reason(request, _("Say how you recognised the person.")):
        with told_on_page(request):
            password = actions.reset_password(by=request.user, at=timezone.now(), user=user, reason=reason)
            return _password_page(request, user, password)
    return redirect("member", user.pk)


def _reason(request: SignedInRequest, wanted: str) -> str:
    """What was given as the reason; says what is `wanted` where nothing was."""
    form = ReasonForm(request.POST)
    if form.is_valid():
        return str(form.cleaned_data["reason"])
    messages.error(request, wanted)
    return ""


@requires(P.MANAGE_MEMBERS)
@require_POST
def factor_reset(request: SignedInRequest, user_pk: int) -> HttpResponse:
    user = _member_or_404(request, user_pk)
    if reason := _reason(request, _("Say how you recognised the person.")):
        with told_on_page(request):
            actions.reset_second_factor(by=request.user, at=timezone.now(), user=user, reason=reason)
            messages.success(request, _("The second factor is removed; a new one is set up at the next sign-in."))
    return redirect("member", user.pk)


@requires(P.MANAGE_MEMBERS)
@require_POST
def mobile_free(request: SignedInRequest, user_pk: int) -> HttpResponse:
    user = _member_or_404(request, user_pk)
    if reason := _reason(request, _("Say why the number is taken from the account.")):
        with told_on_page(request):
            actions.free_mobile(by=request.user, at=timezone.now(), user=user, reason=reason)
            messages.success(request, _("The number is free: whoever holds it can register."))
    return redirect("member", user.pk)


@requires(P.MANAGE_MEMBERS)
@require_POST
def let_in(request: SignedInRequest, user_pk: int) -> HttpResponse:
    user = _member_or_404(request, user_pk)
    allowed = request.POST.get("allowed") == "1"
    if reason := _reason(request, _("Say why the account is closed or opened again.")):
        with told_on_page(request):
            actions.let_in(by=request.user, at=timezone.now(), user=user, allowed=allowed, reason=reason)
            messages.success(request, _("The account is open again.") if allowed else _("The account is closed."))
    return redirect("member", user.pk)
