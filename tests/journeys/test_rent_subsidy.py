"""One rent subsidy from the question "What can I get?" to the first payment, each person at their own window."""

import csv
import re
from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from support.housing.models import Entitlement
from support.housing.tasks import accrue_rent_subsidies
from talentmap.casework.models import Application
from talentmap.casework.tasks import end_notices
from talentmap.money.models import PaymentBatch
from tests.factories.casework import picture
from tests.journeys.conftest import NAME

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MISSING_PAGE = "租赁合同缺少签字页"


def file(name: str, content: bytes, kind: str = "image/png") -> dict[str, object]:
    return {"name": name, "mimeType": kind, "buffer": content}


def photo(name: str) -> dict[str, object]:
    """A picture that no other of this journey equals."""
    return file(name, picture(name, size=(8 + len(name), 8)).read())


def attach(window, kind: str, name: str) -> None:
    """Choosing a file sends it; the page then lists it."""
    window.find(f"#file-{kind}").set_input_files(photo(name))
    expect(window.find(f"#document-{kind}")).to_contain_text(name)


def decide(window, application: Application, action: str, **values: str) -> None:
    """Open the case from the inbox, choose one decision (the ordinary one is open already), and send it."""
    window.follows(f"a[href^='/cases/{application.pk}/']")
    choice = f"details.choice:has(input[name=action][value={action}])"
    if window.find(choice).get_attribute("open") is None:
        window.find(f"{choice} summary").click()
    for name, value in values.items():
        window.find(f"{choice} [name={name}]").fill(value)
    window.follows(f"{choice} button[type=submit]")


def state_of(application: Application) -> str:
    application.refresh_from_db()
    return f"{application.state}:{application.stage}" if application.state == "in_review" else application.state


def apply(window) -> Application:
    window.follows("a[href='/my/benefits/']")
    window.sees("可能符合", "¥72,000.00", "¥2,000.00")
    window.follows("form[action='/services/housing_rent/apply/'] button")
    window.fills(
        address="庆符镇学府路1号",
        landlord="李女士",
        monthly_rent="1200",
        lease_from="2026-02-01",
        lease_until="2029-12-31",
    )
    window.follows("form.form-page button[type=submit]")
    window.find("[name=owns_home][value=False]").check()
    window.find("[name=has_dormitory][value=False]").check()
    window.find("[name=declared_true]").check()
    window.follows("form.form-page button[type=submit]")
    attach(window, "lease", "lease.png")
    attach(window, "certificate", "certificate.png")
    window.look()
    window.follows(".form-buttons a.btn-primary")
    send(window)
    return Application.objects.get()


def send(window) -> None:
    """The check page: agree to what is asked, and send."""
    window.sees("庆符镇学府路1号", "1,200")
    for box in window.page.locator("#main input[type=checkbox]").all():
        box.check()
    window.follows("form.form-page button[type=submit]")


def test_from_the_question_to_the_first_payment(town, clock, enter, visit):
    office = town.office
    with enter(town.talent.user) as window:
        application = apply(window)
        window.sees(application.number, "2026-03-09")
        window.goes("/my/")
        window.sees("已提交", application.number)

    return_and_correct(town, application, enter)
    review(office, application, enter)

    on_notice(application, visit)
    clock.on(application.notice_until + timedelta(days=1))
    end_notices()
    assert state_of(application) == "awaiting_decision"
    with enter(office.director) as window:
        decide(window, application, "approve")
        window.goes(f"/cases/{application.pk}/")
        window.sees("已批准", "¥72,000.00", "¥2,000.00")
        window.goes(reverse("money:fund_detail", args=[office.fund.pk]))
        window.sees("¥28,000.00", "¥72,000.00")

    clock.on(date(2026, 4, 1))
    assert accrue_rent_subsidies() == 1
    pay(office, clock, enter)

    clock.on(date(2026, 4, 13))
    with enter(town.talent.user) as window:
        see_it_paid(window, application)


def return_and_correct(town, application, enter) -> None:
    with enter(town.office.cadre) as window:
        window.sees(application.number, NAME)
        decide(window, application, "return", note_lease=MISSING_PAGE)
        assert state_of(application) == "returned"

    with enter(town.talent.user) as window:
        window.sees("请补正")
        window.follows(f"a[href='/applications/{application.pk}/correct/']")
        window.sees(MISSING_PAGE)
        attach(window, "lease", "signed-page.png")
        window.look()
        window.follows(".form-buttons a.btn-primary")
        send(window)
    assert state_of(application) == "submitted"


def review(office, application, enter) -> None:
    with enter(office.cadre) as window:
        decide(window, application, "accept")
        assert state_of(application) == "in_review:township"
        window.goes("/cases/")
        decide(window, application, "pass_stage")
        assert state_of(application) == "in_review:office"
    with enter(office.staff) as window:
        window.follows(f"a[href^='/cases/{application.pk}/']")
        window.sees("signed-page.png", MISSING_PAGE)
        window.goes("/cases/")
        decide(window, application, "pass_stage")
        assert state_of(application) == "in_review:director"
    with enter(office.director) as window:
        decide(window, application, "pass_stage")
        assert state_of(application) == "on_notice"


def on_notice(application, visit) -> None:
    """What anybody reads: the surname and the benefit, never the name."""
    with visit() as window:
        window.goes("/public-notices/")
        window.sees("林*", "¥2,000.00", application.notice_until.isoformat())
        assert NAME not in window.page.content()


def pay(office, clock, enter) -> None:
    """Prepared by one person, released by another; the bank's file goes out and its answer comes in."""
    clock.on(date(2026, 4, 8))
    with enter(office.staff) as window:
        window.goes(reverse("money:batch_list"))
        window.sees("¥2,000.00")
        window.follows(f"a[href='{reverse('money:batch_prepare')}']")
        window.sees("¥2,000.00")
        window.follows("form.form-page button[type=submit]")
        batch = PaymentBatch.objects.get().get_absolute_url()
        expect(window.page).to_have_url(re.compile(f"{batch}$"))
        window.sees("¥2,000.00", NAME)
        expect(window.page.locator("form[action$='/release/']")).to_have_count(0)

    clock.on(date(2026, 4, 9))
    with enter(office.director) as window:
        window.goes(batch)
        window.find("details.asks-again summary").click()
        window.follows("form[action$='/release/'] button")
        rows = bank_file(window)

    assert [(row["账户名"], row["金额"]) for row in rows] == [(NAME, "2000.00")]
    clock.on(date(2026, 4, 10))
    with enter(office.staff) as window:
        window.goes(batch)
        window.follows(f"a[href='{batch}return/']")
        answer = f"业务参考号,金额,交易结果\n{rows[0]['业务参考号']},2000.00,成功\n".encode()
        window.find("input[type=file]").set_input_files(file("return.csv", answer, "text/csv"))
        window.follows("form.form-page button[type=submit]")
        window.sees(NAME, "2000.00", "成功")
        window.goes(batch)
        window.sees("已拨付", "¥2,000.00")
        window.goes(reverse("money:fund_detail", args=[office.fund.pk]))
        window.sees("¥28,000.00", "¥70,000.00", "¥2,000.00")


def bank_file(window) -> list[dict[str, str]]:
    with window.page.expect_download() as waiting:
        window.find("form[action$='/export/'] button[value=csv]").click()
    text = waiting.value.path().read_text("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


def see_it_paid(window, application) -> None:
    window.sees("已批准")
    window.follows(f"a[href='/applications/{application.pk}/']")
    window.sees("已批准", "¥72,000.00", "¥2,000.00", "已拨付")
    with window.page.expect_download() as waiting:
        window.find("a[href$='/letter/']").click()
    letter = waiting.value.path().read_bytes()
    assert waiting.value.suggested_filename == f"{application.number}.pdf"
    assert BytesIO(letter).read(5) == b"%PDF-"
    window.follows(f"a[href='{reverse('housing:entitlement', args=[Entitlement.objects.get().pk])}']")
    window.sees("2026-03", "¥2,000.00", "已拨付")
    assert timezone.localdate() == date(2026, 4, 13)
