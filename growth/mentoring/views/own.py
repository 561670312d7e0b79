"""A mentor's own pages: applying, the invitation, the profile, a pause, the account, the requests."""

from dataclasses import replace

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from growth.mentoring import actions, matching, presentation, rules
from growth.mentoring.choices import Side
from growth.mentoring.forms import AccountForm, MentorForm, PauseForm, ProfileForm, ReasonForm, initial_of
from growth.mentoring.models import Agreement, Assessment, Mentor, MentoringApplication, MentorRequest, Pair, Stipend
from growth.mentoring.tariff import in_force
from growth.mentoring.views.common import attempt_and_go, form_page, is_sent, own_mentor, try_action
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.money.models import Payable
from talentmap.people.querysets import SENSITIVE_COLUMNS
from talentmap.ui.lists import ListPage

State = Mentor.State


@requires(P.SIGNED_IN)
@require_http_methods(["GET", "POST"])
def apply(request: SignedInRequest) -> HttpResponse:
    mentor = own_mentor(request)
    if mentor and mentor.state == State.VERIFIED:
        return redirect("mentoring:own")
    places = int(in_force(timezone.localdate())["mentor.places"])
    begin = initial_of(mentor) if mentor else {"name": request.user.display_name, "mobile": request.user.mobile}
    return _application(request, {"capacity": places} | begin, "")


@requires(P.PUBLIC)
@require_http_methods(["GET", "POST"])
def invitation(request: SignedInRequest, token: str) -> HttpResponse:
    """What the office's link leads to. Whoever is not signed in reads that they are invited and how to go on; of a link
    that has ended nobody learns whose it was."""
    invited = Mentor.objects.filter(invite_token=token, state=State.INVITED).first()
    if invited is None or (invited.invite_until and invited.invite_until < timezone.localdate()):
        return render(request, "mentoring/invitation_over.html", status=404)
    if not request.user.is_authenticated:
        return render(request, "mentoring/invited.html", {"until": invited.invite_until})
    return _application(request, initial_of(invited), token)


def _application(request: SignedInRequest, initial: dict, token: str) -> HttpResponse:
    form = MentorForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        done, _mentor = try_action(form, request, actions.apply_as_mentor, values=form.values, token=token)
        if done:
            messages.success(request, _("Your application is sent. The office verifies it and tells you."))
            return redirect("mentoring:own")
    crumbs = [(_("Mentors"), reverse("mentoring:directory"))]
    lead = _("The office verifies who you are and whom you work for; then talents find you in the directory.")
    title = _("Become a mentor")
    back = reverse("mentoring:directory")
    return form_page(request, form, title=title, back=back, lead=lead, submit=_("Send the application"), crumbs=crumbs)


def _verified(request: SignedInRequest) -> Mentor | None:
    """The mentor whose own pages these are; with the role alone one is told what is missing."""
    mentor = own_mentor(request)
    return mentor if mentor and mentor.state == State.VERIFIED else None


@requires(P.SIGNED_IN)
@require_safe
def own(request: SignedInRequest) -> HttpResponse:
    mentor = own_mentor(request)
    if mentor is None:
        return render(request, "mentoring/no_profile.html")
    context = {
        "mentor": mentor,
        "facts": presentation.mentor_facts(mentor),
        "is_paused": mentor.is_paused(timezone.localdate()),
        "requests": _requests(request).filter(state=MentorRequest.State.OPEN).order_by("due_on"),
        "pairs": Pair.objects.active().filter(mentor=mentor).without_secrets().select_related("talent"),
        "may_work": mentor.state == State.VERIFIED and request.user.may(P.MENTOR),
        "needs_account": _needs_account(mentor),
        "stipends": Stipend.objects.filter(pair__mentor=mentor)
        .select_related("payable", "pair__talent")
        .defer(*(f"pair__talent__{name}" for name in SENSITIVE_COLUMNS), "payable__bank_account")
        .order_by("-pk")[:20],
    }
    return render(request, "mentoring/own.html", context)


def _needs_account(mentor: Mentor) -> bool:
    """Also whoever has left has an account for what is still to be paid, or to be assessed by the office first."""
    if mentor.state == State.VERIFIED:
        return True
    final = Assessment.objects.filter(agreement=OuterRef("pk"), side=Side.OFFICE, phase=Assessment.Phase.FINAL)
    agreed = Agreement.objects.filter(pair__mentor=mentor, talent_confirmed_at__isnull=False)
    to_assess = agreed.filter(~Exists(final), mentor_confirmed_at__isnull=False)
    unpaid = Stipend.objects.filter(pair__mentor=mentor, payable__state__in=Payable.UNPAID)
    return unpaid.exists() or to_assess.exists()


@requires(P.MENTOR)
@require_http_methods(["GET", "POST"])
def own_edit(request: SignedInRequest) -> HttpResponse:
    mentor = _verified(request)
    if mentor is None:
        return redirect("mentoring:own")
    form = ProfileForm(request.POST or None, initial=initial_of(mentor))
    if (
        is_sent(request, form)
        and try_action(form, request, actions.update_profile, mentor=mentor, values=form.values)[0]
    ):
        messages.success(request, _("Your profile is changed."))
        return redirect("mentoring:own")
    return form_page(request, form, title=_("Change the profile"), back=reverse("mentoring:own"), crumbs=_crumbs())


def _crumbs() -> list[tuple[str, str]]:
    return [(_("My profile as a mentor"), reverse("mentoring:own"))]


@requires(P.MENTOR)
@require_http_methods(["GET", "POST"])
def pause(request: SignedInRequest) -> HttpResponse:
    mentor = _verified(request)
    if mentor is None:
        return redirect("mentoring:own")
    form = PauseForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    if (
        is_sent(request, form)
        and try_action(form, request, actions.pause_mentor, mentor=mentor, **form.cleaned_data)[0]
    ):
        messages.success(request, _("You are not asked during the pause. Those whom you accompany stay with you."))
        return redirect("mentoring:own")
    return form_page(request, form, title=_("Take a pause"), back=reverse("mentoring:own"), crumbs=_crumbs())


@requires(P.MENTOR)
@require_POST
def resume(request: SignedInRequest) -> HttpResponse:
    mentor = _verified(request)
    if mentor is None:
        return redirect("mentoring:own")
    return attempt_and_go(request, "mentoring:own", _("The pause is over."), actions.resume_mentor, mentor=mentor)


@requires(P.SIGNED_IN)
@require_http_methods(["GET", "POST"])
def account(request: SignedInRequest) -> HttpResponse:
    mentor = own_mentor(request)
    if mentor is None or not _needs_account(mentor):
        return redirect("mentoring:own")
    form = AccountForm(request.POST or None, initial={"bank_name": mentor.bank_name})
    if is_sent(request, form) and try_action(form, request, actions.set_account, mentor=mentor, **form.cleaned_data)[0]:
        messages.success(request, _("The account is stored."))
        return redirect("mentoring:own")
    return form_page(request, form, title=_("Account for the stipend"), back=reverse("mentoring:own"), crumbs=_crumbs())


@requires(P.MENTOR)
@require_http_methods(["GET", "POST"])
def leave(request: SignedInRequest) -> HttpResponse:
    mentor = _verified(request)
    if mentor is None:
        return redirect("mentoring:own")
    form = ReasonForm(request.POST or None)
    if (
        is_sent(request, form)
        and try_action(form, request, actions.leave_mentoring, mentor=mentor, **form.cleaned_data)[0]
    ):
        messages.success(request, _("You are a mentor no longer. Thank you for your time."))
        return redirect("mentoring:own")
    title, back = _("Stop being a mentor"), reverse("mentoring:own")
    return form_page(request, form, title=title, back=back, danger=True, submit=title, crumbs=_crumbs())


# The requests


def _requests(request: SignedInRequest) -> QuerySet:
    found = MentorRequest.objects.filter(mentor__user=request.user)
    return found.select_related(
        "application__applicant", "application__mentoring", "application__region__parent"
    ).defer(
        "application__applicant__id_number",
        "application__applicant__bank_account",
        "application__applicant__health_note",
    )


@requires(P.MENTOR)
@require_safe
def request_list(request: SignedInRequest) -> HttpResponse:
    sorts = {"asked": "asked_at", "due": "due_on"}
    page = ListPage(request, _requests(request), sorts=sorts, default_sort="-asked")
    return render(request, "mentoring/requests.html", {"list": page})


@requires(P.MENTOR)
@require_safe
def mentor_request(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a mentor reads before answering: goals and fit, and no number before the two are a pair."""
    row = get_object_or_404(_requests(request).select_related("mentor__region__parent", "replaces"), pk=pk)
    pair = Pair.objects.filter(request=row).first()
    is_open = row.state == MentorRequest.State.OPEN
    detail = matching.details().get(pk=row.application_id) if is_open else None
    context = {
        "row": row,
        "detail": detail,
        "pair": pair,
        "is_open": is_open,
        "is_late": is_open and row.due_on < timezone.localdate(),
        "facts": presentation.seeker_facts(detail, wishes=False) if detail else [],
        "reasons": _reasons(row, detail) if detail else (),
        "crumbs": [(_("Requests to me"), reverse("mentoring:request_list")), (row.application.applicant.name, "")],
    }
    return render(request, "mentoring/request.html", context)


def _reasons(row: MentorRequest, detail: MentoringApplication) -> tuple[presentation.ReasonLine, ...]:
    """As the talent saw them: the place that waits for this answer is free for it."""
    weights, candidate = matching.weights_on(timezone.localdate()), matching.candidate(row.mentor)
    own_place = replace(candidate, free=candidate.free + 1)
    return presentation.reason_lines(rules.fit(matching.seeker(detail), own_place, weights))


@requires(P.MENTOR)
@require_POST
def accept(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(_requests(request), pk=pk)
    done = _("You are a pair now. Write the agreement together and plan the first meeting.")
    return attempt_and_go(request, reverse("mentoring:request", args=[pk]), done, actions.accept_request, asked=row)


@requires(P.MENTOR)
@require_http_methods(["GET", "POST"])
def decline(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(_requests(request), pk=pk)
    form = ReasonForm(request.POST or None)
    back = reverse("mentoring:request", args=[pk])
    if is_sent(request, form) and try_action(form, request, actions.decline_request, asked=row, **form.cleaned_data)[0]:
        messages.success(request, _what_follows(row))
        return redirect("mentoring:request_list")
    lead = _("The office reads the reason; the talent is not told the reason.")
    return form_page(
        request,
        form,
        title=_("Decline"),
        back=back,
        submit=_("Decline"),
        lead=lead,
        crumbs=[(_("Requests to me"), reverse("mentoring:request_list")), (row.application.applicant.name, back)],
    )


def _what_follows(row: MentorRequest) -> str:
    """Said to whoever has declined: where no wish is left, and for a change of mentor, nobody is asked at once."""
    if MentorRequest.objects.open().filter(application=row.application_id).exists():
        return _("You have declined. The next mentor is asked.")
    return _("You have declined. The office looks for another mentor.")
