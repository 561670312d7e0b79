"""The assignment rounds of the office."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Count, DecimalField, F, Q, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from growth.mentoring import actions, inputs, matching, presentation, recomputing, rules
from growth.mentoring.forms import ProposalForm, ReasonForm
from growth.mentoring.models import Mentor, Proposal, Round
from growth.mentoring.views.common import attempt, attempt_and_go, form_page, is_sent, try_action
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.casework.models import Application
from talentmap.people.querysets import SENSITIVE_COLUMNS
from talentmap.ui.lists import ListPage

SORTS = {"person": "application__applicant__name_sort_key", "mentor": "mentor__name_sort_key"}
PRIVATE = tuple(f"application__applicant__{name}" for name in SENSITIVE_COLUMNS)
AS_COMPUTED = Q(mentor=F("computed")) | Q(mentor__isnull=True, computed__isnull=True)
SHOWN = 5  # of the numbers in a message


def _crumbs(row: Round | None = None) -> list[tuple[str, str]]:
    above = [(_("Waiting for a mentor"), reverse("mentoring:waiting"))]
    above.append((_("Assignment rounds"), reverse("mentoring:round_list")))
    return [*above, (_title(row), reverse("mentoring:round", args=[row.pk]))] if row else above


def _title(row: Round) -> str:
    return _("Round of %(day)s") % {"day": f"{timezone.localtime(row.computed_at):%Y-%m-%d %H:%M}"}


@requires(P.MANAGE_MENTORING)
@require_safe
def round_list(request: SignedInRequest) -> HttpResponse:
    page = ListPage(request, Round.objects.defer("inputs").select_related("computed_by", "decided_by"))
    return render(
        request, "mentoring/rounds.html", {"list": page, "crumbs": [*_crumbs()[:1], (_("Assignment rounds"), "")]}
    )


@requires(P.MANAGE_MENTORING)
@require_POST
def compute(request: SignedInRequest) -> HttpResponse:
    done, row = attempt(request, actions.compute_round)
    return redirect("mentoring:round", row.pk) if done else redirect("mentoring:waiting")


@requires(P.MANAGE_MENTORING)
@require_safe
def assignment(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Round, pk=pk)
    proposals = row.proposals.select_related(
        "application__applicant__region__parent", "application__mentoring", "mentor__organisation", "computed",
        "request", "changed_by",
    ).defer("mentor__bank_account", "computed__bank_account", *PRIVATE)  # fmt: skip
    page = ListPage(request, proposals, sorts=SORTS, default_sort="pk")
    sums = _sums(row)
    context = {
        "round": row,
        "title": _title(row),
        "list": page,
        "lines": [(each, presentation.reason_lines(rules.fit_from_json(0, each.fit))) for each in page.rows],
        "sums": sums,
        "changed": sums["lines"] - sums["as_computed"],
        "weights": presentation.weight_facts(row.weights),
        "places": sum(row.places.values()),
        "crumbs": [*_crumbs(), (_title(row), "")],
    }
    return render(request, "mentoring/round.html", context)


def _sums(row: Round) -> dict[str, Any]:
    """Over all lines of a round, not only those of a page."""
    return row.proposals.aggregate(
        lines=Count("pk"),
        as_computed=Count("pk", filter=AS_COMPUTED),
        assigned=Count("mentor"),
        fits=Coalesce(Sum(_points("fit__score")), Decimal(0)),
        wishes=Coalesce(Sum(_points("fit__wish__points")), Decimal(0)),
    )


def _points(path: str) -> Cast:
    return Cast(KT(path), DecimalField(max_digits=8, decimal_places=1))


@requires(P.MANAGE_MENTORING)
@require_POST
def recompute(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say whether the round comes out the same from what it kept; nothing changes by it."""
    row = get_object_or_404(Round, pk=pk)
    found = recomputing.again(row)
    if found is None:
        messages.warning(request, _("This round is from before its inputs were kept: it cannot be computed again."))
    elif found.differing:
        messages.error(request, _differences(found))
    else:
        messages.success(request, _sameness(found))
    return redirect("mentoring:round", pk)


def _sameness(found: recomputing.Again) -> str:
    counts = {"count": found.count, "changed": found.changed}
    if not found.changed:
        return _("Computed again from what was kept: the result is the same for all %(count)s lines.") % counts
    words = _(
        "Computed again from what was kept: what was computed is the same for all %(count)s lines. On %(changed)s of "
        "them the office has changed the proposal since."
    )
    return words % counts


def _differences(found: recomputing.Again) -> str:
    numbers = Application.objects.filter(pk__in=found.differing[:SHOWN]).order_by("pk").values_list("number", flat=True)
    return _("Computed again from what was kept: %(count)s lines differ, such as %(numbers)s.") % {
        "count": len(found.differing),
        "numbers": presentation.listed(numbers),
    }


@requires(P.MANAGE_MENTORING)
@require_http_methods(["GET", "POST"])
def proposal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Another mentor on one line, or nobody."""
    row = get_object_or_404(Proposal.objects.select_related("round", "application__applicant", "mentor"), pk=pk)
    back = reverse("mentoring:round", args=[row.round_id])
    detail = matching.details().get(pk=row.application_id)
    found = matching.ranked_for(detail, timezone.localdate(), inputs.weights_from_json(row.round.weights))
    lines = [presentation.line(mentor, fit) for mentor, fit in found]
    form = ProposalForm(request.POST or None, initial={"mentor": row.mentor_id}, lines=lines)
    if request.method == "POST" and form.is_valid():
        mentor: Mentor | None = form.cleaned_data["mentor"]
        if try_action(form, request, actions.adjust_proposal, proposal=row, mentor=mentor)[0]:
            is_same = row.mentor == mentor
            messages.success(request, _("The line stays as it was.") if is_same else _("The line is changed."))
            return redirect(back)
    return form_page(
        request,
        form,
        title=_("Change the line of %(name)s") % {"name": row.application.applicant.name},
        back=back,
        crumbs=_crumbs(row.round),
        lines=lines,
    )


@requires(P.MANAGE_MENTORING)
@require_POST
def confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Round, pk=pk)
    done = _("The mentors are asked. Each of them still accepts or declines.")
    return attempt_and_go(request, reverse("mentoring:round", args=[pk]), done, actions.confirm_round, round=row)


@requires(P.MANAGE_MENTORING)
@require_http_methods(["GET", "POST"])
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Round, pk=pk)
    form = ReasonForm(request.POST or None)
    back = reverse("mentoring:round", args=[pk])
    if is_sent(request, form) and try_action(form, request, actions.discard_round, round=row, **form.cleaned_data)[0]:
        messages.success(request, _("The round is discarded; nobody was asked."))
        return redirect("mentoring:waiting")
    title = _("Discard the round")
    return form_page(request, form, title=title, back=back, submit=title, danger=True, crumbs=_crumbs(row))
