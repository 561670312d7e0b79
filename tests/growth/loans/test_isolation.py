"""A bank's officer and a guarantor's with the ids of another bank and another guarantor: nothing is there for them.

The pages are those of the URL resolver: a new one that a partner may open has to say here which record it opens.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from itertools import product as pairings
from typing import Any
from zipfile import BadZipFile, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from growth.loans import actions
from growth.loans.models import LoanProduct
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import Repayment, RepaymentFile, Schedule
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission, Role
from talentmap.casework import actions as casework
from talentmap.casework.models import Application
from talentmap.casework.records import SavedFilter
from talentmap.people.models import Organisation
from tests.accounts.test_url_sweep import URLS, Url
from tests.factories import lending, notices
from tests.factories.accounts import user_with
from tests.factories.casework import moment
from tests.factories.people import OrganisationFactory

pytestmark = pytest.mark.django_db
PAID_ON = date(2026, 4, 10)
GONE, WRONG_METHOD = 404, 405
OF_PRODUCT = ("loans:product", "loans:product_revise", "loans:product_close")
LOAN_PAGES = (
    "loan", "sign", "correct_contract", "disburse", "repay", "early", "extend", "write_off", "take_back_write_off",
    "cancel",
)  # fmt: skip
OF_LOAN = tuple(f"loans:{name}" for name in LOAN_PAGES)
OF_CASE = ("casework:case", "casework:decide", "casework:take")
OF_DOCUMENT = ("casework:document", "casework:viewer")
PARTNERS = (Role.BANK_OFFICER, Role.GUARANTOR_OFFICER)


@dataclass
class Side:
    """A bank and a guarantor who work together, and one of each thing that they have to do with."""

    name: str
    bank: User
    guarantor: User
    product: LoanProduct
    loan: Loan
    repayment: Repayment
    extension: Schedule
    file: RepaymentFile
    at_bank: Application
    at_guarantor: Application
    own: dict[str, dict[str, int]] = field(default_factory=dict)

    def officer(self, role: str) -> User:
        return self.bank if role == Role.BANK_OFFICER else self.guarantor

    def arguments(self, url: Url, role: str) -> dict[str, int]:
        """The ids of this side's record that a page opens."""
        case = self.at_bank if role == Role.BANK_OFFICER else self.at_guarantor
        document = {"pk": case.pk, "document_pk": case.documents.get(kind="plan").pk}
        records = {
            "loans:repayment_file": {"pk": self.file.pk},
            "loans:terms": {"pk": self.at_bank.pk},
            "loans:take_back": {"pk": self.loan.pk, "repayment_pk": self.repayment.pk},
            "loans:take_back_payout": {"pk": self.loan.pk, "payout_pk": self.loan.disbursements.get().pk},
            "loans:take_back_extension": {"pk": self.loan.pk, "extension_pk": self.extension.pk},
            "casework:letter": {"pk": self.loan.application_id},
            **{name: {"pk": self.product.pk} for name in OF_PRODUCT},
            **{name: {"pk": self.loan.pk} for name in OF_LOAN},
            **{name: {"pk": case.pk} for name in OF_CASE},
            **dict.fromkeys(OF_DOCUMENT, document),
            **self.own[role],
        }
        assert url.name in records, f"{url.name}: say here which record of another {role} it opens"
        return records[url.name]


@dataclass
class Sides:
    market: lending.Market
    here: Side
    there: Side


@pytest.fixture
def sides() -> Sides:
    market = lending.market()
    second = OrganisationFactory(kind="guarantor", name="另一家担保公司")
    here = _side(market, "本行", market.bank, market.guarantor, market.product)
    other_guarantor = user_with(Role.GUARANTOR_OFFICER, organisation=second)
    there = _side(market, "他行", market.other_bank, other_guarantor, market.other_product)
    return Sides(market, here, there)


def _side(market, name, bank, guarantor, offered) -> Side:
    product = lending.product(offered.bank, market.office.system, name=f"{name}产品")

    def waiting(person: str, *, at_bank: bool) -> Application:
        talent = lending.borrower(market, name=person)
        case = lending.at_guarantor(market, talent, product=product)
        organisation = Organisation.objects.get(memberships__user=guarantor)
        actions.choose_guarantor(by=market.office.staff, at=moment(), application=case, guarantor=organisation)
        case.refresh_from_db()
        return casework.pass_stage(by=guarantor, at=moment(), application=case) if at_bank else case

    loan = _lent(bank, waiting(f"{name}甲", at_bank=True), f"HT-{name}")
    repayment = paid(bank, loan, f"LS-{name}")
    row = f"HT-{name},2026-04-10,0,875.00,LS-{name}"
    content = f"合同号,还款日期,本金,利息,流水号\n{row}\n".encode()
    upload = actions.read_upload(SimpleUploadedFile(f"{name}还款.csv", content))
    file = actions.import_repayments(by=bank, at=moment(PAID_ON), bank=product.bank, upload=upload)
    actions.enter_file(file.pk, lambda: moment(PAID_ON))
    extension = actions.extend(by=bank, at=moment(PAID_ON), loan=loan, on=PAID_ON, months=3, reason="回款推迟")
    made = Side(
        name, bank, guarantor, product, loan, repayment, extension, file, waiting(f"{name}乙", at_bank=True),
        waiting(f"{name}丙", at_bank=False),
    )  # fmt: skip
    for role in PARTNERS:
        officer = made.officer(role)
        kept = SavedFilter.objects.create(user=officer, name=f"{name}筛选", query="q=1")
        told = notices.NoticeFactory(recipient=officer)
        made.own[role] = {"casework:filter_delete": {"pk": kept.pk}, "notices:open": {"pk": told.pk}}
    return made


def _lent(bank: User, case: Application, number: str) -> Loan:
    """Through the bank's own hands, from its terms to the money."""
    form = case.loan_form
    terms = {"amount": form.amount, "rate": form.product.annual_rate, "months": 12, "method": form.method, "grace": 0}
    actions.set_terms(by=bank, at=moment(), application=case, **terms, day_count="30/360")
    casework.approve(by=bank, at=moment(), application=case)
    on, loan = date(2026, 3, 10), Loan.objects.get(application=case)
    actions.sign(by=bank, at=moment(on), loan=loan, contract_number=number, signed_on=on)
    actions.disburse(
        by=bank, at=moment(on), loan=loan, amount=loan.amount, on=on, reference=f"FK-{number}", first_due=PAID_ON
    )
    return Loan.objects.get(pk=loan.pk)


def paid(bank: User, loan: Loan, reference: str) -> Repayment:
    return actions.repay(
        by=bank, at=moment(PAID_ON), loan=loan, paid_on=PAID_ON, principal=0, interest=875, reference=reference
    )


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def pages(role: str, *, with_ids: bool) -> Iterator[Url]:
    """What the role may open and the public may not; a token in the address is no id of anybody's record."""
    for url in URLS:
        is_partners = url.grants(role) and Permission.PUBLIC not in url.permissions and not url.is_for_machines
        if is_partners and bool(url.arguments) == with_ids and "token" not in url.arguments:
            yield url


def statuses(client: Client, url: Url, arguments: dict[str, int]) -> tuple[int, int]:
    address = reverse(url.name, kwargs=arguments)
    return client.get(address).status_code, client.post(address).status_code


@pytest.mark.parametrize("role", PARTNERS)
def test_anothers_ids_are_not_found_anywhere(sides, role):
    client = signed_in(sides.here.officer(role))
    faults = []
    for url in pages(role, with_ids=True):
        found = statuses(client, url, sides.there.arguments(url, role))
        if GONE not in found or not set(found) <= {GONE, WRONG_METHOD}:
            faults.append((url.name, found))
    assert faults == []


@pytest.mark.parametrize("role", PARTNERS)
def test_ones_own_are_so_that_the_ids_are_right(sides, role):
    client = signed_in(sides.here.officer(role))
    read = [url for url in pages(role, with_ids=True) if url.name not in ("notices:open", "casework:letter")]
    found = {url.name: statuses(client, url, sides.here.arguments(url, role)) for url in read}
    assert [name for name, answers in found.items() if GONE in answers] == []


@pytest.mark.parametrize("role", PARTNERS)
def test_anothers_id_beside_ones_own_is_not_found_either(sides, role):
    client = signed_in(sides.here.officer(role))
    faults = []
    for url in pages(role, with_ids=True):
        own, others = (side.arguments(url, role) for side in (sides.here, sides.there))
        for chosen in pairings(*((own, others) for _each in own)):
            mixed = {name: side[name] for name, side in zip(own, chosen, strict=True)}
            if mixed != own and GONE not in (found := statuses(client, url, mixed)):
                faults.append((url.name, mixed, found))
    assert faults == []


@pytest.mark.parametrize("role", PARTNERS)
def test_no_list_inbox_or_export_names_what_is_anothers(sides, role):
    client = signed_in(sides.here.officer(role))
    own, faults = [], []
    for url in pages(role, with_ids=False):
        shown = text_of(client.get(reverse(url.name)))
        own += [url.name] if sides.here.name in shown else []
        faults += [url.name] if sides.there.name in shown else []
    assert faults == []
    lists = {"loans:loan_list", "loans:loan_export", "casework:inbox"}
    banks = {"loans:product_list", "loans:product_export", "loans:repayment_file_list"}
    assert lists | (banks if role == Role.BANK_OFFICER else set()) <= set(own)


def text_of(response: Any) -> str:
    """What is on a page, or in the parts of a workbook."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    try:
        with ZipFile(BytesIO(content)) as book:
            return "".join(book.read(name).decode() for name in book.namelist())
    except BadZipFile:
        return content.decode()


def test_searching_for_what_is_anothers_finds_nothing(sides):
    client = signed_in(sides.here.bank)
    asked = ({"q": "HT-他行"}, {"q": "他行甲"}, {"bank": sides.there.product.bank_id})
    for name, query in pairings(("loans:loan_list", "casework:inbox"), asked):
        shown = client.get(reverse(name), query).context["list"].rows
        assert sides.there.loan not in shown
        assert not [row for row in shown if row.pk == sides.there.loan.application_id and name == "casework:inbox"]


def test_a_file_cannot_be_imported_nor_a_product_offered_for_another_bank(sides):
    client, there = signed_in(sides.here.bank), sides.there.product.bank_id
    row = "合同号,还款日期,本金,利息,流水号\nHT-他行,2026-05-10,0,875.00,LS-X\n"
    for bank in (there, sides.here.product.bank_id):
        upload = SimpleUploadedFile("a.csv", row.encode())
        client.post(reverse("loans:repayment_import"), {"bank": bank, "file": upload})
    assert not Repayment.objects.filter(reference="LS-X").exists()
    assert [file.bank_id for file in RepaymentFile.objects.filter(name="a.csv")] == [sides.here.product.bank_id]
    before = LoanProduct.objects.filter(bank=there).count()
    asked = {
        "bank": there, "name": "冒名", "programme": "guaranteed", "borrower_kinds": ["individual"],
        "methods": ["interest-only"], "annual_rate": "3.5", "day_count": "30/360", "min_amount": "1", "max_amount": "2",
        "min_months": "1", "max_months": "12", "max_grace": "0", "valid_from": timezone.localdate(),
    }  # fmt: skip
    response = client.post(reverse("loans:product_new"), asked)
    assert list(response.context["form"].errors) == ["bank"]
    assert LoanProduct.objects.filter(bank=there).count() == before


def test_a_guarantor_loses_the_case_that_is_put_to_another(sides):
    """The office names another guarantor: from then on the first one finds nothing."""
    case, client = sides.here.at_guarantor, signed_in(sides.here.guarantor)
    address = reverse("casework:case", args=[case.pk])
    assert client.get(address).status_code == 200
    other = Organisation.objects.get(memberships__user=sides.there.guarantor)
    actions.choose_guarantor(by=sides.market.office.staff, at=moment(), application=case, guarantor=other)
    assert client.get(address).status_code == GONE
    assert signed_in(sides.there.guarantor).get(address).status_code == 200
