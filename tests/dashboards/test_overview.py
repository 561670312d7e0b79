"""The leaders' overview: its numbers, its changes, what needs attention, and who sees how much of it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from talentmap.accounts.permissions import Role
from talentmap.casework import actions as casework
from talentmap.casework.models import Application
from talentmap.dashboards import attention, compute, registry
from talentmap.dashboards.overview import change, overview
from talentmap.dashboards.scope import Scope, back, before
from talentmap.money import actions as money
from tests.factories import housing
from tests.factories.accounts import TownshipFactory, user_with
from tests.factories.casework import MONDAY, moment

pytestmark = pytest.mark.django_db
YEAR = Scope(date(2026, 1, 1), date(2026, 12, 31))
LAST_YEAR = Scope(date(2025, 1, 1), date(2025, 12, 31))
IN_2026 = {"period": "own", "first": "2026-01-01", "last": "2026-12-31"}
NOW = moment(MONDAY + timedelta(days=60))
URL = "dashboards:overview"


def test_received_three_after_two(office):
    found = compute.summary(registry.get("service.received"), office.leader, YEAR, LAST_YEAR)
    assert (found.value, found.before, len(found.months), sum(found.months)) == (3, 2, 12, 3)
    told = change(registry.get("service.received"), found.value, found.before)
    assert (told.text, told.direction, told.tone) == ("+1 (+50.0%)", "up", "")


@pytest.mark.parametrize(
    ("code", "value", "was", "text", "direction", "tone"),
    [
        ("service.decided_in_time", Decimal("90.0"), Decimal("95.5"), "−5.5", "down", "bad"),
        ("service.decided_in_time", Decimal("100.0"), Decimal("95.5"), "+4.5", "up", "good"),
        ("service.poor", 3, 1, "+2 (+200.0%)", "up", "bad"),
        ("service.received", 4, 0, "+4", "up", ""),
        ("money.paid", Decimal("50.00"), Decimal("100.00"), "−¥50.00 (−50.0%)", "down", ""),
    ],
)
def test_a_change_says_how_far_and_whether_that_is_good(code, value, was, text, direction, tone):
    told = change(registry.get(code), value, was)
    assert told.text.startswith(text)
    assert (told.direction, told.tone) == (direction, tone)


def test_what_cannot_be_compared_has_no_change():
    assert change(registry.get("service.received"), None, 3) is None
    assert change(registry.get("people.total"), 3, None) is None
    assert change(registry.get("service.received"), 3, 3).direction == "same"


@pytest.mark.parametrize(
    ("preset", "scope", "earlier"),
    [
        ("year", ("2025-11-26", "2026-11-25"), ("2024-11-26", "2025-11-25")),
        ("this_year", ("2026-01-01", "2026-11-25"), ("2025-01-01", "2025-11-25")),
        ("quarter", ("2026-10-01", "2026-11-25"), ("2026-07-01", "2026-08-25")),
        ("month", ("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28")),
        ("month", ("2026-03-01", "2026-03-30"), ("2026-02-01", "2026-02-28")),
        ("own", ("2026-03-01", "2026-04-30"), ("2026-01-01", "2026-02-28")),
        ("own", ("2026-03-11", "2026-03-20"), ("2026-03-01", "2026-03-10")),
    ],
)
def test_the_period_before(preset, scope, earlier):
    found = before(Scope(*map(date.fromisoformat, scope)), preset)
    assert (str(found.first), str(found.last)) == earlier


def test_a_year_back_of_a_leap_day():
    found = back(Scope(date(2028, 2, 1), date(2028, 2, 29)), 12)
    assert (found.first, found.last) == (date(2027, 2, 1), date(2027, 2, 28))


# attention ------------------------------------------------------------------------------------------------


def test_the_most_urgent_comes_first_with_its_reason(office):
    """Two days late is a warning, a fortnight an alarm; the fund with a twentieth left is one too."""
    day = MONDAY + timedelta(days=40)
    quiet = overview(office.leader, YEAR, LAST_YEAR, now=moment(MONDAY - timedelta(days=800)), fresh=True)
    assert quiet.warnings == ()
    found = overview(office.leader, YEAR, LAST_YEAR, now=moment(day), fresh=True)
    late = Application.objects.overdue(day)
    assert [warned.level for warned in found.warnings] == [attention.ALARM]
    assert str(late.count()) in found.warnings[0].what
    assert found.warnings[0].url == reverse("dashboards:figure", args=["service.overdue"])
    by_code = {each.code: each.warned for each in found.maps}
    assert by_code["service_quality"] == found.warnings[0]
    assert by_code["support"] is None


def test_a_fund_that_is_nearly_exhausted(office):
    """72,000 of a million are bound; when all but 80,000 is taken away, nine tenths of 80,000 are."""
    finding = _attention("money.exhausted").find
    assert finding(office.leader, MONDAY) is None
    money.top_up(by=office.director, at=NOW, fund=office.fund, amount=Decimal(900_000), key="less", reason="核减",
                 kind="reduction")  # fmt: skip
    # 100,000 is left of the budget, of which 28,000 is available.
    assert finding(office.leader, MONDAY) is None
    money.top_up(by=office.director, at=NOW, fund=office.fund, amount=Decimal(26_000), key="less2", reason="核减",
                 kind="reduction")  # fmt: skip
    found = finding(office.leader, MONDAY)
    assert (found.level, found.facts["left"], found.count) == (attention.ALARM, Decimal(2_000), 97)
    what, why = _attention("money.exhausted").tell(found)
    assert "97%" in what
    assert "¥2,000.00" in why


def _attention(code):
    return next(each for each in attention._attentions.values() if each.code == code)


def test_a_cadre_is_told_of_the_own_township_only(office):
    elsewhere = user_with(Role.TOWNSHIP_CADRE)
    day = MONDAY + timedelta(days=90)
    assert _attention("service.overdue").find(office.cadre, day).count == Application.objects.overdue(day).filter(
        region=office.township).count()  # fmt: skip
    assert _attention("service.overdue").find(elsewhere, day) is None
    assert {each.code for each in attention.seen_by(office.cadre)} & {"money.exhausted", "money.unpaid"} == set()


def test_the_line_on_poor_grades_leads_to_those_past_their_day_whenever_they_were_given(office, client):
    """Two poor grades long past: one is due only tomorrow, so that the line tells of the other alone."""
    today, given = timezone.localdate(), MONDAY + timedelta(days=3)
    for days in (-1, 1):
        entitlement = housing.approved(office, housing.talent(office))
        case = Application.objects.get(pk=entitlement.application_id)
        rating = casework.rate(by=case.applicant.user, at=moment(given), application=case, score=1, comment="慢")
        type(rating).objects.filter(pk=rating.pk).update(mended_due_on=today + timedelta(days=days))
    line = _attention("service.not_mended")
    client.force_login(office.leader)
    found = line.find(office.leader, today)
    opened = client.get(line.url(found)).context
    assert (found.count, opened["list"].count) == (1, 1)


def test_who_looks_at_a_township_is_told_of_what_is_wrong_there(office):
    """All cases are late: four of the first township, one of the other; a fund is nobody's township's."""
    day = moment(MONDAY + timedelta(days=90))
    late = Application.objects.overdue(MONDAY + timedelta(days=90))
    money.top_up(by=office.director, at=NOW, fund=office.fund, amount=Decimal(926_000), key="less", reason="核减",
                 kind="reduction")  # fmt: skip
    whole = overview(office.leader, YEAR, LAST_YEAR, now=day, fresh=True)
    assert {warned.page for warned in whole.warnings} == {"service_quality", "support"}
    for place in (office.township, office.other):
        here = Scope(YEAR.first, YEAR.last, region=place)
        [told] = overview(office.leader, here, LAST_YEAR, now=day, fresh=True).warnings
        count = late.filter(region=place).count()
        assert 0 < count < late.count()
        assert told.what == _attention("service.overdue").tell(attention.Finding(3, count, {"days": 1}))[0]
        assert told.url.endswith(f"?township={place.code}")
    elsewhere = user_with(Role.TOWNSHIP_CADRE)
    assert overview(elsewhere, here, LAST_YEAR, now=day, fresh=True).warnings == ()


# pages ----------------------------------------------------------------------------------------------------


def test_a_leader_begins_with_the_overview(office, client):
    client.force_login(office.leader)
    assert client.get("/")["Location"] == reverse(URL)
    text = client.get(reverse(URL), IN_2026).content.decode()
    for words in ("人才需求图", "成长路线图", "保障全景图", "服务质量", "收件数"):
        assert words in text, words


def test_partners_and_talents_see_none_of_it(office, client):
    for role in (Role.BANK_OFFICER, Role.MENTOR, Role.TALENT):
        client.force_login(user_with(role))
        assert client.get(reverse(URL)).status_code == 403


def test_a_cadre_sees_the_own_township_alone(office, client):
    client.force_login(office.cadre)
    page = client.get(reverse(URL), IN_2026)
    text = page.content.decode()
    assert office.township.name in text
    assert office.other.name not in text
    lines = {line["headline"].figure.code: line["headline"] for each in page.context["maps"] for line in each["lines"]}
    assert lines["service.received"].summary.value == 2
    assert "money.available" not in lines
    assert client.get(reverse(URL), IN_2026 | {"township": office.other.code}).context["form"].errors


def test_what_was_counted_for_a_leader_is_not_given_to_a_cadre(office, client):
    for person, expected in ((office.leader, 3), (office.cadre, 2), (office.leader, 3)):
        client.force_login(person)
        page = client.get(reverse(URL), IN_2026)
        lines = {line["headline"].figure.code: line["headline"] for e in page.context["maps"] for line in e["lines"]}
        assert lines["service.received"].summary.value == expected


def test_a_township_narrows_everything_but_the_map(office, client):
    client.force_login(office.leader)
    page = client.get(reverse(URL), IN_2026 | {"township": office.other.code})
    service = next(each for each in page.context["maps"] if each["map"].code == "service_quality")
    assert service["lines"][0]["headline"].summary.value == 1
    rows = {row.region.code: row for row in service["towns"].rows}
    assert (rows[office.other.code].value, rows[office.township.code].value) == (1, 2)
    assert rows[office.other.code].is_chosen
    assert rows[office.township.code].before == 2
    assert f"township={office.other.code}" in service["lines"][0]["url"]
    assert "first=2026-01-01" in service["lines"][0]["url"]


def test_the_figure_of_a_map_can_be_chosen(office, client):
    client.force_login(office.leader)
    page = client.get(reverse(URL), IN_2026 | {"support": "people.total"})
    support = next(each for each in page.context["maps"] if each["map"].code == "support")
    assert support["towns"].figure.code == "people.total"
    assert support["trend"] is None  # a stock has no course
    hostile = client.get(reverse(URL), IN_2026 | {"support": "no.such'figure", "growth": "service.received"})
    assert hostile.status_code == 200


def test_numbers_are_kept_for_a_while_and_say_how_old_they_are(office, client):
    client.force_login(office.leader)
    first = client.get(reverse(URL), IN_2026)
    housing.submitted(housing.talent(office))
    kept = client.get(reverse(URL), IN_2026)
    assert kept.context["at"] == first.context["at"]
    assert _received(kept) == 3
    assert _received(client.get(reverse(URL), IN_2026 | {"fresh": "1"})) == 4
    assert _received(client.get(reverse(URL), IN_2026)) == 4


def _received(page):
    lines = {line["headline"].figure.code: line["headline"] for each in page.context["maps"] for line in each["lines"]}
    return lines["service.received"].summary.value


KEPT_PAGE, COUNTED_PAGE = 7, 35


def test_the_overview_asks_as_often_at_more_rows(office, client):
    """One query a figure and map when it counts; only who asks and where when it does not."""
    client.force_login(office.leader)
    client.get(reverse(URL), IN_2026)
    counts = []
    for _round in range(2):
        cache.clear()
        for _kept in range(2):
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(URL), IN_2026)
            counts.append(len(queries))
        for _number in range(3):
            housing.submitted(housing.talent(office, region=TownshipFactory()))
    assert counts == [COUNTED_PAGE, KEPT_PAGE, COUNTED_PAGE, KEPT_PAGE]


def test_comparing_townships_and_periods(office, client):
    client.force_login(office.leader)
    url = reverse("dashboards:compare", args=["service_quality"])
    query = IN_2026 | {"against": "other", "other_first": "2025-01-01", "other_last": "2025-12-31"}
    page = client.get(url, query)
    assert page.status_code == 200
    lines = {line.name: line.cells[0] for line in (*page.context["found"].lines, page.context["found"].whole)}
    assert (lines[office.township.name].value, lines[office.township.name].before) == (2, 2)
    assert (lines[office.other.name].value, lines[office.other.name].before) == (1, 0)
    assert (lines["全县"].value, lines["全县"].before) == (3, 2)
    chosen = client.get(url, query | {"place": [office.other.code, "511525999000"]})
    assert [line.name for line in chosen.context["found"].lines] == [office.other.name]
    assert client.get(reverse("dashboards:compare", args=["nothing"])).status_code == 404
    assert client.get(reverse("dashboards:export_comparison", args=["service_quality"]), query).status_code == 200


def test_a_mistake_in_the_comparison_is_told(office, client):
    client.force_login(office.leader)
    for wrong in ({}, {"other_first": "2026-02-01", "other_last": "2026-01-01"}, {"other_first": "x"}):
        page = client.get(reverse(URL), {"against": "other"} | wrong)
        assert page.status_code == 200
        assert page.context["form"].errors


def test_a_map_without_figures_says_so(office, client):
    client.force_login(office.leader)
    text = client.get(reverse(URL), IN_2026).content.decode()
    assert text.count('class="muted map-empty"') == sum(
        not registry.seen_by(office.leader, registry.headlines(page)) for page in registry.PAGES
    )


def test_a_rejected_late_case_counts_as_not_in_time(office):
    late = housing.awaiting_decision(office, housing.talent(office))
    casework.reject(by=office.director, at=moment(MONDAY + timedelta(days=200)), application=late, reason="不符合条件")
    found = compute.summary(registry.get("service.decided_in_time"), office.leader, YEAR, LAST_YEAR)
    assert (found.value, found.before) == (Decimal("50.0"), None)
