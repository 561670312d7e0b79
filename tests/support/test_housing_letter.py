"""The decision letter: what it says and its date, for each kind of decision."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from support.housing import letter
from support.housing.models import Entitlement
from support.housing.tasks import accrue_all
from talentmap.casework import actions as casework
from talentmap.casework.models import Application
from talentmap.money.rules import Quarter
from tests.factories import housing
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db


def text_of(application: Application) -> str:
    """The letter's words, without the line breaks of its layout."""
    application.refresh_from_db()
    content = letter.decision(application, Entitlement.objects.filter(application=application).first())
    assert content is not None
    pages = PdfReader(BytesIO(content)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "")


def test_an_approved_rent_subsidy(rent):
    text = text_of(rent.application)
    for words in (
        "关于人才租房补贴申请的决定",
        f"办件编号：{rent.application.number}",
        f"{rent.talent.name}：",
        "现予批准",
        "认定类别：硕士",
        "每月补贴2,000.00元（大写：贰仟元整）",
        "自2026年3月起至2029年2月止",
        "合计不超过72,000.00元（大写：柒万贰仟元整）",
        "自收到本决定之日起60日内向本中心申请复核，或者依法申请行政复议。",
        "2026年3月12日",
    ):
        assert words in text


def test_an_approved_purchase_subsidy_says_what_was_deducted(office, rent):
    accrue_all(at=moment(date(2026, 7, 1)))
    housing.pay(office, Quarter(2026, 2), date(2026, 7, 9))
    purchase = housing.approved(office, rent.talent, housing.PURCHASE, on=date(2026, 8, 3))
    text = text_of(purchase.application)
    assert "购房补贴60,000.00元（大写：陆万元整），扣除已发放的租房补贴8,000.00元（大写：捌仟元整）" in text
    assert "实际发放52,000.00元（大写：伍万贰仟元整）" in text
    assert "2026年8月13日" in text


def test_an_approved_purchase_subsidy_without_deduction(office):
    purchase = housing.approved(office, housing.talent(office), housing.PURCHASE)
    text = text_of(purchase.application)
    assert "实际发放60,000.00元（大写：陆万元整）" in text
    assert "扣除" not in text


def test_an_amount_with_fen_in_words():
    assert letter._amount(Decimal("12345.67")) == "12,345.67元（大写：壹万贰仟叁佰肆拾伍元陆角柒分）"


def test_a_closed_case_keeps_its_letter(office):
    purchase = housing.approved(office, housing.talent(office), housing.PURCHASE)
    housing.pay(office, Quarter(2026, 1), date(2026, 4, 1))
    text = text_of(purchase.application)
    assert purchase.application.state == "closed" and "现予批准" in text and "2026年3月12日" in text


def test_a_rejected_application(office):
    application = housing.awaiting_decision(office, housing.talent(office))
    casework.reject(by=office.director, at=moment(date(2026, 3, 13)), application=application, reason="异议查证属实")
    text = text_of(application)
    assert "经审查，决定不予批准" in text and "异议查证属实" in text and "2026年3月13日" in text
    assert "现予批准" not in text


def test_a_refused_application_has_a_letter(office, client):
    person = housing.talent(office)
    application = housing.submitted(person)
    casework.refuse(by=office.cadre, at=moment(date(2026, 3, 4)), application=application, reason="不属于受理范围")
    text = text_of(application)
    assert "经审查，决定不予受理" in text and "不属于受理范围" in text and "2026年3月4日" in text
    client.force_login(person.user)
    url = reverse("casework:letter", args=[application.pk])
    assert url in client.get(reverse("casework:application", args=[application.pk])).content.decode()
    assert client.get(url)["Content-Type"] == "application/pdf"


def test_a_revocation_bears_its_own_date(office, rent):
    casework.revoke(by=office.director, at=moment(date(2026, 9, 1)), application=rent.application, reason="合同系伪造")
    text = text_of(rent.application)
    assert "经核查，决定撤销批准" in text and "合同系伪造" in text
    assert "2026年9月1日" in text and "2026年3月12日" not in text


def test_before_the_decision_there_is_none(office):
    assert letter.decision(housing.submitted(housing.talent(office)), None) is None
