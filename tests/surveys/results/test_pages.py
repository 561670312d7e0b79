"""The pages of results: who opens them, what they say, how many queries they take."""

import pytest
from django.test import Client
from django.urls import reverse

from needs.surveys.campaigns.models import Campaign
from talentmap.accounts.permissions import Role
from tests.factories.accounts import TownshipFactory, user_with
from tests.factories.surveys_results import respondents, results_campaign, tally

pytestmark = pytest.mark.django_db
EVERYONE = {("35_44", "farming", "female"): 60, ("25_34", "trade", "male"): 60}


def as_client(user):
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def township():
    return TownshipFactory()


@pytest.fixture
def leader():
    return as_client(user_with(Role.COUNTY_LEADER))


@pytest.fixture
def campaign(township):
    found = results_campaign(township)
    respondents(found, township, EVERYONE)
    tally(found, township, "stay", {"yes": 40, "no": 20})
    tally(found, township, "stay", {"yes": 30, "no": 30}, age_band="25_34", occupation="trade", sex="male")
    return found


def url(name, campaign, *more, **query):
    address = reverse(f"surveys:{name}", args=[campaign.pk, *more])
    return address + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")


def test_a_leader_finds_surveys_without_seeing_campaigns(leader, campaign):
    results_campaign(TownshipFactory(), state=Campaign.State.DRAFT, title="尚在准备")
    page = leader.get(reverse("surveys:result_list"))
    assert campaign.title in page.text
    assert "尚在准备" not in page.text
    assert leader.get(url("results", campaign)).status_code == 200


@pytest.mark.parametrize("campaigns", [1, 3])
def test_the_list_takes_the_same_queries(campaigns, leader, django_assert_num_queries):
    for _each in range(campaigns):
        place = TownshipFactory()
        respondents(results_campaign(place), place, EVERYONE)
    leader.get(reverse("surveys:result_list"))
    with django_assert_num_queries(7):
        page = leader.get(reverse("surveys:result_list"))
    assert page.text.count(">120<") == campaigns


@pytest.mark.parametrize("townships", [1, 3])
def test_the_results_take_the_same_queries(townships, leader, campaign, django_assert_num_queries):
    for _each in range(townships - 1):
        place = TownshipFactory()
        respondents(campaign, place, EVERYONE)
        tally(campaign, place, "stay", {"yes": 40, "no": 20})
    leader.get(url("results", campaign))
    with django_assert_num_queries(13):
        leader.get(url("results", campaign))


def test_a_result_says_its_numbers_and_their_definition(leader, campaign):
    page = leader.get(url("results", campaign)).text
    assert "n = 120" in page
    assert "58.3%" in page
    assert "49.0–67.3%" in page  # binomtest(70, 120).proportion_ci(0.95, "exact")
    assert "model-based interval of a quota sample" in page
    assert "every response counts alike" in page


def test_filters_stay_in_the_address_and_in_the_definition(leader, campaign):
    page = leader.get(url("results", campaign, sex="female")).text
    assert "66.7%" in page
    assert "Sex: female" in page
    assert "file/?format=csv&sex=female" in page


def test_nonsense_in_the_address_filters_nothing(leader, campaign):
    page = leader.get(url("results", campaign, sex="both", township="x", weights="99", page="-7", state="x"))
    assert "58.3%" in page.text


def test_search_and_empty_states(leader, campaign, township):
    assert "想学什么" not in leader.get(url("results", campaign, q="留在")).text
    assert "No question matches" in leader.get(url("results", campaign, q="zzz")).text
    assert "No approved response yet" in leader.get(url("results", results_campaign(township))).text


def test_a_question_by_township_on_map_and_in_table(leader, campaign, township):
    other = TownshipFactory(tile_x=1, tile_y=0)
    type(township).objects.filter(pk=township.pk).update(tile_x=0, tile_y=0)
    respondents(campaign, other, {("35_44", "farming", "female"): 60})
    tally(campaign, other, "stay", {"yes": 10, "no": 50})
    page = leader.get(url("question_result", campaign, "stay")).text
    assert "Map: share of “愿意”" in page
    assert page.count("shade-5") == 2  # the tile and the legend
    assert "16.7%" in page


def test_hidden_numbers_are_nowhere(leader, campaign, township):
    """Neither in the table, nor in the chart's data, nor on the map, nor in a file."""
    other = TownshipFactory(tile_x=1, tile_y=0)
    type(township).objects.filter(pk=township.pk).update(tile_x=0, tile_y=0)
    respondents(campaign, other, {("35_44", "farming", "female"): 113})
    tally(campaign, other, "stay", {"yes": 2, "no": 111})
    page = leader.get(url("question_result", campaign, "stay")).text
    for told in (">1.8%<", " 1.77", ">98.2%<", "98.23", ">111<"):
        assert told not in page
    file = b"".join(leader.get(url("question_file", campaign, "stay", format="csv")).streaming_content).decode()
    assert ",111," not in file
    assert "not shown" in file


def test_a_cadre_sees_the_own_township_and_is_told_so(campaign, township):
    elsewhere = TownshipFactory()
    tally(campaign, elsewhere, "stay", {"yes": 500, "no": 500})
    page = as_client(user_with(Role.TOWNSHIP_CADRE, region=township)).get(url("results", campaign)).text
    assert "n = 120" in page
    assert "not of the county" in page
    assert elsewhere.name not in page


def test_another_townships_survey_is_not_found(campaign):
    stranger = as_client(user_with(Role.TOWNSHIP_CADRE, region=TownshipFactory()))
    assert stranger.get(url("results", campaign)).status_code == 404
    assert stranger.get(url("question_file", campaign, "stay")).status_code == 404


def test_unknown_questions_are_not_found(leader, campaign):
    assert leader.get(url("question_result", campaign, "nothing")).status_code == 404
    assert leader.get(url("question_result", campaign, "phone")).status_code == 404


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_files_carry_the_definition(leader, campaign, kind):
    answer = leader.get(url("results_file", campaign, format=kind))
    body = b"".join(answer.streaming_content)
    assert answer.status_code == 200
    if kind == "csv":
        assert "Clopper–Pearson" in body.decode()
        assert "愿意,120,70," in body.decode()


@pytest.mark.parametrize(
    "path",
    [
        "questions/wish%00/answers/",
        "questions/wish%00/themes/1/rename/",
        "questions/wish/themes/99999999999999999999/rename/",
        "weights/99999999999999999999/",
        "weights/1/99999999999999999999/",
    ],
)
def test_absurd_addresses_are_not_found(campaign, path):
    staff = as_client(user_with(Role.OFFICE_STAFF))
    assert staff.get(url("results", campaign) + path).status_code in (400, 404)


@pytest.mark.parametrize("query", ["q=%00", "theme=99999999999999999999", "township=abc", "page=9e9", "state=x"])
def test_absurd_filters_of_answers_are_no_error(campaign, query):
    staff = as_client(user_with(Role.OFFICE_STAFF))
    assert staff.get(url("open_answers", campaign, "wish") + "?" + query).status_code in (200, 400)
