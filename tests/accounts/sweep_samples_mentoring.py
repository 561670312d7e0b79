"""Samples for the URL sweep: mentors, requests, rounds and pairs of a talent here and of one elsewhere."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from growth.mentoring.models import (
    Agreement,
    Meeting,
    Mentor,
    MentoringApplication,
    MentorRequest,
    Milestone,
    Pair,
    PairFile,
    Proposal,
    Round,
)
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.casework.models import Party
from talentmap.casework.states import State
from talentmap.money import actions as money
from tests.accounts.sweep import Sample, World, sample
from tests.factories.accounts import user_with
from tests.factories.money import ApplicationFactory

OFFICE = frozenset({Role.OFFICE_STAFF, Role.OFFICE_DIRECTOR})
WATCHERS = OFFICE | {Role.TOWNSHIP_CADRE}
BOTH = frozenset({Role.TALENT, Role.MENTOR})


def amounts() -> None:
    money.load_defaults(by=User.objects.system(), at=timezone.now())


def mentor(user: Any, organisation: Any, **fields: Any) -> Mentor:
    now = timezone.now()
    given = {
        "user": user, "state": "verified", "name": "何强", "organisation": organisation, "region": organisation.region,
        "offers": ["practice"], "created_at": now, "decided_at": now, "decided_by": User.objects.system(), **fields,
    }  # fmt: skip
    return Mentor.objects.create(**given)


def mentors(world: World) -> tuple[Mentor, Mentor]:
    """That of the world's mentor, and one of another township."""
    amounts()
    elsewhere = user_with(Role.MENTOR, organisation=world.other_organisation)
    return mentor(world.people[Role.MENTOR], world.organisation), mentor(elsewhere, world.other_organisation)


def request(talent: Any, by: Mentor, state: str = "open") -> MentorRequest:
    now = timezone.now()
    is_open = state == "open"
    due = timezone.localdate() + timedelta(days=5)
    in_review = {"state": State.IN_REVIEW, "stage": "mentor", "stage_due_on": due, "decide_due_on": due}
    application = ApplicationFactory(
        applicant=talent, scheme="mentoring", **(in_review if is_open else {"state": State.APPROVED})
    )
    MentoringApplication.objects.create(application=application, kind="practice", goals="…")
    if is_open:
        Party.objects.create(application=application, stage="mentor", person=by.user, asked_at=now)
    return MentorRequest.objects.create(
        application=application,
        mentor=by,
        origin="wish",
        state=state,
        asked_at=now,
        asked_by=User.objects.system(),
        due_on=due,
        answered_at=None if is_open else now,
        answered_by=None if is_open else by.user,
    )


def pair(talent: Any, by: Mentor) -> Pair:
    accepted = request(talent, by, "accepted")
    return Pair.objects.create(
        application=accepted.application,
        request=accepted,
        talent=talent,
        mentor=by,
        kind="practice",
        started_on=timezone.localdate(),
    )


def pairs(world: World) -> tuple[Pair, Pair]:
    here, elsewhere = mentors(world)
    return pair(world.talent_here, here), pair(world.talent_elsewhere, elsewhere)


def two(found: tuple[Any, Any], reached_by: Any, **more: Any) -> Sample:
    here, elsewhere = found
    return Sample(here={"pk": here.pk, **more}, elsewhere={"pk": elsewhere.pk, **more}, reached_by=reached_by)


@sample("mentoring:profile")
def profile(world: World) -> Sample:
    return Sample(here={"pk": mentors(world)[0].pk})


@sample("mentoring:invitation")
def invitation(world: World) -> Sample:
    amounts()
    Mentor.objects.create(state="invited", name="何强", invite_token="t" * 43, created_at=timezone.now())
    return Sample(here={"token": "t" * 43})


@sample("mentoring:request", "mentoring:accept", "mentoring:decline")
def asked(world: World) -> Sample:
    here, elsewhere = mentors(world)
    found = request(world.talent_here, here), request(world.talent_elsewhere, elsewhere)
    return two(found, frozenset({Role.MENTOR}))


@sample(
    "mentoring:mentor",
    "mentoring:renew_invitation",
    "mentoring:withdraw_invitation",
    "mentoring:verify",
    "mentoring:refuse",
    "mentoring:mentor_edit",
    "mentoring:mentor_end",
)
def one_mentor(world: World) -> Sample:
    return two(mentors(world), WATCHERS)


@sample("mentoring:waiting_one")
def waiting(world: World) -> Sample:
    here, elsewhere = mentors(world)
    found = request(world.talent_here, here), request(world.talent_elsewhere, elsewhere)
    return two((found[0].application, found[1].application), WATCHERS)


@sample("mentoring:withdraw_request")
def withdrawn(world: World) -> Sample:
    here, _elsewhere = mentors(world)
    return Sample(here={"pk": request(world.talent_here, here).pk}, reached_by=OFFICE)


def draft_round() -> Round:
    return Round.objects.create(computed_at=timezone.now(), computed_by=User.objects.system(), weights={}, places={})


@sample("mentoring:round", "mentoring:confirm_round", "mentoring:discard_round", "mentoring:recompute_round")
def assignment(world: World) -> Sample:
    return Sample(here={"pk": draft_round().pk}, reached_by=OFFICE)


@sample("mentoring:proposal")
def proposal(world: World) -> Sample:
    here, _elsewhere = mentors(world)
    application = request(world.talent_here, here).application
    row = Proposal.objects.create(round=draft_round(), application=application, mentor=here, computed=here)
    return Sample(here={"pk": row.pk}, reached_by=OFFICE)


@sample("mentoring:change")
def change(world: World) -> Sample:
    return two(pairs(world), WATCHERS)


@sample("mentoring:pair")
def one_pair(world: World) -> Sample:
    return two(pairs(world), WATCHERS | BOTH)


@sample(
    "mentoring:agreement", "mentoring:add_step", "mentoring:plan_meeting", "mentoring:log_meeting",
    "mentoring:share_file",
)  # fmt: skip
def of_both(world: World) -> Sample:
    return two(pairs(world), BOTH)


@sample("mentoring:end", "mentoring:wish_change")
def end(world: World) -> Sample:
    return two(pairs(world), BOTH | OFFICE)


def agreements(world: World) -> tuple[Agreement, Agreement]:
    here, elsewhere = pairs(world)
    return agreement(here), agreement(elsewhere)


def agreement(of: Pair) -> Agreement:
    now = timezone.now()
    return Agreement.objects.create(
        pair=of, starts_on=timezone.localdate(), weeks=4, aims="…", content="…", duties="…", drafted_by=of.talent.user,
        drafted_at=now, talent_confirmed_at=now,
    )  # fmt: skip


@sample("mentoring:agreement_pdf")
def agreement_pdf(world: World) -> Sample:
    return two(agreements(world), WATCHERS | BOTH)


@sample("mentoring:confirm_agreement")
def own_agreement(world: World) -> Sample:
    return two(agreements(world), BOTH)


@sample("mentoring:take_agreement_back")
def written_agreement(world: World) -> Sample:
    """The talent's proposal: the mentor does not take it back."""
    here, elsewhere = agreements(world)
    return Sample(
        here={"pk": here.pk}, elsewhere={"pk": elsewhere.pk}, reached_by=BOTH, refused=frozenset({Role.MENTOR})
    )


@sample("mentoring:assess")
def assess(world: World) -> Sample:
    return two(agreements(world), BOTH | OFFICE, phase="final")


@sample("mentoring:agreement_on_paper")
def agreement_on_paper(world: World) -> Sample:
    return two(agreements(world), OFFICE)


@sample("mentoring:assess_on_paper")
def assess_on_paper(world: World) -> Sample:
    return two(agreements(world), OFFICE, phase="midterm")


@sample("mentoring:finish_step", "mentoring:reopen_step", "mentoring:remove_step")
def step(world: World) -> Sample:
    return two(_each(world, _step), BOTH)


def _each(world: World, make: Any) -> tuple[Any, Any]:
    here, elsewhere = pairs(world)
    return make(here), make(elsewhere)


def _step(of: Pair) -> Milestone:
    today = timezone.localdate()
    return Milestone.objects.create(
        pair=of, title="开网店", due_on=today, added_by=of.talent.user, added_at=timezone.now()
    )


def _planned(of: Pair) -> Meeting:
    soon = timezone.now() + timedelta(days=1)
    return Meeting.objects.create(
        pair=of, starts_at=soon, minutes=60, format="phone", topic="直播", planned_by=of.talent.user,
        planned_at=timezone.now(),
    )  # fmt: skip


@sample("mentoring:meeting", "mentoring:calendar")
def meeting(world: World) -> Sample:
    return two(_each(world, _planned), WATCHERS | BOTH)


@sample(
    "mentoring:move_meeting", "mentoring:log_one", "mentoring:object_to_meeting", "mentoring:cancel_meeting",
)  # fmt: skip
def own_meeting(world: World) -> Sample:
    return two(_each(world, _planned), BOTH)


@sample("mentoring:meeting_on_paper")
def meeting_on_paper(world: World) -> Sample:
    return two(_each(world, _planned), OFFICE)


@sample("mentoring:confirm_meeting")
def confirmed_meeting(world: World) -> Sample:
    """Whoever wrote it is told that the other side confirms; who that is, is asked by the meetings' own tests."""
    return two(_each(world, _planned), BOTH)


def _file(of: Pair) -> PairFile:
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    path = default_storage.save("mentoring/plan.pdf", ContentFile(b"%PDF"))
    return PairFile.objects.create(
        pair=of, file=path, name="plan.pdf", size=4, content_type="application/pdf", sha256="",
        uploaded_at=timezone.now(), uploaded_by=of.talent.user,
    )  # fmt: skip


@sample("mentoring:download")
def download(world: World) -> Sample:
    return two(_each(world, _file), WATCHERS | BOTH)


@sample("mentoring:remove_file")
def remove_file(world: World) -> Sample:
    here, elsewhere = _each(world, _file)
    return Sample(
        here={"pk": here.pk}, elsewhere={"pk": elsewhere.pk}, reached_by=BOTH, refused=frozenset({Role.MENTOR})
    )
