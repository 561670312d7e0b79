"""The figures of mentoring equal what is counted by hand in SQL, and never show more than their reader may see."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from growth.mentoring import actions
from growth.mentoring.models import Pair
from talentmap.accounts.permissions import Role
from talentmap.casework import actions as casework
from talentmap.casework.models import Application
from talentmap.dashboards import attention, compute, registry
from talentmap.dashboards.scope import Scope
from tests.factories import mentoring
from tests.factories.accounts import TownshipFactory, user_with
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
OF_TALENT = "join talentmap_talent t on t.id = p.talent_id join talentmap_region g on g.id = t.region_id"
INSIDE = "g.code like %(inside)s"
PLACES = f"from growth_mentor m join talentmap_region g on g.id = m.region_id where {INSIDE} and m.state = 'verified'"
MET = """exists (select 1 from growth_meeting k where k.pair_id = p.id and k.state in ('logged', 'confirmed')
    and (k.starts_at at time zone 'Asia/Shanghai')::date >= %(today)s::date - 60)"""
SQL = {
    "mentoring.pairs_active": f"select count(*) from growth_pair p {OF_TALENT} where {INSIDE} and p.state = 'active'",
    "mentoring.pairs_begun": f"""select count(*) from growth_pair p {OF_TALENT} where {INSIDE}
        and p.started_on between %(first)s and %(last)s""",
    "mentoring.waiting": f"""select count(*) from talentmap_application a join talentmap_region g on g.id = a.region_id
        where {INSIDE} and a.scheme = 'mentoring' and a.state = 'in_review' and a.stage = 'mentor'""",
    "mentoring.waiting_late": f"""select count(*) from talentmap_application a
        join talentmap_region g on g.id = a.region_id where {INSIDE} and a.scheme = 'mentoring'
        and a.state = 'in_review' and a.stage = 'mentor' and a.stage_due_on < %(today)s""",
    "mentoring.meetings": f"""select count(*) from growth_meeting k join growth_pair p on p.id = k.pair_id {OF_TALENT}
        where {INSIDE} and k.state = 'confirmed'
        and (k.starts_at at time zone 'Asia/Shanghai')::date between %(first)s and %(last)s""",
    "mentoring.mentors": f"select count(*) {PLACES}",
    "mentoring.places_free": f"""select coalesce(sum(m.capacity - (select count(*) from growth_pair p
            where p.mentor_id = m.id and p.state = 'active') - (select count(*) from growth_mentorrequest r
            where r.mentor_id = m.id and r.state = 'open')), 0) {PLACES}
        and not (coalesce(m.paused_from, 'infinity') <= %(today)s and coalesce(m.paused_until, 'infinity') >= %(today)s)
        and exists (select 1 from talentmap_membership h where h.user_id = m.user_id and h.role = 'mentor'
            and h.ended_at is null)""",
    "mentoring.silent": f"""select round(100.0 * count(*) filter (
            where not {MET} and p.started_on <= %(today)s::date - 60)
            / nullif(count(*), 0), 1) from growth_pair p {OF_TALENT} where {INSIDE} and p.state = 'active'""",
}  # fmt: skip
SHOWN = {
    "mentoring.pairs_active": 3, "mentoring.pairs_begun": 3, "mentoring.waiting": 3, "mentoring.waiting_late": 3,
    "mentoring.meetings": 2,
    "mentoring.mentors": 4, "mentoring.places_free": 2, "mentoring.silent": Decimal("33.3"),
}  # fmt: skip
MARCH = Scope(first=date(2026, 3, 1), last=date(2026, 3, 31))
APRIL = Scope(first=date(2026, 4, 1), last=date(2026, 4, 30))


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def county(office):
    """Four mentors with eight places, one of them on a pause. One pair began in March and meets to this day, one began
    and ended in March, one began in April in another township and has not met since, one of March belongs to it too.
    Two talents wait here and one there; one has withdrawn, one is not passed yet."""
    office.elsewhere = TownshipFactory()
    first, second, third, paused = (mentoring.mentor(office) for _ in range(4))
    office.met = mentoring.pair(office, mentoring.talent(office), first)
    ended = mentoring.pair(office, mentoring.talent(office), second)
    actions.end_pair(by=ended.mentor.user, at=moment(), pair=ended, reason="other", note="协商")
    there = mentoring.talent(office, region=office.elsewhere)
    office.silent = mentoring.pair(office, there, first, on=date(2026, 4, 7))
    lately = mentoring.pair(office, mentoring.talent(office, region=office.elsewhere), second)
    _waiting(office, third)
    _meetings(office.met, lately)
    today = timezone.localdate()
    actions.pause_mentor(by=paused.user, at=timezone.now(), mentor=paused, starts_on=today, reason="出差")
    return office


def _waiting(office, mentor):
    mentoring.asked(office, mentoring.talent(office), mentor)
    mentoring.passed(office, mentoring.talent(office))
    mentoring.passed(office, mentoring.talent(office, region=office.elsewhere))
    person = mentoring.talent(office)
    gone = mentoring.passed(office, person)
    casework.withdraw(by=person.user, at=moment(), application=gone, reason="自己找到了")
    mentoring.submitted(mentoring.talent(office))


def _meetings(met, lately):
    """Two confirmed in March and one in April; one that the other side has not confirmed, and one of last week."""
    mentoring.met(met, date(2026, 3, 10))
    mentoring.logged(met, date(2026, 3, 12))
    mentoring.met(met, date(2026, 4, 2))
    mentoring.met(lately, date(2026, 3, 31))
    for pair in (met, lately):
        mentoring.logged(pair, timezone.localdate() - timedelta(days=7))


def by_hand(code, scope, inside=""):
    values = {"inside": f"{inside}%", "first": scope.first, "last": scope.last, "today": timezone.localdate()}
    with connection.cursor() as cursor:
        cursor.execute(SQL[code], values)
        return cursor.fetchone()[0]


def value(code, reader, scope=MARCH):
    return compute.value(registry.get(code), reader, scope)


def test_every_figure_of_mentoring_is_counted_by_hand():
    codes = {figure.code for figure in registry.all_figures()}
    assert set(SQL) == {code for code in codes if code.startswith("mentoring.")}


def test_a_figure_equals_what_sql_counts(county):
    for code in SQL:
        for scope in (MARCH, APRIL):
            assert value(code, county.director, scope) == by_hand(code, scope), (code, scope)
    assert {code: value(code, county.director) for code in SQL} == SHOWN


def test_a_township_counts_its_own(county):
    elsewhere = user_with(Role.TOWNSHIP_CADRE, region=county.elsewhere)
    for place, reader in ((county.township, county.cadre), (county.elsewhere, elsewhere)):
        for code in SQL:
            assert value(code, reader) == by_hand(code, MARCH, place.code[:9]), code
    assert (value("mentoring.waiting", county.cadre), value("mentoring.waiting", elsewhere)) == (2, 1)
    assert (value("mentoring.silent", county.cadre), value("mentoring.silent", elsewhere)) == (0, 50)
    assert {value(code, user_with(Role.TOWNSHIP_CADRE, region=TownshipFactory())) or 0 for code in SQL} == {0}


def test_the_two_of_a_pair_and_partners_read_no_figure_of_the_county(county):
    both = (county.met.talent.user, county.met.mentor.user)
    for reader in (*both, user_with(Role.BANK_OFFICER), user_with(Role.GUARANTOR_OFFICER)):
        client = Client()
        client.force_login(reader)
        for code in SQL:
            assert client.get(reverse("dashboards:figure", args=[code])).status_code == 403
            assert not registry.get(code).visible_rows(reader, MARCH).exists()


def test_a_leader_reads_masked_names_and_a_cadre_those_of_the_township(county, client):
    url = reverse("dashboards:figure", args=["mentoring.pairs_active"])
    client.force_login(user_with(Role.COUNTY_LEADER))
    page = client.get(url)
    assert len(page.context["table_rows"]) == 3
    assert not [link for _cells, link in page.context["table_rows"] if link]
    assert county.met.talent.name not in page.content.decode()
    client.force_login(county.cadre)
    page = client.get(url)
    assert [link for _cells, link in page.context["table_rows"]] == [county.met.get_absolute_url()]
    assert county.met.talent.name in page.content.decode()


def test_the_page_of_the_growth_roadmap_shows_them(county, client):
    client.force_login(user_with(Role.COUNTY_LEADER))
    response = client.get(reverse("dashboards:growth"))
    assert {tile.figure.code for tile in response.context["tiles"]} >= set(SQL)
    for code in SQL:
        assert client.get(reverse("dashboards:figure", args=[code])).status_code == 200


def watched(code, reader, day):
    return next(each for each in attention.seen_by(reader) if each.code == code).find(reader, day)


def test_who_waits_too_long_is_told_to_whoever_watches_over_them(county):
    """From the day after the one by which a mentor should have answered; an alarm after a month more."""
    due = Application.objects.filter(stage="mentor", state="in_review").values_list("stage_due_on", flat=True)[0]
    elsewhere = user_with(Role.TOWNSHIP_CADRE, region=county.elsewhere)
    assert watched("mentoring.waiting", county.director, due) is None
    found = watched("mentoring.waiting", county.director, due + timedelta(days=1))
    assert (found.level, found.count, found.facts) == (attention.WARNING, 3, {"days": 1})
    assert watched("mentoring.waiting", county.director, due + timedelta(days=31)).level == attention.ALARM
    assert watched("mentoring.waiting", county.cadre, due + timedelta(days=1)).count == 2
    assert watched("mentoring.waiting", elsewhere, due + timedelta(days=1)).count == 1


def test_the_line_on_who_waits_too_long_leads_to_them_alone(county, client):
    today = timezone.localdate()
    waiting = Application.objects.filter(stage="mentor", state="in_review")
    waiting.update(stage_due_on=today)
    late = waiting.filter(region=county.elsewhere)
    late.update(stage_due_on=today - timedelta(days=1))
    line = next(each for each in attention.seen_by(county.director) if each.code == "mentoring.waiting")
    client.force_login(county.director)
    found = line.find(county.director, today)
    opened = client.get(line.url(found)).context
    assert (found.count, opened["list"].count, opened["value"]) == (1, 1, "1")
    assert [row.application for row in opened["list"].rows] == [late.get()]


def test_a_pair_that_does_not_meet_is_told_after_two_months(county, client):
    today = timezone.localdate()
    elsewhere = user_with(Role.TOWNSHIP_CADRE, region=county.elsewhere)
    assert watched("mentoring.silent", county.director, today).count == 1
    assert watched("mentoring.silent", county.cadre, today) is None
    assert watched("mentoring.silent", elsewhere, today).count == 1
    for days, silent in ((59, None), (60, 1)):
        Pair.objects.filter(pk=county.silent.pk).update(started_on=today - timedelta(days=days))
        found = watched("mentoring.silent", elsewhere, today)
        assert (found and found.count) == silent
    client.force_login(elsewhere)
    listed = client.get(reverse("dashboards:figure", args=["mentoring.silent"]), {"only": "met"})
    assert [link for _cells, link in listed.context["table_rows"]] == [county.silent.get_absolute_url()]
