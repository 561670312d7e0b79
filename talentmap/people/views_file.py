"""One section, skill, family member or consent of a file: the person changes their own, staff those of their area."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_ratelimit.core import is_ratelimited

from talentmap.accounts.access import SignedInRequest, check_may, requires
from talentmap.accounts.outcomes import told_on, told_on_page
from talentmap.accounts.permissions import Permission as P
from talentmap.people import actions
from talentmap.people.choices import Purpose
from talentmap.people.forms import SECTIONS, ConsentingForm, FamilyForm, FileForm, SkillForm
from talentmap.people.loading import back_to, visible, writable
from talentmap.people.models import Talent
from talentmap.people.showing import Secret
from talentmap.people.writing import NumberTaken, is_own
from talentmap.ui.errors import Refused

NUMBERS_A_DAY = "10/d"


def _form(request: SignedInRequest, talent: Talent, section: str) -> FileForm:
    form_class = SECTIONS[section][1]
    options: dict[str, Any] = {"instance": talent}
    if issubclass(form_class, ConsentingForm):
        options["consented"] = actions.has_consent(talent, form_class.purpose)
    return form_class(request.POST or None, **options)


@requires(P.OWN_FILE, P.EDIT_PEOPLE)
@never_cache
@sensitive_post_parameters("id_number", "bank_account", "health_note")
@require_http_methods(["GET", "HEAD", "POST"])
def edit_section(request: SignedInRequest, talent_pk: int, section: str) -> HttpResponse:
    talent = writable(request, talent_pk)
    if section not in SECTIONS or (section == "health" and not is_own(request.user, talent)):
        raise Http404
    form = _form(request, talent, section)
    limited = form.is_valid() and _tries_numbers(request, talent, form)
    if limited:
        form.add_error("id_number", _("You have tried many ID numbers today. Please ask at the counter."))
    if form.is_valid():
        with told_on(form), _collision_noted(request):
            _save_section(request, talent, form)
            messages.success(request, _("Saved."))
            return back_to(request, talent, section)
    context = {
        "form": form,
        "talent": form.stored,
        "title": SECTIONS[section][0],
        "section": section,
        "own": is_own(request.user, talent),
        "locked": section == "identity" and talent.identity_verified_at and is_own(request.user, talent),
    }
    return render(request, "people/section.html", context, status=HTTPStatus.TOO_MANY_REQUESTS if limited else None)


def _tries_numbers(request: SignedInRequest, talent: Talent, form: FileForm) -> bool:
    """Whether a person typed more ID numbers than anybody has: the answers would tell who is registered."""
    if not form.cleaned_data.get("id_number") or not is_own(request.user, talent):
        return False
    return bool(is_ratelimited(request, group="people.id_number", key="user", rate=NUMBERS_A_DAY, increment=True))


@contextmanager
def _collision_noted(request: SignedInRequest) -> Iterator[None]:
    """After the refused change was rolled back, keep who learnt that a number is registered."""
    try:
        yield
    except NumberTaken as taken:
        actions.note_collision(by=request.user, at=timezone.now(), holder=taken.holder)
        raise


def _save_section(request: SignedInRequest, talent: Talent, form: FileForm) -> None:
    consents = [form.purpose] if isinstance(form, ConsentingForm) and form.cleaned_data.get("consent") else []
    actions.update_talent(
        by=request.user,
        at=timezone.now(),
        talent=talent,
        changes=form.changes(),
        expected_version=form.cleaned_data["version"],
        consents=consents,
    )


@requires(P.OWN_FILE, P.UNMASK)
@never_cache
@require_POST
def unmask(request: SignedInRequest, talent_pk: int) -> HttpResponse:
    """Show one sensitive value: the person's own at once, another's for a reason; the reading is logged."""
    talent = visible(request, talent_pk)
    own = is_own(request.user, talent)
    if not own:
        check_may(request.user, P.UNMASK, talent)
    field = request.POST.get("field", "")
    reason = " · ".join(part for part in (request.POST.get("why", ""), request.POST.get("reason", "")) if part.strip())
    try:
        value = actions.unmask(by=request.user, at=timezone.now(), talent=talent, field=field, reason=reason)
    except Refused as refused:
        return _unmask_refused(request, talent, str(refused))
    context = {"talent": talent, "secret": Secret(field, "•"), "value": value}
    if not request.htmx:
        return render(request, "people/unmasked.html", context)
    response = render(request, "people/parts/unmasked.html", context)
    response["HX-Trigger-After-Swap"] = "unmasked"
    return response


def _unmask_refused(request: SignedInRequest, talent: Talent, told: str) -> HttpResponse:
    if not request.htmx:
        messages.error(request, told)
        return back_to(request, talent)
    response = render(request, "people/parts/refused.html", {"told": told})
    response["HX-Retarget"] = "find [data-refused]"
    response["HX-Reswap"] = "innerHTML"
    return response


@requires(P.OWN_FILE, P.EDIT_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def skill_new(request: SignedInRequest, talent_pk: int) -> HttpResponse:
    talent = writable(request, talent_pk)
    form = SkillForm(request.POST or None)
    if form.is_valid():
        with told_on(form):
            actions.add_skill(by=request.user, at=timezone.now(), talent=talent, **form.cleaned_data)
            messages.success(request, _("Added."))
            return back_to(request, talent, "skills")
    return render(request, "people/section.html", _adding(request, talent, form, _("Add a skill")))


def _adding(request: SignedInRequest, talent: Talent, form: Any, title: str) -> dict[str, Any]:
    return {"form": form, "talent": talent, "title": title, "own": is_own(request.user, talent)}


@requires(P.OWN_FILE, P.EDIT_PEOPLE)
@require_POST
def skill_remove(request: SignedInRequest, talent_pk: int, skill_pk: int) -> HttpResponse:
    talent = writable(request, talent_pk)
    skill = get_object_or_404(talent.skills, pk=skill_pk)
    with told_on_page(request):
        actions.remove_skill(by=request.user, at=timezone.now(), skill=skill)
        messages.success(request, _("Removed."))
    return back_to(request, talent, "skills")


@requires(P.OWN_FILE, P.EDIT_PEOPLE)
@never_cache
@sensitive_post_parameters("id_number")
@require_http_methods(["GET", "HEAD", "POST"])
def family_new(request: SignedInRequest, talent_pk: int) -> HttpResponse:
    talent = writable(request, talent_pk)
    form = FamilyForm(request.POST or None, consented=actions.has_consent(talent, Purpose.CHILD))
    if form.is_valid():
        with told_on(form):
            actions.add_family_member(by=request.user, at=timezone.now(), talent=talent, **form.cleaned_data)
            messages.success(request, _("Added."))
            return back_to(request, talent, "family")
    return render(request, "people/section.html", _adding(request, talent, form, _("Add a family member")))


@requires(P.OWN_FILE, P.EDIT_PEOPLE)
@require_POST
def family_remove(request: SignedInRequest, talent_pk: int, member_pk: int) -> HttpResponse:
    talent = writable(request, talent_pk)
    member = get_object_or_404(talent.family, pk=member_pk)
    with told_on_page(request):
        actions.remove_family_member(by=request.user, at=timezone.now(), member=member)
        messages.success(request, _("Removed."))
    return back_to(request, talent, "family")


@requires(P.OWN_FILE, P.EDIT_PEOPLE)
@require_POST
def consent(request: SignedInRequest, talent_pk: int, purpose: str) -> HttpResponse:
    """Give or withdraw one consent; at the counter staff record what the person signed."""
    talent = writable(request, talent_pk)
    if purpose not in Purpose.values:
        raise Http404
    with told_on_page(request):
        if request.POST.get("withdraw"):
            given = get_object_or_404(talent.consents.filter(withdrawn_at__isnull=True), purpose=purpose)
            actions.withdraw_consent(by=request.user, at=timezone.now(), consent=given)
            messages.success(request, _("The consent was withdrawn."))
        else:
            actions.give_consent(by=request.user, at=timezone.now(), talent=talent, purpose=purpose)
            messages.success(request, _("The consent was recorded."))
    return back_to(request, talent, "consents")
