"""The office's pages: the mentors, those who wait, and the pairs."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from growth.mentoring import actions, matching, presentation
from growth.mentoring.filters import MentorFilter, PairFilter
from growth.mentoring.forms import InviteForm, MentorForm, ProfileForm, ReasonForm, VerifyForm, initial_of
from growth.mentoring.models import Meeting, Mentor, MentoringApplication, MentorRequest, Pair, Round
from growth.mentoring.views.common import attempt_and_go, form_page, is_sent, mentor_or_404, pair_or_404, try_action
from talentmap.accounts.access import SignedInRequest, check_may, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.casework.models import Application
from talentmap.ui.downloads import xlsx_response
from talentmap.ui.lists import ListPage
from talentmap.ui.numbers import number_from

MENTOR_SORTS = {
    "name": "name_sort_key",
    "state": "state",
    "taken": "taken",
    "capacity": "capacity",
    "applied": "applied_at",
}
PAIR_SORTS = {
    "talent": "talent__name_sort_key",
    "mentor": "mentor__name_sort_key",
    "kind": "kind",
    "started": "started_on",
    "until": "term_ends_on",
    "meetings": "held",
    "state": "state",
}
MOST_ASKED = 10  # of the requests that are open; the others are a list of their own


# Mentors


def _mentors(request: SignedInRequest) -> ListPage:
    rows = Mentor.objects.filter(request.user.reach(P.VIEW_MENTORING).q(region="region") | Q(region__isnull=True))
    rows = rows.without_secrets().select_related("organisation", "region__parent")
    if not request.user.reach(P.VIEW_MENTORING).everything:
        rows = rows.filter(region__isnull=False)
    return ListPage(request, rows, MentorFilter, sorts=MENTOR_SORTS, default_sort="name")


@requires(P.VIEW_MENTORING)
@require_safe
def mentor_list(request: SignedInRequest) -> HttpResponse:
    context = {"list": _mentors(request), "may_manage": request.user.may(P.MANAGE_MENTORING)}
    return render(request, "mentoring/mentors.html", context)


@requires(P.MANAGE_MENTORING)
@require_safe
def export_mentors(request: SignedInRequest) -> HttpResponseBase:
    header = [_("Name"), _("State"), _("Organisation"), _("Position"), _("Township"), _("Mentors in"), _("Industries")]
    header += [_("Can teach"), _("Places"), _("Places taken")]
    rows = (
        [
            row.name,
            row.get_state_display(),
            row.organisation_label,
            row.position,
            row.region.full_name if row.region else "",
            presentation.listed(row.words("offers")),
            presentation.listed(row.words("industries")),
            presentation.listed(row.words("skills")),
            row.capacity,
            row.taken,
        ]
        for row in _mentors(request).queryset.iterator(chunk_size=1000)
    )
    return xlsx_response(_("Mentors"), header, rows)


@requires(P.VIEW_MENTORING)
@require_safe
def mentor(request: SignedInRequest, pk: int) -> HttpResponse:
    row = mentor_or_404(request, pk)
    may_manage = request.user.may(P.MANAGE_MENTORING, row)
    token = row.invite_token if may_manage else ""
    address = request.build_absolute_uri(reverse("mentoring:invitation", args=[token])) if token else ""
    context = {
        "mentor": row,
        "facts": [*_contact(row, may_manage), *presentation.mentor_facts(row)],
        "is_paused": row.is_paused(timezone.localdate()),
        "may_manage": may_manage,
        "invitation": address,
        "requests": row.requests.select_related("application__applicant").order_by("-pk")[:20],
        "pairs": row.pairs.without_secrets().select_related("talent", "application").order_by("-pk")[:20],
        "crumbs": [(_("Mentors"), reverse("mentoring:mentor_list")), (row.name, "")],
    }
    return render(request, "mentoring/mentor.html", context)


def _contact(row: Mentor, may_manage: bool) -> list[tuple[str, str]]:
    return [(_("Mobile number"), row.mobile)] if may_manage else []


def _managed(request: SignedInRequest, pk: int) -> tuple[Mentor, str, list[tuple[str, str]]]:
    row = mentor_or_404(request, pk)
    check_may(request.user, P.MANAGE_MENTORING, row)
    back = reverse("mentoring:mentor", args=[row.pk])
    return row, back, [(_("Mentors"), reverse("mentoring:mentor_list")), (row.name, back)]


@requires(P.MANAGE_MENTORING)
@require_http_methods(["GET", "POST"])
def invite(request: SignedInRequest) -> HttpResponse:
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        values["organisation"] = values["organisation"] or None
        done, row = try_action(form, request, actions.invite_mentor, **values)
        if done:
            messages.success(request, _("The invitation is ready: hand the link or the code over."))
            return redirect("mentoring:mentor", row.pk)
    crumbs = [(_("Mentors"), reverse("mentoring:mentor_list"))]
    lead = _("The person gets a link, signs in or registers with it, completes the profile and sends it to the office.")
    back = reverse("mentoring:mentor_list")
    return form_page(request, form, title=_("Invite a mentor"), back=back, lead=lead, submit=_("Invite"), crumbs=crumbs)


@requires(P.MANAGE_MENTORING)
@require_POST
def renew_invitation(request: SignedInRequest, pk: int) -> HttpResponse:
    row, back, _crumbs = _managed(request, pk)
    return attempt_and_go(request, back, _("There is a new link."), actions.renew_invitation, mentor=row)


@requires(P.MANAGE_MENTORING)
@require_POST
def withdraw_invitation(request: SignedInRequest, pk: int) -> HttpResponse:
    row, back, _crumbs = _managed(request, pk)
    done = _("The invitation is taken back: its link no longer works.")
    return attempt_and_go(request, back, done, actions.withdraw_invitation, mentor=row)


@requires(P.MANAGE_MENTORING)
@require_http_methods(["GET", "POST"])
def verify(request: SignedInRequest, pk: int) -> HttpResponse:
    row, back, crumbs = _managed(request, pk)
    form = VerifyForm(request.POST or None, initial={"organisation": row.organisation_label, "region": row.region})
    if is_sent(request, form) and try_action(form, request, actions.verify_mentor, mentor=row, **form.cleaned_data)[0]:
        messages.success(request, _("%(name)s is a mentor now.") % {"name": row.name})
        return redirect(back)
    lead = _("Make sure that the person works there and is who they say: by phone, or by a note of the organisation.")
    return form_page(request, form, title=_("Verify"), back=back, lead=lead, submit=_("Verify"), crumbs=crumbs)


@requires(P.MANAGE_MENTORING)
@require_http_methods(["GET", "POST"])
def refuse(request: SignedInRequest, pk: int) -> HttpResponse:
    row, back, crumbs = _managed(request, pk)
    form = ReasonForm(request.POST or None)
    if is_sent(request, form) and try_action(form, request, actions.refuse_mentor, mentor=row, **form.cleaned_data)[0]:
        messages.success(request, _("The application is not accepted; the person is told why."))
        return redirect(back)
    title = _("Do not accept")
    return form_page(request, form, title=title, back=back, submit=title, danger=True, crumbs=crumbs)


@requires(P.MANAGE_MENTORING)
@require_http_methods(["GET", "POST"])
def mentor_end(request: SignedInRequest, pk: int) -> HttpResponse:
    row, back, crumbs = _managed(request, pk)
    form = ReasonForm(request.POST or None)
    if (
        is_sent(request, form)
        and try_action(form, request, actions.leave_mentoring, mentor=row, **form.cleaned_data)[0]
    ):
        messages.success(request, _("%(name)s is no longer in the directory.") % {"name": row.name})
        return redirect(back)
    title = _("Take out of the directory")
    return form_page(request, form, title=title, back=back, submit=title, danger=True, crumbs=crumbs)


@requires(P.MANAGE_MENTORING)
@require_http_methods(["GET", "POST"])
def mentor_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    row, back, crumbs = _managed(request, pk)
    form: MentorForm = ProfileForm(request.POST or None, initial=initial_of(row))
    if is_sent(request, form) and try_action(form, request, actions.update_profile, mentor=row, values=form.values)[0]:
        messages.success(request, _("The profile is changed."))
        return redirect(back)
    return form_page(request, form, title=_("Change the profile"), back=back, crumbs=crumbs)


# Those who wait


def _waiting(request: SignedInRequest) -> QuerySet:
    return matching.waiting().filter(request.user.reach(P.VIEW_MENTORING).q(region="application__region"))


@requires(P.VIEW_MENTORING)
@require_safe
def waiting(request: SignedInRequest) -> HttpResponse:
    sorts = {
        "person": "application__applicant__name_sort_key",
        "sent": "application__submitted_at",
        "kind": "kind",
    }
    page = ListPage(request, _waiting(request), sorts=sorts, default_sort="sent")
    reach = request.user.reach(P.VIEW_MENTORING).q(region="application__region")
    asked = MentorRequest.objects.open().filter(reach).select_related("application__applicant", "mentor")
    changes = Pair.objects.active().filter(change_asked_at__isnull=False)
    changes = changes.filter(request.user.reach(P.VIEW_MENTORING).q(region="talent__region"))
    context = {
        "list": page,
        "asked": asked.order_by("due_on")[:MOST_ASKED],
        "open_requests": asked.count(),
        "changes": changes.without_secrets().select_related("talent", "mentor").order_by("change_asked_at")[:50],
        "places": sum(each.free for each in matching.open_mentors(timezone.localdate())),
        "draft": Round.objects.filter(state=Round.State.DRAFT).first(),
        "today": timezone.localdate(),
        "may_manage": request.user.may(P.MANAGE_MENTORING),
    }
    return render(request, "mentoring/waiting.html", context)


@requires(P.VIEW_MENTORING)
@require_http_methods(["GET", "POST"])
def waiting_one(request: SignedInRequest, pk: int) -> HttpResponse:
    """One application that waits: what is sought, who fits and why, who was asked; and whom to ask."""
    detail = get_object_or_404(_of_reach(request), pk=pk)
    may_manage = request.user.may(P.MANAGE_MENTORING, detail.application)
    if request.method == "POST":
        check_may(request.user, P.MANAGE_MENTORING, detail.application)
        mentor = get_object_or_404(Mentor.objects.public(), pk=number_from(request.POST.get("mentor")))
        done = _("%(name)s is asked.") % {"name": mentor.name}
        back = reverse("mentoring:waiting_one", args=[pk])
        return attempt_and_go(
            request, back, done, actions.propose_mentor, application=detail.application, mentor=mentor
        )
    context = {
        "detail": detail,
        "application": detail.application,
        "facts": presentation.seeker_facts(detail),
        "lines": _lines(detail),
        "requests": detail.application.mentor_requests.select_related("mentor").order_by("pk"),
        "perms_manage": may_manage,
        "may_propose": may_manage and matching.is_waiting(detail.application) and not _is_asked(detail.application),
        "crumbs": [(_("Waiting for a mentor"), reverse("mentoring:waiting")), (detail.application.applicant.name, "")],
    }
    return render(request, "mentoring/waiting_one.html", context)


def _of_reach(request: SignedInRequest) -> QuerySet[MentoringApplication]:
    sent = matching.details().filter(application__submitted_at__isnull=False)
    return sent.filter(request.user.reach(P.VIEW_MENTORING).q(region="application__region"))


def _lines(detail: MentoringApplication) -> list[presentation.Line]:
    found = matching.ranked_for(detail, timezone.localdate())
    return [presentation.line(mentor, fit) for mentor, fit in found]


def _is_asked(application: Application) -> bool:
    return MentorRequest.objects.open().filter(application=application).exists()


# Pairs


def _pairs(request: SignedInRequest) -> ListPage:
    reach = request.user.reach(P.VIEW_MENTORING).q(region="talent__region")
    rows = (
        Pair.objects.filter(reach).without_secrets().select_related("talent__region__parent", "mentor", "application")
    )
    # By subqueries, not by a join: so the meetings of the page's pairs alone are counted, unless it is sorted by them.
    confirmed = Meeting.objects.filter(pair=OuterRef("pk"), state=Meeting.State.CONFIRMED).order_by().values("pair")
    rows = rows.annotate(
        held=Coalesce(Subquery(confirmed.values(found=Count("pk"))), 0),
        last=Subquery(confirmed.values(found=Max("starts_at"))),
    )
    return ListPage(request, rows, PairFilter, sorts=PAIR_SORTS, default_sort="-started", keys_first=True)


@requires(P.VIEW_MENTORING)
@require_safe
def pair_list(request: SignedInRequest) -> HttpResponse:
    context = {"list": _pairs(request), "may_export": request.user.may(P.EXPORT_CASES)}
    return render(request, "mentoring/pairs.html", context)


@requires(P.EXPORT_CASES)
@require_safe
def export_pairs(request: SignedInRequest) -> HttpResponseBase:
    header = [_("Talent"), _("Township"), _("Mentor"), _("Kind"), _("Case number"), _("Together since")]
    header += [_("Agreed until"), _("Meetings held"), _("Last meeting"), _("State"), _("Reason of the end")]
    rows = (_cells(row) for row in _pairs(request).queryset.iterator(chunk_size=1000))
    return xlsx_response(_("Mentoring pairs"), header, rows)


def _cells(row: Any) -> list[Any]:
    return [
        row.talent.name,
        row.talent.region.full_name if row.talent.region else "",
        row.mentor.name,
        row.get_kind_display(),
        row.application.number,
        row.started_on,
        row.last_day,
        row.held,
        timezone.localdate(row.last) if row.last else None,
        row.get_state_display(),
        row.get_end_reason_display(),
    ]


@requires(P.VIEW_MENTORING)
@require_http_methods(["GET", "POST"])
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Somebody wishes another mentor: who fits, and whom to ask."""
    pair = pair_or_404(request, pk)
    if request.method == "POST":
        check_may(request.user, P.MANAGE_MENTORING, pair)
        mentor = get_object_or_404(Mentor.objects.public(), pk=number_from(request.POST.get("mentor")))
        back = reverse("mentoring:change", args=[pk])
        done = _("%(name)s is asked.") % {"name": mentor.name}
        return attempt_and_go(request, back, done, actions.propose_change, pair=pair, mentor=mentor)
    detail = matching.details().get(pk=pair.application_id)
    context = {
        "pair": pair,
        "facts": presentation.seeker_facts(detail),
        "lines": [line for line in _lines(detail) if line.mentor.pk != pair.mentor_id],
        "perms_manage": request.user.may(P.MANAGE_MENTORING, pair),
        "requests": pair.replacements.select_related("mentor").order_by("pk"),
        "may_propose": pair.is_active
        and pair.change_asked_at is not None
        and request.user.may(P.MANAGE_MENTORING, pair)
        and not _is_asked(pair.application),
        "crumbs": [
            (_("Mentoring pairs"), reverse("mentoring:pair_list")),
            (str(pair), pair.get_absolute_url()),
            (_("Change of mentor"), ""),
        ],
    }
    return render(request, "mentoring/change.html", context)
