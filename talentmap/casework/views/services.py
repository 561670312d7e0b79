"""What the office offers: the list, one service's guide, and beginning an application."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.casework import actions, policy, registry
from talentmap.casework.models import Application
from talentmap.casework.scheme import Scheme
from talentmap.casework.states import OPEN_STATES
from talentmap.casework.views.common import attempt, scheme_or_404
from talentmap.money import tariffs

MAPS = (
    ("support", _("Housing, health and schooling")),
    ("growth", _("Starting up, training and promotion")),
    ("needs", _("Needs and policies")),
)


@dataclass(frozen=True)
class ServiceGroup:
    map: str
    label: Any
    schemes: tuple[Scheme, ...]


@requires(P.PUBLIC)
@require_GET
def services(request: SignedInRequest) -> HttpResponse:
    groups = [
        ServiceGroup(code, label, tuple(s for s in registry.all_schemes() if s.map == code)) for code, label in MAPS
    ]
    context = {"groups": [group for group in groups if group.schemes], "layout": _reader_layout(request)}
    return render(request, "casework/services.html", context)


@requires(P.PUBLIC)
@require_GET
def guide(request: SignedInRequest, code: str) -> HttpResponse:
    scheme = scheme_or_404(code)
    found = tariffs.amounts((scheme.tariff_code, policy.CODE), timezone.localdate())
    tariff = found.get(scheme.tariff_code)
    context = {
        "scheme": scheme,
        "amounts": scheme.guide_amounts(tariff) if tariff else (),
        "accept_days": int(found.get(policy.CODE, {}).get("accept", 0)),
        "open_application": open_application(request.user, code),
        "may_apply": request.user.is_authenticated and request.user.may(P.APPLY),
        "crumbs": [(_("Services"), "/services/"), (scheme.title, "")],
        "layout": _reader_layout(request),
    }
    return render(request, "casework/service.html", context)


@requires(P.APPLY)
@require_POST
def apply(request: SignedInRequest, code: str) -> HttpResponse:
    """Begin, or go on with what was begun: a second click finds the first one's draft."""
    scheme = scheme_or_404(code)
    found = open_application(request.user, code)
    if found:
        return redirect("casework:form" if found.is_editable else "casework:application", found.pk)
    talent = getattr(request.user, "talent", None)
    if talent is None:
        return redirect("people:my_file")
    done, application = attempt(request, actions.start_draft, scheme=scheme.code, talent=talent)
    if done:
        return redirect("casework:form", application.pk)
    found = open_application(request.user, code)
    return redirect("casework:form", found.pk) if found else redirect("casework:service_guide", code)


def open_application(user: Any, code: str) -> Application | None:
    if not user.is_authenticated:
        return None
    own = Application.objects.of_applicant(user)
    return own.filter(scheme=code, state__in=OPEN_STATES).first()


def _reader_layout(request: SignedInRequest) -> str:
    """Services are read by applicants: one column, whoever looks; nobody signed in gets the public frame."""
    return "" if request.user.is_authenticated else "public"
