"""How views come to the file they work on, and where they go afterwards."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from talentmap.accounts.access import SignedInRequest
from talentmap.accounts.permissions import Permission
from talentmap.people.form_fields import REASONS
from talentmap.people.models import Talent
from talentmap.people.writing import is_own, may_write


def visible(request: HttpRequest, talent_pk: int) -> Talent:
    """The file if this reader may know of it, else 404."""
    people = Talent.objects.visible_to(request.user)
    return get_object_or_404(people.select_related("region__parent", "employer", "enterprise", "user"), pk=talent_pk)


def writable(request: HttpRequest, talent_pk: int) -> Talent:
    """The file if this reader may change it; 404 when they may not see it, 403 when they may only read."""
    talent = visible(request, talent_pk)
    if not may_write(request.user, talent):
        raise PermissionDenied
    return talent


def own_file(request: SignedInRequest) -> Talent:
    people = Talent.objects.filter(user=request.user)
    return get_object_or_404(people.select_related("region__parent", "employer", "enterprise", "user"))


def back_to(request: HttpRequest, talent: Talent, anchor: str = "") -> HttpResponse:
    """The person returns to their file, staff to the register's page of it."""
    page = redirect("people:my_file") if is_own(request.user, talent) else redirect("people:talent_detail", talent.pk)
    if anchor:
        page["Location"] += f"#{anchor}"
    return page


def rights(user: Any, talent: Talent) -> dict[str, Any]:
    """What the page offers this reader."""
    own = is_own(user, talent)
    return {
        "own": own,
        "may_edit": may_write(user, talent) and not talent.is_erased,
        "may_staff_edit": user.may(Permission.EDIT_PEOPLE, talent) and not talent.is_erased,
        "reasons": REASONS,
        "may_unmask": own or user.may(Permission.UNMASK, talent),
        "may_open_account": user.may(Permission.MANAGE_MEMBERS) and talent.user_id is None,
    }
