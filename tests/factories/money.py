"""Funds with money, approved applications, what is payable for them, and batches in any state."""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import factory
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from factory.django import DjangoModelFactory

from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.audit.action import acting
from talentmap.casework import policy
from talentmap.casework.models import Application
from talentmap.casework.states import State
from talentmap.money import actions, return_files, tariffs
from talentmap.money.actions.ledger import Booking, book
from talentmap.money.models import BatchLine, Fund, LedgerEntry, Payable, PaymentBatch, Recovery, Tariff, TariffValue
from talentmap.money.rules import Quarter
from talentmap.money.tariffs import TariffDefinition, TariffKey, Unit
from tests.factories import casework
from tests.factories.accounts import UserFactory, give, user_with
from tests.factories.people import TalentFactory

AT = datetime(2026, 4, 2, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
QUARTER = Quarter(2026, 1)
_numbers = count(1)


class FundFactory(DjangoModelFactory):
    class Meta:
        model = Fund

    code = factory.Sequence(lambda n: f"fund{n}")
    name = factory.Sequence(lambda n: f"人才基金{n}")


class ApplicationFactory(DjangoModelFactory):
    """An approved application of a person whose account is known."""

    class Meta:
        model = Application

    scheme = "rent_subsidy"
    number = factory.Sequence(lambda n: f"MF-2026-{n:06}")
    applicant = factory.SubFactory(
        TalentFactory,
        bank_name="高县农商银行",
        bank_account="6228480402564890018",
        bank_account_last4="0018",
        bank_account_name="张三",
    )
    region = factory.LazyAttribute(lambda o: o.applicant.region)
    state = State.APPROVED
    created_at = AT
    submitted_at = AT
    decided_at = AT
    accept_days = 5


def fund(amount: Any = 10_000, **fields: Any) -> Fund:
    """A fund with `amount` available."""
    made = FundFactory(**fields)
    if amount:
        put_in(made, amount)
    return made


def put_in(target: Fund, amount: Any) -> None:
    reason = {"key": f"budget:{next(_numbers)}", "reason": "预算"}
    actions.top_up(by=User.objects.system(), at=AT, fund=target, amount=Decimal(amount), **reason)


def commit(target: Fund, amount: Any = 3_000, application: Application | None = None) -> Application:
    """An application for which `amount` is committed."""
    application = application or ApplicationFactory()
    key = f"commit:{next(_numbers)}"
    actions.commit(
        by=User.objects.system(), at=AT, fund=target, amount=Decimal(amount), application=application, key=key
    )
    return application


def pay(*, by: User, at: datetime, fund: Fund, amount: Decimal, application: Application, key: str) -> LedgerEntry:
    """A payment as the bank's answer books it."""
    booking = Booking(key, LedgerEntry.Kind.PAYMENT, amount, application)
    with acting(by=by, name="money.import_return"):
        return book(by=by, at=at, fund=fund, bookings=[booking])[0]


def payable(target: Fund, amount: Any = 1_500, **changes: Any) -> Payable:
    """A due amount of the first quarter of 2026, committed before."""
    deadlines_in_force()
    application = changes.pop("application", None) or commit(target, amount)
    values = {
        "entitlement_ref": "租房补贴",
        "period_from": date(2026, 1, 1),
        "period_to": date(2026, 3, 31),
        "key": f"payable:{next(_numbers)}",
        **changes,
    }
    system = User.objects.system()
    return actions.owe(by=system, at=AT, fund=target, application=application, amount=Decimal(amount), **values)


def deadlines_in_force() -> None:
    """The shipped deadline rules, once; what becomes payable is due by them."""
    if not Tariff.objects.filter(code=policy.CODE).exists():
        casework.rules_in_force()


def staff(**fields: Any) -> User:
    """Prepares batches and imports what the bank answers."""
    return user_with(Role.OFFICE_STAFF, **fields)


def director(**fields: Any) -> User:
    """Releases batches, tops funds up, adds tariff versions."""
    return user_with(Role.OFFICE_DIRECTOR, **fields)


def both() -> User:
    """Holds both roles, so that only the four-eyes rule itself stands in the way."""
    user = UserFactory()
    give(user, Role.OFFICE_STAFF)
    give(user, Role.OFFICE_DIRECTOR)
    return user


def prepared(payments: int = 2, target: Fund | None = None, by: User | None = None) -> PaymentBatch:
    target = target or fund(100_000)
    for _unused in range(payments):
        payable(target)
    return actions.prepare_batch(by=by or staff(), at=AT, fund=target, quarter=QUARTER).batch


def released(payments: int = 2, target: Fund | None = None) -> PaymentBatch:
    batch = prepared(payments, target)
    return actions.release_batch(by=director(), at=AT, batch=batch)


def recovery(amount: Any = 1_000, paid: Any = 3_000) -> Recovery:
    """A claim on part of what was paid."""
    target = fund(paid)
    application = commit(target, paid)
    system = User.objects.system()
    key = f"pay:{next(_numbers)}"
    pay(by=system, at=AT, fund=target, amount=Decimal(paid), application=application, key=key)
    return actions.open_recovery(
        by=system,
        at=AT,
        fund=target,
        application=application,
        amount=Decimal(amount),
        reason="离职",
        key=f"recovery:{next(_numbers)}",
    )


HEADING = ("业务参考号", "金额", "交易结果", "失败原因")


def answer(line: BatchLine, result: str = "成功", reason: str = "", amount: Any = None) -> tuple[Any, ...]:
    """A row of a return file."""
    return line.reference, str(line.amount if amount is None else amount), result, reason


def csv_file(
    *rows: tuple[Any, ...], heading: tuple[str, ...] = HEADING, name: str = "return.csv"
) -> SimpleUploadedFile:
    text = "\n".join(",".join(map(str, row)) for row in (heading, *rows))
    return SimpleUploadedFile("return.csv", text.encode("utf-8-sig"), content_type="text/csv")


def xlsx_file(*rows: tuple[Any, ...], heading: tuple[str, ...] = HEADING) -> SimpleUploadedFile:
    target = BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    for number, row in enumerate((heading, *rows)):
        sheet.write_row(number, 0, row)
    book.close()
    return SimpleUploadedFile("return.xlsx", target.getvalue())


def upload(*rows: tuple[Any, ...]) -> return_files.Upload:
    return return_files.read_upload(csv_file(*rows))


RENT = TariffDefinition(
    "test_rent",
    "租房补贴标准",
    keys=(
        TariffKey("rent.doctor", "博士", Unit.CNY, maximum=Decimal(10_000), default=Decimal(3_000)),
        TariffKey("rent.bachelor", "本科", Unit.CNY, maximum=Decimal(10_000), default=Decimal(1_500)),
        TariffKey("months", "期限", Unit.MONTHS, minimum=Decimal(1), maximum=Decimal(60), default=Decimal(36)),
    ),
)


def tariff(valid_from: date = date(2025, 1, 1), version: int = 1, **values: Any) -> Tariff:
    """A version of the test tariff; `rent__doctor=3500` changes a value."""
    tariffs.define(RENT)
    changed = {name.replace("__", "."): Decimal(value) for name, value in values.items()}
    made = Tariff.objects.create(
        code=RENT.code,
        version=version,
        valid_from=valid_from,
        note="高人社发〔2025〕1号",
        created_by=User.objects.system(),
        created_at=AT,
    )
    rows = {**RENT.defaults, **changed}
    TariffValue.objects.bulk_create(TariffValue(tariff=made, key=k, value=v) for k, v in rows.items())
    return made
