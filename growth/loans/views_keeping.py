"""What the bank and the office do with a loan: each one form, one action, and back to the loan."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from growth.loans import actions, presentation
from growth.loans.actions.borrowing import have_another
from growth.loans.actions.common import look, plans, policy_on
from growth.loans.actions.early import interest_owed
from growth.loans.actions.granting import GUARANTOR
from growth.loans.duties import is_own_application, is_own_loan, own_loan_text
from growth.loans.forms import (
    ContractNumberForm,
    DisburseForm,
    EarlyForm,
    ExtendForm,
    GuarantorForm,
    ReasonForm,
    RepayForm,
    SignForm,
    TermsForm,
    WriteOffForm,
)
from growth.loans.models_loan import Loan, LoanApplication
from growth.loans.models_repayment import Disbursement, Repayment, Schedule
from growth.loans.schedules import DayCount, Keep
from growth.loans.standing import dues
from growth.loans.views_loans import loan_or_404
from talentmap.accounts.access import SignedInRequest, check_may, requires
from talentmap.accounts.outcomes import told_on
from talentmap.accounts.permissions import Permission as P
from talentmap.casework.models import Application
from talentmap.casework.views.common import case_or_404
from talentmap.money.tariffs import NoTariff
from talentmap.ui.templatetags.ui import money


def _page(request: SignedInRequest, loan: Loan, form: Any, title: str, **context: Any) -> HttpResponse:
    crumbs = [(_("Loans"), reverse("loans:loan_list")), (loan, loan.get_absolute_url()), (title, "")]
    return render(request, "loans/keep.html", {"loan": loan, "form": form, "title": title, "crumbs": crumbs, **context})


def _keep(
    request: SignedInRequest, loan: Loan, form: Any, act: Callable[..., Any], *, title: str, done: str, **page: Any
) -> HttpResponse:
    """Ask for the form; once it is right, take the action and go back to the loan."""
    check_may(request.user, P.LEND, loan)
    if is_own_loan(request.user, loan):
        messages.error(request, own_loan_text())
        return redirect(loan)
    if form.is_valid():
        with told_on(form):
            act(by=request.user, at=timezone.now(), **page.pop("arguments", {"loan": loan}), **form.cleaned_data)
            messages.success(request, done)
            return redirect(loan)
    page.pop("arguments", None)
    return _page(request, loan, form, title, **page)


@requires(P.LEND)
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: SignedInRequest, pk: int) -> HttpResponse:
    """The bank's terms for an application that is put to it."""
    application = case_or_404(request, pk)
    detail = LoanApplication.objects.select_related("product__bank").get(application=application)
    form = TermsForm(request.POST or None, initial=_offered(detail))
    case_url = reverse("casework:case", args=[pk])
    if is_own_application(request.user, detail, timezone.localdate()):
        messages.error(request, own_loan_text())
        return redirect(case_url)
    if form.is_valid():
        with told_on(form):
            actions.set_terms(by=request.user, at=timezone.now(), application=application, **form.cleaned_data)
            messages.success(request, _("The terms are set. Approve the application when everything is right."))
            return redirect(case_url)
    context = {
        "form": form,
        "asked": presentation.overview(detail),
        "application": application,
        "cancel_url": case_url,
        "crumbs": [(_("Inbox"), reverse("casework:inbox")), (application, case_url), (_("Terms of the loan"), "")],
    }
    return render(request, "loans/terms.html", context)


def _offered(detail: LoanApplication) -> dict[str, Any]:
    """What was set before, else what is asked for at the product's rate."""
    if detail.terms_at:
        names = ("amount", "rate", "months", "method", "grace", "day_count")
        return {name: getattr(detail, f"granted_{name}") for name in names}
    product: Any = detail.product
    return {
        "amount": detail.amount, "rate": product.annual_rate, "months": detail.months, "method": detail.method,
        "grace": detail.grace, "day_count": product.day_count or DayCount.THIRTY_360,
    }  # fmt: skip


@requires(P.MANAGE_LOANS)
@require_http_methods(["GET", "HEAD", "POST"])
def guarantor(request: SignedInRequest, pk: int) -> HttpResponse:
    """Which guarantor an application goes to, where there are several."""
    application: Application = case_or_404(request, pk)
    check_may(request.user, P.MANAGE_LOANS, application)
    detail = get_object_or_404(LoanApplication, application=application)
    form = GuarantorForm(request.POST or None, initial={"guarantor": detail.guarantor_id})
    case_url = reverse("casework:case", args=[pk])
    if form.is_valid():
        with told_on(form):
            actions.choose_guarantor(by=request.user, at=timezone.now(), application=application, **form.cleaned_data)
            messages.success(request, _("The guarantor is named."))
            return redirect(case_url)
    crumbs = [(_("Inbox"), reverse("casework:inbox")), (application, case_url), (_("Guarantor"), "")]
    context = {"form": form, "cancel_url": case_url, "crumbs": crumbs, "at_stage": application.stage == GUARANTOR}
    return render(request, "loans/guarantor.html", context)


@requires(P.LEND)
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: SignedInRequest, pk: int) -> HttpResponse:
    row = loan_or_404(request, pk)
    approved = {"amount": row.amount, "rate": row.annual_rate.normalize(), "months": row.months}
    form = SignForm(request.POST or None, initial={"signed_on": timezone.localdate(), **approved})
    advice = _(
        "The loan policy of this day holds for the loan, whatever changes later. Where it has become stricter since "
        "the approval, the contract stays below what was approved."
    )
    signed_on = form.cleaned_data["signed_on"] if form.is_valid() else None
    done = [_("The contract is recorded."), _subsidy_note(row, signed_on) if signed_on else ""]
    return _keep(
        request, row, form, actions.sign, title=_("Record the contract"), done=" ".join(done).strip(),
        warning=_subsidy_note(row, timezone.localdate()), advice=advice, submit=_("Record the contract"),
    )  # fmt: skip


def _subsidy_note(row: Loan, day: date) -> str:
    try:
        return presentation.subsidy_note(policy_on(day), row, day)
    except NoTariff:
        return ""  # which the action refuses


@requires(P.LEND)
@require_http_methods(["GET", "HEAD", "POST"])
def correct_contract(request: SignedInRequest, pk: int) -> HttpResponse:
    row = loan_or_404(request, pk)
    form = ContractNumberForm(request.POST or None, initial={"contract_number": row.contract_number})
    return _keep(
        request, row, form, actions.correct_contract, title=_("Correct the contract number"),
        done=_("The contract number is corrected."), submit=_("Correct the number"),
        advice=_("The bank's files of repayments name the loan by it. The old number stays in the history."),
    )  # fmt: skip


@requires(P.LEND)
@require_http_methods(["GET", "HEAD", "POST"])
def disburse(request: SignedInRequest, pk: int) -> HttpResponse:
    row = loan_or_404(request, pk)
    initial = {"amount": row.amount - row.disbursed, "on": timezone.localdate()}
    form = DisburseForm(request.POST or None, initial=initial, first=row.state == Loan.State.SIGNED)
    advice = _("The schedule follows from it: check it on the loan's page afterwards.")
    return _keep(
        request, row, form, actions.disburse, title=_("Record money paid out"), done=_("The payment is recorded."),
        advice=advice, submit=_("Record the payment"),
    )  # fmt: skip


@requires(P.LEND)
@require_http_methods(["GET", "HEAD", "POST"])
def repay(request: SignedInRequest, pk: int) -> HttpResponse:
    row = loan_or_404(request, pk)
    written_off = row.ended_on if row.state == Loan.State.WRITTEN_OFF else None
    form = RepayForm(request.POST or None, initial=_next_due(row, written_off or timezone.localdate()))
    advice = _("As the bank booked it. What is paid before it is due is an early repayment.")
    if written_off:
        advice = _("The loan is written off: enter only what was paid until %(day)s.") % {"day": written_off}
    return _keep(
        request, row, form, actions.repay, title=_("Enter a repayment"), done=_("The repayment is entered."),
        advice=advice, submit=_("Enter the repayment"),
    )  # fmt: skip


def _next_due(row: Loan, day: date) -> dict[str, Any]:
    """What is overdue on the day, where something is; else the next instalment."""
    now = look(row, day)
    amounts: dict[str, Any] = {}
    if now.arrears:
        amounts = {"principal": now.arrears_principal, "interest": now.arrears_interest}
    elif now.next_row:
        amounts = {"principal": now.next_principal, "interest": now.next_interest}
    return {"paid_on": day, "penalty": Decimal(0), **amounts}


@requires(P.LEND)
@require_http_methods(["GET", "HEAD", "POST"])
def early(request: SignedInRequest, pk: int) -> HttpResponse:
    row, today = loan_or_404(request, pk), timezone.localdate()
    known = dues(plans(row))
    initial = {"paid_on": today, "penalty": Decimal(0), "keep": Keep.TERM}
    if row.state == Loan.State.RUNNING:
        initial["interest"] = interest_owed(row, known, today)
    form = EarlyForm(request.POST or None, initial=initial)
    advice = _("The interest until that day is paid with it. What remains is scheduled anew.")
    if row.overdue_since:
        advice = _("An instalment that is due is not paid yet: enter that first.")
    return _keep(
        request, row, form, actions.repay_early, title=_("Enter an early repayment"),
        done=_("The early repayment is entered, and the schedule is made anew."), advice=advice,
        danger=row.overdue_since is not None, submit=_("Enter the early repayment"),
    )  # fmt: skip


@requires(P.LEND)
@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: SignedInRequest, pk: int) -> HttpResponse:
    row = loan_or_404(request, pk)
    form = ExtendForm(request.POST or None, initial={"on": timezone.localdate()})
    return _keep(
        request, row, form, actions.extend, title=_("Extend the loan"), done=_("The loan is extended."),
        advice=_("Interest of the time after the agreed end is not subsidised."), submit=_("Extend the loan"),
    )  # fmt: skip


@requires(P.LEND)
@require_http_methods(["GET", "HEAD", "POST"])
def write_off(request: SignedInRequest, pk: int) -> HttpResponse:
    row = loan_or_404(request, pk)
    form = WriteOffForm(request.POST or None, initial={"on": timezone.localdate()})
    return _keep(
        request, row, form, actions.write_off, title=_("Write off the loan"), done=_("The loan is written off."),
        advice=_(
            "The loan is over then; what is outstanding is given up. It can be taken back with a reason, as long as "
            "nobody who borrows on it has another loan."
        ),
        submit=_("Write off the loan"), danger=True,
    )  # fmt: skip


@requires(P.LEND)
@require_http_methods(["GET", "HEAD", "POST"])
def take_back_write_off(request: SignedInRequest, pk: int) -> HttpResponse:
    row, advice = loan_or_404(request, pk), _("This loan is not written off.")
    if row.state == Loan.State.WRITTEN_OFF:
        advice = _(
            "The write-off of %(day)s stays in the books, and a further row takes it back. The loan runs again, with "
            "what has fallen due since then."
        ) % {"day": row.ended_on}
        if have_another(row):
            advice = _("The borrower has another loan by now: this one cannot run again.")
    return _keep(
        request, row, ReasonForm(request.POST or None), actions.take_back_write_off, title=_("Take back the write-off"),
        done=_("The write-off is taken back."), submit=_("Take back the write-off"), danger=True, advice=advice,
    )  # fmt: skip


@requires(P.LEND)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    row = loan_or_404(request, pk)
    return _keep(
        request, row, ReasonForm(request.POST or None), actions.cancel, title=_("The loan is not taken up"),
        done=_("The loan is given up."), submit=_("Give up the loan"), danger=True,
        advice=_("No money was paid out: the loan ends, and does not count among the borrower's loans."),
    )  # fmt: skip


@requires(P.LEND)
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: SignedInRequest, pk: int, repayment_pk: int) -> HttpResponse:
    row = loan_or_404(request, pk)
    wrong = get_object_or_404(Repayment, loan=row, pk=repayment_pk)
    advice = _("Repayment %(reference)s of %(day)s stays in the books, and a further row takes it back.") % {
        "reference": wrong.reference,
        "day": wrong.paid_on,
    }
    return _keep(
        request, row, ReasonForm(request.POST or None), actions.take_back, title=_("Take back a repayment"),
        done=_("The repayment is taken back. Enter it again as it was."), submit=_("Take it back"), danger=True,
        advice=advice, arguments={"repayment": wrong},
    )  # fmt: skip


@requires(P.LEND)
@require_http_methods(["GET", "HEAD", "POST"])
def take_back_payout(request: SignedInRequest, pk: int, payout_pk: int) -> HttpResponse:
    row = loan_or_404(request, pk)
    wrong = get_object_or_404(Disbursement, loan=row, pk=payout_pk)
    advice = _(
        "Payout %(reference)s of %(day)s, %(amount)s, stays in the books, and a further row takes it back. The schedule"
        " before it holds again."
    ) % {"reference": wrong.reference, "day": wrong.on, "amount": money(wrong.amount)}
    return _keep(
        request, row, ReasonForm(request.POST or None), actions.take_back_payout, title=_("Take back a payout"),
        done=_("The payout is taken back. Enter it again as it was."), submit=_("Take it back"), danger=True,
        advice=_unless_later(request, row, actions.schedule_of(row, wrong), advice), arguments={"payout": wrong},
    )  # fmt: skip


@requires(P.LEND)
@require_http_methods(["GET", "HEAD", "POST"])
def take_back_extension(request: SignedInRequest, pk: int, extension_pk: int) -> HttpResponse:
    row = loan_or_404(request, pk)
    wrong = get_object_or_404(Schedule, loan=row, pk=extension_pk, reason=Schedule.Reason.EXTENDED)
    advice = _("The extension of %(day)s is withdrawn: what was due before it is due again.") % {"day": wrong.since}
    return _keep(
        request, row, ReasonForm(request.POST or None), actions.take_back_extension, title=_("Take back an extension"),
        done=_("The extension is taken back."), submit=_("Take back the extension"), danger=True,
        advice=_unless_later(request, row, wrong, advice), arguments={"extension": wrong},
    )  # fmt: skip


def _unless_later(request: SignedInRequest, row: Loan, change: Schedule | None, advice: str) -> str:
    """What stands in the way is said before somebody writes a reason; what is sent anyway is answered by the form."""
    if request.method == "POST" or change is None:
        return advice
    later = actions.what_hangs_on(row, change)
    return _("Entered after it: %(what)s. Take that back first.") % {"what": later} if later else advice


@requires(P.MANAGE_LOANS)
@require_POST
def book_subsidy(request: SignedInRequest, pk: int) -> HttpResponse:
    """Book what the nightly work would book, now."""
    row = loan_or_404(request, pk)
    check_may(request.user, P.MANAGE_LOANS, row)
    added = actions.book_subsidy(by=request.user, at=timezone.now(), loan=row)
    said = _("Booked: %(count)s.") % {"count": added} if added else _("Everything is booked as it was paid.")
    messages.success(request, said)
    return redirect(row)
