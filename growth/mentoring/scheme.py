"""A mentor for a talent: what is offered, to whom, what is asked, who decides, what acceptance does. Start here."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from growth.mentoring import actions, facts, letter, matching, presentation, rules
from growth.mentoring.actions.asking import ask_next, withdraw_open
from growth.mentoring.application_forms import GoalsForm, NeedsForm, WishesForm
from growth.mentoring.models import MentoringApplication, MentorRequest, Pair
from growth.mentoring.tariff import TARIFF_CODE, in_force
from talentmap.accounts.permissions import Permission
from talentmap.casework import registry
from talentmap.casework.actions.parties import release
from talentmap.casework.rules import Assessment, Condition, Offer, Words
from talentmap.casework.scheme import FormPage, Guide, Panel, Scheme, Stage
from talentmap.people.models import Talent
from talentmap.ui.templatetags.ui import working_days


class Mentoring(Scheme):
    """The office looks at it, then the wished mentors are asked one after the other: whoever accepts decides."""

    code = matching.SCHEME
    prefix = "DS"
    map = "growth"
    title = gettext_lazy("A mentor for you")
    summary = gettext_lazy("A cadre or an entrepreneur accompanies you one to one, in theory or in practice.")
    guide = Guide(
        who=gettext_lazy(
            "Returnee graduates, founders, skilled workers and practical rural talents of the county who want to"
            " learn from somebody with experience. One mentor for theory and one for practice at the same time."
        ),
        what=gettext_lazy(
            "You say what you want to reach and order up to three mentors. The office looks at your application, then"
            " your wishes are asked one after the other; a mentor who is asked keeps a place for you until the answer."
            " Together you agree on aims, duties and a term, plan steps, meet, and write down what you did."
        ),
        basis=gettext_lazy("Measures of Gao County for mentors who accompany talents (导师帮带)."),
        contact=gettext_lazy("Talent service office of Gao County, mentoring desk, on working days from 9:00 to 17:00"),
    )
    stages = (
        Stage("office", gettext_lazy("Office review"), Permission.OFFICE_REVIEW, 3),
        Stage(
            matching.MENTOR_STAGE,
            gettext_lazy("Answer of the mentor"),
            Permission.MENTOR,
            5,
            party="person",
            passes_on=True,
        ),
    )
    public_notice = False
    decided_by = "last_stage"
    tariff_code = TARIFF_CODE
    form_pages = (
        FormPage("goals", gettext_lazy("What you want to reach"), GoalsForm),
        FormPage("needs", gettext_lazy("What you want to learn, and how"), NeedsForm),
        FormPage(
            "wishes",
            gettext_lazy("Your wishes"),
            WishesForm,
            gettext_lazy(
                "Order up to three mentors; they are asked in this order. Without a wish the office proposes one."
            ),
        ),
    )
    consent_purposes = ("sharing",)  # a mentor is a person outside the office
    detail_model = MentoringApplication

    def facts(self, talent: Talent, *, application: Any, at: datetime) -> rules.MentoringFacts:
        return facts.gather(talent, self.detail(application) if application else None, timezone.localdate(at))

    def conditions(self, facts: rules.MentoringFacts, tariff: Mapping[str, Decimal]) -> tuple[Condition, ...]:
        return rules.conditions(facts)

    def offer(self, facts: rules.MentoringFacts, tariff: Mapping[str, Decimal]) -> Offer:
        words = {"least": int(tariff["term.weeks_least"]), "most": int(tariff["term.weeks_most"])}
        return Offer(text=_("A mentor for %(least)s to %(most)s weeks, to be renewed") % words)

    def guide_amounts(self, tariff: Mapping[str, Decimal]) -> tuple[tuple[Words, Words], ...]:
        words = {"least": int(tariff["term.weeks_least"]), "most": int(tariff["term.weeks_most"])}
        return (
            (_("Term"), _("%(least)s to %(most)s weeks") % words),
            (_("A mentor answers within"), working_days(int(tariff["answer.working_days"]))),
        )

    def detail(self, application: Any) -> MentoringApplication:
        return MentoringApplication.objects.select_related("first_wish", "second_wish", "third_wish").get(
            application=application
        )

    def stage_days(self, on: date) -> dict[str, int]:
        return super().stage_days(on) | {matching.MENTOR_STAGE: int(in_force(on)["answer.working_days"])}

    def party_url(self, application: Any) -> str:
        asked = MentorRequest.objects.open().filter(application=application).first()
        return reverse("mentoring:request", args=[asked.pk]) if asked else super().party_url(application)

    def overview(self, application: Any) -> list[tuple[Words, Any]]:
        detail = self.detail(application)
        return [
            (_("Kind of mentor"), detail.get_kind_display()),
            (_("Wants to learn"), presentation.listed(detail.words("skill_gaps"))),
            (_("Wishes"), presentation.listed(mentor.name for mentor in detail.wishes)),
        ]

    def case_panels(self, application: Any, reader: Any) -> list[Panel]:
        """The office reads whom it put the application to; the applicant who is asked and who accepted, not who
        declined; a mentor their own part."""
        requests = MentorRequest.objects.filter(application=application).select_related("mentor").order_by("pk")
        if not reader.may(Permission.VIEW_MENTORING, application):
            own = Q(mentor__user=reader.pk)
            told = Q(state__in=(MentorRequest.State.OPEN, MentorRequest.State.ACCEPTED))
            requests = requests.filter(told if application.applicant.user_id == reader.pk else own)
        pairs = Pair.objects.filter(application=application).without_secrets().select_related("mentor")
        if not requests and not matching.is_waiting(application):
            return []
        context = {"requests": requests, "pairs": pairs, "waits": matching.is_waiting(application)}
        return [Panel("mentoring/parts/case_panel.html", context)]

    def decision_letter(self, application: Any) -> bytes | None:
        return letter.decision(application, Pair.objects.filter(application=application).order_by("pk").first())

    # What happens to the requests and the pair when the application moves

    def on_stage(self, *, by: Any, at: datetime, application: Any, stage: Stage) -> None:
        if stage.code == matching.MENTOR_STAGE:
            ask_next(by, at, application)

    def on_submitted(self, *, by: Any, at: datetime, application: Any) -> None:
        """Sent again after a return from the mentors' stage: the wishes as they are now are asked."""
        if matching.is_waiting(application):
            ask_next(by, at, application)

    def on_returned(self, *, by: Any, at: datetime, application: Any) -> None:
        withdraw_open(by, at, application)
        release(application, at)

    def on_rejected(self, *, by: Any, at: datetime, application: Any) -> None:
        withdraw_open(by, at, application)

    def on_withdrawn(self, *, by: Any, at: datetime, application: Any) -> None:
        withdraw_open(by, at, application)

    def on_approved(self, *, by: Any, at: datetime, application: Any, assessment: Assessment) -> None:
        actions.pair_up(by=by, at=at, application=application)

    def on_revoked(self, *, by: Any, at: datetime, application: Any) -> None:
        actions.end_revoked(by=by, at=at, application=application, reason=application.decision_reason)


registry.register(Mentoring())
