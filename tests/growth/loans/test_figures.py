"""The figures of loans equal what is counted by hand in SQL, and show no more than their reader may see."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from growth.loans import actions
from growth.loans.models_loan import Loan
from growth.loans.models_repayment import Repayment
from growth.loans.tasks import book_all, bring_all_up_to_date
from talentmap.accounts.permissions import Role
from talentmap.dashboards import attention, compute, registry
from talentmap.dashboards.scope import Scope
from tests.factories import lending
from tests.factories.accounts import TownshipFactory, user_with
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
TODAY = date(2026, 7, 20)
Q1, Q2, Q3 = (Scope(date(2026, first, 1), date(2026, first + 2, 30 + (first < 4))) for first in (1, 4, 7))
YEAR = Scope(date(2026, 1, 1), date(2026, 12, 31))

# What is owed follows from schedules and repayments, never from the columns that the figures read.
DUE = """(select sum(i.principal + i.interest) from growth_instalment i join growth_schedule s on s.id = i.schedule_id
    where s.loan_id = l.id and s.withdrawn_at is null and i.due < date '2026-07-20')"""
PAID = "(select coalesce(sum(principal + interest), 0) from growth_repayment r where r.loan_id = l.id)"
OWED = """(select coalesce(sum(d.amount), 0) from growth_disbursement d where d.loan_id = l.id)
    - (select coalesce(sum(r.principal), 0) from growth_repayment r where r.loan_id = l.id)"""
FROM = """from growth_loan l join talentmap_application a on a.id = l.application_id
    join talentmap_region g on g.id = a.region_id where g.code like %(inside)s"""
TAKEN_UP = "and l.state <> 'cancelled' and l.approved_on between %(first)s and %(last)s"
HAND_WRITTEN = {
    "loans.granted": f"select count(*) {FROM} {TAKEN_UP}",
    "loans.amount": f"select coalesce(sum(l.amount), 0) {FROM} {TAKEN_UP}",
    "loans.running": f"select count(*) {FROM} and l.state = 'running'",
    "loans.outstanding": f"select coalesce(sum({OWED}), 0) {FROM} and l.state = 'running'",
    "loans.overdue": f"""select round(100.0 * count(*) filter (where {DUE} > {PAID}) / nullif(count(*), 0), 1)
        {FROM} and l.state = 'running'""",
    "loans.subsidy": """select coalesce(sum(b.amount), 0) from growth_subsidybooking b
        join growth_loan l on l.id = b.loan_id join talentmap_application a on a.id = l.application_id
        join talentmap_region g on g.id = a.region_id where g.code like %(inside)s
        and (b.at at time zone 'Asia/Shanghai')::date between %(first)s and %(last)s""",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def market():
    """Six loans: two run in the cadre's township and one in another, one was granted the year before, one is written
    off with much outstanding, one was never taken up."""
    market = lending.market()
    market.here, market.elsewhere = market.office.township, TownshipFactory()
    _subsidised(market)
    _taken_back(market)
    _of_last_year(market)
    _written_off(market)
    cancelled = lending.approved(market)
    actions.cancel(by=market.bank, at=moment(date(2026, 4, 20)), loan=cancelled, reason="客户放弃")
    _elsewhere(market)
    bring_all_up_to_date(at=moment(TODAY))
    return market


def _subsidised(market):
    """875.00 of interest three times, 1,312.50 of it booked; one payment turns out wrong, and 437.50 goes off."""
    market.subsidised = lending.running(market, number="HT-1")
    for month in (4, 5, 6, 7):
        lending.paid(market, market.subsidised, date(2026, month, 10), interest="875")
    book_all(at=moment(date(2026, 7, 3)))
    wrong = Repayment.objects.get(loan=market.subsidised, paid_on=date(2026, 6, 10))
    actions.take_back(by=market.bank, at=moment(date(2026, 7, 15)), repayment=wrong, reason="金额录错")


def _taken_back(market):
    """A first instalment paid, taken back, and never paid again: all of it is outstanding, and it is overdue."""
    market.overdue = lending.bare(lending.borrower(market), market.bank_office, market.guarantor_office, "HT-2")
    wrong = lending.paid(market, market.overdue, date(2026, 4, 10), principal=10_000, interest=350)
    actions.take_back(by=market.bank, at=moment(date(2026, 4, 12)), repayment=wrong, reason="记错合同")


def _elsewhere(market):
    """Of another bank and guarantor, in another township, paid as it was due."""
    person = lending.borrower(market, region=market.elsewhere)
    bank, guarantor = market.other_product.bank, lending.OrganisationFactory(kind="guarantor")
    market.other = lending.bare(person, bank, guarantor, "HT-3")
    interest = {4: "350.00", 5: "320.83", 6: "291.67", 7: "262.50"}
    for month, amount in interest.items():
        actions.repay(
            by=market.other_bank, at=moment(date(2026, month, 10)), loan=market.other, principal=Decimal(10_000),
            interest=Decimal(amount), paid_on=date(2026, month, 10), reference=f"QT-{month}",
        )  # fmt: skip


def _of_last_year(market):
    loan = lending.bare(lending.borrower(market), market.bank_office, market.guarantor_office, "HT-4")
    Loan.objects.filter(pk=loan.pk).update(approved_on=date(2025, 12, 15))


def _written_off(market):
    loan = lending.bare(lending.borrower(market), market.bank_office, market.guarantor_office, "HT-5")
    on = date(2026, 5, 20)
    actions.write_off(by=market.bank, at=moment(on), loan=loan, on=on, reason="借款人死亡")


def by_hand(code, scope, inside=""):
    with connection.cursor() as cursor:
        cursor.execute(HAND_WRITTEN[code], {"inside": f"{inside}%", "first": scope.first, "last": scope.last})
        return cursor.fetchone()[0]


def value(code, reader, scope):
    return compute.value(registry.get(code), reader, scope)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_every_figure_of_loans_is_counted_by_hand():
    assert set(HAND_WRITTEN) == {figure.code for figure in registry.all_figures() if figure.code.startswith("loans.")}


def test_a_figure_equals_hand_written_sql(market):
    for scope in (Q1, Q2, Q3, YEAR):
        for code in HAND_WRITTEN:
            assert value(code, market.office.leader, scope) == by_hand(code, scope), (code, scope)


def test_a_township_counts_its_own(market):
    here, there = market.here.code[:9], market.elsewhere.code[:9]
    cadres = {here: market.office.cadre, there: user_with(Role.TOWNSHIP_CADRE, region=market.elsewhere)}
    for code in HAND_WRITTEN:
        found = {place: value(code, reader, YEAR) for place, reader in cadres.items()}
        assert found == {place: by_hand(code, YEAR, place) for place in cadres}, code
        assert found[here] != found[there]
        points = {p.label: p.value for p in compute.by_township(registry.get(code), market.office.leader, YEAR).points}
        assert (points[market.here.name], points[market.elsewhere.name]) == (found[here], found[there])


def test_the_figures_are_those_that_a_pocket_calculator_gives(market):
    """So that the SQL itself is not wrong in the same way: five taken up, one of them the year before; four run."""
    leader = market.office.leader
    found = {code: value(code, leader, YEAR) for code in HAND_WRITTEN}
    assert found == {
        "loans.granted": 4,
        "loans.amount": 300_000 + 3 * 120_000,
        "loans.running": 4,
        "loans.outstanding": 300_000 + 120_000 + 80_000 + 120_000,
        "loans.overdue": Decimal("75.0"),  # the wrong June, the one taken back, and last year's, never paid
        "loans.subsidy": Decimal("875.00"),
    }
    assert value("loans.subsidy", leader, Q2) == 0  # booked after the quarter
    assert value("loans.granted", leader, Scope(date(2025, 12, 1), date(2025, 12, 31))) == 1


def test_partners_and_talents_read_no_figure_of_the_county(market):
    for reader in (market.bank, market.guarantor, market.subsidised.talent.user):
        client = signed_in(reader)
        for code in HAND_WRITTEN:
            assert client.get(reverse("dashboards:figure", args=[code])).status_code == 403
            assert client.get(reverse("dashboards:export_figure", args=[code])).status_code == 403
            assert not registry.get(code).visible_rows(reader, YEAR).exists()


def test_a_partners_portfolio_sums_its_own_loans_alone(market):
    partners = (
        (market.bank, "bank_id", market.bank_office),
        (market.other_bank, "bank_id", market.other_product.bank),
        (market.guarantor, "guarantor_id", market.guarantor_office),
    )
    for reader, column, organisation in partners:
        statement = f"""select count(*), sum(amount) filter (where state <> 'cancelled'),
            coalesce(sum({OWED}) filter (where state = 'running'), 0),
            count(*) filter (where state = 'running' and {DUE} > {PAID}) from growth_loan l where {column} = %s"""
        with connection.cursor() as cursor:
            cursor.execute(statement, [organisation.pk])
            count, granted, outstanding, overdue = cursor.fetchone()
        page = signed_in(reader).get(reverse("loans:loan_list"))
        sums = page.context["sums"]
        assert page.context["list"].count == count < Loan.objects.count()
        assert (sums["granted"], sums["outstanding"], sums["overdue"]) == (granted, outstanding, overdue)


def test_a_leader_reads_masked_rows_and_a_cadre_those_of_the_township(market):
    url, year = reverse("dashboards:figure", args=["loans.granted"]), {"period": "own", "first": "2026-01-01",
                                                                       "last": "2026-12-31"}  # fmt: skip
    seen = signed_in(market.office.leader).get(url, year)
    assert len(seen.context["table_rows"]) == 4
    assert not [link for _cells, link in seen.context["table_rows"] if link]
    assert market.other.talent.name not in seen.content.decode()
    own = signed_in(market.office.cadre).get(url, year)
    assert len(own.context["table_rows"]) == 3
    assert reverse("loans:loan", args=[market.overdue.pk]) in own.content.decode()
    assert market.other.talent.name not in own.content.decode()


def test_a_township_is_warned_of_its_own_overdue_loans(market):
    watched = next(each for each in attention.seen_by(market.office.leader) if each.code == "loans.overdue")
    elsewhere = user_with(Role.TOWNSHIP_CADRE, region=market.elsewhere)
    found = watched.find(market.office.leader, TODAY)
    assert (found.level, found.count, found.facts) == (attention.ALARM, 3, {"days": 101})
    assert watched.find(market.office.cadre, TODAY).count == 3
    assert watched.find(elsewhere, TODAY) is None
    client = signed_in(market.office.cadre)
    rows = client.get(watched.url(found)).context["table_rows"]
    assert len(rows) == found.count
    assert {str(cells[-1][1]) for cells, _link in rows} == {"Overdue"}  # as the portfolio calls them
