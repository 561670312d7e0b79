"""Samples for the URL sweep: applications in the states their pages want, and running subsidies."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from support.housing.models import Entitlement
from support.housing.tariff import FUND_CODE
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.casework.models import Application
from talentmap.casework.records import Objection, Rating, SavedFilter
from talentmap.money import actions as money
from tests.accounts.sweep import NEIGHBOURS, Sample, World, sample
from tests.casework import sample as sample_service  # noqa: F401 - registers the service
from tests.factories import casework
from tests.factories.money import ApplicationFactory

APPLICANT = frozenset({Role.TALENT})
OFFICE = frozenset({Role.OFFICE_STAFF, Role.OFFICE_DIRECTOR})
STAFF = OFFICE | {Role.TOWNSHIP_CADRE}


def applications(world: World, make: Any) -> tuple[Application, Application]:
    casework.rules_in_force()
    return make(world.people[Role.TALENT]), make(world.talent_elsewhere.user)


def pks(found: tuple[Application, Application], **more: Any) -> dict[str, Any]:
    here, elsewhere = found
    return {"here": {"pk": here.pk, **more}, "elsewhere": {"pk": elsewhere.pk, **more}}


def owns(world: World, make: Any, **more: Any) -> Sample:
    """The applicant's own pages are nobody else's, however far their office reaches."""
    return Sample(**pks(applications(world, make), **more), reached_by=APPLICANT, private=True)


@sample("casework:service_guide", "casework:apply")
def service(world: World) -> Sample:
    casework.rules_in_force()
    return Sample(here={"code": "sample"})


@sample(
    "casework:application", "casework:form", "casework:documents", "casework:check",
    "casework:correct", "casework:withdraw",
)  # fmt: skip
def draft(world: World) -> Sample:
    return owns(world, casework.draft)


@sample("casework:form_page", "casework:autosave")
def form_page(world: World) -> Sample:
    return owns(world, casework.draft, page="purpose")


@sample("casework:submitted", "casework:rate")
def sent(world: World) -> Sample:
    return owns(world, casework.submitted)


@sample("casework:document_remove")
def own_document(world: World) -> Sample:
    here, elsewhere = applications(world, with_plan)
    return Sample(here=document_of(here), elsewhere=document_of(elsewhere), reached_by=APPLICANT, private=True)


@sample("casework:document", "casework:viewer")
def document(world: World) -> Sample:
    here, elsewhere = applications(world, sent_with_plan)
    return Sample(here=document_of(here), elsewhere=document_of(elsewhere))


def with_plan(user: Any) -> Application:
    return casework.draft(user, cost=Decimal(2000))


def sent_with_plan(user: Any) -> Application:
    return casework.submitted(user, cost=Decimal(2000))


def document_of(application: Application) -> dict[str, int]:
    return {"pk": application.pk, "document_pk": application.documents.get().pk}


@sample("casework:letter")
def letter(world: World) -> Sample:
    """Nobody finds one before the decision; who finds it afterwards is asked by the cases' own tests."""
    return Sample(**pks(applications(world, casework.submitted)), reached_by=frozenset(), private=True)


@sample("casework:case", "casework:decide", "casework:take", "casework:reassign")
def case(world: World) -> Sample:
    return Sample(**pks(applications(world, casework.submitted)))


@sample("casework:counter_service")
def at_the_counter(world: World) -> Sample:
    casework.rules_in_force()
    return Sample(
        here={"talent_pk": world.talent_here.pk}, elsewhere={"talent_pk": world.talent_elsewhere.pk}, reached_by=STAFF
    )


@sample("casework:object_to")
def on_notice(world: World) -> Sample:
    casework.rules_in_force()
    who = SimpleNamespace(
        talent=world.people[Role.TALENT],
        cadre=world.people[Role.TOWNSHIP_CADRE],
        staff=world.people[Role.OFFICE_STAFF],
        director=world.people[Role.OFFICE_DIRECTOR],
    )
    return Sample(here={"pk": casework.on_notice(who, at=timezone.now()).pk})


@sample("casework:objection")
def objection(world: World) -> Sample:
    found, _other = applications(world, casework.submitted)
    made = Objection.objects.create(application=found, text="…", made_at=timezone.now())
    return Sample(here={"pk": made.pk}, reached_by=OFFICE)


@sample("casework:rating")
def rating(world: World) -> Sample:
    found, _other = applications(world, casework.submitted)
    given = Rating.objects.create(application=found, score=5, rated_at=timezone.now())
    return Sample(here={"pk": given.pk}, reached_by=OFFICE)


@sample("casework:filter_delete")
def saved_filter(world: World) -> Sample:
    def kept_by(person: Any) -> dict[str, int]:
        return {"pk": SavedFilter.objects.create(user=person, name="mine", query="q=1").pk}

    own = {role: kept_by(person) for role, person in world.people.items()}
    return Sample(here=own[Role.TALENT], here_for=own, elsewhere=kept_by(world.talent_elsewhere.user), private=True)


@sample("casework:calendar_year", "casework:calendar_days", "casework:calendar_confirm")
def calendar(world: World) -> Sample:
    casework.rules_in_force()
    return Sample(here={"year": 2026})


@sample("housing:entitlement", "housing:end", "housing:revoke")
def entitlement(world: World) -> Sample:
    def running(talent: Any) -> dict[str, int]:
        row = Entitlement.objects.create(
            talent=talent, kind="apartment", address="庆符镇", starts_on=date(2026, 1, 1), ends_on=date(2027, 12, 31)
        )
        return {"pk": row.pk}

    return Sample(here=running(world.talent_here), elsewhere=running(world.talent_elsewhere), reached_by=NEIGHBOURS)


@sample("housing:correct_end")
def ended_rent(world: World) -> Sample:
    """With a case and a fund, so that the form does what it says."""
    money.open_fund(by=User.objects.system(), at=timezone.now(), code=FUND_CODE, name="人才住房保障基金")

    def ended(talent: Any) -> dict[str, int]:
        case = ApplicationFactory(applicant=talent, scheme="housing_rent")
        row = Entitlement.objects.create(
            application=case, talent=talent, kind="rent", monthly_amount=2000, address="庆符镇", state="ended",
            starts_on=date(2026, 1, 5), ends_on=date(2028, 12, 31), ended_on=date(2026, 3, 10), end_reason="departure",
        )  # fmt: skip
        return {"pk": row.pk}

    return Sample(here=ended(world.talent_here), elsewhere=ended(world.talent_elsewhere), reached_by=NEIGHBOURS)
