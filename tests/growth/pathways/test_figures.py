"""The figures of growth paths equal what is counted by hand in SQL, and show no more than their reader may see."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from growth.pathways import actions
from talentmap.accounts.permissions import Role
from talentmap.dashboards import compute, registry
from talentmap.dashboards.scope import Scope
from tests.factories import pathways
from tests.factories.accounts import user_with
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
MARCH, APRIL = Scope(date(2026, 3, 1), date(2026, 3, 31)), Scope(date(2026, 4, 1), date(2026, 4, 30))
LATER = moment(date(2026, 4, 8))

OF_JOURNEY = """join talentmap_talent t on t.id = j.talent_id join talentmap_region g on g.id = t.region_id
    where g.code like %(inside)s"""
IN_PERIOD = "(({} at time zone 'Asia/Shanghai')::date between %(first)s and %(last)s)"
LAST_WORD = "(select count(*) from growth_tickanswer a where a.tick_id = k.id and a.kind in ({}))"
OVER, CONFIRMED = LAST_WORD.format("'sent_back', 'withdrawn'"), LAST_WORD.format("'confirmed'")
HAND_WRITTEN = {
    "pathways.under_way": f"""select count(distinct j.talent_id) from growth_journey j {OF_JOURNEY}
        and j.state = 'active'""",
    "pathways.started": f"select count(*) from growth_journey j {OF_JOURNEY} and {IN_PERIOD.format('j.started_at')}",
    "pathways.met": f"""select count(*) from growth_tick k join growth_journey j on j.id = k.journey_id {OF_JOURNEY}
        and {IN_PERIOD.format("k.at")} and {OVER} = 0 and (k.needs = '' or {CONFIRMED} = 1)""",
    "pathways.reached": f"""select count(*) from growth_journeymove m join growth_journey j on j.id = m.journey_id
        join growth_pathwaystage s on s.id = m.to_stage_id
        {OF_JOURNEY} and {IN_PERIOD.format("m.at")} and m.kind in ('reached', 'finished') and m.id = (
            select min(f.id) from growth_journeymove f join growth_pathwaystage o on o.id = f.to_stage_id
             where f.journey_id = m.journey_id and f.kind = m.kind and o.code = s.code)""",
    "pathways.waiting": f"""select count(*) from growth_tick k join growth_journey j on j.id = k.journey_id
        {OF_JOURNEY} and j.state = 'active' and k.needs <> '' and {OVER} = 0 and {CONFIRMED} = 0""",
}


@pytest.fixture
def town():
    """Two people here, one of them on two paths, one in another township, and ticks of every fate."""
    town = pathways.Town()
    town.neighbour = pathways.Town()
    _every_fate(town)
    other = pathways.journey(town, pathways.published(title="第二条"))  # the same person, a second path
    pathways.ticked(other, "visit")
    _ended_while_waiting(town)
    elsewhere = pathways.journey(town.neighbour, pathways.published(title="邻镇"))
    pathways.ticked(elsewhere, "visit")
    pathways.ticked(elsewhere, "plan")
    return town


def _every_fate(town):
    """Waiting, withdrawn, sent back and then confirmed in April, which reaches the next stage."""
    with pathways.accompanied((town.mentor, town.talent)):
        row = pathways.journey(town)
        sent_back = pathways.ticked(row, "plan")
        actions.send_back(by=town.mentor, at=moment(), tick=sent_back, note="缺少预算")
        gone = pathways.ticked(row, "visit")
        actions.withdraw(by=town.talent.user, at=moment(), tick=gone)
        pathways.ticked(row, "course", by=town.staff)  # whose word it wants
        again = actions.tick(by=town.talent.user, at=LATER, journey=row, code="plan", text="补上了")
        actions.confirm(by=town.mentor, at=LATER, tick=again)


def _ended_while_waiting(town):
    """Nobody has to answer a tick of a path that is over."""
    row = pathways.journey(town, pathways.published(title="第三条"), talent=town.another())
    pathways.ticked(row, "course")
    actions.end(by=town.staff, at=LATER, journey=row, reason="离开本县")


def by_hand(code, scope, inside=""):
    with connection.cursor() as cursor:
        cursor.execute(HAND_WRITTEN[code], {"inside": f"{inside}%", "first": scope.first, "last": scope.last})
        return cursor.fetchone()[0]


def value(code, reader, scope):
    return compute.value(registry.get(code), reader, scope)


def test_every_figure_of_growth_paths_is_counted_by_hand():
    codes = {figure.code for figure in registry.all_figures()}
    assert set(HAND_WRITTEN) == {code for code in codes if code.startswith("pathways.")}


def test_a_figure_equals_hand_written_sql(town):
    leader = user_with(Role.COUNTY_LEADER)
    for scope in (MARCH, APRIL):
        for code in HAND_WRITTEN:
            assert value(code, leader, scope) == by_hand(code, scope), (code, scope)


def test_the_figures_are_those_that_one_counts_on_ones_fingers(town):
    leader = user_with(Role.COUNTY_LEADER)
    assert {code: (value(code, leader, MARCH), value(code, leader, APRIL)) for code in HAND_WRITTEN} == {
        "pathways.under_way": (2, 2),  # two people on three paths, a fourth path is over
        "pathways.started": (4, 0),
        "pathways.met": (3, 1),  # the course and two visits; the plan in April
        "pathways.reached": (0, 1),
        "pathways.waiting": (1, 1),  # the neighbour's plan
    }


def test_a_township_counts_its_own(town):
    for place in (town, town.neighbour):
        for code in HAND_WRITTEN:
            assert value(code, place.cadre, MARCH) == by_hand(code, MARCH, place.township.code[:9]), code
    assert value("pathways.waiting", town.cadre, MARCH) == 0
    assert value("pathways.waiting", town.neighbour.cadre, MARCH) == 1


def test_whoever_reads_no_dashboards_reads_none_of_these(town):
    for reader in (town.talent.user, town.mentor, user_with(Role.BANK_OFFICER), user_with(Role.GUARANTOR_OFFICER)):
        client = Client()
        client.force_login(reader)
        for code in HAND_WRITTEN:
            assert client.get(reverse("dashboards:figure", args=[code])).status_code == 403
            assert not registry.get(code).visible_rows(reader, MARCH).exists()


def test_a_leader_reads_masked_names_and_opens_nobodys_roadmap(town):
    client = Client()
    client.force_login(user_with(Role.COUNTY_LEADER))
    page = client.get(reverse("dashboards:figure", args=["pathways.under_way"]))
    assert len(page.context["table_rows"]) == 3
    assert not [link for _cells, link in page.context["table_rows"] if link]
    assert town.talent.name not in page.content.decode()
    client.force_login(town.cadre)
    page = client.get(reverse("dashboards:figure", args=["pathways.under_way"]))
    assert len(page.context["table_rows"]) == 2
    assert town.talent.name in page.content.decode()
    assert town.neighbour.talent.name not in page.content.decode()
