"""A year of mentoring in the demo county: a dozen mentors, thirty talents, their agreements, meetings and grades."""

from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from growth.mentoring import actions, matching
from growth.mentoring.demo_words import APPLICANTS, GOALS, MEETINGS, MENTORS, NEXT_STEPS, STEPS, WORDS, assessment
from growth.mentoring.models import Agreement, Assessment, Meeting, Mentor, MentorRequest, Pair
from growth.mentoring.tasks import lapse_all
from talentmap.accounts.models import User
from talentmap.casework import actions as casework
from talentmap.casework.models import Application
from talentmap.demo.accounts import HOME_TOWNSHIP
from talentmap.demo.registry import demo_part
from talentmap.demo.world import World
from talentmap.money import actions as money
from talentmap.people.actions import create_organisation, give_consent
from talentmap.people.choices import Purpose
from talentmap.people.models import Talent
from talentmap.ui.errors import Refused

BUDGET = Decimal(120_000)
PLAYED = "mentor"  # the account that whoever plays the mentor signs in with
WISHES = ("first_wish", "second_wish", "third_wish")
GRADES, SHARES = ("excellent", "qualified", "unqualified"), (55, 42, 3)
MINUTES = (45, 60, 60, 90, 120)


@demo_part
def mentoring_year(county: World) -> None:
    world = copy(county)  # the same year with dice of its own, so that the other parts fall as they did
    world.rng = Random(f"mentoring {county.begin:%Y-%m-%d}")  # noqa: S311 - a story, no secret
    year = _Year(world)
    world.on(world.begin, year.begin)
    for day in world.days():
        midnight = world.midnight(day)
        world.on(midnight + timedelta(minutes=10), lambda at: lapse_all(at=at))
        if day.day == 16:
            world.after(midnight, 1, year.assign)
    people = [
        talent for talent in world.some_talents(len(world.talents)) if talent.user and not talent.is_civil_servant
    ]
    for serial, talent in enumerate(people[:APPLICANTS]):
        days = 6 + serial * (len(world.days()) - 12) // APPLICANTS
        world.after(world.begin, days * 5 // 7, lambda at, talent=talent: year.apply(talent, at))  # type: ignore[misc]


@dataclass
class _Year:
    world: World
    bureau: Any = None

    # Mentors

    def begin(self, at: datetime) -> None:
        money.top_up(
            by=self.world.director, at=at, fund=actions.mentoring_fund(), amount=BUDGET, key="demo:mentoring",
            reason="县财政局下达导师帮带专项资金",
        )  # fmt: skip
        self.bureau = create_organisation(by=self.world.staff[0], at=at, data=self._bureau())
        for serial, row in enumerate(MENTORS):
            self.world.after(at, 1 + serial // 3, lambda moment, row=row: self.win(row, moment))  # type: ignore[misc]
        self.world.on(self.world.at(timezone.localdate(self.world.end) - timedelta(days=7)), self.leave_open)
        self.world.on(self.world.at(timezone.localdate(self.world.end) - timedelta(days=1), 500), self.write_down)
        late = self.world.end - timedelta(days=3)
        self.world.on(late, lambda moment: self.send(dict(MENTORS[0], name="邹建国", user=""), moment))
        self.world.on(late, lambda moment: actions.invite_mentor(
            by=self.world.staff[0], at=moment, name="赵文华", mobile="13990960001"))  # fmt: skip

    def _bureau(self) -> dict[str, Any]:
        region = next(each for name, each in self.world.townships.items() if name == HOME_TOWNSHIP)
        return {"name": "高县示范农业农村局", "kind": "government", "industry": "public", "region": region}

    def send(self, row: dict[str, Any], at: datetime) -> Mentor:
        """Somebody applies; `user` names an account that is there already."""
        user = User.objects.filter(username=row["user"]).first() if row["user"] else None
        if user is None:
            serial = User.objects.filter(username__startswith="mentor").count() + 1
            user = User.objects.create(
                username=f"mentor{serial:02d}", display_name=row["name"], password=make_password(None), date_joined=at
            )
        firms = [*self.world.organisations, self.bureau]
        firm = self.world.rng.choice([each for each in firms if each.kind in row["firms"]])
        held = user.memberships.active().filter(role="mentor").select_related("organisation").first()
        firm = held.organisation if held and held.organisation else firm
        values = {key: value for key, value in row.items() if key not in ("user", "firms")}
        values |= {"organisation": firm, "organisation_name": firm.name, "region": firm.region}
        values["mobile"] = f"1990000{self.world.rng.randrange(2000, 10_000)}"
        return actions.apply_as_mentor(by=user, at=at, values=values)

    def win(self, row: dict[str, Any], at: datetime) -> None:
        mentor = self.send(row, at)
        self.world.after(at, 2, lambda later: self.verify(mentor, later))

    def verify(self, mentor: Mentor, at: datetime) -> None:
        assert mentor.organisation
        actions.verify_mentor(by=self.world.office(), at=at, mentor=mentor, organisation=mentor.organisation)
        user: Any = mentor.user
        user.forget_memberships()
        account = f"62284804{self.world.rng.randrange(10**11):011d}"
        actions.set_account(by=user, at=at, mentor=mentor, bank_name="高县农商银行", bank_account=account)

    # What whoever plays a part finds waiting

    def leave_open(self, at: datetime) -> None:
        """The last days: a request to the mentor who can be signed in as, a wish for a change, an early end."""
        free = [each for each in self.world.some_talents(300) if each.user and not each.is_civil_servant]
        known = set(Application.objects.filter(scheme=matching.SCHEME).values_list("applicant", flat=True))
        if new := next((each for each in free if each.pk not in known), None):
            self.apply(new, at, wished=PLAYED)
        others = list(Pair.objects.active().exclude(mentor__user__username=PLAYED).order_by("pk")[:2])
        if len(others) < 2:
            return
        first, second = others
        reason = "想学直播，导师主要做种植，希望换一位懂电商的导师"
        self._try(actions.ask_for_change, by=self._two(first)[0], at=at, pair=first, reason=reason)
        self._try(
            actions.end_pair, by=self._two(second)[0], at=at, pair=second, reason="moved", note="已到成都就业，无法继续"
        )

    def write_down(self, at: datetime) -> None:
        """A meeting that waits for the confirmation of the mentor who can be signed in as."""
        pair = Pair.objects.active().filter(mentor__user__username=PLAYED, agreements__isnull=False).first()
        if pair:
            day = timezone.localdate(at) - timedelta(days=1)
            self._try(actions.log_meeting, by=self._two(pair)[0], at=at, pair=pair, values=self._log(day))

    # Applications and answers

    def apply(self, talent: Talent, at: datetime, wished: str = "") -> None:
        person: Any = talent.user
        try:
            application = casework.start_draft(by=person, at=at, scheme=matching.SCHEME, talent=talent)
            self._fill(application, person, at, wished)
            give_consent(by=person, at=at, talent=talent, purpose=Purpose.SHARING)
            casework.submit(by=person, at=at, application=application)
        except Refused:
            return
        self.world.after(at, 1, lambda later: self.accept(application, later))

    def _fill(self, application: Application, person: User, at: datetime, wished_user: str) -> None:
        industry, goals, gaps = self.world.rng.choice(GOALS)
        kind = "theory" if self.world.chance(0.3) else "practice"
        stage = self.world.rng.choice(("idea", "starting", "growing"))
        pages: dict[str, dict[str, Any]] = {
            "goals": {"kind": kind, "goals": goals, "enterprise_stage": stage, "industry": industry},
            "needs": {"skill_gaps": gaps, "formats": ["on_site", "phone"], "languages": ["mandarin", "sichuanese"]},
        }
        for page, values in pages.items():
            casework.save_page(by=person, at=at, application=application, page=page, values=values)
        detail = matching.details().get(pk=application.pk)
        ranked = [mentor for mentor, _fit in matching.ranked_for(detail, timezone.localdate(at))]
        if self._is_late(at):  # the last places of the mentor who is played are for whoever plays
            ranked = [mentor for mentor in ranked if not mentor.user or mentor.user.username != PLAYED]
        wished = [] if self.world.chance(0.2) else ranked[: self.world.rng.randrange(1, 4)]
        if wished_user:
            wished = [Mentor.objects.get(user__username=wished_user)]
        wishes = dict(zip(WISHES, [*wished, None, None, None], strict=False))
        casework.save_page(by=person, at=at, application=application, page="wishes", values=wishes)

    def accept(self, application: Application, at: datetime) -> None:
        casework.accept(by=self.world.office(), at=at, application=application)
        self.world.after(at, self.world.rng.randrange(1, 3), lambda later: self.pass_on(application, later))

    def pass_on(self, application: Application, at: datetime) -> None:
        casework.pass_stage(by=self.world.office(), at=at, application=application)
        self.plan_answer(application, at)

    def plan_answer(self, application: Application, at: datetime) -> None:
        """Who is asked answers within some days, but for the few who are silent and those who are played."""
        asked = MentorRequest.objects.open().filter(application=application).select_related("mentor__user").first()
        if asked is None:
            return
        is_played = asked.mentor.user and asked.mentor.user.username == PLAYED
        if self.world.chance(0.92) and not (is_played and self._is_late(at)):
            days = self.world.rng.randrange(1, 5)
            self.world.after(at, days, lambda later: self.answer(asked, later))

    def _is_late(self, at: datetime) -> bool:
        return at > self.world.end - timedelta(days=14)

    def answer(self, asked: MentorRequest, at: datetime) -> None:
        mentor: Any = asked.mentor.user
        mentor.forget_memberships()
        try:
            has_enough = mentor.username == PLAYED and Pair.objects.active().filter(mentor__user=mentor).count() >= 2
            if self.world.chance(0.85) and not has_enough:
                actions.accept_request(by=mentor, at=at, asked=asked)
                self.begin_pair(Pair.objects.get(request=asked), at)
            else:
                actions.decline_request(by=mentor, at=at, asked=asked, reason="近期外出较多，难以保证每月见面")
                self.plan_answer(asked.application, at)
        except Refused:
            return

    def assign(self, at: datetime) -> None:
        """The monthly round; in the last weeks those who wait go on waiting, for whoever plays the office."""
        if at > self.world.end - timedelta(days=25):
            return
        try:
            row = actions.compute_round(by=self.world.staff[0], at=at)
        except Refused:
            return
        actions.confirm_round(by=self.world.staff[0], at=at, round=row)
        for proposal in row.proposals.filter(request__isnull=False).select_related("application"):
            self.plan_answer(proposal.application, at)

    # Pairs

    def begin_pair(self, pair: Pair, at: datetime) -> None:
        self.world.after(at, self.world.rng.randrange(2, 6), lambda later: self.agree(pair, later))

    def agree(self, pair: Pair, at: datetime) -> None:
        talent, mentor = self._two(pair)
        weeks = self.world.rng.choice((12, 16, 26, 26))
        first = timezone.localdate(at)
        try:
            draft = actions.write_agreement(by=mentor, at=at, pair=pair, starts_on=first, weeks=weeks, **WORDS)
            agreement = actions.confirm_agreement(
                by=talent, at=at + timedelta(hours=2), agreement=draft, version=draft.version
            )
        except Refused:
            return
        self._plan_steps(pair, agreement)
        self._plan_meetings(pair, agreement)
        self._plan_assessments(pair, agreement)

    def _plan_steps(self, pair: Pair, agreement: Agreement) -> None:
        talent, mentor = self._two(pair)
        shows = {"by": talent, "evidence": "已完成，照片和订单见附件"}
        for serial, title in enumerate(STEPS):
            due = agreement.starts_on + timedelta(days=28 * (serial + 1))
            if due > agreement.ends_on:
                return
            step = actions.add_step(by=mentor, at=agreement.drafted_at, pair=pair, title=title, due_on=due)
            when = self.world.at(due, self.world.rng.randrange(60, 400))
            self.world.on(when, lambda at, step=step: self._try(actions.finish_step, at=at, step=step, **shows))  # type: ignore[misc]

    def _plan_meetings(self, pair: Pair, agreement: Agreement) -> None:
        day = agreement.starts_on + timedelta(days=self.world.rng.randrange(3, 9))
        while day <= agreement.ends_on:
            self.world.on(self.world.at(day, 480), lambda at, day=day: self.meet(pair, day, at))  # type: ignore[misc]
            following = day + timedelta(days=self.world.rng.randrange(12, 24))
            if day <= timezone.localdate(self.world.end) < following <= agreement.ends_on:
                evening = self.world.at(day, 500)
                self.world.on(evening, lambda at, ahead=following: self.plan(pair, ahead, at))  # type: ignore[misc]
            day = following

    def meet(self, pair: Pair, day: date, at: datetime) -> None:
        """Written down by the talent in the evening, confirmed by the mentor a day or two later."""
        talent, mentor = self._two(pair)
        written = self._try(actions.log_meeting, by=talent, at=at, pair=pair, values=self._log(day))
        if isinstance(written, Meeting):
            later = at + timedelta(days=self.world.rng.randrange(1, 4))
            self.world.on(later, lambda moment: self._try(
                actions.confirm_meeting, by=mentor, at=moment, meeting=written, version=written.version))  # fmt: skip

    def _log(self, day: date) -> dict[str, Any]:
        topic, content = self.world.rng.choice(MEETINGS)
        form = self.world.rng.choice(("on_site", "on_site", "phone", "video"))
        return self._when(day, topic, form) | {"content": content, "next_steps": self.world.rng.choice(NEXT_STEPS)}

    def _when(self, day: date, topic: str, form: str) -> dict[str, Any]:
        return {
            "starts_at": self.world.at(day, self.world.rng.randrange(0, 300, 30)),
            "minutes": self.world.rng.choice(MINUTES),
            "format": form,
            "place": "基地会议室" if form == "on_site" else "",
            "topic": topic,
        }

    def plan(self, pair: Pair, day: date, at: datetime) -> None:
        """The next meeting lies ahead when the played year ends."""
        values = self._when(day, "下一步计划", "on_site")
        self._try(actions.plan_meeting, by=self._two(pair)[1], at=at, pair=pair, values=values)

    def _plan_assessments(self, pair: Pair, agreement: Agreement) -> None:
        half = agreement.starts_on + (agreement.ends_on - agreement.starts_on) / 2 + timedelta(days=2)
        for phase, day in (("midterm", half), ("final", agreement.ends_on)):
            for serial, side in enumerate(("talent", "mentor", "office")):
                when = self.world.at(day + timedelta(days=1 + serial), 60 + 30 * serial)
                self.world.on(when, lambda at, phase=phase, side=side: self.assess(pair, agreement, phase, side, at))  # type: ignore[misc]

    def assess(self, pair: Pair, agreement: Agreement, phase: str, side: str, at: datetime) -> None:
        talent, mentor = self._two(pair)
        by = {"talent": talent, "mentor": mentor, "office": self.world.staff[1]}[side]
        is_late_final = phase == Assessment.Phase.FINAL and at > self.world.end - timedelta(days=12)
        if side == "office" and is_late_final:
            return  # left for whoever plays the office
        grade = self.world.rng.choices(GRADES, SHARES)[0]
        comment = assessment(side, grade)
        self._try(actions.assess_pair, by=by, at=at, agreement=agreement, phase=phase, grade=grade, comment=comment)

    @staticmethod
    def _two(pair: Pair) -> tuple[Any, Any]:
        """The accounts of talent and mentor, with the roles they hold by now."""
        row = Pair.objects.select_related("talent__user", "mentor__user").get(pk=pair.pk)
        for user in (row.talent.user, row.mentor.user):
            if user:
                user.forget_memberships()
        return row.talent.user, row.mentor.user

    @staticmethod
    def _try(act: Any, **values: Any) -> Any:
        """What is no longer possible, because the pair has ended, does not happen."""
        try:
            return act(**values)
        except Refused:
            return None
