"""The two housing subsidies: what is offered, to whom, what is asked, who reviews, what approval does. Start here."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from support.housing import actions, facts, letter, presentation, rules
from support.housing.forms import PurchaseDeclarationForm, PurchaseHomeForm, RentDeclarationForm, RentHomeForm
from support.housing.grades import Grade
from support.housing.models import Entitlement, HousingApplication
from support.housing.tariff import TARIFF_CODE
from talentmap.accounts.permissions import Permission
from talentmap.casework import registry
from talentmap.casework.rules import Assessment, Condition, Offer, Words
from talentmap.casework.scheme import DocumentRule, FormPage, Guide, Panel, Scheme, Stage
from talentmap.people.models import Talent
from talentmap.ui.templatetags.ui import money

STAGES = (
    Stage("township", gettext_lazy("Township first review"), Permission.FIRST_REVIEW, 5),
    Stage("office", gettext_lazy("Office review"), Permission.OFFICE_REVIEW, 5),
    Stage("director", gettext_lazy("Director's second review"), Permission.SECOND_REVIEW, 5),
)
CONTACT = gettext_lazy("Talent service office of Gao County, housing desk, on working days from 9:00 to 17:00")
BASIS = gettext_lazy(
    "Measures of Gao County for talent housing subsidies; the amounts are those of the tariff in force."
)


def _no_grade(facts: rules.HousingFacts) -> Offer:
    stated = rules.grade_stated(facts)
    return Offer(text=_("Nothing at present") if stated else _("Depends on education or talent category"))


class HousingScheme(Scheme):
    """What rent and purchase have in common."""

    kind = ""
    map = "support"
    stages = STAGES
    public_notice = True
    tariff_code = TARIFF_CODE
    consent_purposes = ("housing", "bank_account")
    detail_model = HousingApplication

    def create_detail(self, application: Any) -> HousingApplication:
        return HousingApplication.objects.create(application=application, kind=self.kind)

    def facts(self, talent: Talent, *, application: Any, at: datetime) -> rules.HousingFacts:
        today = timezone.localdate(at)
        detail = self.detail(application) if application else None
        on = (application and application.requested_reference_date) or today
        return facts.gather(talent, self.kind, detail, on, today)

    def conditions(self, facts: rules.HousingFacts, tariff: Mapping[str, Decimal]) -> tuple[Condition, ...]:
        return rules.conditions(facts, tariff)

    def guide_amounts(self, tariff: Mapping[str, Decimal]) -> tuple[tuple[Words, Words], ...]:
        grades = (grade for grade in Grade if f"{self.kind}.{grade}" in tariff)
        return tuple((grade.label, self.amount_in_words(tariff[f"{self.kind}.{grade}"])) for grade in grades)

    def amount_in_words(self, amount: Decimal) -> str:
        raise NotImplementedError

    def notice_lines(self, application: Any) -> list[tuple[Words, Any]]:
        assessment = self.assess(application.applicant, at=application.submitted_at, application=application)
        grade = rules.best_grade(assessment.facts, assessment.tariff)
        return [
            (_("Benefit"), self.title),
            (_("Grade"), Grade(grade.key).label if grade else ""),
            (_("Amount"), assessment.offer.text),
        ]

    def case_panels(self, application: Any, reader: Any) -> list[Panel]:
        row = Entitlement.objects.filter(application=application).first()
        if row is None:
            return []
        row.application = application
        context = {"entitlement": row, "facts": presentation.facts(row), **presentation.money_context(row)}
        return [Panel("housing/case_panel.html", context)]

    def decision_letter(self, application: Any) -> bytes | None:
        return letter.decision(application, Entitlement.objects.filter(application=application).first())

    def on_revoked(self, *, by: Any, at: datetime, application: Any) -> None:
        actions.revoke_grant(by=by, at=at, application=application, reason=application.decision_reason)


class RentSubsidy(HousingScheme):
    code = "housing_rent"
    prefix = "ZF"
    kind = rules.RENT
    title = gettext_lazy("Rent subsidy for talent")
    summary = gettext_lazy("A monthly amount towards the rent, by education or talent category, paid every quarter.")
    guide = Guide(
        who=gettext_lazy(
            "People with a bachelor's degree or higher, or a valid talent category, who work in the county and rent a"
            " home here, own none, and live neither in a staff dormitory nor in a turnover apartment."
        ),
        what=gettext_lazy(
            "A monthly subsidy for at most 36 months. It accrues from the month of approval and is paid after the end"
            " of each quarter. It ends with the month in which you leave."
        ),
        basis=BASIS,
        contact=CONTACT,
        documents=gettext_lazy("The lease. What the office already holds is not asked for again."),
    )
    form_pages = (
        FormPage("home", gettext_lazy("The rented home"), RentHomeForm),
        FormPage("declaration", gettext_lazy("Declaration"), RentDeclarationForm),
    )
    documents = (
        DocumentRule("lease", gettext_lazy("Lease"), gettext_lazy("All pages, signed, as PDF or photos.")),
        DocumentRule(
            "certificate",
            gettext_lazy("Degree certificate"),
            gettext_lazy("Only where the office has not seen it yet: for people who have no talent category."),
            required=lambda facts: not rules.category_valid(facts),
        ),
    )

    def amount_in_words(self, amount: Decimal) -> str:
        return _("%(amount)s a month") % {"amount": money(amount)}

    def guide_amounts(self, tariff: Mapping[str, Decimal]) -> tuple[tuple[Words, Words], ...]:
        months = _("%(months)s months") % {"months": int(tariff["rent.months"])}
        return (*super().guide_amounts(tariff), (_("At most"), months))

    def offer(self, facts: rules.HousingFacts, tariff: Mapping[str, Decimal]) -> Offer:
        grade = rules.best_grade(facts, tariff)
        if grade is None:
            return _no_grade(facts)
        months = max(0, int(tariff["rent.months"]) - facts.rent_months_used)
        return Offer(
            amount=grade.amount * months,
            text=_("%(amount)s a month for up to %(months)s months")
            % {"amount": money(grade.amount), "months": months},
            lines=(
                (Grade(grade.key).label, money(grade.amount)),
                (_("Months"), str(months)),
                (_("In total at most"), money(grade.amount * months)),
            ),
        )

    def overview(self, application: Any) -> list[tuple[Words, Any]]:
        detail = self.detail(application)
        return [
            (_("Rented home"), detail.address),
            (_("Monthly rent"), money(detail.monthly_rent)),
            (_("Lease"), f"{detail.lease_from} – {detail.lease_until}"),
        ]

    def on_approved(self, *, by: Any, at: datetime, application: Any, assessment: Assessment) -> None:
        actions.grant_rent(by=by, at=at, application=application, assessment=assessment)


class PurchaseSubsidy(HousingScheme):
    code = "housing_purchase"
    prefix = "GF"
    kind = rules.PURCHASE
    title = gettext_lazy("Purchase subsidy for talent")
    summary = gettext_lazy("A single amount towards a home bought in the county, by education or talent category.")
    guide = Guide(
        who=gettext_lazy(
            "People with a bachelor's degree or higher, or a valid talent category, who work in the county and have"
            " bought a home here within the last twelve months."
        ),
        what=gettext_lazy(
            "A single subsidy, granted once. A running rent subsidy ends with the approval, and what was already paid"
            " as rent subsidy is deducted."
        ),
        basis=BASIS,
        contact=CONTACT,
        documents=gettext_lazy("The purchase contract. What the office already holds is not asked for again."),
    )
    form_pages = (
        FormPage("home", gettext_lazy("The bought home"), PurchaseHomeForm),
        FormPage("declaration", gettext_lazy("Declaration"), PurchaseDeclarationForm),
    )
    documents = (
        DocumentRule("contract", gettext_lazy("Purchase contract"), gettext_lazy("All pages, signed and registered.")),
        RentSubsidy.documents[1],
    )

    def amount_in_words(self, amount: Decimal) -> str:
        return _("%(amount)s once") % {"amount": money(amount)}

    def guide_amounts(self, tariff: Mapping[str, Decimal]) -> tuple[tuple[Words, Words], ...]:
        months = _("%(months)s months") % {"months": int(tariff["purchase.window_months"])}
        return (*super().guide_amounts(tariff), (_("To be applied for after the purchase within"), months))

    def offer(self, facts: rules.HousingFacts, tariff: Mapping[str, Decimal]) -> Offer:
        grade = rules.best_grade(facts, tariff)
        if grade is None:
            return _no_grade(facts)
        net = rules.purchase_net(grade.amount, facts.rent_paid)
        return Offer(
            amount=net,
            text=_("%(amount)s once") % {"amount": money(net)},
            lines=(
                (Grade(grade.key).label, money(grade.amount)),
                (_("Rent subsidy already paid, deducted"), money(grade.amount - net)),
                (_("Paid once"), money(net)),
            ),
        )

    def overview(self, application: Any) -> list[tuple[Words, Any]]:
        detail = self.detail(application)
        return [
            (_("Bought home"), detail.address),
            (_("Price"), money(detail.price)),
            (_("Bought on"), detail.purchased_on),
        ]

    def on_approved(self, *, by: Any, at: datetime, application: Any, assessment: Assessment) -> None:
        actions.grant_purchase(by=by, at=at, application=application, assessment=assessment)


registry.register(RentSubsidy())
registry.register(PurchaseSubsidy())
