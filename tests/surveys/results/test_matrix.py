"""The rows of a matrix stand in one table and one chart, with the same silence about few people."""

import copy
import json
import re

import pytest

from talentmap.accounts.permissions import Role
from tests.factories.accounts import TownshipFactory, user_with
from tests.factories.surveys import CHINESE
from tests.factories.surveys_results import COMPILED, choices, node, respondents, results_campaign, tally
from tests.surveys.results.test_pages import as_client, url

pytestmark = pytest.mark.django_db
GROUP = {"i": 20, "kind": "group", "name": "services", "label": {CHINESE: "公共服务"}, "parent": -1, "repeat": -1,
         "appearance": ["table-list"]}  # fmt: skip
EVERYONE = {("35_44", "farming", "female"): 60}


@pytest.fixture
def township():
    return TownshipFactory()


@pytest.fixture
def campaign(township):
    compiled = copy.deepcopy(COMPILED)
    compiled["lists"]["level"] = choices(good="好", fair="一般", bad="差")
    rows = [node(21 + n, key, "select_one", label, list="level", parent=20) for n, (key, label) in enumerate(ROWS)]
    compiled["nodes"] += [GROUP, *rows]
    found = results_campaign(township, compiled=compiled)
    respondents(found, township, EVERYONE)
    tally(found, township, "road", {"good": 30, "fair": 20, "bad": 10})
    return found


ROWS = (("road", "道路"), ("clinic", "看病"))


def page_of(campaign):
    return as_client(user_with(Role.COUNTY_LEADER)).get(url("results", campaign)).text


def charts(page):
    found = [
        json.loads(each) for each in re.findall(r'<script id="[^"]*-data" type="application/json">(.*?)</script>', page)
    ]
    return [each for each in found if each["kind"] == "matrix"]


def cells_of(page, key):
    row = re.search(rf'<tr id="q-{key}">(.*?)</tr>', page, re.DOTALL)[1]
    return [re.sub(r"<[^>]+>", " ", cell).split() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]


def test_the_rows_share_one_table_and_one_chart(campaign, township):
    tally(campaign, township, "clinic", {"good": 15, "fair": 15, "bad": 30})
    page = page_of(campaign)
    (chart,) = charts(page)
    assert chart["labels"] == ["道路", "看病"]
    assert [each["name"] for each in chart["series"]] == ["好", "一般", "差"]
    assert [each["values"] for each in chart["series"]] == [[50.0, 25.0], [33.33, 25.0], [16.67, 50.0]]
    assert cells_of(page, "road")[1:] == [["50.0%", "30"], ["33.3%", "20"], ["16.7%", "10"]]
    assert cells_of(page, "clinic")[1:] == [["25.0%", "15"], ["25.0%", "15"], ["50.0%", "30"]]
    assert page.count('id="q-road"') == 1


def test_few_people_and_their_complement_are_in_neither(campaign, township):
    tally(campaign, township, "clinic", {"good": 40, "fair": 17, "bad": 3})
    page = page_of(campaign)
    (chart,) = charts(page)
    seen = [each["values"][1] for each in chart["series"]]
    assert seen[2] is None and seen.count(None) == 2  # the one of three, and one more that would give it away
    told = cells_of(page, "clinic")[1:]
    assert told[2] == ["•", "•"] and told.count(["•", "•"]) == 2
    assert cells_of(page, "road")[1:] == [["50.0%", "30"], ["33.3%", "20"], ["16.7%", "10"]]


def test_a_row_that_nobody_answered_is_named_and_not_drawn(campaign):
    page = page_of(campaign)
    (chart,) = charts(page)
    assert chart["labels"] == ["道路"]
    assert "Nobody has answered this question yet." in re.search(r'<tr id="q-clinic">.*?</tr>', page, re.DOTALL)[0]
