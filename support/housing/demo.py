"""A year of housing subsidies in the demo county: four hundred applications, the fund, the quarterly payments."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from support.housing import actions as housing
from support.housing.demo_specimens import Specimens
from support.housing.models import Entitlement
from support.housing.tasks import accrue_all
from talentmap.casework import actions as casework
from talentmap.casework import registry
from talentmap.casework.models import Application, Objection
from talentmap.casework.states import State
from talentmap.demo import names, papers
from talentmap.demo.funds import DemoFund
from talentmap.demo.registry import demo_part
from talentmap.demo.world import World
from talentmap.money.rules import Quarter
from talentmap.people.models import Talent
from talentmap.ui.errors import Refused

APPLICATIONS = 400
RECENT_SHARE, RECENT_DAYS = 0.2, 24
FIRST_BUDGET, YEARLY_BUDGET = Decimal(6_200_000), Decimal(9_800_000)
DAYS_TO_ACCEPT = (1,) * 8 + (2,) * 8 + (3,) * 6 + (4,) * 4 + (8,)
APARTMENTS = 9
LASTING = {"grade", "civil_servant"}  # what speaks against somebody for the whole year
SCORES = ((5, 62), (4, 25), (3, 8), (2, 3), (1, 2))


@demo_part
def housing_year(world: World) -> None:
    year = _Year(world)
    year.fund.plan()
    for day in world.days():
        year.plan_day(day)
    year.specimens.plan()
    year.plan_applications()
    for serial in range(APARTMENTS):
        world.after(world.begin, 15 + 20 * serial, year.move_in)


@dataclass
class _Year:
    world: World

    def __post_init__(self) -> None:
        reason = "县财政局下达人才住房保障资金"
        fund = DemoFund(self.world, housing.housing_fund, FIRST_BUDGET, YEARLY_BUDGET, reason, failing=0.02)
        self.fund, self.specimens = fund, Specimens(self.world, fund, self.enter)
        fund.spared = lambda: self.specimens.ids
        self.hopeless: set[int] = set()

    # The nights and the payments

    def plan_day(self, day: date) -> None:
        """The nightly sweeps on every day; two payment rounds a month."""
        midnight = self.world.midnight(day)
        self.world.on(midnight + timedelta(minutes=20), self.end_notices)
        if day.day == 1:
            self.world.on(midnight + timedelta(minutes=30), lambda at: accrue_all(at=at))
        if day.day in (8, 22):
            due = Quarter.of(day - timedelta(days=20))
            self.world.after(midnight, 1, lambda at: self.fund.pay(at, due))
        if day == timezone.localdate(self.world.end) - timedelta(days=4):
            # What whoever plays the director finds waiting.
            self.world.after(midnight, 1, lambda at: self.fund.prepare(at, Quarter.of(timezone.localdate(at))))

    def end_notices(self, at: datetime) -> None:
        over = Application.objects.filter(state=State.ON_NOTICE, notice_until__lt=timezone.localdate(at))
        for application in over.order_by("pk"):
            casework.end_notice(by=self.world.system, at=at, application=application)
            if application.pk not in self.specimens.ids:
                self.decide(application, at)

    def move_in(self, at: datetime) -> None:
        """Somebody whom no rent subsidy pays for moves into a turnover apartment for a year."""
        for talent in self.world.some_talents(20):
            starts_on = timezone.localdate(at)
            ends_on = starts_on + timedelta(days=364)
            applies = Application.objects.filter(applicant=talent).open().exists()
            if (
                talent.created_at < at
                and not applies
                and not Entitlement.objects.of_home(talent, starts_on, ends_on).exists()
            ):
                housing.record_apartment(
                    by=self.world.office(),
                    at=at,
                    talent=talent,
                    address=f"庆符镇人才周转房{self.world.rng.randrange(1, 4)}栋",
                    starts_on=starts_on,
                    ends_on=ends_on,
                )
                return

    # The applications

    def plan_applications(self) -> None:
        """Most applications over the year, a fifth in the last weeks: so there is work on every desk."""
        days, recent = self.world.days(), int(APPLICATIONS * RECENT_SHARE)
        for serial in range(APPLICATIONS):
            window = days[-RECENT_DAYS:] if serial < recent else days
            scheme = "housing_purchase" if self.world.chance(0.2) else "housing_rent"
            moment = self.world.at(self.world.rng.choice(window))
            self.world.after(moment, 1, partial(self.apply, scheme))

    def apply(self, scheme: str, at: datetime) -> None:
        talent = self.somebody_eligible(scheme, at)
        if talent is None:
            return
        application = self.enter(scheme, talent, at)
        if self.world.chance(0.04):
            return
        if self.send(application, self.world.soon(at, 25)):
            self.world.after(at, self.world.rng.choice(DAYS_TO_ACCEPT), lambda later: self.receive(application, later))

    def send(self, application: Application, at: datetime) -> bool:
        """Whether it could be sent: what the form brought to light, or what was granted since, may speak against it.
        Then it stays where it is, as it does in life."""
        try:
            casework.submit(by=self.world.applicant_or_counter(application), at=at, application=application)
        except Refused:
            return False
        return True

    def enter(self, scheme: str, talent: Talent, at: datetime) -> Application:
        """A draft, filled in by the person or at the counter."""
        by = talent.user or self.world.cadre_of(talent)
        application = casework.start_draft(by=by, at=at, scheme=scheme, talent=talent)
        self.fill_in(application, by, at)
        return application

    def somebody_eligible(self, scheme: str, at: datetime) -> Talent | None:
        """Somebody with no open application for it against whom nothing is known."""
        service, busy = registry.get(scheme), self._holders(scheme)
        for talent in self.world.some_talents(40):
            if talent.created_at > at or talent.pk in busy:
                continue
            assessment = service.assess(talent, at=at)
            if assessment.eligible and not assessment.to_fill_in:
                return talent
            if {condition.code for condition in assessment.unmet} & LASTING:
                self.hopeless.add(talent.pk)
        return None

    def _holders(self, scheme: str) -> set[int]:
        """Who has an open application for it, or has it already, or will never get it: not worth an assessment."""
        applying = Application.objects.filter(scheme=scheme).open().values_list("applicant_id", flat=True)
        held = Entitlement.objects.filter(kind=scheme.removeprefix("housing_"))
        granted = held.exclude(state=Entitlement.State.REVOKED) if scheme == "housing_purchase" else held.active()
        return self.hopeless.union(applying, granted.values_list("talent_id", flat=True))

    def fill_in(self, application: Application, by: Any, at: datetime) -> None:
        rng, today = self.world.rng, timezone.localdate(at)
        street = f"{rng.choice(names.STREETS)}{rng.randrange(1, 160)}号"
        address = f"高县{self.world.township_of(self.world.file_of(application)).name}{street}"
        if application.scheme == "housing_rent":
            started = today - timedelta(days=rng.randrange(5, 90))
            home = {
                "address": address,
                "landlord": rng.choice(names.SURNAMES) + "女士",
                "monthly_rent": Decimal(rng.randrange(6, 22) * 100),
                "lease_from": started,
                "lease_until": started + timedelta(days=729),
            }
            declared = {"owns_home": False, "has_dormitory": False, "declared_true": True}
            document = "lease"
        else:
            home = {
                "address": address,
                "price": Decimal(rng.randrange(320, 720) * 1000),
                "purchased_on": today - timedelta(days=rng.randrange(10, 250)),
                "contract_number": f"GX{today.year}{rng.randrange(10**6):06d}",
            }
            declared = {"declared_true": True}
            document = "contract"
        casework.save_page(by=by, at=at, application=application, page="home", values=home)
        casework.save_page(by=by, at=at, application=application, page="declaration", values=declared)
        for kind in (document, "certificate"):
            casework.attach(by=by, at=at, application=application, kind=kind, upload=_scan(kind))

    def receive(self, application: Application, at: datetime) -> None:
        """The township accepts, returns, or now and then refuses; some applicants withdraw first."""
        application.refresh_from_db()
        cadre, roll = self.world.cadre_for(application), self.world.rng.random()
        person = self.world.file_of(application).user
        if roll < 0.03 and person:
            casework.withdraw(by=person, at=at, application=application, reason="")
        elif roll < 0.13 and application.round == 1:
            item = casework.Item("certificate", self.world.rng.choice(names.RETURN_NOTES))
            casework.return_for_correction(by=cadre, at=at, application=application, items=[item])
            self.world.after(at, self.world.rng.randrange(1, 8), lambda later: self.correct(application, later))
        elif roll < 0.15:
            reason = "申请人提供的租赁地址不在本县范围内，不属于受理范围。"
            casework.refuse(by=cadre, at=at, application=application, reason=reason)
        else:
            casework.accept(by=cadre, at=at, application=application)
            self.next_review(application, at)

    def correct(self, application: Application, at: datetime) -> None:
        if self.world.chance(0.15):
            return
        by = self.world.applicant_or_counter(application)
        old: Any = application.documents.current().first()
        casework.attach(by=by, at=at, application=application, kind=old.kind, upload=_scan(old.kind, 2), replaces=old)
        if self.send(application, self.world.soon(at, 5)):
            self.world.after(at, self.world.rng.randrange(1, 4), lambda later: self.receive(application, later))

    def next_review(self, application: Application, at: datetime) -> None:
        days = self.world.rng.choices((1, 2, 3, 4, 7), (30, 30, 22, 14, 4))[0]
        self.world.after(at, days, lambda later: self.review(application, later))

    def review(self, application: Application, at: datetime) -> None:
        application.refresh_from_db()
        by = {
            "township": self.world.cadre_for(application),
            "office": self.world.office(),
            "director": self.world.director,
        }[application.stage]
        if application.stage == "office" and self.world.chance(0.05):
            reason = self.world.rng.choice(names.REJECT_REASONS)
            casework.reject(by=by, at=at, application=application, reason=reason)
            self.maybe_rate(application, at)
            return
        application = casework.pass_stage(by=by, at=at, application=application)
        if application.state == State.IN_REVIEW:
            self.next_review(application, at)
        elif self.world.chance(0.03):
            self.world.after(at, 2, lambda later: self.object(application, later))

    def object(self, application: Application, at: datetime) -> None:
        """Somebody writes in during the notice; the office answers."""
        application.refresh_from_db()
        if application.state != State.ON_NOTICE:
            return
        text = "听说该申请人在县城另有住房，请核实。"
        objection = casework.object_to(by=None, at=at, application=application, text=text, name="", contact="")
        self.world.after(at, 4, lambda later: self.answer_objection(objection, later))

    def answer_objection(self, objection: Objection, at: datetime) -> None:
        answer = "经不动产登记中心查询，申请人及配偶在本县无住房，异议不成立。"
        casework.answer_objection(by=self.world.office(), at=at, objection=objection, upheld=False, answer=answer)

    def decide(self, application: Application, at: datetime) -> None:
        self.world.after(at, self.world.rng.randrange(1, 4), lambda later: self.approve(application, later))

    def approve(self, application: Application, at: datetime) -> None:
        try:
            casework.approve(by=self.world.director, at=at, application=application)
        except Refused:
            if application.objections.filter(state="open").exists():
                self.world.after(at, 3, lambda later: self.approve(application, later))
            return
        self.maybe_rate(application, at)
        if application.scheme == "housing_rent" and self.world.chance(0.12):
            days = self.world.rng.randrange(40, 260)
            self.world.after(at + timedelta(days=days), 1, lambda later: self.leave(application, later))
        elif self.world.chance(0.012):
            self.world.after(at + timedelta(days=60), 1, lambda later: self.revoke(application, later))

    def leave(self, application: Application, at: datetime) -> None:
        row = Entitlement.objects.get(application=application)
        on = timezone.localdate(at) - timedelta(days=self.world.rng.randrange(0, 20))
        if row.state == Entitlement.State.ACTIVE and on > row.starts_on:
            cadre = self.world.cadre_for(application)
            housing.end(by=cadre, at=at, entitlement=row, on=on, note="用人单位书面报告：已离职。")

    def revoke(self, application: Application, at: datetime) -> None:
        application.refresh_from_db()
        if application.state in (State.APPROVED, State.CLOSED):
            reason = "经核查，申请人提交的合同系伪造。"
            casework.revoke(by=self.world.director, at=at, application=application, reason=reason)

    def maybe_rate(self, application: Application, at: datetime) -> None:
        if self.world.file_of(application).user and self.world.chance(0.75):
            self.world.after(at, self.world.rng.randrange(1, 5), lambda later: self.rate(application, later))

    def rate(self, application: Application, at: datetime) -> None:
        application.refresh_from_db()
        score = self.world.rng.choices([s for s, _w in SCORES], [w for _s, w in SCORES])[0]
        comment = self.world.rng.choice(names.POOR_COMMENTS if score <= 2 else names.COMMENTS)
        person: Any = self.world.file_of(application).user
        rating = casework.rate(by=person, at=at, application=application, score=score, comment=comment)
        if score <= 2:
            self.world.after(at, 1, lambda later: self.call_back(rating, later))

    def call_back(self, rating: Any, at: datetime) -> None:
        by = self.world.office()
        casework.call_back(by=by, at=at, rating=rating, note="已电话联系，向申请人说明并致歉。")
        self.world.after(
            at,
            self.world.rng.randrange(2, 9),
            lambda later: casework.mend(by=by, at=later, rating=rating, note="已整改。"),
        )


def _scan(kind: str, copy: int = 1) -> SimpleUploadedFile:
    title = {"lease": "租赁合同", "contract": "购房合同", "certificate": "学位证书"}[kind]
    return papers.scan(title, kind, copy)
