"""What the pages share: finding an application, telling a refusal, today's calendar."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone

from talentmap.accounts.access import SignedInRequest
from talentmap.accounts.permissions import Permission as P
from talentmap.casework import registry
from talentmap.casework.models import Application
from talentmap.casework.scheme import FormPage, Scheme
from talentmap.ui.errors import Refused, reasons

SENSITIVE = tuple(f"applicant__{name}" for name in ("id_number", "bank_account", "health_note"))
RELATED = (
    "applicant",
    "applicant__user",
    "applicant__region__parent",
    "region",
    "handler",
    "organisation",
    "entered_by",
)


def attempt(request: SignedInRequest, action: Callable[..., Any], **arguments: Any) -> tuple[bool, Any]:
    """Call one action as the signed-in person now; a refusal becomes a message on the next page."""
    by = request.user if request.user.is_authenticated else None
    try:
        return True, action(by=by, at=timezone.now(), **arguments)
    except (Refused, ValidationError, IntegrityError) as error:
        told = reasons(error)
        if not told:
            raise
        for reason in told:
            messages.error(request, reason)
        return False, None


def try_action(form: Any, request: SignedInRequest, action: Callable[..., Any], **arguments: Any) -> tuple[bool, Any]:
    """Like `attempt`, but the refusal stands on the form, which keeps what was typed."""
    by = request.user if request.user.is_authenticated else None
    try:
        return True, action(by=by, at=timezone.now(), **arguments)
    except (Refused, ValidationError, IntegrityError) as error:
        told = reasons(error)
        if not told:
            raise
        for reason in told:
            form.add_error(None, reason)
        return False, None


def scheme_or_404(code: str) -> Scheme:
    try:
        return registry.get(code)
    except registry.UnknownScheme:
        raise Http404 from None


def page_or_404(scheme: Scheme, code: str) -> FormPage:
    if code not in scheme.page_codes:
        raise Http404
    return scheme.page(code)


def own_application(request: SignedInRequest, pk: int) -> Application:
    """The person's own application, or one that the counter entered within the reach of who asks."""
    mine = Q(applicant__user=request.user)
    if request.user.may(P.ENTER_FOR_PERSON):
        mine |= Q(entered_by__isnull=False)
    found = Application.objects.visible_to(request.user).filter(mine)
    return get_object_or_404(found.select_related(*RELATED).defer(*SENSITIVE), pk=pk)


def case_or_404(request: SignedInRequest, pk: int) -> Application:
    """A case within the office's reach of the signed-in person."""
    found = Application.objects.in_reach(request.user)
    return get_object_or_404(found.select_related(*RELATED).defer(*SENSITIVE), pk=pk)


def drawn_panels(request: SignedInRequest, application: Application) -> list[str]:
    """What only this service shows: each panel is the service's own template with its own context."""
    panels = application.service.case_panels(application, request.user)
    return [render_to_string(panel.template, dict(panel.context), request) for panel in panels]


def is_for_another(request: SignedInRequest, application: Application) -> bool:
    """Whether counter staff is filling in for the person."""
    return application.applicant.user_id != request.user.pk


def frame_of(request: SignedInRequest, application: Application) -> str:
    """An official in their own affairs sees the applicant's frame, at the counter the staff's."""
    return "" if is_for_another(request, application) else "applicant"
