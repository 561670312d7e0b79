"""Mentors, requests and pairs in any state, made through the product's own actions."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from growth.mentoring import actions
from growth.mentoring.models import Agreement, Mentor, MentorRequest, Pair
from growth.mentoring.tariff import FUND_CODE
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.casework import actions as casework
from talentmap.casework import reference
from talentmap.casework.models import Application
from talentmap.money import actions as money
from talentmap.money.models import Fund
from talentmap.people.choices import Purpose
from talentmap.people.models import Talent
from tests.factories.accounts import CountyFactory, TownshipFactory, UserFactory, user_with
from tests.factories.casework import MONDAY, moment
from tests.factories.people import ConsentFactory, OrganisationFactory, TalentFactory

PROFILE: dict[str, Any] = {
    "kind": "entrepreneur",
    "position": "总经理",
    "offers": ["practice"],
    "industries": ["tea"],
    "skills": ["ecommerce", "marketing"],
    "stages": ["starting", "growing"],
    "languages": ["mandarin"],
    "formats": ["on_site", "phone"],
    "bio": "做了二十年茶叶。",
}
WANTED: dict[str, Any] = {
    "goals": {
        "kind": "practice",
        "goals": "一年内把本村的茶卖出自己的品牌",
        "enterprise_stage": "starting",
        "industry": "tea",
    },
    "needs": {"skill_gaps": ["ecommerce", "finance"], "formats": ["on_site"], "languages": ["mandarin"]},
}


@dataclass
class Office:
    """The people whom mentoring needs, the fund and the township."""

    cadre: User
    staff: User
    staff2: User
    director: User
    system: User
    fund: Fund
    township: Any
    at: Any = field(default_factory=moment)


def office(budget: Any = 100_000) -> Office:
    reference.load_calendar()
    CountyFactory()
    system, township = User.objects.system(), TownshipFactory()
    money.load_defaults(by=system, at=moment())
    made = Office(
        cadre=user_with(Role.TOWNSHIP_CADRE, region=township),
        staff=user_with(Role.OFFICE_STAFF),
        staff2=user_with(Role.OFFICE_STAFF),
        director=user_with(Role.OFFICE_DIRECTOR),
        system=system,
        fund=money.open_fund(by=system, at=moment(), code=FUND_CODE, name="导师帮带专项资金"),
        township=township,
    )
    if budget:
        money.top_up(
            by=made.director, at=moment(), fund=made.fund, amount=Decimal(budget), key="budget", reason="年度预算"
        )
    return made


def applied(where: Office, **values: Any) -> Mentor:
    """Somebody who wishes to be a mentor and waits to be verified."""
    user = UserFactory()
    given = {"name": user.display_name, "mobile": "", "region": where.township, "organisation": None,
             "organisation_name": "高县茶业", "capacity": 2, **PROFILE, **values}  # fmt: skip
    return actions.apply_as_mentor(by=user, at=moment(), values=given)


def mentor(where: Office, **values: Any) -> Mentor:
    """A verified mentor; `user.mentor` and `mentor.user` as one finds them."""
    row = applied(where, **values)
    firm = OrganisationFactory(region=where.township)
    actions.verify_mentor(by=where.staff, at=moment(), mentor=row, organisation=firm)
    return Mentor.objects.select_related("user").get(pk=row.pk)


def talent(where: Office, **fields: Any) -> Talent:
    user = user_with(Role.TALENT)
    person = TalentFactory(user=user, **{"region": where.township, "education": "bachelor", **fields})
    ConsentFactory(talent=person, purpose=Purpose.SHARING)
    return person


def without_account(where: Office, **fields: Any) -> Talent:
    """Somebody for whom the township applies at its counter."""
    person = TalentFactory(user=None, **{"region": where.township, "education": "bachelor", **fields})
    ConsentFactory(talent=person, purpose=Purpose.SHARING)
    return person


def submitted(person: Talent, *wishes: Mentor, on: date = MONDAY, by: User | None = None, **goals: Any) -> Application:
    at, by = moment(on), by or person.user
    application = casework.start_draft(by=by, at=at, scheme="mentoring", talent=person)
    names = ("first_wish", "second_wish", "third_wish")
    pages = {
        **WANTED,
        "goals": {**WANTED["goals"], **goals},
        "wishes": dict(zip(names, [*wishes, None, None, None], strict=False)),
    }
    for page, values in pages.items():
        casework.save_page(by=by, at=at, application=application, page=page, values=values)
    return casework.submit(by=by, at=at, application=application)


def passed(where: Office, person: Talent, *wishes: Mentor, on: date = MONDAY, **goals: Any) -> Application:
    """Accepted and passed by the office, so that the first wish is asked or the application waits."""
    application = submitted(person, *wishes, on=on, by=person.user or where.cadre, **goals)
    casework.accept(by=where.staff, at=moment(on), application=application)
    return casework.pass_stage(by=where.staff, at=moment(on), application=application)


def asked(where: Office, person: Talent, *wishes: Mentor, on: date = MONDAY, **goals: Any) -> MentorRequest:
    application = passed(where, person, *wishes, on=on, **goals)
    return MentorRequest.objects.open().get(application=application)


def pair(where: Office, person: Talent, by: Mentor, on: date = MONDAY, **goals: Any) -> Pair:
    request = asked(where, person, by, on=on, **goals)
    actions.accept_request(by=by.user, at=moment(on), asked=request)
    return Pair.objects.select_related("talent__user", "mentor__user").get(request=request)


def agreed(row: Pair, weeks: int = 26, starts_on: date | None = None) -> Agreement:
    """In force from `starts_on`, by default the day on which the pair began."""
    first = starts_on or row.started_on
    at = moment(min(first, row.started_on))
    words = {"aims": "卖出五千斤茶", "content": "每月见面两次", "duties": "导师指导，学员按时完成"}
    draft = actions.write_agreement(by=row.talent.user, at=at, pair=row, starts_on=first, weeks=weeks, **words)
    return actions.confirm_agreement(by=row.mentor.user, at=at, agreement=draft, version=draft.version)


def met(row: Pair, day: date, **values: Any) -> Any:
    """A meeting that the talent wrote down and the mentor confirmed."""
    written = logged(row, day, **values)
    return actions.confirm_meeting(
        by=row.mentor.user, at=moment(day + timedelta(days=1)), meeting=written, version=written.version
    )


def logged(row: Pair, day: date, **values: Any) -> Any:
    given = {"starts_at": moment(day), "minutes": 60, "format": "on_site", "place": "茶厂", "topic": "直播",
             "content": "练了一场直播", "next_steps": "下周再播", **values}  # fmt: skip
    return actions.log_meeting(by=row.talent.user, at=moment(day, 18), pair=row, values=given)
