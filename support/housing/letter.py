"""The decision on a housing subsidy as an official letter. Letters are written in Chinese, whatever language the
reader has chosen: they are documents of the office."""

from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.utils import timezone, translation

from support.housing.grades import Grade
from support.housing.models import Entitlement
from support.housing.rules import PURCHASE
from talentmap.casework.models import Application
from talentmap.casework.states import State
from talentmap.documents.amounts import amount_in_words
from talentmap.documents.letter import Letter, render

NAMES = {"rent": "人才租房补贴", "purchase": "人才购房补贴"}


def decision(application: Application, entitlement: Entitlement | None) -> bytes | None:
    """The letter as PDF; None while nothing is decided."""
    if application.decided_at is None:
        return None
    with translation.override("zh-hans"):
        name = NAMES[application.housing.kind]
        body = (
            _granted(application, entitlement, name)
            if entitlement and application.state in (State.APPROVED, State.CLOSED)
            else _not_granted(application, name)
        )
        letter = Letter(
            title=f"关于{name}申请的决定",
            number=f"办件编号：{application.number}",
            addressee=application.applicant.name,
            body=body,
            office=settings.OFFICE_NAME,
            dated=timezone.localdate(_decided_at(application)),
        )
        return render(letter)


def _decided_at(application: Application) -> datetime | None:
    """When the decision that the letter carries was made: a revocation comes after the approval it takes back."""
    if application.state == State.REVOKED:
        return application.transitions.filter(to_state=State.REVOKED).latest("pk").at
    return application.decided_at


def _granted(application: Application, entitlement: Entitlement, name: str) -> tuple[str, ...]:
    return (
        f"你于{_day(application.submitted_at)}提交的{name}申请（办件编号{application.number}），"
        "经初审、复核和公示，现予批准。有关事项决定如下：",
        "一、补贴标准",
        *(_purchase_terms(entitlement) if entitlement.kind == PURCHASE else _rent_terms(entitlement)),
        "二、有关要求",
        "离职、离开本县或者居住情况发生变化的，应当及时告知本中心，补贴自次月起停发。以虚假材料取得补贴的，撤销批准并追回已发放的款项。",
        "三、救济途径",
        "对本决定有异议的，可以自收到本决定之日起60日内向本中心申请复核，或者依法申请行政复议。",
    )


def _rent_terms(entitlement: Entitlement) -> tuple[str, ...]:
    return (
        f"（一）认定类别：{Grade(entitlement.grade).label}。",
        f"（二）每月补贴{_amount(entitlement.monthly_amount)}，自{_month(entitlement.starts_on)}起"
        f"至{_month(entitlement.ends_on)}止，合计不超过{_amount(entitlement.total_amount)}。",
        "（三）补贴按月计提、按季发放，发放至你登记的本人银行账户。",
    )


def _purchase_terms(entitlement: Entitlement) -> tuple[str, ...]:
    gross = entitlement.total_amount + entitlement.deducted
    deducted = f"，扣除已发放的租房补贴{_amount(entitlement.deducted)}" if entitlement.deducted else ""
    return (
        f"（一）认定类别：{Grade(entitlement.grade).label}。",
        f"（二）购房补贴{_amount(gross)}{deducted}，实际发放{_amount(entitlement.total_amount)}。",
        "（三）补贴一次性发放至你登记的本人银行账户。原有租房补贴自批准之日起终止。",
    )


def _not_granted(application: Application, name: str) -> tuple[str, ...]:
    verdict = {
        State.REFUSED: "经审查，决定不予受理",
        State.REVOKED: "经核查，决定撤销批准",
    }.get(State(application.state), "经审查，决定不予批准")
    return (
        f"你提交的{name}申请（办件编号{application.number}），{verdict}。理由如下：",
        application.decision_reason.strip() or "—",
        "对本决定有异议的，可以自收到本决定之日起60日内向本中心申请复核，或者依法申请行政复议；条件具备后，可以重新申请。",
    )


def _amount(amount: Decimal) -> str:
    return f"{amount:,.2f}元（大写：{amount_in_words(amount)}）"


def _day(moment: datetime | None) -> str:
    day = timezone.localdate(moment)
    return f"{day.year}年{day.month}月{day.day}日"


def _month(day: date | None) -> str:
    return f"{day.year}年{day.month}月" if day else "—"
