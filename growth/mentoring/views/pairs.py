"""The page of a pair, and what the two do there: agreement, plan, files, assessment and end."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from growth.mentoring import actions, letter, presentation, rules
from growth.mentoring.actions.common import may_keep, side_of
from growth.mentoring.choices import Grade, Side
from growth.mentoring.forms import (
    AgreementForm,
    AssessmentForm,
    DoneForm,
    EndForm,
    FileForm,
    StepForm,
    file_limits,
    first_agreement,
)
from growth.mentoring.matching import SCHEME
from growth.mentoring.models import Agreement, Assessment, Meeting, Milestone, Pair, PairFile
from growth.mentoring.views.common import (
    PAIR_READERS,
    PARTNERS,
    attempt,
    attempt_and_go,
    form_page,
    is_sent,
    of_pair_or_404,
    pair_crumbs,
    pair_or_404,
    side_or_404,
    try_action,
)
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.audit.actions import log_access
from talentmap.casework.documents import ACCEPT
from talentmap.casework.models import Application
from talentmap.ui.lists import ListPage
from talentmap.ui.numbers import number_from
from talentmap.ui.templatetags.ui import money

BOTH = (Side.TALENT, Side.MENTOR)
# A file that is for the pair as a whole.
NOTHING_ELSE = dict.fromkeys(("meeting", "milestone", "of_agreement", "of_assessment", "document_of"))


@requires(*PARTNERS)
@require_safe
def my_pairs(request: SignedInRequest) -> HttpResponse:
    """One's own, as talent or as mentor, with what is to be done."""
    found = Pair.objects.of(request.user).without_secrets()
    sorts = {"started": "started_on"}
    page = ListPage(
        request, found.select_related("talent", "mentor__organisation"), sorts=sorts, default_sort="-started"
    )
    rows = list(page.rows)
    todo = presentation.to_do(rows, request.user, timezone.now())
    context = {
        "list": page,
        "rows": [(row, row.side_of(request.user), todo[row.pk]) for row in rows],
        "application": Application.objects.open().filter(scheme=SCHEME, applicant__user=request.user).first(),
    }
    return render(request, "mentoring/my_pairs.html", context)


@requires(*PAIR_READERS)
@require_safe
def pair(request: SignedInRequest, pk: int) -> HttpResponse:
    row = pair_or_404(request, pk)
    side, own_side = row.side_of(request.user), side_of(request.user, row)
    agreements = list(row.agreements.select_related("drafted_by", "paper__uploaded_by"))
    assessments = list(row.assessments.select_related("paper__uploaded_by"))
    is_two = side in BOTH
    enters_papers = row.talent.user_id is None and own_side == Side.OFFICE
    now = timezone.now()
    context = {
        "pair": row,
        "side": side,
        "is_two": is_two,
        "may_act": is_two and row.is_active,
        "may_manage": request.user.may(P.MANAGE_MENTORING, row) and not is_two,
        "may_wish": row.is_active and _may_wish(row, own_side),
        "asked": row.replacements.open().select_related("mentor").first() if row.change_asked_at else None,
        "facts": presentation.pair_facts(row, contact=is_two),
        "has_no_account": row.talent.user_id is None,
        "enters_papers": enters_papers,
        "papers": presentation.papers_to_enter(row, agreements, assessments, timezone.localdate(now))
        if enters_papers
        else (),
        "agreements": agreements,
        "agreement_lines": [(each, presentation.term_look(each, row, timezone.localdate(now))) for each in agreements],
        "draft": next((each for each in agreements if not each.is_in_force), None),
        "steps": row.milestones.select_related("done_by").prefetch_related("files"),
        "upcoming": row.meetings.filter(state=Meeting.State.PLANNED).order_by("starts_at"),
        "log": row.meetings.exclude(state=Meeting.State.PLANNED).prefetch_related("files"),
        "files": row.pairfiles.filter(**NOTHING_ELSE),
        "ends_with_draft": presentation.ends_with_draft(agreements, assessments),
        "terms": presentation.terms(
            row, agreements, assessments, own_side or side, now, office=_is_office(request, row, side)
        ),
        "stipends": row.stipends.select_related("payable", "tariff") if side != Side.TALENT else (),
        "minutes": sum(each.minutes for each in row.meetings.filter(state=Meeting.State.CONFIRMED)),
        "now": now,
        "limits": file_limits(),
        "accept": ACCEPT,
        "crumbs": [*pair_crumbs(request, row)[:1], (str(row), "")],
    }
    return render(request, "mentoring/pair.html", context)


def _may_wish(row: Pair, side: str) -> bool:
    return may_keep(side, row) if row.change_asked_at else bool(side)


def _is_office(request: SignedInRequest, row: Pair, side: str) -> bool:
    """Who reads all assessments at once: whoever watches over the pair and is none of the two."""
    return not side and request.user.may(P.VIEW_MENTORING, row)


# The agreement


@requires(*PARTNERS)
@require_http_methods(["GET", "POST"])
def agreement(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write the agreement of the next term, or change what is proposed."""
    row = pair_or_404(request, pk)
    side_or_404(request, row, *BOTH)
    draft = next((each for each in row.agreements.all() if not each.is_in_force), None)
    initial = None if draft else first_agreement(row, timezone.localdate())
    form = AgreementForm(request.POST or None, instance=draft, initial=initial, pair=row)
    version = draft.version if draft else None
    if request.method == "POST":
        version = number_from(request.POST.get("version"))
        if (
            form.is_valid()
            and try_action(form, request, actions.write_agreement, pair=row, version=version, **form.cleaned_data)[0]
        ):
            messages.success(request, _("The agreement waits for the other side's confirmation."))
            return redirect(row.get_absolute_url())
    renewal = any(each.is_in_force for each in row.agreements.all())
    title = _("Renew the agreement") if renewal else _("Agreement")
    return form_page(
        request, form, title=title, back=row.get_absolute_url(), crumbs=pair_crumbs(request, row), version=version,
        submit=_("Confirm and put to the other side"),
    )  # fmt: skip


@requires(*PARTNERS)
@require_POST
def confirm_agreement(request: SignedInRequest, pk: int) -> HttpResponse:
    row, _side = of_pair_or_404(request, Agreement, pk, *BOTH)
    version = number_from(request.POST.get("version"))
    done = _("The agreement is confirmed.")
    back = row.pair.get_absolute_url()
    return attempt_and_go(request, back, done, actions.confirm_agreement, agreement=row, version=version)


@requires(*PARTNERS)
@require_POST
def take_agreement_back(request: SignedInRequest, pk: int) -> HttpResponse:
    row, _side = of_pair_or_404(request, Agreement, pk, *BOTH)
    back = row.pair.get_absolute_url()
    return attempt_and_go(request, back, _("The proposal is taken back."), actions.take_agreement_back, agreement=row)


@requires(*PAIR_READERS)
@require_GET
def agreement_pdf(request: SignedInRequest, pk: int) -> HttpResponse:
    """As it came into force; before that, or where it was not kept yet then, as it would be written now."""
    found = Agreement.objects.visible_to(request.user)
    row = get_object_or_404(
        found.select_related("pair__mentor__organisation", "pair__talent", "pair__application", "document"), pk=pk
    )
    content = _opened(row.document).read() if row.document else letter.agreement(row)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{letter.name_of(row)}"'
    return response


# The plan


@requires(*PARTNERS)
@require_http_methods(["GET", "POST"])
def add_step(request: SignedInRequest, pk: int) -> HttpResponse:
    row = pair_or_404(request, pk)
    side_or_404(request, row, *BOTH)
    form = StepForm(request.POST or None)
    if is_sent(request, form) and try_action(form, request, actions.add_step, pair=row, **form.cleaned_data)[0]:
        messages.success(request, _("The step is in the plan."))
        return redirect(f"{row.get_absolute_url()}#plan")
    crumbs, back = pair_crumbs(request, row), row.get_absolute_url()
    return form_page(request, form, title=_("Add a step"), back=back, crumbs=crumbs)


@requires(*PARTNERS)
@require_http_methods(["GET", "POST"])
def finish_step(request: SignedInRequest, pk: int) -> HttpResponse:
    row, _side = of_pair_or_404(request, Milestone, pk, *BOTH)
    form = DoneForm(request.POST or None)
    back = row.pair.get_absolute_url()
    if is_sent(request, form) and try_action(form, request, actions.finish_step, step=row, **form.cleaned_data)[0]:
        messages.success(request, _("The step is done."))
        return redirect(f"{back}#plan")
    title = _("Done: %(step)s") % {"step": row.title}
    return form_page(request, form, title=title, back=back, crumbs=pair_crumbs(request, row.pair))


@requires(*PARTNERS)
@require_POST
def reopen_step(request: SignedInRequest, pk: int) -> HttpResponse:
    row, _side = of_pair_or_404(request, Milestone, pk, *BOTH)
    back = f"{row.pair.get_absolute_url()}#plan"
    return attempt_and_go(request, back, _("The step is open again."), actions.reopen_step, step=row)


@requires(*PARTNERS)
@require_POST
def remove_step(request: SignedInRequest, pk: int) -> HttpResponse:
    row, _side = of_pair_or_404(request, Milestone, pk, *BOTH)
    back = f"{row.pair.get_absolute_url()}#plan"
    return attempt_and_go(request, back, _("The step is removed."), actions.remove_step, step=row)


# Files


@requires(*PARTNERS)
@require_POST
def share_file(request: SignedInRequest, pk: int) -> HttpResponse:
    """A file for the pair, for one of its meetings, or for one of its steps."""
    row = pair_or_404(request, pk)
    side_or_404(request, row, *BOTH)
    form = FileForm(request.POST, request.FILES)
    back = f"{row.get_absolute_url()}#files"
    if not form.is_valid():
        messages.error(request, _("Choose a file first."))
        return redirect(back)
    meeting = _one(row.meetings, request.POST.get("meeting"))
    step = _one(row.milestones, request.POST.get("step"))
    if attempt(
        request, actions.share_file, pair=row, upload=form.cleaned_data["upload"], meeting=meeting, milestone=step
    )[0]:
        messages.success(request, _("The file is shared."))
    return redirect(reverse("mentoring:meeting", args=[meeting.pk]) if meeting else back)


def _one(rows: Any, text: str | None) -> Any:
    """One of the pair's own rows, or None where none was named."""
    return get_object_or_404(rows, pk=number_from(text)) if text else None


@requires(*PAIR_READERS)
@require_GET
def download(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The file itself; whoever of the office reads it is recorded."""
    row = get_object_or_404(
        PairFile.objects.visible_to(request.user).select_related("pair__talent", "pair__mentor"), pk=pk
    )
    side = row.pair.side_of(request.user)
    if side == Side.MENTOR and _is_unread_assessment(row):
        raise Http404
    if not side:
        log_access(by=request.user, at=timezone.now(), subject=row, field="file", reason=_("Watching over mentoring"))
    return FileResponse(
        _opened(row),
        as_attachment="download" in request.GET,
        filename=row.name,
        content_type=row.content_type,
        headers={"Cache-Control": "private, no-store"},
    )


def _opened(row: PairFile) -> Any:
    try:
        return row.file.open("rb")
    except OSError:
        raise Http404 from None


def _is_unread_assessment(row: PairFile) -> bool:
    """What a talent has assessed on paper, which the mentor reads after giving their own."""
    found = Assessment.objects.filter(paper=row).first()
    return found is not None and not found.agreement.assessments.filter(phase=found.phase, side=Side.MENTOR).exists()


@requires(*PARTNERS)
@require_POST
def remove_file(request: SignedInRequest, pk: int) -> HttpResponse:
    row, _side = of_pair_or_404(request, PairFile, pk, *BOTH)
    back = f"{row.pair.get_absolute_url()}#files"
    return attempt_and_go(request, back, _("The file is removed."), actions.remove_file, file=row)


# Assessment, end


@requires(P.OWN_FILE, P.MENTOR, P.MANAGE_MENTORING)
@require_http_methods(["GET", "POST"])
def assess(request: SignedInRequest, pk: int, phase: str) -> HttpResponse:
    row, side = of_pair_or_404(request, Agreement, pk)
    if phase not in Assessment.Phase.values:
        raise Http404
    form = AssessmentForm(request.POST or None)
    back = row.pair.get_absolute_url()
    if (
        is_sent(request, form)
        and try_action(form, request, actions.assess_pair, agreement=row, phase=phase, **form.cleaned_data)[0]
    ):
        messages.success(request, _("The assessment is stored."))
        return redirect(f"{back}#assessments")
    is_office = side == Side.OFFICE
    given = row.assessments.filter(phase=phase) if is_office else ()
    title = _("%(phase)s assessment") % {"phase": Assessment.Phase(phase).label}
    return form_page(
        request, form, title=title, back=back, crumbs=pair_crumbs(request, row.pair), given=given,
        lead=_assessment_lead(row, phase) if is_office else "",
    )  # fmt: skip


def _assessment_lead(row: Agreement, phase: str) -> str:
    days = (row.starts_on, row.ends_on)
    held = row.pair.meetings.filter(state=Meeting.State.CONFIRMED, starts_at__date__range=days).count()
    told = _("%(count)s meetings of this term were held and confirmed by both.") % {"count": held}
    if phase != Assessment.Phase.FINAL:
        return told
    paid = _("The final grade decides the mentor's stipend, which becomes payable at once.")
    missing = "" if row.pair.mentor.bank_account_last4 else _("The mentor has not entered an account yet.")
    return " ".join(part for part in (told, paid, _what_is_paid(row), missing, _what_becomes_of(row)) if part)


def _what_is_paid(row: Agreement) -> str:
    """What each grade pays for this term."""
    tariff, _last_day, weeks = actions.stipend_basis(row.pair, row)
    amounts = [(grade.label, rules.stipend(grade, weeks, tariff)) for grade in Grade]
    words = {
        "weeks": weeks,
        "day": row.starts_on,
        "amounts": presentation.listed(f"{label}: {money(amount)}" for label, amount in amounts if amount),
    }
    return _("For %(weeks)s weeks by the tariff in force on %(day)s: %(amounts)s.") % words


def _what_becomes_of(row: Agreement) -> str:
    """The pair, once the office has assessed this term finally."""
    if actions.ends_with(row.pair, row):
        return _("With it the pair is completed; the mentor's place becomes free.")
    return _("The pair goes on: its next term is agreed or waits to be.") if row.pair.is_active else ""


@requires(P.OWN_FILE, P.MENTOR, P.MANAGE_MENTORING)
@require_http_methods(["GET", "POST"])
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    row = pair_or_404(request, pk)
    side = side_or_404(request, row)
    form = EndForm(request.POST or None, side=side)
    if is_sent(request, form) and try_action(form, request, actions.end_pair, pair=row, **form.cleaned_data)[0]:
        messages.success(request, _("The pair has ended. Please give your assessment."))
        return redirect(row.get_absolute_url())
    title = _("End the mentoring early")
    lead = _("What was planned for later is cancelled. The term so far can still be assessed by all three sides.")
    crumbs, back = pair_crumbs(request, row), row.get_absolute_url()
    return form_page(request, form, title=title, back=back, lead=lead, submit=title, danger=True, crumbs=crumbs)
