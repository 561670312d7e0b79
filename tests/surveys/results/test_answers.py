"""Open answers: read in reach, coded into themes, counted as a result with the same rule of what is hidden."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from needs.surveys.results import actions, results
from needs.surveys.results.filters import Dimension, filters_of
from needs.surveys.results.models import Coding, Theme
from talentmap.accounts.permissions import Role
from talentmap.ui.errors import Refused
from tests.factories.accounts import TownshipFactory, UserFactory, user_with
from tests.factories.surveys import ResponseFactory
from tests.factories.surveys_results import COMPILED, results_campaign, tally

pytestmark = pytest.mark.django_db


@pytest.fixture
def township():
    return TownshipFactory()


@pytest.fixture
def campaign(township):
    return results_campaign(township)


@pytest.fixture
def staff():
    return as_client(user_with(Role.OFFICE_STAFF))


def as_client(user):
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def answer(campaign, township, wish, **more):
    return ResponseFactory(campaign=campaign, township=township, answers={"wish": wish}, state="approved", **more)


def theme(campaign, name="修路"):
    return actions.add_theme(by=UserFactory(), at=timezone.now(), campaign=campaign, question="wish", name=name)


def code(theme_, *responses):
    return actions.code_answers(by=UserFactory(), at=timezone.now(), theme=theme_, responses=responses)


def url(campaign, name="open_answers", *more):
    return reverse(f"surveys:{name}", args=[campaign.pk, "wish", *more])


def test_answers_are_listed_searched_and_filtered(staff, campaign, township):
    first = answer(campaign, township, "修通村的路")
    answer(campaign, township, "办电商培训")
    ResponseFactory(campaign=campaign, township=township, answers={"age": 3})
    code(theme(campaign), first)
    page = staff.get(url(campaign)).text
    assert "修通村的路" in page
    assert "办电商培训" in page
    assert page.count('name="answers"') == 2
    assert "办电商培训" not in staff.get(url(campaign) + "?q=修通").text
    assert "修通村的路" not in staff.get(url(campaign) + "?theme=none").text
    assert "办电商培训" not in staff.get(url(campaign) + "?theme=any").text


@pytest.mark.parametrize("answers", [1, 3])
def test_the_list_takes_the_same_queries(answers, staff, campaign, township, django_assert_num_queries):
    made = theme(campaign)
    for number in range(answers):
        code(made, answer(campaign, township, f"愿望{number}"))
    staff.get(url(campaign))
    with django_assert_num_queries(14):
        staff.get(url(campaign))


def test_a_cadre_reads_the_own_township_and_codes_nothing(campaign, township):
    elsewhere = TownshipFactory()
    answer(campaign, township, "本镇的愿望")
    answer(campaign, elsewhere, "他镇的愿望")
    cadre = as_client(user_with(Role.TOWNSHIP_CADRE, region=township))
    page = cadre.get(url(campaign)).text
    assert "本镇的愿望" in page
    assert "他镇的愿望" not in page
    assert 'name="answers"' not in page
    assert cadre.post(url(campaign, "code_answers"), {}).status_code == 403


def test_a_leader_reads_no_single_answers(campaign):
    assert as_client(user_with(Role.COUNTY_LEADER)).get(url(campaign)).status_code == 403


def test_only_open_questions_that_name_nobody_are_read(staff, campaign):
    for key in ("stay", "phone", "nothing"):
        assert staff.get(reverse("surveys:open_answers", args=[campaign.pk, key])).status_code == 404


def test_several_answers_get_a_new_theme_at_once_and_lose_it(staff, campaign, township):
    rows = [answer(campaign, township, f"修路{number}") for number in range(3)]
    sent = {"answers": [row.pk for row in rows], "name": "修路", "next": url(campaign) + "?page=1"}
    assert staff.post(url(campaign, "code_answers"), sent).url == url(campaign) + "?page=1"
    assert Coding.objects.count() == 3
    staff.post(url(campaign, "code_answers"), sent)
    assert (Theme.objects.count(), Coding.objects.count()) == (1, 3)
    made = Theme.objects.get()
    sent = {"answers": [rows[0].pk], "theme": made.pk, "take_away": "1", "next": "https://elsewhere.example/"}
    assert staff.post(url(campaign, "code_answers"), sent).url == url(campaign)
    assert Coding.objects.count() == 2


def test_answers_of_another_survey_are_not_coded(staff, campaign, township):
    stranger = answer(results_campaign(township), township, "别的调查")
    staff.post(url(campaign, "code_answers"), {"answers": [stranger.pk], "name": "修路"})
    assert not Coding.objects.exists()


def test_nothing_chosen_changes_nothing(staff, campaign):
    for sent in ({}, {"answers": ["x"]}, {"answers": ["1"]}, {"answers": ["1"], "theme": "99"}):
        assert staff.post(url(campaign, "code_answers"), sent).status_code == 302
    assert not Theme.objects.exists()


def test_themes_are_renamed_merged_and_deleted(staff, campaign, township):
    rows = [answer(campaign, township, f"愿望{number}") for number in range(3)]
    roads, ways = theme(campaign, "修路"), theme(campaign, "道路")
    code(roads, *rows[:2])
    code(ways, *rows[1:])
    page = staff.post(url(campaign, "theme_rename", ways.pk), {"name": "修路"}).text
    assert "There is a theme of this name already" in page
    staff.post(url(campaign, "theme_rename", ways.pk), {"name": "交通"})
    staff.post(url(campaign, "theme_merge", roads.pk), {"into": ways.pk})
    assert list(Theme.objects.values_list("name", flat=True)) == ["交通"]
    assert set(Coding.objects.values_list("response", flat=True)) == {row.pk for row in rows}
    assert "交通" in staff.get(url(campaign, "theme_list")).text
    staff.post(url(campaign, "theme_delete", ways.pk))
    assert not Coding.objects.exists()


def test_a_theme_merges_into_one_of_its_own_question_only(campaign):
    with pytest.raises(Refused):
        actions.merge_theme(
            by=UserFactory(), at=timezone.now(), theme=theme(campaign), into=theme(results_campaign(TownshipFactory()))
        )


def test_themes_are_a_result_with_the_same_rule(campaign, township):
    rows = [answer(campaign, township, f"愿望{number}") for number in range(12)]
    tally(campaign, township, "wish", {}, base=40)
    roads, shops = theme(campaign, "修路"), theme(campaign, "电商")
    code(roads, *rows)
    code(shops, *rows[:4])
    question = results.outline_of(campaign).find("wish")
    reader = user_with(Role.COUNTY_LEADER)
    themes = results.coded(campaign, question)
    (result,) = results.question_results(reader, campaign, filters_of(), questions=[themes])
    shown = {row.label[""]: (row.cell.n, row.cell.share) for row in result.rows}
    assert shown == {"修路": (12, 0.3), "电商": (None, None)}
    assert (result.n, result.question.kind) == (40, "several")
    cadre = user_with(Role.TOWNSHIP_CADRE, region=TownshipFactory())
    assert results.question_results(cadre, campaign, questions=[themes])[0].withheld == "none"
    page = as_client(reader).get(reverse("surveys:question_result", args=[campaign.pk, "wish"])).text
    assert "Themes of the answers" in page
    assert "30.0%" in page


def test_themes_by_a_group_of_people_in_page_and_file(campaign, township):
    """12 of 40 women and 20 of 40 men wish for roads; shops are the wish of 6 women and of 4 men, who stay unsaid."""
    women = [answer(campaign, township, "愿望", sex="female") for _each in range(12)]
    men = [answer(campaign, township, "愿望", sex="male") for _each in range(20)]
    for sex in ("female", "male"):
        tally(campaign, township, "wish", {}, base=40, sex=sex)
    code(theme(campaign, "修路"), *women, *men)
    code(theme(campaign, "电商"), *women[:6], *men[:4])
    question = results.outline_of(campaign).find("wish")
    reader = user_with(Role.COUNTY_LEADER)
    table = results.cross_table(reader, campaign, results.coded(campaign, question), Dimension.SEX)
    found = {
        column.category: {row.label[""]: cell.share for row, cell in zip(table.result.rows, column.cells, strict=True)}
        for column in table.columns
    }
    assert {sex: shares["修路"] for sex, shares in found.items()} == {"female": 0.3, "male": 0.5}
    assert found["male"]["电商"] is None
    assert found["female"]["电商"] is None  # with the total it would tell of the men
    address = reverse("surveys:question_result", args=[campaign.pk, "wish"])
    page = " ".join(as_client(reader).get(f"{address}?by=sex").text.split())
    assert "30.0%" in page and "50.0%" in page
    file = as_client(reader).get(reverse("surveys:question_file", args=[campaign.pk, "wish"]) + "?by=sex&format=csv")
    lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    roads = [line.split(",")[2:5] for line in lines if ",修路," in line]
    assert sorted(roads) == [["40", "12", "0.3"], ["40", "20", "0.5"], ["80", "32", "0.4"]]
    shops = [line.split(",")[2:5] for line in lines if ",电商," in line]
    assert sorted(shops) == [["40", "", ""], ["40", "", ""], ["80", "10", "0.125"]]


def test_answers_inside_a_repeat(staff, township):
    compiled = {**COMPILED, "nodes": [*COMPILED["nodes"], {
        "i": 20, "kind": "repeat", "id": "member", "name": "member", "parent": -1, "repeat": -1, "label": {}},
        {"i": 21, "kind": "question", "id": "dream", "name": "dream", "type": "text", "label": {"": "梦想"},
         "parent": 20, "repeat": 20}]}  # fmt: skip
    campaign = results_campaign(township, compiled=compiled)
    ResponseFactory(campaign=campaign, township=township, answers={"member": [{"dream": "开店"}, {"dream": "上学"}]})
    ResponseFactory(campaign=campaign, township=township, answers={"age": 3})
    page = staff.get(reverse("surveys:open_answers", args=[campaign.pk, "dream"])).text
    assert "开店 / 上学" in page
    assert page.count('name="answers"') == 1
