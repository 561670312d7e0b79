"""What the loan policy of one version allows and subsidises. Pure: the tariff's amounts in, reasons and amounts out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from growth.loans.choices import BorrowerKind, Programme
from growth.loans.schedules import ZERO, Row, add_months, half_up
from growth.loans.tariff import UNTIL
from talentmap.money.tariffs import day_of

HUNDRED = Decimal(100)
MANY_PARTNERS = 1000  # so many that the cap of all together holds


@dataclass(frozen=True)
class Split:
    """One instalment, and who bears its interest."""

    row: Row
    subsidy: Decimal
    borrower_interest: Decimal

    @property
    def borrower_pays(self) -> Decimal:
        """What the instalment costs the borrower once the subsidy of its interest has come back."""
        return self.row.principal + self.borrower_interest


@dataclass(frozen=True)
class Problem:
    """What goes beyond the policy: the field to correct, and why."""

    field: str
    reason: str


@dataclass(frozen=True)
class Limits:
    """CNY, months and percent a year."""

    least: Decimal
    most: Decimal
    months: int
    rate: Decimal


@dataclass(frozen=True)
class Policy:
    """One version's amounts: CNY, months, percent."""

    amounts: Mapping[str, Decimal]

    def most(self, kind: BorrowerKind, programme: Programme = Programme.GUARANTEED, partners: int = 1) -> Decimal:
        """The highest loan in CNY; a partnership's by the number of its partners."""
        if programme is Programme.YOUTH:
            return self.amounts["youth.most"]
        return self._by_kind("limit", kind, partners)

    def least(self, programme: Programme) -> Decimal:
        return self.amounts["youth.least"] if programme is Programme.YOUTH else ZERO

    def months(self, kind: BorrowerKind, programme: Programme = Programme.GUARANTEED) -> int:
        """The longest term."""
        return int(self.amounts["youth.months" if programme is Programme.YOUTH else f"months.{kind.value}"])

    def rate(self, programme: Programme = Programme.GUARANTEED) -> Decimal:
        """The highest rate in percent a year."""
        if programme is Programme.YOUTH:
            return Decimal(0)
        return self.amounts["rate.lpr"] + self.amounts["rate.margin"]

    @property
    def until(self) -> date:
        """The last day on which a contract is signed under it."""
        return day_of(self.amounts[UNTIL])

    def limits(self, kind: BorrowerKind, programme: Programme, partners: int = 1) -> Limits:
        return Limits(
            least=self.least(programme),
            most=self.most(kind, programme, partners),
            months=self.months(kind, programme),
            rate=self.rate(programme),
        )

    def subsidised(self, kind: BorrowerKind, partners: int = 1) -> Decimal:
        """The principal in CNY of which the interest is subsidised."""
        return self._by_kind("subsidised", kind, partners)

    def subsidy(self, interest: Decimal, principal: Decimal, kind: BorrowerKind, partners: int = 1) -> Decimal:
        """What the subsidy bears of `interest` on `principal`: its share, in proportion where the principal is above
        the subsidised one; in CNY, half-up to 0.01."""
        if not interest or not principal:
            return ZERO
        counted = min(principal, self.subsidised(kind, partners))
        return half_up(interest * counted * self.amounts["subsidy.share"] / (principal * HUNDRED))

    def _by_kind(self, what: str, kind: BorrowerKind, partners: int) -> Decimal:
        if kind is BorrowerKind.PARTNERSHIP:
            return min(self.amounts[f"{what}.partner"] * partners, self.amounts[f"{what}.partnership"])
        return self.amounts[f"{what}.{kind.value}"]


def subsidy_split(rows: Iterable[Row], policy: Policy, kind: BorrowerKind, partners: int = 1) -> tuple[Split, ...]:
    """Of each instalment's interest what the subsidy bears, if paid on its due date, and what the borrower does."""
    splits = []
    for row in rows:
        subsidy = policy.subsidy(row.interest, row.opening, kind, partners)
        splits.append(Split(row, subsidy, row.interest - subsidy))
    return tuple(splits)


def over_note(policy: Policy, day: date) -> str:
    """What a contract of `day` has to be told where the policy is over by then; "" where it is not."""
    if day <= policy.until:
        return ""
    return _("The loan policy is for contracts until %(until)s: for a later one no interest subsidy is promised.") % {
        "until": policy.until
    }


def loan_problems(
    policy: Policy,
    *,
    kind: BorrowerKind,
    programme: Programme,
    principal: Decimal,
    months: int,
    annual_rate: Decimal,
    partners: int = 1,
) -> tuple[Problem, ...]:
    """Where a loan goes beyond the policy; empty when it does not."""
    limits = policy.limits(kind, programme, partners)
    return (
        *_wrong_kinds(programme, (kind,), "kind"),
        *_too_much(limits, principal, "principal"),
        *_too_little(limits, principal, "principal"),
        *_too_long(limits, months, "months"),
        *_too_dear(limits, annual_rate),
    )


def term_problems(
    policy: Policy,
    *,
    kind: BorrowerKind,
    programme: Programme,
    paid_out: date,
    last_due: date,
    product_months: int | None = None,
) -> Iterator[Problem]:
    """Where the time from the payout to the last due date is longer than the policy's months, or the product's: so many
    instalments need longer where the first one is due late."""
    bounds = (
        (policy.months(kind, programme), _("The policy allows at most %(most)s months from the payout")),
        (product_months, _("The product allows at most %(most)s months from the payout")),
    )
    for most, said in bounds:
        until = add_months(paid_out, most) if most else date.max
        if last_due > until:
            asked = _("%(limit)s, until %(until)s; the last instalment would be due on %(last)s.")
            yield Problem("first_due", asked % {"limit": said % {"most": most}, "until": until, "last": last_due})


def offer_problems(
    policy: Policy,
    *,
    kinds: Iterable[BorrowerKind],
    programme: Programme,
    min_amount: Decimal,
    max_amount: Decimal,
    max_months: int,
    annual_rate: Decimal,
) -> tuple[Problem, ...]:
    """Where a bank's product goes beyond the policy. One for several kinds of borrower may go as far as the furthest
    of them; what each of them may have is said of the loan itself."""
    served = tuple(kinds)
    each = [policy.limits(kind, programme, MANY_PARTNERS) for kind in served]
    limits = Limits(
        least=policy.least(programme),
        most=max((limit.most for limit in each), default=ZERO),
        months=max((limit.months for limit in each), default=0),
        rate=policy.rate(programme),
    )
    return (
        *_wrong_kinds(programme, served, "borrower_kinds"),
        *_too_little(limits, min_amount, "min_amount"),
        *_too_much(limits, max_amount, "max_amount"),
        *_too_long(limits, max_months, "max_months"),
        *_too_dear(limits, annual_rate),
    )


def _wrong_kinds(programme: Programme, kinds: Iterable[BorrowerKind], field: str) -> Iterator[Problem]:
    if programme is Programme.YOUTH and any(kind is not BorrowerKind.INDIVIDUAL for kind in kinds):
        yield Problem(field, _("The youth plan is for individuals."))


def _too_much(limits: Limits, amount: Decimal, field: str) -> Iterator[Problem]:
    if amount > limits.most:
        yield Problem(field, _("The policy allows at most CNY %(most)s.") % {"most": f"{limits.most:,.2f}"})


def _too_little(limits: Limits, amount: Decimal, field: str) -> Iterator[Problem]:
    if amount < limits.least:
        yield Problem(field, _("The policy asks for at least CNY %(least)s.") % {"least": f"{limits.least:,.2f}"})


def _too_long(limits: Limits, months: int, field: str) -> Iterator[Problem]:
    if months > limits.months:
        yield Problem(field, _("The policy allows at most %(most)s months.") % {"most": limits.months})


def _too_dear(limits: Limits, rate: Decimal) -> Iterator[Problem]:
    if rate > limits.rate:
        said = _("The policy allows at most %(most)s%% a year.") % {"most": percent(limits.rate)}
        yield Problem("annual_rate", said)


def percent(rate: Decimal) -> str:
    """A rate as people write it: 3.5, not 3.5000."""
    return f"{rate.normalize():f}"
