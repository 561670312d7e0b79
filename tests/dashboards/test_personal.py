"""No figure tells a leader who somebody is: neither on its page nor in its Excel."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from growth.mentoring.models import Meeting
from talentmap.casework import actions as casework
from talentmap.casework.models import Application
from talentmap.dashboards import registry
from talentmap.people.models import Talent
from tests.factories import housing, lending, mentoring, pathways
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
ALL_TIME = {"period": "own", "first": "2020-01-01", "last": "2029-12-31"}


def subsidies():
    office = housing.office()
    entitlement = housing.approved(office, housing.talent(office, name="钱多福"))
    case = Application.objects.get(pk=entitlement.application_id)
    casework.rate(by=case.applicant.user, at=moment(date(2026, 6, 1)), application=case, score=2, comment="慢")
    housing.submitted(housing.talent(office, name="孙有才"))
    return office.leader


def mentors():
    office, leader = mentoring.office(), housing.user_with(housing.Role.COUNTY_LEADER)
    by = mentoring.mentor(office)
    pair = mentoring.pair(office, mentoring.talent(office, name="李知行"), by)
    mentoring.met(pair, pair.started_on, topic="周转资金")
    mentoring.passed(office, mentoring.talent(office, name="周等候"))
    return leader


def loans():
    market = lending.market()
    lending.running(market, lending.borrower(market, name="吴创业"))
    return market.office.leader


def roadmaps():
    town, leader = pathways.Town(), housing.user_with(housing.Role.COUNTY_LEADER)
    town.talent = town.another(name="郑成长")
    pathways.journey(town)
    return leader


ROWS_OF = {
    subsidies: {"people.total", "service.received", "service.rated", "housing.rent_granted", "money.committed"},
    mentors: {"mentoring.waiting", "mentoring.pairs_active", "mentoring.meetings", "mentoring.mentors"},
    loans: {"loans.running"},
    roadmaps: {"pathways.under_way", "pathways.started"},
}


def page_and_table(client, code):
    """What a reader is shown of the rows, and every cell of the Excel."""
    page = client.get(reverse("dashboards:figure", args=[code]), ALL_TIME)
    answer = client.get(reverse("dashboards:export_figure", args=[code]), ALL_TIME)
    table = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    cells = [str(cell) for row in table.iter_rows(min_row=2, values_only=True) for cell in row]
    return page, [page.content.decode(), *cells]


@pytest.mark.parametrize("world", ROWS_OF, ids=lambda world: world.__name__)
def test_a_leader_reads_neither_names_nor_case_numbers(world, client):
    """A fund's movements bear the numbers of their cases, as the fund's own page does; whose they are stays unsaid."""
    leader = world()
    client.force_login(leader)
    names = set(Talent.objects.values_list("name", flat=True))
    topics = set(Meeting.objects.values_list("topic", flat=True))
    numbers = set(Application.objects.exclude(number="").values_list("number", flat=True)) - {None}
    assert names
    seen = set()
    for figure in registry.seen_by(leader, registry.all_figures()):
        page, texts = page_and_table(client, figure.code)
        seen |= {figure.code} if page.context["table_rows"] else set()
        hidden = names | topics | (set() if leader.may(figure.row_permission) else numbers)
        assert not [secret for secret in hidden for text in texts if secret in text], figure.code
    assert seen >= ROWS_OF[world]
