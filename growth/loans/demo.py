"""A year of loans in the demo county: who applies, who decides, what is repaid, and the subsidy of the interest."""

from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from django.utils import timezone

from growth.loans import actions
from growth.loans.demo_lending import NIGHT, Lending
from growth.loans.demo_products import ALL_OFFERED, banks, opening
from growth.loans.demo_stories import (
    APPLICATIONS,
    FARMING,
    PURPOSES,
    REASONS,
    RETURN_NOTE,
    RETURNEE,
    STORIES,
    VILLAGE_BANK,
    YOUTH,
    Story,
)
from growth.loans.models import LoanProduct
from growth.loans.models_loan import Loan
from growth.loans.tasks import book_all, bring_all_up_to_date
from talentmap.accounts.models import User
from talentmap.casework import actions as casework
from talentmap.casework.models import Application
from talentmap.casework.rules import add_working_days
from talentmap.casework.states import State
from talentmap.demo import identity, names, papers
from talentmap.demo.accounts import HOME_TOWNSHIP
from talentmap.demo.funds import DemoFund
from talentmap.demo.people import SECOND
from talentmap.demo.registry import demo_part
from talentmap.demo.world import World
from talentmap.money.rules import Quarter
from talentmap.people.actions import create_organisation, give_consent, update_talent
from talentmap.people.choices import Purpose
from talentmap.people.models import Talent

FIRST_BUDGET, YEARLY_BUDGET = Decimal(300_000), Decimal(400_000)
YOUTH_BORN = (20, 38)  # well within the ages of the plan all year
TITLES = {"licence": "营业执照", "plan": "创业计划书", "partnership": "合伙协议"}
BOOKED_IN = (1, 4, 7, 10)
RECENT = 30  # in stories that began no longer ago, each step is taken on the next working day


@demo_part
def loan_year(county: World) -> None:
    world = copy(county)  # the same year with dice of its own, so that the other parts fall as they did
    world.rng = Random(f"loans {county.begin:%Y-%m-%d}")  # noqa: S311 - a story, no secret
    year = _Year(world)
    year.fund.plan()
    for day in world.days():
        if day.day == 1 and day.month in BOOKED_IN:
            night = world.midnight(day) + NIGHT
            world.on(night, lambda at: book_all(at=at))
            for workdays in (6, 25):  # a second round for what was corrected, or came late
                world.after(night, workdays, year.pay)
    for story, talent in year.cast():
        world.on(year.beginning(story), partial(year.begin, story, talent))
    world.on(world.end, lambda at: bring_all_up_to_date(at=at))


@dataclass
class _Year:
    world: World
    lending: Lending = field(init=False)
    fund: DemoFund = field(init=False)

    def __post_init__(self) -> None:
        self.guarantor, *officers = (User.objects.get(username=name) for name in ("guarantor", "bank", "bank2"))
        keep = {bank.pk: officer for bank, officer in zip(banks(), officers, strict=True)}
        self.lending = Lending(self.world, keep, importing=banks()[VILLAGE_BANK].pk)
        reason = "县财政局下达创业担保贷款贴息资金"
        self.fund = DemoFund(self.world, actions.loan_fund, FIRST_BUDGET, YEARLY_BUDGET, reason)

    def pay(self, at: datetime) -> None:
        before = Quarter.of(timezone.localdate(at)).first_day - timedelta(days=1)
        self.fund.pay(at, Quarter.of(before))

    # Who lives through what

    def beginning(self, story: Story) -> datetime:
        """Not before every bank has its products on offer."""
        last = timezone.localdate(self.world.end)
        offered = add_working_days(timezone.localdate(opening(self.world)), ALL_OFFERED, self.world.calendar)
        return self.world.at(max(offered, add_working_days(last, -story.begins, self.world.calendar)))

    def cast(self) -> list[tuple[Story, Talent]]:
        """Everybody once, those with an account first; a story for which there is nobody is not told."""
        _applies_themselves, *others = self.world.talents
        played = next(each for each in others if each.user and each.user.username == SECOND)
        self.world.kept.add(played.pk)
        free = [each for each in others if not each.is_civil_servant and each != played]
        free.sort(key=lambda each: each.user_id is None)
        found = []
        for story in (*STORIES, *(self._by_chance() for _serial in range(APPLICATIONS))):
            fitting = [played] if story.played else [each for each in free if self._fits(each, story)]
            fitting.sort(key=lambda each: story.at_home and self.world.township_of(each).name != HOME_TOWNSHIP)
            if fitting:
                found.append((story, fitting[0]))
                free = [each for each in free if each != fitting[0]]
        return found

    def _fits(self, talent: Talent, story: Story) -> bool:
        begins = self.beginning(story)
        if talent.created_at + timedelta(days=1) > begins:
            return False
        years = begins.year - talent.birth_date.year if talent.birth_date else 0
        return story.product != YOUTH or YOUTH_BORN[0] <= years <= YOUTH_BORN[1]

    def _by_chance(self) -> Story:
        rng = self.world.rng
        product, most = rng.choice(((RETURNEE, 50), (RETURNEE, 50), (FARMING, 30), (YOUTH, 10)))
        methods = ("equal-principal",) if product == YOUTH else ("equal-principal", "equal-instalment", "interest-only")
        return Story(
            begins=rng.randrange(25, 190), product=product, amount=10_000 * rng.randrange(4, most + 1),
            months=rng.choice((12, 18, 24, 30)), method=rng.choice(methods), purpose=rng.choice(PURPOSES),
            slips=self.world.chance(0.2),
        )  # fmt: skip

    # The application

    def begin(self, story: Story, talent: Talent, at: datetime) -> None:
        by: Any = talent.user or self.world.cadre_of(talent)
        if story.firm[0]:
            self._found(story, talent, at)
        give_consent(by=by, at=at, talent=talent, purpose=Purpose.SHARING)
        application = casework.start_draft(by=by, at=at, scheme="start_up_loan", talent=talent)
        for page, values in self._pages(story, talent, at).items():
            casework.save_page(by=by, at=at, application=application, page=page, values=values)
        kinds = ("licence", "plan", "partnership") if story.kind == "partnership" else ("licence", "plan")
        for kind in kinds:
            upload = papers.scan(TITLES[kind], kind)
            casework.attach(by=by, at=at, application=application, kind=kind, upload=upload)
        if story.goal != "draft":
            at = self.world.soon(at, 35)
            casework.submit(by=by, at=at, application=application)
            self._plan_step(application, story, at)

    def _found(self, story: Story, talent: Talent, at: datetime) -> None:
        """The enterprise comes into the register, and into the founder's file."""
        (name, industry), township = story.firm, self.world.township_of(talent)
        data = {
            "name": f"高县{township.name.removesuffix('镇')}{name}",
            "kind": "enterprise",
            "industry": industry,
            "region": township,
            "credit_code": identity.credit_code(self.world.rng, "enterprise"),
            "contact_name": talent.name,
            "contact_phone": f"0831-8{self.world.rng.randrange(10**6):06d}",
        }
        firm = create_organisation(by=self.world.staff[0], at=at, data=data)
        changes = {"enterprise": firm, "enterprise_stage": "growing"}
        update_talent(by=self.world.cadre_of(talent), at=at, talent=talent, changes=changes)

    def _pages(self, story: Story, talent: Talent, at: datetime) -> dict[str, dict[str, Any]]:
        rng, today = self.world.rng, timezone.localdate(at)
        product = LoanProduct.objects.get(name=story.product, closed_at=None)
        consumer = self.world.chance(0.15)
        spouse = rng.choice(("none", "permitted")) if talent.marital_status == "married" else "none"
        return {
            "loan": {
                "kind": story.kind, "partners": story.partners, "product": product, "amount": Decimal(story.amount),
                "months": story.months, "method": story.method, "grace": story.grace, "purpose": story.purpose,
            },
            "business": {
                "business_started_on": today - timedelta(days=rng.randrange(120, 800)),
                "other_loans": "consumer" if consumer else rng.choice(("none", "permitted")),
                "consumer_amount": Decimal(1_000 * rng.randrange(5, 48)) if consumer else None,
                "spouse_loans": spouse, "spouse_consumer_amount": None, **self._partners(story),
            },
            "declaration": {"declared_true": True},
        }  # fmt: skip

    def _partners(self, story: Story) -> dict[str, Any]:
        """Who borrows with a partnership's applicant: people of whom the county has no file."""
        rng = self.world.rng
        lines = []
        for _partner in range((story.partners or 1) - 1):
            name = rng.choice(names.SURNAMES) + "".join(rng.sample(names.GIVEN_MALE, 2))
            born = date(rng.randrange(1985, 2000), rng.randrange(1, 13), rng.randrange(1, 29))
            lines.append(f"{name} {identity.id_number(rng, born, male=True)}")
        return {"partner_list": "\n".join(lines), "partners_agree": True} if lines else {}

    # Township, office, guarantor, bank

    def _plan_step(self, application: Application, story: Story, at: datetime) -> None:
        workdays = 1 if story.begins <= RECENT else self.world.rng.choice((1, 1, 2, 3))
        self.world.after(at, workdays, lambda later: self._step(application, story, later))

    def _step(self, application: Application, story: Story, at: datetime) -> None:
        """Whoever has the case takes the next step, until it is where the story ends."""
        application.refresh_from_db()
        where = application.stage if application.state == State.IN_REVIEW else application.state
        if story.goal == where:
            return
        done = getattr(self, f"_at_{where}")(application, story, at)
        if done is not False:
            self._plan_step(application, story, at)

    def _at_submitted(self, application: Application, story: Story, at: datetime) -> bool:
        cadre, reason = self.world.cadre_for(application), REASONS.get(story.goal, "")
        if story.goal == "refused":
            casework.refuse(by=cadre, at=at, application=application, reason=reason)
        elif story.goal == "withdrawn":
            by = self.world.applicant_or_counter(application)
            casework.withdraw(by=by, at=at, application=application, reason=reason)
        elif story.goal == "returned" or (story.slips and application.round == 1):
            items = [casework.Item("plan", RETURN_NOTE)]
            casework.return_for_correction(by=cadre, at=at, application=application, items=items)
            return story.slips
        else:
            casework.accept(by=cadre, at=at, application=application)
            return True
        return False

    def _at_returned(self, application: Application, story: Story, at: datetime) -> None:
        by = self.world.applicant_or_counter(application)
        old = application.documents.current().get(kind="plan")
        upload = papers.scan(TITLES["plan"], "plan", 2)
        casework.attach(by=by, at=at, application=application, kind="plan", upload=upload, replaces=old)
        casework.submit(by=by, at=self.world.soon(at, 5), application=application)

    def _at_township(self, application: Application, story: Story, at: datetime) -> bool:
        return self._judge(self.world.cadre_for(application), application, story, at)

    def _at_office(self, application: Application, story: Story, at: datetime) -> bool:
        return self._judge(self.world.office(), application, story, at)

    def _at_guarantor(self, application: Application, story: Story, at: datetime) -> bool:
        return self._judge(self.guarantor, application, story, at)

    def _judge(self, by: User, application: Application, story: Story, at: datetime) -> bool:
        if story.goal == f"rejected:{application.stage}":
            casework.reject(by=by, at=at, application=application, reason=REASONS[story.goal])
            return False
        casework.pass_stage(by=by, at=at, application=application)
        return True

    def _at_bank(self, application: Application, story: Story, at: datetime) -> bool:
        """First the terms, as they were asked for; then the decision."""
        detail: Any = application.loan_form
        by = self.lending.officers[detail.product.bank_id]
        if story.goal == "rejected:bank":
            casework.reject(by=by, at=at, application=application, reason=REASONS[story.goal])
            return False
        if detail.terms_at:
            casework.approve(by=by, at=at, application=application)
            return True
        actions.set_terms(
            by=by, at=at, application=application, amount=detail.amount, rate=detail.product.annual_rate,
            months=detail.months, method=detail.method, grace=detail.grace, day_count=detail.product.day_count,
        )  # fmt: skip
        return story.goal != "terms"

    # The loan

    def _at_approved(self, application: Application, story: Story, at: datetime) -> bool:
        loan = Loan.objects.select_related("bank").get(application=application)
        by = self.lending.by(loan)
        if loan.state == story.goal:
            return False
        if story.goal == "cancelled":
            actions.cancel(by=by, at=at, loan=loan, reason=REASONS[story.goal])
            return False
        if loan.state == Loan.State.APPROVED:
            self.lending.sign(loan, at)
            self._rate(application, at)
            return True
        self.lending.disburse(loan, story, at)
        return False

    def _rate(self, application: Application, at: datetime) -> None:
        person: Any = self.world.file_of(application).user
        if person and self.world.chance(0.7):
            score, comment = self.world.rng.choice((5, 5, 4)), self.world.rng.choice(names.COMMENTS)
            casework.rate(by=person, at=at, application=application, score=score, comment=comment)
