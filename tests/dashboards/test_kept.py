"""What was counted for one choice is never shown for another: a figure's own group is no choice of the overview."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from talentmap.dashboards import kept
from talentmap.dashboards.overview import summaries
from talentmap.dashboards.registry import get
from talentmap.dashboards.scope import Scope
from tests.dashboards.board import figures, value
from tests.factories import housing
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
DOCTORS = {"split": "education", "group": "doctor"}
YEAR = Scope(date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def office():
    """Two masters and a doctor."""
    office = housing.office()
    for education in ("master", "master", "doctor"):
        housing.talent(office, education=education)
    return office


def people(page):
    lines = {line["headline"].figure.code: line["headline"] for each in page.context["maps"] for line in each["lines"]}
    return lines["people.total"].summary.value


def test_nobody_can_narrow_what_all_leaders_are_shown(office, client):
    """An address that asks for the doctors alone changes neither its own answer nor what the next reader gets."""
    client.force_login(office.director)
    assert people(client.get(reverse("dashboards:overview"), DOCTORS | {"fresh": "1"})) == 3
    assert value(figures(client, DOCTORS), "people.total") == "3"
    client.force_login(office.leader)
    assert people(client.get(reverse("dashboards:overview"))) == 3
    assert value(figures(client), "people.total") == "3"


def test_the_page_of_a_map_counts_everybody_as_it_says(office, client):
    client.force_login(office.leader)
    page = client.get(reverse("dashboards:support"), DOCTORS)
    assert next(tile.value for tile in page.context["tiles"] if tile.figure.code == "people.total") == "3"
    answer = client.get(reverse("dashboards:export_page", args=["support"]), DOCTORS)
    rows = load_workbook(BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True)
    assert next(row[1] for row in rows if row[0] == str(get("people.total").label)) == 3


def test_the_page_of_a_figure_still_looks_at_one_group(office, client):
    client.force_login(office.leader)
    page = client.get(reverse("dashboards:figure", args=["people.total"]), DOCTORS)
    assert (page.context["value"], str(page.context["group"][1])) == ("1", "博士研究生")


def test_a_group_is_kept_apart_from_the_whole(office):
    doctors = Scope(YEAR.first, YEAR.last, split="education", group="doctor")
    figure, now = get("people.total"), moment()
    for scope, expected in ((doctors, 1), (YEAR, 3), (doctors, 1)):
        assert summaries(office.leader, [figure], scope, scope, now=now)["people.total"].value == expected


def test_no_choice_can_pass_for_another_by_its_spelling(office):
    one = Scope(YEAR.first, YEAR.last, split="a", group="b_c")
    other = Scope(YEAR.first, YEAR.last, split="a_b", group="c")
    keys = {kept.key("summary", "x", office.leader, "view_dashboards", scope) for scope in (one, other, YEAR)}
    assert len(keys) == 3
