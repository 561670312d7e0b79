"""What the public calculator shows: a schedule, and under the policy of its day what of it the subsidy bears."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from growth.loans.choices import BorrowerKind, Programme
from growth.loans.policy import (
    Limits,
    Policy,
    Problem,
    Split,
    loan_problems,
    over_note,
    percent,
    subsidy_split,
    term_problems,
)
from growth.loans.schedules import ZERO, Row, Terms, schedule
from growth.loans.tariff import TARIFF_CODE
from talentmap.money.tariffs import NoTariff, TariffVersion, in_force

HEADER = (
    gettext_lazy("No."),
    gettext_lazy("Due"),
    pgettext_lazy("of a period", "Days"),
    gettext_lazy("Opening balance"),
    pgettext_lazy("loan", "Principal"),
    pgettext_lazy("loan", "Interest"),
    gettext_lazy("Instalment"),
    gettext_lazy("Interest subsidy"),
    gettext_lazy("Interest that you bear"),
    gettext_lazy("What you really pay"),
    gettext_lazy("Closing balance"),
)


@dataclass(frozen=True)
class Asked:
    """A loan to be calculated: its terms, and who would borrow under which programme; of a product its longest term."""

    terms: Terms
    kind: BorrowerKind
    programme: Programme
    partners: int = 1
    product_months: int | None = None

    @property
    def application_values(self) -> dict[str, Any]:
        """What the application's own form would ask again."""
        return {
            "kind": self.kind,
            "partners": self.partners if self.kind is BorrowerKind.PARTNERSHIP else None,
            "amount": self.terms.principal,
            "months": self.terms.months,
            "method": self.terms.method,
            "grace": self.terms.grace,
        }


@dataclass(frozen=True)
class Sums:
    principal: Decimal = ZERO
    interest: Decimal = ZERO
    instalments: Decimal = ZERO
    subsidy: Decimal = ZERO
    borrower_interest: Decimal = ZERO
    borrower_pays: Decimal = ZERO


@dataclass(frozen=True)
class Calculation:
    """`tariff` is the policy in force on the day of disbursement, None where there is none; `beyond` says where the
    loan goes beyond it, `over` that the policy has ended by then, and then nothing is subsidised."""

    asked: Asked
    rows: tuple[Row, ...]
    tariff: TariffVersion | None
    beyond: tuple[Problem, ...]

    @property
    def is_subsidised(self) -> bool:
        return self.tariff is not None and not self.beyond and not self.over

    @property
    def over(self) -> str:
        return over_note(Policy(self.tariff), self.asked.terms.disbursed) if self.tariff else ""

    @cached_property
    def splits(self) -> tuple[Split, ...]:
        if self.tariff is None or not self.is_subsidised:
            return tuple(Split(row, ZERO, row.interest) for row in self.rows)
        return subsidy_split(self.rows, Policy(self.tariff), self.asked.kind, self.asked.partners)

    @cached_property
    def sums(self) -> Sums:
        return Sums(
            principal=sum((split.row.principal for split in self.splits), ZERO),
            interest=sum((split.row.interest for split in self.splits), ZERO),
            instalments=sum((split.row.total for split in self.splits), ZERO),
            subsidy=sum((split.subsidy for split in self.splits), ZERO),
            borrower_interest=sum((split.borrower_interest for split in self.splits), ZERO),
            borrower_pays=sum((split.borrower_pays for split in self.splits), ZERO),
        )

    @property
    def limits(self) -> Limits | None:
        if self.tariff is None:
            return None
        return Policy(self.tariff).limits(self.asked.kind, self.asked.programme, self.asked.partners)

    @property
    def subsidised_principal(self) -> Decimal:
        return Policy(self.tariff).subsidised(self.asked.kind, self.asked.partners) if self.tariff else ZERO

    @property
    def share(self) -> str:
        return percent(self.tariff["subsidy.share"]) if self.tariff else ""


def calculate(asked: Asked) -> Calculation:
    """Raises BadTerms for terms that give no schedule."""
    terms = asked.terms
    rows = schedule(terms)
    try:
        tariff = in_force(TARIFF_CODE, on=terms.disbursed)
    except NoTariff:
        return Calculation(asked, rows, None, ())
    beyond = loan_problems(
        Policy(tariff),
        kind=asked.kind,
        programme=asked.programme,
        principal=terms.principal,
        months=terms.months,
        annual_rate=terms.annual_rate,
        partners=asked.partners,
    )
    if not beyond:
        beyond = tuple(
            term_problems(
                Policy(tariff),
                kind=asked.kind,
                programme=asked.programme,
                paid_out=terms.disbursed,
                last_due=rows[-1].due,
                product_months=asked.product_months,
            )
        )
    return Calculation(asked, rows, tariff, beyond)


def table(found: Calculation) -> Iterator[list[Any]]:
    """The rows of a download, and their sums as the last."""
    for split in found.splits:
        row = split.row
        yield [
            row.number, row.due, row.days, row.opening, row.principal, row.interest, row.total,
            split.subsidy, split.borrower_interest, split.borrower_pays, row.closing,
        ]  # fmt: skip
    sums = found.sums
    yield [
        pgettext("counts", "Total"), None, sum(row.days for row in found.rows), None, sums.principal, sums.interest,
        sums.instalments, sums.subsidy, sums.borrower_interest, sums.borrower_pays, None,
    ]  # fmt: skip


def chart(found: Calculation) -> dict[str, Any]:
    """What is due on each date, in the parts that it has. Drawing only: the exact amounts are in the table."""
    parts: list[tuple[str, list[Decimal]]] = [
        (pgettext("loan", "Principal"), [split.row.principal for split in found.splits]),
        (_("Interest that you bear"), [split.borrower_interest for split in found.splits]),
        (_("Interest subsidy"), [split.subsidy for split in found.splits]),
    ]
    return {
        "labels": [row.due.isoformat() for row in found.rows],
        "series": [{"name": name, "values": [float(value) for value in values]} for name, values in parts],
        "unit": _("yuan"),
    }
