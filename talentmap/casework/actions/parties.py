"""Putting a stage to who decides it outside the office: a bank, a guarantor, a mentor."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.casework import calendar, clock, kinds
from talentmap.casework.actions.moving import locked
from talentmap.casework.duties import people_of
from talentmap.casework.models import Application, Party
from talentmap.casework.states import State
from talentmap.casework.telling import tell_party
from talentmap.people.models import Organisation
from talentmap.ui.errors import Refused


@action
def ask(
    *,
    by: User,
    at: datetime,
    application: Application,
    stage: str,
    organisation: Organisation | None = None,
    person: User | None = None,
) -> Party:
    """Put the stage that the application is in to a party; whoever was asked before is asked no longer, and the
    stage's own deadline begins anew. Asking the same party again changes nothing.

    For services: who may ask whom is for them to check.
    """
    application = locked(application)
    if application.state != State.IN_REVIEW or application.stage != stage:
        raise Refused(_("Application %(number)s is not at this stage any more.") % {"number": application})
    there = Party.objects.current().filter(application=application, stage=stage).first()
    if there and (there.organisation, there.person) == (organisation, person):
        return there
    allotted = application.stage_days.get(stage, application.service.stage(stage).working_days)
    columns = clock.at_stage(stage, allotted, timezone.localdate(at), calendar.current())
    for name, value in {**columns, "handler": None}.items():
        setattr(application, name, value)
    application.version += 1
    application.save(update_fields=["version", "handler", *columns])
    release(application, at)
    return _name(by, at, application, organisation, person)


def enter_stage(by: User, at: datetime, application: Application) -> None:
    """Name the party of the stage that a locked application has just come to, as far as its service knows one."""
    stage = application.service.stage(application.stage)
    named: Any = application.service.party_of(application, stage) if stage.party else None
    if named is not None:
        is_person = stage.party == "person"
        _name(by, at, application, None if is_person else named, named if is_person else None)
    application.service.on_stage(by=by, at=at, application=application, stage=stage)


def release(application: Application, at: datetime) -> None:
    """Nobody is asked at the present stage of a locked application any more."""
    for party in Party.objects.current().filter(application=application, stage=application.stage):
        party.ended_at = at
        party.save(update_fields=["ended_at"])


def _name(
    by: User, at: datetime, application: Application, organisation: Organisation | None, person: User | None
) -> Party:
    party = Party.objects.create(
        application=application, stage=application.stage, organisation=organisation, person=person, asked_at=at
    )
    permission = application.service.stage(application.stage).permission
    tell_party(people_of(party, permission), application, party.pk, by=by, at=at, kind=kinds.ASKED)
    return party
