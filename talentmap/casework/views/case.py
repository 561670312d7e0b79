"""The case page: what decides a case on one screen, and the decision beside it."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from talentmap.accounts.access import SignedInRequest, check_may, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.casework import actions, calendar
from talentmap.casework.answers import answer_pages, changes_of_last_round
from talentmap.casework.decisions import TAKEN_BY, choices, why_nothing
from talentmap.casework.duties import readable_kinds, seen_stages
from talentmap.casework.filling import Filling, file_facts, party_facts
from talentmap.casework.filters import kept_query
from talentmap.casework.forms import DecisionForm, ReassignForm, ReturnForm
from talentmap.casework.models import Application
from talentmap.casework.states import Action
from talentmap.casework.timelines import staff_history
from talentmap.casework.views.applicant import has_letter
from talentmap.casework.views.common import attempt, case_or_404, drawn_panels, try_action
from talentmap.casework.views.inbox import mark_deadlines, next_case


@requires(P.VIEW_CASES)
@require_GET
def case(request: SignedInRequest, pk: int) -> HttpResponse:
    return _render(request, case_or_404(request, pk))


def _render(request: SignedInRequest, application: Application, **forms: Any) -> HttpResponse:
    today = timezone.localdate()
    mark_deadlines([application], today, calendar.current())
    filling = Filling(application, timezone.now())
    query = kept_query(request.GET.get("list", ""))
    stages = seen_stages(request.user, application)
    context = {
        "application": application,
        "scheme": filling.scheme,
        "assessment": filling.assessment,
        "facts": file_facts(application.applicant) if stages is None else party_facts(application.applicant),
        **_content(application, filling, readable_kinds(request.user, application)),
        "panels": drawn_panels(request, application),
        "history": staff_history(application, stages),
        "parties": _parties(application, stages),
        "objections": application.objections.select_related("answered_by"),
        "rating": getattr(application, "rating", None),
        **_decision(request, application, forms),
        "quoted_query": quote(query),
        "may_answer": request.user.may(P.ANSWER_OBJECTION, application),
        "following": next_case(request.user, query, today, after=application),
        "has_letter": has_letter(application),
        "may_see_file": request.user.may(P.VIEW_PEOPLE, application.applicant),
        "crumbs": [(_("Inbox"), f"{reverse('casework:inbox')}?{query}"), (application, "")],
    }
    return render(request, "casework/case.html", context)


def _content(application: Application, filling: Filling, kinds: tuple[str, ...] | None) -> dict[str, Any]:
    """The form and the documents, each with what the last correction changed; of the documents only those of `kinds`,
    and none that were replaced, where only some may be read."""
    changes = changes_of_last_round(application)
    pages = answer_pages(application, filling.facts, filling.detail, changes=changes)
    rows: list[Any] = [row for row in filling.document_rows() if kinds is None or row.rule.code in kinds]
    for row in rows:
        row.changed = row.rule.code in changes
    is_earlier = Q(removed_at__isnull=False) | Q(replaced_by__isnull=False)
    earlier = application.documents.filter(is_earlier) if kinds is None else ()
    return {
        "pages": pages,
        "documents": rows,
        "earlier_documents": earlier,
        "changes": changes,
        "items": _items(application),
        "overview": filling.scheme.overview(application),
    }


def _parties(application: Application, stages: frozenset[str] | None) -> list[Any]:
    """Who outside the office was asked, and at which stage; for the office's eyes only."""
    if stages is not None or not any(stage.party for stage in application.service.stages):
        return []
    parties: list[Any] = list(application.parties.select_related("organisation", "person"))
    for party in parties:
        party.stage_label = application.service.stage(party.stage).label
    return parties


def _items(application: Application) -> list[Any]:
    """What was asked to be corrected, the latest round first, with the answers."""
    items: list[Any] = list(application.returnitems.order_by("-round", "id"))
    for item in items:
        item.label = application.service.label_of(item.field_or_document)
    return items


def _decision(request: SignedInRequest, application: Application, forms: dict[str, Any]) -> dict[str, Any]:
    offered = choices(request.user, application)
    bound = forms.get("decision")
    return {
        "choices": offered,
        "why_nothing": "" if offered else why_nothing(request.user, application),
        "decision_form": bound or DecisionForm(initial={"version": application.version}),
        "return_form": forms.get("return_form")
        or ReturnForm(subjects=_subjects(application), initial={"version": application.version}),
        "chosen": forms.get("chosen", offered[0].action if offered else ""),
        "may_reassign": "reassign" in actions.allowed(request.user, application),
        "may_take": application.handler_id is None and actions.can_decide(request.user, application),
    }


def _subjects(application: Application) -> list[tuple[str, Any]]:
    """What can be returned: each document, each field, the whole."""
    scheme = application.service
    return [*scheme.document_labels.items(), *scheme.field_labels.items(), ("", _("Anything else"))]


@requires(P.VIEW_CASES)
@require_POST
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    found = case_or_404(request, pk)
    chosen = request.POST.get("action", "")
    if chosen == Action.RETURN:
        return _return(request, found)
    form = DecisionForm(request.POST)
    if form.is_valid() and chosen in TAKEN_BY and _take(request, form, found):
        return _go_on(request, found, Action(chosen))
    return _render(request, found, decision=form, chosen=chosen)


def _take(request: SignedInRequest, form: DecisionForm, found: Application) -> bool:
    data = form.cleaned_data
    arguments: dict[str, Any] = {"application": found, "reason": data["reason"]}
    if data["action"] != Action.REVOKE:
        arguments["expected_version"] = data["version"]
    return try_action(form, request, TAKEN_BY[data["action"]], **arguments)[0]


def _return(request: SignedInRequest, found: Application) -> HttpResponse:
    form = ReturnForm(request.POST, subjects=_subjects(found))
    if form.is_valid():
        items = [actions.Item(code, note) for code, note in form.items]
        version = form.cleaned_data["version"]
        if try_action(
            form,
            request,
            actions.return_for_correction,
            application=found,
            items=items,
            expected_version=version,
        )[0]:
            return _go_on(request, found, Action.RETURN)
    return _render(request, found, return_form=form, chosen=Action.RETURN)


def _go_on(request: SignedInRequest, decided: Application, action: Action) -> HttpResponse:
    """To the next case that waits, so that a morning's work needs no way back to the list."""
    said = _("%(number)s: %(action)s.") % {"number": decided, "action": action.label}
    query = kept_query(request.GET.get("list", ""))
    following = next_case(request.user, query, timezone.localdate(), after=decided)
    if following is None:
        messages.success(request, _("%(said)s Nothing else waits for you here.") % {"said": said})
        return redirect(f"{reverse('casework:inbox')}?{query}")
    messages.success(request, _("%(said)s This is the next case.") % {"said": said})
    return redirect(f"{reverse('casework:case', args=[following.pk])}?list={quote(query)}")


@requires(P.VIEW_CASES)
@require_POST
def take(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put a case that nobody handles on one's own desk."""
    found = case_or_404(request, pk)
    if attempt(request, actions.take, application=found)[0]:
        messages.success(request, _("%(number)s is on your desk now.") % {"number": found})
    return redirect(f"{reverse('casework:case', args=[pk])}?list={quote(kept_query(request.GET.get('list', '')))}")


@requires(P.REASSIGN)
@require_http_methods(["GET", "POST"])
def reassign(request: SignedInRequest, pk: int) -> HttpResponse:
    found = case_or_404(request, pk)
    check_may(request.user, P.REASSIGN, found)
    people = actions.possible_handlers(found)
    if found.handler_id:
        people = people.exclude(pk=found.handler_id)
    form = ReassignForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done, _moved = try_action(
            form, request, actions.reassign, application=found, to=data["to"], reason=data["reason"]
        )
        if done:
            messages.success(request, _("%(number)s goes to %(name)s.") % {"number": found, "name": data["to"]})
            return redirect("casework:case", pk)
    context = {
        "application": found,
        "form": form,
        "crumbs": [
            (_("Inbox"), reverse("casework:inbox")),
            (found, reverse("casework:case", args=[pk])),
            (_("Reassign"), ""),
        ],
    }
    return render(request, "casework/reassign.html", context)
