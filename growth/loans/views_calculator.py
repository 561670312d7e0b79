"""The public calculator. Everything asked stands in the address, so that it can be shared; nothing is stored."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from growth.loans import actions
from growth.loans import calculator as rules
from growth.loans.actions.applying import PAGE, SCHEME
from growth.loans.calculator import Calculation
from growth.loans.forms_calculator import CalculatorForm, products_on_offer
from growth.loans.policy import Policy, percent
from talentmap.accounts import limits
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.casework.states import State as CaseState
from talentmap.casework.views.common import attempt
from talentmap.ui.downloads import xlsx_response
from talentmap.ui.templatetags.ui import money

# It is drawn anew with every change of a field, and a whole office may share one address.
RATE = "600/m"


def _asked(request: HttpRequest) -> CalculatorForm:
    limits.count(request, "loan-calculator", RATE)
    return CalculatorForm(request.GET, products_on_offer(), timezone.localdate())


@requires(P.PUBLIC)
@require_safe
def calculator(request: SignedInRequest) -> HttpResponse:
    form = _asked(request)
    found = form.calculation()
    context: dict[str, Any] = {
        "form": form,
        "found": found,
        "facts": _facts(form, found) if found else (),
        "chart": json.dumps(rules.chart(found), ensure_ascii=False) if found else "",
        "policy": _policy(found) if found else "",
        "export_url": f"{reverse('loans:calculator_export')}?{form.query}",
        "apply_url": f"{reverse('loans:calculator_apply')}?{form.query}",
        "here_url": f"{request.path}?{form.query}",
        "may_apply": request.user.is_authenticated and request.user.may(P.APPLY),
        "layout": "" if request.user.is_authenticated else "public",
    }
    response = render(request, "loans/calculator.html", context)
    if request.htmx:
        response["HX-Replace-Url"] = context["here_url"]
    return response


@requires(P.PUBLIC)
@require_safe
def calculator_export(request: SignedInRequest) -> HttpResponseBase:
    """The schedule as a workbook; what cannot be calculated is explained on the page."""
    form = _asked(request)
    found = form.calculation()
    if found is None:
        return redirect(f"{reverse('loans:calculator')}?{form.query}")
    return xlsx_response(_("Repayment schedule"), rules.HEADER, rules.table(found), sheet=_("Repayment schedule"))


@requires(P.APPLY)
@require_POST
def calculator_apply(request: SignedInRequest) -> HttpResponse:
    """Go on to an application for the loan that was calculated."""
    form = _asked(request)
    found = form.calculation()
    if found is None:
        return redirect(f"{reverse('loans:calculator')}?{form.query}")
    talent = getattr(request.user, "talent", None)
    if talent is None:
        return redirect("people:my_file")
    values = {**found.asked.application_values, **({"product": form.chosen} if form.chosen else {})}
    done, application = attempt(request, actions.apply_as_calculated, talent=talent, values=values)
    if not done:
        return redirect("casework:service_guide", SCHEME)
    if application.state == CaseState.DRAFT:
        return redirect("casework:form_page", application.pk, PAGE)
    messages.info(request, _("You have an application under way: %(number)s") % {"number": application})
    return redirect("casework:application", application.pk)


def _facts(form: CalculatorForm, found: Calculation) -> list[tuple[str, str]]:
    """The terms in words, for paper and for whoever is sent the address."""
    asked, terms = found.asked, found.asked.terms
    facts = [
        (
            _("Loan product"),
            f"{form.chosen.bank} · {form.chosen.name}" if form.chosen else pgettext("loan", "Free terms"),
        ),
        (_("Borrower"), str(asked.kind.label)),
        (_("Amount"), money(terms.principal)),
        (_("Term"), _("%(months)s months") % {"months": terms.months}),
        (_("Rate a year"), f"{percent(terms.annual_rate)}%"),
        (_("Way to repay"), str(terms.method.label)),
        (_("Day count"), str(terms.day_count.label)),
        (_("Paid out on"), terms.disbursed.isoformat()),
    ]
    if terms.grace:
        facts.append((_("Grace months"), str(terms.grace)))
    if asked.partners > 1:
        facts.append((_("Partners"), str(asked.partners)))
    return facts


def _policy(found: Calculation) -> str:
    """What the policy of the day says of such a loan."""
    policy_limits = found.limits
    if policy_limits is None or found.tariff is None or found.over:
        return ""
    return _(
        "Policy from %(day)s, for contracts until %(until)s: at most %(most)s over %(months)s months at %(rate)s%% a"
        " year; the subsidy bears %(share)s%% of the interest on the first %(subsidised)s."
    ) % {
        "day": found.tariff.valid_from,
        "until": Policy(found.tariff).until,
        "most": money(policy_limits.most),
        "months": policy_limits.months,
        "rate": percent(policy_limits.rate),
        "share": found.share,
        "subsidised": money(found.subsidised_principal),
    }
