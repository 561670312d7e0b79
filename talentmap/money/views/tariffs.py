"""Tariffs: what is in force, every version beside the one before, and adding a version after a preview."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on
from talentmap.accounts.permissions import Permission as P
from talentmap.money import actions, rules, tariffs
from talentmap.money.forms import VersionForm, shown
from talentmap.money.models import Tariff
from talentmap.money.tariffs import TariffDefinition, TariffVersion
from talentmap.ui.numbers import number_from


@requires(P.VIEW_TARIFFS)
@require_safe
def tariff_list(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    rows = [_summary(definition, _versions(request, definition.code), today) for definition in tariffs.definitions()]
    return render(request, "money/tariffs.html", {"rows": rows, "today": today})


def _summary(definition: TariffDefinition, versions: list[TariffVersion], today: date) -> dict[str, Any]:
    coming = [version for version in versions if version.valid_from > today]
    return {"definition": definition, "current": _current(versions, today), "coming": coming, "count": len(versions)}


@requires(P.VIEW_TARIFFS)
@require_safe
def tariff_detail(request: SignedInRequest, code: str) -> HttpResponse:
    definition = _definition(code)
    versions = _versions(request, code)
    today = timezone.localdate()
    current = _current(versions, today)
    context = {
        "definition": definition,
        "current": current,
        "values": _lines(current, current) if current else [],
        "history": _history(versions, current, today),
        "may_edit": request.user.may(P.EDIT_TARIFFS) and versions,
        "crumbs": [(_("Tariffs"), reverse("money:tariff_list")), (str(definition.title), "")],
    }
    return render(request, "money/tariff.html", context)


def _history(versions: list[TariffVersion], current: TariffVersion | None, today: date) -> list[dict[str, Any]]:
    """Versions, the latest first, each with what it changed from the one added before it."""
    before = {version.version: version for version in versions}
    return [
        {
            "version": version,
            "changed": [line for line in _lines(before.get(version.version - 1), version) if line["is_change"]],
            "state": _state_of(version, current, today),
        }
        for version in versions
    ]


def _state_of(version: TariffVersion, current: TariffVersion | None, today: date) -> str:
    if current and version.id == current.id:
        return "current"
    return "coming" if version.valid_from > today else "past"


@requires(P.EDIT_TARIFFS)
@require_http_methods(["GET", "HEAD", "POST"])
def tariff_add(request: SignedInRequest, code: str) -> HttpResponse:
    """Two steps: the form, then what changes and from when; the version seen at first guards the second."""
    definition = _definition(code)
    versions = _versions(request, code)
    if not versions:
        raise Http404
    latest = versions[0]
    form = VersionForm(request.POST or None, current=latest)
    confirming = form.is_valid() and "back" not in request.POST
    if confirming and "confirmed" in request.POST:
        with told_on(form):
            _add(request, form, code)
            return redirect("money:tariff_detail", code)
    context = {"definition": definition, "form": form, "latest": latest, "crumbs": _crumbs(definition)}
    if confirming and not form.errors:
        return render(request, "money/tariff_confirm.html", {**context, **_foreseen(form, versions)})
    return render(request, "money/tariff_add.html", context)


def _add(request: SignedInRequest, form: VersionForm, code: str) -> None:
    tariff = actions.add_version(
        by=request.user,
        at=timezone.now(),
        code=code,
        valid_from=form.cleaned_data["valid_from"],
        values=form.values,
        note=form.cleaned_data["note"],
        expected_version=number_from(request.POST.get("seen_version")),
    )
    messages.success(
        request,
        _("Version %(version)s applies from %(day)s.") % {"version": tariff.version, "day": tariff.valid_from},
    )


def _foreseen(form: VersionForm, versions: list[TariffVersion]) -> dict[str, Any]:
    """What the new version changes against the one in force on its first day, and what would end it."""
    day: date = form.cleaned_data["valid_from"]
    replaced = _current(versions, day)
    changes = rules.changes(replaced or {}, form.values)
    keys = {key.key: key for key in form.keys}
    later = sorted((v for v in versions if v.valid_from > day), key=lambda v: v.valid_from)
    return {
        "valid_from": day,
        "replaced": replaced,
        "same_day": bool(replaced and replaced.valid_from == day),
        "is_past": day < timezone.localdate(),
        "changes": [_line(keys[change.key], change) for change in changes],
        "changed_count": sum(change.is_change for change in changes),
        "ended_by": later[0] if later else None,
        "note": form.cleaned_data["note"],
    }


def _lines(old: TariffVersion | None, new: TariffVersion) -> list[dict[str, Any]]:
    keys = {key.key: key for key in new.definition.keys}
    return [_line(keys[change.key], change) for change in rules.changes(old or {}, new) if change.key in keys]


def _line(key: tariffs.TariffKey, change: rules.Change) -> dict[str, Any]:
    return {
        "label": key.label,
        "unit": key.unit,
        "old": None if change.old is None else shown(change.old, key.unit),
        "new": shown(change.new, key.unit),
        "is_change": change.is_change,
    }


def _versions(request: SignedInRequest, code: str) -> list[TariffVersion]:
    """All versions, the latest added first."""
    rows = Tariff.objects.visible_to(request.user).filter(code=code).order_by("-version")
    return [tariffs.version(row) for row in rows.select_related("created_by").prefetch_related("values")]


def _current(versions: list[TariffVersion], day: date) -> TariffVersion | None:
    found = rules.version_in_force((rules.Dated(v.version, v.valid_from) for v in versions), day)
    return next((v for v in versions if found and v.version == found.version), None)


def _definition(code: str) -> TariffDefinition:
    try:
        return tariffs.definition_of(code)
    except KeyError:
        raise Http404 from None


def _crumbs(definition: TariffDefinition) -> list[tuple[str, str]]:
    detail = reverse("money:tariff_detail", args=[definition.code])
    return [
        (_("Tariffs"), reverse("money:tariff_list")),
        (str(definition.title), detail),
        (_("Add a version"), ""),
    ]
