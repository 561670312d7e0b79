"""Writes as many responses as asked for, in minutes: COPY of rows made from a few thousand people's answers.

Triggers and foreign keys are off while they are copied (`session_replication_role`), and the tallies are added up
beside; `verify_tallies` then proves them like any others.
"""

import json
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.surveys import questionnaire
from needs.surveys import engine
from needs.surveys.campaigns.models import Campaign, CampaignTownship, Quota
from needs.surveys.columns import AgeBand
from needs.surveys.questionnaires.models import Question, Questionnaire, Version
from needs.surveys.tallies import actions as tallies
from needs.surveys.tallies import rules
from talentmap.accounts.actions_members import give_role
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.regions.models import Region

PEOPLE = 5_000
INTERVIEWERS_EACH = 3
STATES = ("approved",) * 17 + ("pending",) * 2 + ("rejected",)
FLAGGED = 0.05
TURN = 50_000
_COLUMNS = (
    "uuid", "campaign_id", "version_id", "township_id", "channel", "interviewer_id", "respondent", "device", "language",
    "started_at", "finished_at", "received_at", "answers", "personal", "digest", "fingerprint", "age_band", "sex",
    "occupation", "state", "flags", "revision", "is_dirty", "tallied",
)  # fmt: skip
_TALLY_COLUMNS = (
    "campaign_id", "version_id", "township_id", "age_band", "occupation", "sex", "state", "question", "value", "n",
    "total", "total_squares",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """One set of answers with what follows from it."""

    text: str
    answers: dict[str, Any]
    age_band: str
    sex: str
    occupation: str


@dataclass(frozen=True)
class Office:
    """Who asks and who looks: three cadres in each township, one reviewer."""

    townships: list[Region]
    cadres: dict[int, list[User]]
    staff: User
    version: Version
    people: list[Person]


def prepare() -> Office:
    """The questionnaire, published, and the people around it. The schema and the regions are there already."""
    county, townships = Region.objects.get(level="county"), list(Region.objects.townships())
    staff = _member("survey-staff", Role.OFFICE_STAFF, county)
    cadres = {
        place.pk: [_member(f"survey-{place.code}-{n}", Role.TOWNSHIP_CADRE, place) for n in range(INTERVIEWERS_EACH)]
        for place in townships
    }
    version, compiled = _published(staff)
    rng = Random(25)
    people = [_person(compiled, questionnaire.answers(rng)) for _each in range(PEOPLE)]
    return Office(townships, cadres, staff, version, people)


def _member(name: str, role: str, region: Region) -> User:
    user = User.objects.create_user(name, name, display_name=name)
    give_role(by=User.objects.system(), at=timezone.now(), user=user, role=role, region=region)
    return user


def _published(by: User) -> tuple[Version, Any]:
    now, document = timezone.now(), questionnaire.document()
    compiled = engine.compile(document)
    asked = Questionnaire.objects.create(title="村民人才需求调查", audience="villagers", made_at=now, made_by=by)
    version = Version.objects.create(
        questionnaire=asked, number=1, document=document, compiled=compiled.to_json(), edited_at=now, edited_by=by,
        published_at=now, published_by=by,
    )  # fmt: skip
    Question.objects.bulk_create(
        Question(
            questionnaire=asked, key=node["id"], kind=node["type"], label=node.get("label") or {}, position=place,
            first_version=version,
        )
        for place, node in enumerate(compiled.to_json()["nodes"])
        if node["kind"] == "question"
    )  # fmt: skip
    return version, compiled


def _person(compiled: Any, said: dict[str, Any]) -> Person:
    now = timezone.localtime()
    checked = engine.check(compiled, said, engine.Context(now=now.isoformat(), today=str(now.date())))
    if checked.mistakes:
        raise SystemExit(f"the benchmark's own answers are wrong: {checked.mistakes}")
    facts, given = checked.facts, checked.answers
    return Person(json.dumps(given, ensure_ascii=False), given, facts.age_band, facts.sex, facts.occupation)


def campaign(office: Office, title: str) -> Campaign:
    """In the field this month in every township, with a quota for each age band and occupation."""
    today = timezone.localdate()
    made = Campaign.objects.create(
        title=title, questionnaire=office.version.questionnaire, version=office.version, state="open",
        starts_on=today - timedelta(days=20), ends_on=today + timedelta(days=20), made_at=timezone.now(),
        made_by=office.staff,
    )  # fmt: skip
    CampaignTownship.objects.bulk_create(CampaignTownship(campaign=made, region=place) for place in office.townships)
    Quota.objects.bulk_create(
        Quota(campaign=made, region=place, age_band=band, occupation=job, target=300)
        for place in office.townships
        for band in AgeBand.values
        for job in questionnaire.JOBS
    )
    return made


def fill(office: Office, made: Campaign, count: int) -> None:
    """Copy `count` responses into the campaign, with their tallies."""
    rng = Random(f"{made.pk} {count}")  # each campaign its own ids, however many it has
    counted: Counter[tuple[int, int, str]] = Counter()
    for start in range(0, count, TURN):
        size = min(TURN, count - start)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("set local session_replication_role = replica")
            _copy(cursor, "needs_response", _COLUMNS, _rows(rng, office, made, size, counted))
    _tally(office, made, counted)


def _copy(cursor: Any, table: str, columns: tuple[str, ...], rows: Iterator[str]) -> None:
    cursor.copy_expert(f"copy {table} ({', '.join(columns)}) from stdin", _Stream(rows))


class _Stream:
    """The rows as the file that COPY reads."""

    def __init__(self, rows: Iterator[str]) -> None:
        self.rows, self.rest = rows, b""

    def read(self, size: int = 8192) -> bytes:
        parts, length = [self.rest], len(self.rest)
        while length < size and (row := next(self.rows, None)) is not None:
            parts.append(row.encode())
            length += len(parts[-1])
        whole = b"".join(parts)
        self.rest = whole[size:]
        return whole[:size]


def _rows(
    rng: Random, office: Office, made: Campaign, size: int, counted: Counter[tuple[int, int, str]]
) -> Iterator[str]:
    now = timezone.now()
    texts = [_escaped(person.text) for person in office.people]
    for _row in range(size):
        number, place, state = rng.randrange(PEOPLE), rng.choice(office.townships), rng.choice(STATES)
        counted[number, place.pk, state] += 1
        person, asked_by = office.people[number], rng.choice(office.cadres[place.pk])
        key, finished = (
            uuid.UUID(int=rng.getrandbits(128), version=4),
            now - timedelta(seconds=rng.randrange(1_500_000)),
        )
        yield _line(
            str(key), made.pk, office.version.pk, place.pk, "interview", asked_by.pk, "", f"device-{asked_by.pk}",
            questionnaire.CHINESE, (finished - timedelta(minutes=12)).isoformat(), finished.isoformat(),
            finished.isoformat(), texts[number], "", key.hex * 2, key.hex * 2, person.age_band, person.sex,
            person.occupation, state, "{too_fast}" if rng.random() < FLAGGED else "{}", 0, "f",
            _counted_as(office.version.pk, place.pk, person, state),
        )  # fmt: skip


def _line(*fields: object) -> str:
    return "\t".join(map(str, fields)) + "\n"


def _counted_as(version: int, place: int, person: Person, state: str) -> str:
    said = {
        "version": version,
        "township": place,
        "age_band": person.age_band,
        "occupation": person.occupation,
        "sex": person.sex,
        "state": state,
        "revision": 0,
    }
    return _escaped(json.dumps(said))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def _tally(office: Office, made: Campaign, counted: Counter[tuple[int, int, str]]) -> None:
    level = tallies.level_of(office.version.pk)
    said = [rules.contributions(level, person.answers) for person in office.people]
    sums: dict[tuple[Any, ...], list[Any]] = {}
    for (number, place, state), times in counted.items():
        person = office.people[number]
        cell = (place, person.age_band, person.occupation, person.sex, state)
        for key, amount in said[number].items():
            row = sums.setdefault((*cell, *key), [0, 0, 0])
            row[0] += amount.n * times
            row[1] += amount.total * times
            row[2] += amount.squares * times
    head = (made.pk, office.version.pk)
    rows = (_line(*head, *map(_escaped_or_number, key), *sums[key]) for key in sorted(sums))
    with transaction.atomic(), connection.cursor() as cursor:
        _copy(cursor, "needs_tally", _TALLY_COLUMNS, rows)


def _escaped_or_number(value: Any) -> Any:
    return _escaped(value) if isinstance(value, str) else value
