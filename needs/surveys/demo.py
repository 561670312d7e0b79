"""The demo county's two surveys: villagers, in the field for four weeks now, and talents, closed in the summer."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from django.utils import timezone

from needs.surveys.campaigns import actions as campaigns
from needs.surveys.campaigns.models import Campaign, PublicLink
from needs.surveys.campaigns.occupations import occupations
from needs.surveys.campaigns.rules import spread
from needs.surveys.demo_answers import Respondent
from needs.surveys.filling import actions as filling
from needs.surveys.filling.wire import sent
from needs.surveys.questionnaires import actions as questionnaires
from needs.surveys.questionnaires import ready
from needs.surveys.questionnaires.models import Questionnaire, Version
from needs.surveys.responses import actions as responses
from needs.surveys.responses.models import Response
from needs.surveys.responses.rules import Flag
from needs.surveys.results import actions as results
from needs.surveys.results.models import Margin
from needs.surveys.tallies.tasks import fold_all
from talentmap.accounts.models import User
from talentmap.demo.registry import demo_part
from talentmap.demo.world import World
from talentmap.people.fields import blind_index
from talentmap.regions.models import Region

Targets = dict[tuple[int, str, str], int]
Quotas = Callable[[], Targets]
LANGUAGE = "中文 (zh)"
VILLAGERS, TALENTS = 600, 150
DAYS_IN_THE_FIELD = 28
BY_THEMSELVES, LATE_SYNC, TOO_FAST, SAME_AGAIN = 0.08, 0.25, 0.04, 0.02
REVIEWED = 0.85
DECISIONS = {Response.State.APPROVED: 88, Response.State.RETURNED: 8, Response.State.REJECTED: 4}
COMMENTS = {
    Response.State.APPROVED: "",
    Response.State.RETURNED: "请核对家庭人数和从事的产业，补充后重新提交。",
    Response.State.REJECTED: "与同村另一份答卷完全相同，疑为重复录入。",
}
# Per cent of the county as a whole, and of the talents on file; made up: the office types in what the census says.
AGES = {"lt25": 12, "25_34": 15, "35_44": 17, "45_54": 24, "ge55": 32}
AGES_OF_TALENTS = {"lt25": 20, "25_34": 42, "35_44": 24, "45_54": 11, "ge55": 3}
SEXES = {"male": 51, "female": 49}
PEOPLE_A_VILLAGE = 1_100


@demo_part
def surveys(world: World) -> None:
    villagers = _Survey(world, "villagers", "2026年村民人才需求调查", VILLAGERS, ages=(16, 78, 51))
    villagers.plan(days_ago=DAYS_IN_THE_FIELD, days=DAYS_IN_THE_FIELD + 14, quota=partial(villagers.by_group, 900))
    talents = _Survey(world, "talents", "2026年人才服务需求调查", TALENTS, ages=(20, 58, 29))
    talents.plan(days_ago=150, days=30, quota=partial(talents.by_age, 160))
    world.on(world.at(timezone.localdate(world.end) - timedelta(days=DAYS_IN_THE_FIELD + 5)), partial(_margins, world))
    world.on(world.end, lambda _at: fold_all())  # so that results are there before a worker runs


def _villages(world: World) -> dict[int, int]:
    return {township.pk: len(world.villages[township.pk]) for township in world.townships.values()}


def _margins(world: World, at: datetime) -> None:
    """What the answers are weighted to; the townships, ages and sexes each sum to the same population."""
    people = {str(pk): villages * PEOPLE_A_VILLAGE for pk, villages in _villages(world).items()}
    hundredth = sum(people.values()) // 100
    rows = [(Margin.Dimension.TOWNSHIP, place, count) for place, count in people.items()]
    rows += [(Margin.Dimension.AGE_BAND, band, share * hundredth) for band, share in AGES.items()]
    rows += [(Margin.Dimension.SEX, sex, share * hundredth) for sex, share in SEXES.items()]
    results.make_margins(
        by=world.staff[0],
        at=at,
        title="高县2025年末常住人口（演示数据）",
        source="演示用，非统计数据",
        as_of=date(at.year - 1, 12, 31),
        rows=rows,
    )


@dataclass
class _Survey:
    """One questionnaire and its campaign, from the first draft to the last review."""

    world: World
    code: str
    title: str
    answers: int
    ages: tuple[int, int, int]
    version: Version = field(init=False)
    campaign: Campaign = field(init=False)
    links: list[PublicLink] = field(default_factory=list)
    last: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Chance of its own: what else happens in the county is the same with and without surveys.
        self.rng = Random(self.code)  # noqa: S311 - a demo, not a draw

    def office(self) -> User:
        return self.rng.choice(self.world.staff)

    def plan(self, *, days_ago: int, days: int, quota: Quotas) -> None:
        """Written ten days before, opened on the first day, closed (where that is over) on the day after the last."""
        world, today = self.world, timezone.localdate(self.world.end)
        first = today - timedelta(days=days_ago)
        last = first + timedelta(days=days - 1)
        world.on(world.at(first - timedelta(days=10)), self.write)
        world.on(world.at(first - timedelta(days=3)), partial(self.prepare, first=first, last=last, quota=quota))
        world.on(world.at(first, -30), self.open)
        for _each in range(self.answers):
            day = first + timedelta(days=self.rng.randrange(min(days, days_ago)))
            world.on(world.at(day, self.rng.randrange(8 * 60)), self.ask)
        world.on(world.at(last + timedelta(days=1)), self.close)

    def write(self, at: datetime) -> None:
        made = questionnaires.make_questionnaire(
            by=self.office(),
            at=at,
            title=ready.document(self.code)["settings"]["title"],
            audience=Questionnaire.Audience(self.code),
            document=ready.document(self.code),
        )
        draft = made.versions.get()
        self.version = questionnaires.publish(
            by=draft.edited_by, at=at, version=draft, revision=draft.revision, note="首次发布"
        )

    def prepare(self, at: datetime, *, first: date, last: date, quota: Quotas) -> None:
        townships = list(self.world.townships.values())
        by = self.office()
        self.campaign = campaigns.make_campaign(
            by=by,
            at=at,
            title=self.title,
            version=self.version,
            starts_on=first,
            ends_on=last,
            shortest_minutes=Decimal(4),
            townships=townships,
        )
        places = [township.pk for township in townships]
        campaigns.set_quotas(by=by, at=at, campaign=self.campaign, targets=quota(), townships=places)
        campaigns.assign_cadres(by=by, at=at, campaign=self.campaign)
        for region in (None, *townships[:2]):
            link = campaigns.make_link(
                by=by, at=at, campaign=self.campaign, region=region, one_each=PublicLink.OneEach.DEVICE, per_hour=30
            )
            self.links.append(link)

    def by_group(self, total: int) -> Targets:
        """As many shares as a township has villages, and every occupation alike."""
        return spread(total, _villages(self.world), AGES, {name: 1 for name, _label in occupations(self.version)})

    def by_age(self, total: int) -> Targets:
        """A small sample is not cut into more groups than it has answers."""
        return spread(total, _villages(self.world), AGES_OF_TALENTS, {})

    def open(self, at: datetime) -> None:
        self.campaign = campaigns.change_state(by=self.office(), at=at, campaign=self.campaign, step="open")

    def close(self, at: datetime) -> None:
        campaigns.change_state(by=self.world.director, at=at, campaign=self.campaign, step="close")

    # answers ---------------------------------------------------------------------------------------------

    def ask(self, at: datetime) -> None:
        """One respondent, by an interviewer in a village or by themselves; some phones find a network days later."""
        rng = self.rng
        townships = list(self.world.townships.values())
        township = rng.choices(townships, list(_villages(self.world).values()))[0]
        village = rng.choice(self.world.villages[township.pk][1:])
        answers = Respondent(rng, self.ages).answers(self.version.document)
        if self.last and rng.random() < SAME_AGAIN:
            answers = self.last
        self.last = answers
        minutes = rng.uniform(1, 3) if rng.random() < TOO_FAST else rng.triangular(5, 35, 12)
        is_self = rng.random() < BY_THEMSELVES
        key = uuid.UUID(int=rng.getrandbits(128), version=4)
        interviewer = None if is_self else self.world.cadres[township.pk]
        message = {
            "uuid": str(key),
            "campaign": self.campaign.pk,
            "version": self.version.pk,
            "township": township.pk,
            "village": village.pk,
            "device": f"demo-{rng.getrandbits(40):010x}" if is_self else f"demo-phone-{township.code}",
            "started_at": (at - timedelta(minutes=minutes)).isoformat(),
            "finished_at": at.isoformat(),
            "language": LANGUAGE,
            "username": interviewer.username if interviewer else "",
            "answers": answers,
            "revises": 0,
        }
        later = timedelta(hours=rng.randrange(12, 60)) if not is_self and rng.random() < LATE_SYNC else timedelta()
        self.world.on(at + later, partial(self.take, message=message, interviewer=interviewer, township=township))

    def take(self, at: datetime, *, message: dict[str, Any], interviewer: User | None, township: Region) -> None:
        respondent = None
        if interviewer is None:
            link = next((link for link in self.links if link.region_id == township.pk), self.links[0])
            respondent = filling.Respondent(link, blind_index(f"demo:{message['device']}"))
        taken = filling.accept(by=interviewer, at=at, sent=sent(message), respondent=respondent)
        if self.rng.random() < REVIEWED:
            day = timezone.localdate(at) + timedelta(days=self.rng.randint(1, 4))
            self.world.on(self.world.at(day, self.rng.randrange(8 * 60)), partial(self.review, key=taken.uuid))

    def review(self, at: datetime, *, key: uuid.UUID) -> None:
        """An answer through a link cannot be asked again, and what is suspicious is never approved unread."""
        response = Response.objects.get(uuid=key)
        to = self.rng.choices(list(DECISIONS), list(DECISIONS.values()))[0]
        if response.channel == Response.Channel.SELF and to == Response.State.RETURNED:
            to = Response.State.APPROVED
        if Flag.DUPLICATE in response.flags:
            to = Response.State.REJECTED
        responses.review(by=self.office(), at=at, response=response, to=to, comment=COMMENTS[to])
