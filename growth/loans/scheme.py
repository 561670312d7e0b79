"""The start-up loan: what is offered, to whom, what is asked, who decides, what the approval does. Start here."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from growth.loans import actions, facts, presentation, rules
from growth.loans.choices import BorrowerKind
from growth.loans.forms import BusinessForm, DeclarationForm, LoanForm
from growth.loans.models_loan import LoanApplication
from growth.loans.policy import Policy, percent
from growth.loans.tariff import TARIFF_CODE
from talentmap.accounts.permissions import Permission
from talentmap.casework import registry
from talentmap.casework.rules import Assessment, Condition, Offer, Words
from talentmap.casework.scheme import DocumentRule, FormPage, Guide, Panel, Scheme, Stage
from talentmap.money import tariffs
from talentmap.people.choices import OrganisationKind
from talentmap.people.models import Organisation, Talent
from talentmap.ui.errors import Refused
from talentmap.ui.templatetags.ui import money

BOTH = ("guarantor", "bank")


class StartUpLoan(Scheme):
    code = "start_up_loan"
    prefix = "DK"
    map = "growth"
    title = gettext_lazy("Start-up loan")
    summary = gettext_lazy("A bank's loan for a business of one's own; the state bears part of the interest.")
    guide = Guide(
        who=gettext_lazy(
            "People with a business of their own in the county, partnerships and small enterprises, without other"
            " loans but student, poverty-relief micro, mortgage, car and small consumer loans."
        ),
        what=gettext_lazy(
            "A loan of one of the banks, guaranteed where the product asks for it. Part of the interest that you have"
            " paid comes back every quarter, but for days on which something was overdue, and for an extension. The"
            " youth plan is without interest and collateral."
        ),
        basis=gettext_lazy(
            "Sichuan's rules for guaranteed start-up loans; the limits are those in force when the contract is signed."
        ),
        contact=gettext_lazy("Talent service office of Gao County, start-up desk, on working days from 9:00 to 17:00"),
        documents=gettext_lazy("Business licence and business plan. The bank and the guarantor read them as well."),
    )
    stages = (
        Stage("township", gettext_lazy("Township first review"), Permission.FIRST_REVIEW, 5),
        Stage("office", gettext_lazy("Office review"), Permission.OFFICE_REVIEW, 7),
        Stage("guarantor", gettext_lazy("Guarantor's decision"), Permission.GUARANTEE, 3, party="organisation"),
        Stage("bank", gettext_lazy("Bank's decision"), Permission.LEND, 5, party="organisation"),
    )
    public_notice = False
    decided_by = "last_stage"
    tariff_code = TARIFF_CODE
    consent_purposes = ("bank_account", "sharing")
    detail_model = LoanApplication
    form_pages = (
        FormPage("loan", gettext_lazy("The loan"), LoanForm),
        FormPage("business", gettext_lazy("Business and other loans"), BusinessForm),
        FormPage("declaration", gettext_lazy("Declaration"), DeclarationForm),
    )
    documents = (
        DocumentRule(
            "licence", gettext_lazy("Business licence"), gettext_lazy("A photo or scan, readable."), stages=BOTH
        ),
        DocumentRule(
            "plan",
            gettext_lazy("Business plan"),
            gettext_lazy("What the money is for, and what it will be repaid from; a page is enough."),
            stages=BOTH,
        ),
        DocumentRule(
            "partnership",
            gettext_lazy("Partnership agreement"),
            required=lambda facts: facts.asked.kind == BorrowerKind.PARTNERSHIP,
            stages=BOTH,
        ),
        DocumentRule(
            "credit",
            gettext_lazy("Credit report"),
            gettext_lazy("If you have one at hand; the bank asks for it itself otherwise."),
            required=lambda facts: False,
            stages=BOTH,
        ),
    )

    def facts(self, talent: Talent, *, application: Any, at: datetime) -> rules.LoanFacts:
        today = timezone.localdate(at)
        detail = self.detail(application) if application else None
        on = (application and application.requested_reference_date) or today
        return facts.gather(talent, detail, on, today)

    def detail(self, application: Any) -> LoanApplication:
        return LoanApplication.objects.select_related("product__bank").get(application=application)

    def conditions(self, facts: rules.LoanFacts, tariff: Mapping[str, Decimal]) -> tuple[Condition, ...]:
        return rules.conditions(facts, tariff)

    def offer(self, facts: rules.LoanFacts, tariff: Mapping[str, Decimal]) -> Offer:
        return rules.offer(facts, tariff)

    def guide_amounts(self, tariff: Mapping[str, Decimal]) -> tuple[tuple[Words, Words], ...]:
        policy = Policy(tariff)
        kinds = (
            (kind.label, _("%(amount)s at most") % {"amount": money(policy.most(kind))})
            for kind in (BorrowerKind.INDIVIDUAL, BorrowerKind.ENTERPRISE)
        )
        return (
            *kinds,
            (_("Rate at most"), _("%(rate)s%% a year") % {"rate": percent(policy.rate())}),
            (_("Interest subsidy"), _("%(share)s%% of the interest") % {"share": percent(tariff["subsidy.share"])}),
            (_("For contracts until"), policy.until.isoformat()),
            (_("Loans of one person"), _("%(most)s in a lifetime") % {"most": int(tariff["loans.most"])}),
        )

    def stage_days(self, on: date) -> dict[str, int]:
        days = tariffs.in_force(TARIFF_CODE, on)
        dated = {stage.code: int(days[f"days.{stage.code}"]) for stage in self.stages if stage.code != "township"}
        return {**super().stage_days(on), **dated}

    def skips(self, application: Any, stage: Stage) -> bool:
        product = self.detail(application).product
        return stage.code == "guarantor" and not (product and product.needs_guarantee)

    def party_of(self, application: Any, stage: Stage) -> Any:
        detail = self.detail(application)
        if stage.code == "bank":
            return detail.product.bank if detail.product else None
        if detail.guarantor:
            return detail.guarantor
        known = Organisation.objects.filter(kind=OrganisationKind.GUARANTOR, is_active=True)[:2]
        return known[0] if len(known) == 1 else None

    def overview(self, application: Any) -> list[tuple[Words, Any]]:
        return presentation.overview(self.detail(application))

    def case_panels(self, application: Any, reader: Any) -> list[Panel]:
        return presentation.panels(application, self.detail(application), reader)

    def before_approval(self, application: Any) -> Words:
        return "" if self.detail(application).terms_at else _("Set the terms of the loan first.")

    def check_approval(self, application: Any, at: datetime) -> Assessment:
        if first := self.before_approval(application):
            raise Refused(first)
        return super().check_approval(application, at)

    def on_approved(self, *, by: Any, at: datetime, application: Any, assessment: Assessment) -> None:
        actions.grant(by=by, at=at, application=application, assessment=assessment)

    def on_revoked(self, *, by: Any, at: datetime, application: Any) -> None:
        actions.revoke_grant(by=by, at=at, application=application)


registry.register(StartUpLoan())
