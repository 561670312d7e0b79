"""How a loan is shown: the same lines on its own page and on the case page."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from growth.loans.actions.common import policy_of
from growth.loans.actions.granting import BANK, GUARANTOR
from growth.loans.choices import BorrowerKind, Programme
from growth.loans.duties import is_own_application
from growth.loans.models_loan import Loan, LoanApplication
from growth.loans.partners import BadPartners, read_partners
from growth.loans.policy import Policy, over_note, percent
from growth.loans.schedules import Method
from talentmap.accounts.permissions import Permission
from talentmap.casework.duties import current_party
from talentmap.casework.scheme import Panel
from talentmap.casework.states import State as CaseState
from talentmap.people.masks import mask_id, mask_name
from talentmap.ui.templatetags.ui import money

Facts = list[tuple[Any, Any]]


def overview(detail: LoanApplication) -> Facts:
    """What is applied for, in a few lines."""
    return [
        (_("Who borrows"), detail.get_kind_display()),
        *_listed(detail),
        (_("Bank and product"), f"{detail.product.bank} · {detail.product}" if detail.product else ""),
        (_("Amount"), money(detail.amount) if detail.amount else ""),
        (_("Term"), _("%(months)s months") % {"months": detail.months} if detail.months else ""),
        (_("What for"), detail.purpose),
    ]


def _listed(detail: LoanApplication) -> Facts:
    """The partners of a partnership, as far as their names may be read."""
    if detail.kind != BorrowerKind.PARTNERSHIP:
        return []
    try:
        found = read_partners(detail.partner_list, timezone.localdate())
    except BadPartners:
        found = ()
    shown = ", ".join(f"{mask_name(each.name)} {mask_id(each.id_number)}" for each in found)
    return [(pgettext("loan", "Partners"), shown)]


def panels(application: Any, detail: LoanApplication, reader: Any) -> list[Panel]:
    """The bank's terms while it decides, the loan once there is one."""
    found = []
    loan = Loan.objects.visible_to(reader).filter(application=application).first()
    at_stage = application.stage if application.state == CaseState.IN_REVIEW else ""
    own = bool(at_stage) and is_own_application(reader, detail, timezone.localdate())
    if loan is None and (detail.terms_at or at_stage == BANK):
        party = current_party(application) if at_stage == BANK else None
        may_set = bool(party and party.acts_by(reader, Permission.LEND)) and not own
        context = {"terms": terms(detail), "may_set": may_set, "url": reverse("loans:terms", args=[application.pk])}
        found.append(Panel("loans/terms_panel.html", context))
    if at_stage == GUARANTOR and not own and reader.may(Permission.MANAGE_LOANS, application):
        found.append(Panel("loans/guarantor_panel.html", {"application": application}))
    if loan is not None:
        found.append(Panel("loans/case_panel.html", {"loan": loan, "facts": facts(loan)}))
    return found


def terms(detail: LoanApplication) -> Facts:
    """What the bank would lend; nothing while it has not said."""
    if detail.terms_at is None:
        return []
    return _set(
        (_("Amount"), money(detail.granted_amount)),
        (_("Rate"), rate_text(detail.granted_rate)),
        (_("Term"), _("%(months)s months") % {"months": detail.granted_months}),
        (_("Way of repayment"), Method(detail.granted_method).label),
        (_("Months of grace"), detail.granted_grace or ""),
        (_("Set by"), detail.terms_by),
    )


def _set(*facts: tuple[Any, Any]) -> Facts:
    """Those that have a value."""
    return [(label, value) for label, value in facts if value not in (None, "")]


def rate_text(rate: Any) -> str:
    return _("%(rate)s%% a year") % {"rate": percent(rate)}


def facts(loan: Loan) -> Facts:
    """Label and value of everything that is set."""
    policy: Any = loan.tariff
    version = {"version": policy.version, "day": policy.valid_from} if policy else {}
    return _set(
        *_borrowing_with(loan),
        (pgettext("loan", "Amount"), money(loan.amount)),
        (_("Rate"), rate_text(loan.annual_rate)),
        (_("Term"), _("%(months)s months") % {"months": loan.months}),
        (_("Way of repayment"), loan.get_method_display()),
        (_("Months of grace"), loan.grace or ""),
        (_("Bank"), loan.bank),
        (_("Guarantor"), loan.guarantor or ""),
        (_("Contract"), loan.contract_number),
        (_("Signed on"), loan.signed_on),
        (_("Policy version"), _("Version %(version)s, in force from %(day)s") % version if policy else ""),
        (_("Interest subsidy"), subsidy_note(policy_of(loan), loan, loan.signed_on) if loan.signed_on else ""),
        (_("Agreed end"), loan.agreed_end),
        (_("Extended until"), extended_until(loan)),
        (_("Ended on"), loan.ended_on),
        (_("Note"), loan.end_note),
    )


def extended_until(loan: Loan) -> date | None:
    """The last day on which an instalment is due, where an extension has moved it beyond the agreed end."""
    is_later = loan.last_due_on and loan.agreed_end and loan.last_due_on > loan.agreed_end
    return loan.last_due_on if is_later else None


def subsidy_note(policy: Policy, loan: Loan, signed_on: date) -> str:
    """What has to be known of the subsidy of a contract of that day; "" where nothing has."""
    return over_note(policy, signed_on) if loan.programme == Programme.GUARANTEED else ""


def _borrowing_with(loan: Loan) -> Facts:
    if loan.kind != BorrowerKind.PARTNERSHIP:
        return []
    parts = loan.borrowings.filter(is_borrower=False).select_related("person")
    return [
        (pgettext("loan", "Partners"), ", ".join(f"{part.person} {part.person.masked_id_number}" for part in parts))
    ]


def standing(loan: Loan, today: date) -> Facts:
    """Where it stands."""
    days = overdue_days(loan, today)
    return _set(
        (pgettext("loan", "Paid out"), money(loan.disbursed)),
        (_("Loan balance"), money(loan.outstanding)),
        (_("Next due"), f"{loan.next_due_on} · {money(loan.next_due_amount)}" if loan.next_due_on else ""),
        (_("Overdue"), f"{money(loan.arrears)} · {days_text(days)}" if days else ""),
    )


def overdue_days(loan: Loan, today: date) -> int:
    """Calendar days since the oldest unpaid instalment was due; 0 where nothing is overdue."""
    return (today - loan.overdue_since).days if loan.overdue_since else 0


def days_text(days: int) -> str:
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
