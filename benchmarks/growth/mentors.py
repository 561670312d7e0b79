"""Fills the benchmark's database with mentors, and with the talents whom they accompany and have accompanied."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from benchmarks import data
from benchmarks.cases import Desks
from growth.mentoring.choices import Format, MentoringKind, Skill
from growth.mentoring.matching import SCHEME
from growth.mentoring.models import Agreement, Meeting, Mentor, MentorRequest, Pair
from talentmap.accounts.models import Membership, User
from talentmap.accounts.permissions import Role
from talentmap.casework.models import Application
from talentmap.casework.states import State
from talentmap.demo.names import GIVEN_FEMALE, SURNAMES
from talentmap.people.choices import EnterpriseStage, Industry
from talentmap.people.models import Organisation, Talent
from talentmap.people.pinyin import name_keys
from talentmap.regions.models import Region

BATCH = 100
PAIRS_EACH, PLACES = 2, 3  # one pair that runs and one that is over, so that every mentor has places left
MEETINGS_EACH = 8
PAUSED_SHARE, AGREED_SHARE = 0.05, 0.9
WEEKS = 26


def grow_to(count: int, desks: Desks) -> None:
    """Add mentors with their pairs until there are `count` mentors."""
    rng = Random(count)
    places = list(Region.objects.townships().order_by("code"))
    for start in range(Mentor.objects.count(), count, BATCH):
        _add(rng, range(start, min(start + BATCH, count)), places, desks)


@transaction.atomic
def _add(rng: Random, serials: range, places: list[Region], desks: Desks) -> None:
    mentors = _mentors(rng, serials, places, desks.staff[0])
    first = Talent.objects.count()
    people = data.talents(rng, range(first, first + len(mentors) * PAIRS_EACH), places, desks.system)
    cases = Application.objects.bulk_create([_case(rng, place, who) for place, who in enumerate(people, first)])
    asked = MentorRequest.objects.bulk_create(
        [_request(case, mentors[place // PAIRS_EACH]) for place, case in enumerate(cases)]
    )
    pairs = Pair.objects.bulk_create([_pair(rng, request, place) for place, request in enumerate(asked)])
    Agreement.objects.bulk_create([_agreement(pair) for pair in pairs if pair.term_ends_on])
    Meeting.objects.bulk_create([meeting for pair in pairs for meeting in _meetings(rng, pair)])


def _mentors(rng: Random, serials: range, places: list[Region], by: User) -> list[Mentor]:
    users = User.objects.bulk_create(
        [User(username=f"mentor-{serial}", display_name=f"导师{serial}") for serial in serials]
    )
    firms = Organisation.objects.bulk_create(
        [Organisation(name=f"高县茶业{serial}公司", kind="enterprise", region=rng.choice(places)) for serial in serials]
    )
    Membership.objects.bulk_create(
        [
            Membership(user=user, role=Role.MENTOR, organisation=firm, granted_by=by)
            for user, firm in zip(users, firms, strict=True)
        ]
    )
    return Mentor.objects.bulk_create(
        [_mentor(rng, user, firm, by) for user, firm in zip(users, firms, strict=True)]
    )  # fmt: skip


def _mentor(rng: Random, user: User, firm: Organisation, by: User) -> Mentor:
    name = rng.choice(SURNAMES) + "".join(rng.sample(GIVEN_FEMALE, 2))
    keys = name_keys(name)
    made = Mentor(
        name=name, name_sort_key=keys.sort_key, name_pinyin=keys.pinyin, name_initials=keys.initials, user=user,
        state=Mentor.State.VERIFIED, kind=rng.choice(("cadre", "entrepreneur")), organisation=firm,
        organisation_name=firm.name, position="总经理", region=firm.region, offers=[rng.choice(MentoringKind.values)],
        industries=rng.sample(Industry.values, 2), skills=rng.sample(Skill.values, 3),
        stages=rng.sample(EnterpriseStage.values, 2), languages=["mandarin"], formats=[Format.ON_SITE],
        bio="做了二十年茶叶。", capacity=PLACES, applied_at=timezone.now(), decided_at=timezone.now(), decided_by=by,
        created_at=timezone.now(), bank_name="高县示例银行", bank_account="6217000010001234567",
        bank_account_last4="4567",
    )  # fmt: skip
    if rng.random() < PAUSED_SHARE:
        made.paused_from, made.pause_reason = timezone.localdate() - timedelta(days=9), "出差"
    return made


def _case(rng: Random, serial: int, person: Talent) -> Application:
    days = rng.randrange(20, 170) if serial % PAIRS_EACH else rng.randrange(200, 700)
    sent = _moment(days + 10)
    return Application(
        scheme=SCHEME, number=f"DS-2026-{serial:06d}", applicant=person, region=person.region, state=State.APPROVED,
        stage="mentor", round=1, version=1, created_at=sent, submitted_at=sent, accept_days=5,
        accept_due_on=timezone.localdate(sent), accepted_at=sent, promised_days=20, notice_days=0,
        decide_due_on=timezone.localdate(sent), decided_at=_moment(days),
    )  # fmt: skip


def _request(case: Application, mentor: Mentor) -> MentorRequest:
    asked: Any = case.submitted_at
    return MentorRequest(
        application=case, mentor=mentor, origin="wish", state=MentorRequest.State.ACCEPTED, asked_at=asked,
        asked_by=mentor.decided_by, due_on=timezone.localdate(asked) + timedelta(days=7), answered_at=case.decided_at,
        answered_by=mentor.user,
    )  # fmt: skip


def _pair(rng: Random, request: MentorRequest, place: int) -> Pair:
    """Every second one is over: its whole term has passed."""
    case, since = request.application, timezone.localdate(request.answered_at)
    made = Pair(
        application=case, request=request, talent=case.applicant, mentor=request.mentor,
        kind=request.mentor.offers[0], started_on=since,
    )  # fmt: skip
    is_over = place % PAIRS_EACH == 0
    if is_over or rng.random() < AGREED_SHARE:
        made.term_ends_on = since + timedelta(weeks=WEEKS, days=-1)
    if is_over:
        made.state, made.end_reason, made.ended_by = "completed", "completed", request.asked_by
        made.ended_on = made.term_ends_on
    return made


def _agreement(pair: Pair) -> Agreement:
    at: Any = pair.request.answered_at
    return Agreement(
        pair=pair, starts_on=pair.started_on, weeks=WEEKS, aims="卖出五千斤茶", content="每月见面两次",
        duties="导师指导，学员按时完成", drafted_by=pair.mentor.user, drafted_at=at, talent_confirmed_at=at,
        mentor_confirmed_at=at,
    )  # fmt: skip


def _meetings(rng: Random, pair: Pair) -> Iterator[Meeting]:
    """A fortnight apart; the last one still waits for the other side."""
    begin: Any = pair.request.answered_at
    for number in range(rng.randrange(MEETINGS_EACH) + 1):
        at = begin + timedelta(days=14 * (number + 1))
        if at > timezone.now():
            return
        meeting = Meeting(
            pair=pair, state="logged", starts_at=at, minutes=60, format=Format.ON_SITE, place="茶厂", topic="直播",
            content="练了一场直播", logged_by=pair.mentor.user, logged_at=at,
        )  # fmt: skip
        if number < MEETINGS_EACH - 1:
            meeting.state, meeting.confirmed_by, meeting.confirmed_at = "confirmed", pair.request.asked_by, at
        yield meeting


def _moment(days_ago: int) -> datetime:
    day = timezone.localdate() - timedelta(days=days_ago)
    return timezone.make_aware(datetime.combine(day, time(10)))
