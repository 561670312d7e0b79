"""Every headline of the overview against hand-written SQL, and against the same figure asked another way."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from support.housing import actions as homes
from talentmap.casework import actions as casework
from talentmap.casework.models import Application, Rating
from talentmap.dashboards import compute, registry
from talentmap.dashboards.overview import overview
from talentmap.money.rules import Quarter
from talentmap.regions.models import Region
from tests.dashboards.test_overview import LAST_YEAR, NOW, YEAR
from tests.factories import housing
from tests.factories.casework import MONDAY, moment
from tests.factories.surveys import ResponseFactory, campaign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(office):
    """Every headline has something to count and something to leave out: a second rent subsidy, a quarter paid, grades
    of both years, a stay in an apartment now and one to come, a survey in the field and one that is over, answers of
    both years and one that nobody reviewed yet."""
    second = housing.approved(office, housing.talent(office))
    homes.accrue(by=office.system, at=moment(date(2026, 7, 1)), entitlement=office.approved)
    housing.pay(office, Quarter(2026, 2), date(2026, 7, 1))
    for entitlement, score in ((office.approved, 5), (second, 3)):
        case = entitlement.application
        casework.rate(by=case.applicant.user, at=moment(date(2026, 7, 2)), application=case, score=score)
    earlier = Application.objects.filter(submitted_at__lt=moment(date(2026, 1, 1))).first()
    Rating.objects.create(application=earlier, score=5, rated_at=moment(date(2025, 7, 1)))
    today = timezone.localdate()
    for first in (MONDAY, today + timedelta(days=30)):
        stay = {"address": "人才公寓1栋", "starts_on": first, "ends_on": today + timedelta(days=400)}
        homes.record_apartment(by=office.director, at=moment(), talent=housing.talent(office), **stay)
    campaign = campaign_in(office.township, office.other)
    campaign_in(office.other, starts_on=today - timedelta(days=60), ends_on=today - timedelta(days=1))
    approved = (MONDAY, date(2026, 5, 4), date(2025, 5, 5))
    for state, day in (("pending", MONDAY), *(("approved", day) for day in approved)):
        ResponseFactory(campaign=campaign, township=office.township, state=state, received_at=moment(day))
    return office


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def in_2026(column):
    return f"{column} >= '2025-12-31 16:00+00' and {column} < '2026-12-31 16:00+00'"


HEADLINES = {
    "service.received": f"select count(*) from talentmap_application where {in_2026('submitted_at')}",
    "service.decided_in_time": f"""select round(100.0 * count(*) filter (where
        (decided_at at time zone 'Asia/Shanghai')::date <= decide_due_on) / nullif(count(*), 0), 1)
        from talentmap_application where {in_2026("decided_at")} and accepted_at is not null""",
    "service.overdue": """select count(*) from talentmap_application
        where due_on < (now() at time zone 'Asia/Shanghai')::date""",
    "service.satisfied": f"""select 100.0 * count(*) filter (where score >= 4) / nullif(count(*), 0)
        from talentmap_rating where {in_2026("rated_at")}""",
    "people.total": "select count(*) from talentmap_talent where is_active and erased_at is null",
    "money.available": "select sum(amount) from talentmap_ledgerline where account = 'available'",
    "money.paid": f"""select sum(l.amount) from talentmap_ledgerline l join talentmap_ledgerentry e on e.id = l.entry_id
        where account = 'paid' and {in_2026("e.at")}""",
    "housing.rent_granted": """select count(distinct talent_id) from support_entitlement where kind = 'rent'
        and state <> 'revoked' and starts_on between '2026-01-01' and '2026-12-31'""",
    "housing.apartments": """select count(distinct talent_id) from support_entitlement where kind = 'apartment'
        and state = 'active' and starts_on <= (now() at time zone 'Asia/Shanghai')::date""",
    "surveys.accepted": f"select count(*) from needs_response where state = 'approved' and {in_2026('received_at')}",
    "surveys.running": """select count(distinct campaign_id) from needs_campaigntownship t join needs_campaign c
        on c.id = t.campaign_id where c.state = 'open' and
        (now() at time zone 'Asia/Shanghai')::date between starts_on and ends_on""",
    "surveys.quotas_filled": None,  # by hand in tests/surveys/test_figures.py
}


def test_every_headline_is_counted_by_hand_somewhere():
    declared = {f.code for page in ("needs", "support", "service_quality") for f in registry.headlines(page)}
    assert declared == set(HEADLINES)


@pytest.mark.parametrize("code", sorted(code for code, statement in HEADLINES.items() if statement))
def test_a_headline_equals_hand_written_sql(busy, code):
    shown = {line.figure.code: line for each in overview(busy.leader, YEAR, LAST_YEAR, now=NOW).maps
             for line in each.headlines}  # fmt: skip
    expected = sql(HEADLINES[code])
    assert expected, "nothing compared with nothing"
    assert shown[code].summary.value == expected


# Which townships lag is worked out as campaigns work it out, before the query; it is no headline of any page.
WORKED_OUT_BEFORE = {"surveys.behind": 4}


def test_the_summary_is_the_figure_its_months_and_the_period_before(busy):
    """All in one query, and the same as asked one by one."""
    busy.leader.reach("view_funds")  # what one may is asked once a request
    for figure in registry.all_figures():
        with CaptureQueriesContext(connection) as queries:
            found = compute.summary(figure, busy.leader, YEAR, LAST_YEAR)
        before = WORKED_OUT_BEFORE.get(figure.code, 0)
        assert len(queries) <= before + (2 if figure.per_inhabitants else 1), figure.code
        assert found.value == compute.value(figure, busy.leader, YEAR), figure.code
        if figure.date:
            assert found.before == compute.value(figure, busy.leader, LAST_YEAR), figure.code
            course = compute.by_month(figure, busy.leader, YEAR)
            assert found.months == tuple(point.value for point in course.points), figure.code


def test_townships_in_both_periods_are_those_of_the_figure(busy):
    places, compared = {place.code[:9]: place for place in Region.objects.townships()}, set()
    for figure in registry.all_figures():
        if not figure.region:
            continue
        found = compute.townships(figure, busy.leader, YEAR, LAST_YEAR)
        for place, scope in ((0, YEAR), (1, LAST_YEAR)):
            series = compute.by_township(figure, busy.leader, scope)
            if place and not figure.date:
                continue
            told = {point.query["township"][:9]: point.value for point in series.points}
            for code, value in told.items():
                number = compute.at_place(figure, places[code], found.get(code, (None, None))[place])
                assert number == value, figure.code
            compared |= {(figure.code, place) for value in told.values() if value}
    both = {"service.received", "service.satisfied", "surveys.accepted"}
    assert compared >= {(code, place) for code in both for place in (0, 1)}
    assert compared >= {(code, 0) for code in ("money.paid", "housing.rent_granted", "housing.apartments")}
