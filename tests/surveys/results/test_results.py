"""Results are made of the tallies alone: shares, intervals, weights, filters, what is withheld."""

import pytest
from django.utils import timezone

from needs.surveys.results import results
from needs.surveys.results.filters import Dimension, filters_of
from needs.surveys.results.models import WeightCell, WeightRun
from needs.surveys.tallies.actions import fold
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from tests.factories.accounts import TownshipFactory, UserFactory, user_with
from tests.factories.surveys import ResponseFactory, VersionFactory
from tests.factories.surveys_results import COMPILED, respondents, results_campaign, tally

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return user_with(Role.COUNTY_LEADER)


@pytest.fixture
def township():
    return TownshipFactory()


def one(user, campaign, key, filters=None, run=None):
    question = results.outline_of(campaign).find(key)
    return results.question_results(user, campaign, filters, run, questions=[question])[0]


def counts_of(result):
    return {row.value: row.cell.n for row in result.rows}


def crossed(user, campaign, key, dimension, filters=None, run=None):
    question = results.outline_of(campaign).find(key)
    return results.cross_table(user, campaign, question, dimension, filters, run)


def weight_run(campaign, weights):
    """`weights` maps (township, sex) to the weight; farmers of 35 to 44."""
    run = WeightRun.objects.create(
        campaign=campaign, number=1, made_at=timezone.now(), made_by=UserFactory(), margins={}, options={},
        n=0, n_eff=0, design_effect=1, iterations=1,
    )  # fmt: skip
    WeightCell.objects.bulk_create(
        WeightCell(run=run, township=place, age_band="35_44", occupation="farming", sex=sex, n=1, weight=weight)
        for (place, sex), weight in weights.items()
    )
    return run


def test_a_share_is_of_those_who_answered(leader, township):
    campaign = results_campaign(township)
    tally(campaign, township, "stay", {"yes": 60, "no": 30, "unsure": 10})
    result = one(leader, campaign, "stay")
    assert (result.n, result.n_eff, result.design_effect) == (100, 100, 1)
    yes = result.rows[0].cell
    assert (yes.n, yes.share) == (60, 0.6)
    # scipy.stats.binomtest(60, 100).proportion_ci(0.95, "exact")
    assert (yes.low, yes.high) == (pytest.approx(0.49721, abs=1e-5), pytest.approx(0.69671, abs=1e-5))


def test_only_approved_answers_unless_more_are_asked_for(leader, township):
    campaign = results_campaign(township)
    tally(campaign, township, "stay", {"yes": 60, "no": 30})
    tally(campaign, township, "stay", {"yes": 20, "no": 20}, state="pending")
    assert counts_of(one(leader, campaign, "stay")) == {"yes": 60, "no": 30, "unsure": 0}
    more = one(leader, campaign, "stay", filters_of(states=["approved", "pending"]))
    assert counts_of(more) == {"yes": 80, "no": 50, "unsure": 0}


def test_few_pending_answers_do_not_come_out_by_adding_them(leader, township):
    """62 with the two pending ones, 60 without: the page with them shows no yes."""
    campaign = results_campaign(township)
    tally(campaign, township, "stay", {"yes": 60, "no": 30, "unsure": 40})
    tally(campaign, township, "stay", {"yes": 2, "no": 20, "unsure": 30}, state="pending")
    more = one(leader, campaign, "stay", filters_of(states=["approved", "pending"]))
    assert counts_of(more) == {"yes": None, "no": None, "unsure": 70}


def test_weights_change_shares_and_what_they_are_worth(leader, township):
    """60 women of weight 0.5 of whom 30 say yes, 40 men of weight 1.75 of whom 10 do: Σw = 100, yes = 15 + 17.5."""
    campaign = results_campaign(township)
    tally(campaign, township, "stay", {"yes": 30, "no": 30})
    tally(campaign, township, "stay", {"yes": 10, "no": 30}, sex="male")
    run = weight_run(campaign, {(township, "female"): 0.5, (township, "male"): 1.75})
    result = one(leader, campaign, "stay", run=run)
    assert result.rows[0].cell.share == pytest.approx(0.325)
    assert result.n_eff == pytest.approx(100**2 / (60 * 0.25 + 40 * 1.75**2))
    assert result.n == 100
    assert result.design_effect == pytest.approx(100 / result.n_eff)


def test_a_small_effective_size_withholds_the_result(leader, township):
    campaign = results_campaign(township)
    tally(campaign, township, "stay", {"yes": 15, "no": 14})
    result = one(leader, campaign, "stay")
    assert (result.withheld, result.n) == ("uncertain", 29)
    assert counts_of(result) == {"yes": None, "no": None, "unsure": None}


def test_under_five_answers_are_not_even_counted(leader, township):
    campaign = results_campaign(township)
    tally(campaign, township, "stay", {"yes": 4})
    result = one(leader, campaign, "stay")
    assert (result.withheld, result.n, result.n_eff) == ("few", None, None)


def test_nobody_answered(leader, township):
    assert one(leader, results_campaign(township), "stay").withheld == "none"


def test_several_answers_are_counted_one_by_one(leader, township):
    campaign = results_campaign(township)
    tally(campaign, township, "learn", {"tea": 70, "shop": 98, "care": 3}, base=100)
    result = one(leader, campaign, "learn")
    assert counts_of(result) == {"tea": 70, "shop": None, "care": None}
    assert result.rows[0].cell.share == 0.7


def test_numbers_have_a_mean_with_its_interval(leader, township):
    campaign = results_campaign(township)
    tally(campaign, township, "age", {30: 20, 40: 20, 50: 20})
    result = one(leader, campaign, "age")
    assert result.numbers.mean == 40
    assert result.numbers.median == 40
    # Standard error sqrt(4000/59/60) = 1.0630, t(59) = 2.0010
    assert result.numbers.low == pytest.approx(40 - 2.0010 * 1.0630, abs=1e-3)
    assert counts_of(result) == {"30": 20, "40": 20, "50": 20}


def test_many_numbers_are_put_into_classes(leader, township):
    campaign = results_campaign(township)
    tally(campaign, township, "income", {1000 * i: 5 for i in range(1, 41)})
    result = one(leader, campaign, "income")
    assert 5 <= len(result.rows) <= 12
    assert sum(counts_of(result).values()) == 200
    assert result.rows[1].label[""] == "5,000–9,999"
    assert counts_of(result)["5000"] == 25


def test_personal_answers_and_notes_are_no_results(leader, township):
    keys = [result.key for result in results.question_results(leader, results_campaign(township))]
    assert keys == ["age", "sex", "work", "stay", "learn", "pleased", "income", "wish", "order", "since"]


def test_a_table_by_township_hides_what_its_totals_would_tell(leader):
    places = [TownshipFactory() for _each in range(3)]
    campaign = results_campaign(*places)
    for place, answers in zip(
        places, ({"yes": 40, "no": 3}, {"yes": 50, "no": 20}, {"yes": 60, "no": 40}), strict=True
    ):
        tally(campaign, place, "stay", answers)
    table = crossed(leader, campaign, "stay", Dimension.TOWNSHIP)
    shown = {int(c.category): [cell.n for cell in c.cells] for c in table.columns}
    assert shown == {places[0].pk: [None, None, 0], places[1].pk: [None, None, 0], places[2].pk: [60, 40, 0]}
    assert counts_of(table.result) == {"yes": 150, "no": 63, "unsure": 0}


def test_a_filter_shows_what_the_table_does(leader):
    places = [TownshipFactory() for _each in range(3)]
    campaign = results_campaign(*places)
    for place, answers in zip(
        places, ({"yes": 40, "no": 3}, {"yes": 50, "no": 20}, {"yes": 60, "no": 40}), strict=True
    ):
        tally(campaign, place, "stay", answers)
    second = one(leader, campaign, "stay", filters_of(township=[places[1].pk]))
    assert counts_of(second) == {"yes": None, "no": None, "unsure": 0}
    third = one(leader, campaign, "stay", filters_of(township=[places[2].pk]))
    assert counts_of(third) == {"yes": 60, "no": 40, "unsure": 0}
    both = one(leader, campaign, "stay", filters_of(township=[places[0].pk, places[1].pk]))
    assert counts_of(both) == {"yes": 90, "no": 23, "unsure": 0}


def test_several_filters_protect_what_they_leave_out(leader, township):
    """Women of 35 to 44 and everybody else of 35 to 44: two men said no."""
    campaign = results_campaign(township)
    tally(campaign, township, "stay", {"yes": 50, "no": 40})
    tally(campaign, township, "stay", {"yes": 50, "no": 2}, sex="male")
    tally(campaign, township, "stay", {"yes": 70, "no": 60}, age_band="ge55")
    result = one(leader, campaign, "stay", filters_of(sex=["female"], age_band=["35_44"]))
    assert counts_of(result) == {"yes": None, "no": None, "unsure": 0}


def test_a_cadre_reads_the_own_township_only(township):
    elsewhere = TownshipFactory()
    cadre = user_with(Role.TOWNSHIP_CADRE, region=township)
    campaign = results_campaign(township, elsewhere)
    tally(campaign, township, "stay", {"yes": 40, "no": 20})
    tally(campaign, elsewhere, "stay", {"yes": 50, "no": 70})
    assert counts_of(one(cadre, campaign, "stay")) == {"yes": 40, "no": 20, "unsure": 0}
    asked = filters_of(township=[elsewhere.pk])
    assert one(cadre, campaign, "stay", asked).withheld == "none"
    table = crossed(cadre, campaign, "stay", Dimension.TOWNSHIP)
    assert [column.category for column in table.columns] == [str(township.pk)]


def test_a_cadres_result_does_not_give_the_rest_of_the_county_away(township):
    """The county's figures are read elsewhere: two people of the other township would follow."""
    elsewhere = TownshipFactory()
    cadre = user_with(Role.TOWNSHIP_CADRE, region=township)
    campaign = results_campaign(township, elsewhere)
    tally(campaign, township, "stay", {"yes": 40, "no": 20})
    tally(campaign, elsewhere, "stay", {"yes": 2, "no": 70})
    assert counts_of(one(cadre, campaign, "stay"))["yes"] is None


def test_versions_merge_by_stable_id_and_choice_name(leader, township):
    campaign = results_campaign(township)
    newer = {**COMPILED, "lists": {**COMPILED["lists"], "stay": COMPILED["lists"]["stay"][:2]}}
    newer["nodes"] = [node for node in COMPILED["nodes"] if node["id"] != "wish"]
    second = VersionFactory(questionnaire=campaign.questionnaire, number=2, compiled=newer)
    tally(campaign, township, "stay", {"yes": 40, "unsure": 10})
    tally(campaign, township, "stay", {"yes": 40, "no": 30}, version=second)
    outline = results.outline_of(campaign, [second.pk])
    stay = outline.find("stay")
    assert [choice.name for choice in stay.choices] == ["yes", "no", "unsure"]
    assert (stay.versions, outline.find("wish").versions) == ((2, 1), (1,))
    result = results.question_results(leader, campaign, questions=[stay])[0]
    assert counts_of(result) == {"yes": 80, "no": 30, "unsure": 10}
    table = results.cross_table(leader, campaign, stay, Dimension.VERSION)
    assert {column.category: [cell.n for cell in column.cells] for column in table.columns} == {
        str(campaign.version_id): [40, 0, 10],
        str(second.pk): [40, 30, 0],
    }


def test_means_by_category_and_a_lone_hidden_one(leader):
    places = [TownshipFactory() for _each in range(3)]
    campaign = results_campaign(*places)
    for place, n in zip(places, (10, 40, 60), strict=True):
        tally(campaign, place, "age", {30: n, 50: n})
    table = crossed(leader, campaign, "age", Dimension.TOWNSHIP)
    by_place = {int(column.category): column.numbers for column in table.columns}
    assert by_place[places[0].pk] is None  # n = 20
    assert by_place[places[1].pk] is None  # would give the first away
    assert by_place[places[2].pk].mean == 40


def test_one_query_for_all_questions(leader, township, django_assert_num_queries):
    campaign = results_campaign(township)
    tally(campaign, township, "stay", {"yes": 60, "no": 30})
    respondents(campaign, township, {("35_44", "farming", "female"): 90})
    questions = results.outline_of(campaign).questions
    with django_assert_num_queries(2):  # the reader's roles, the tallies
        results.question_results(leader, campaign, questions=questions)


def test_results_are_those_of_the_answers(leader):
    """Through the real counting: 40 answers in two townships, folded and read, against counting them here."""
    places = [TownshipFactory() for _each in range(2)]
    campaign = results_campaign(*places)
    answers = [
        {"stay": "yes" if i % 3 else "no", "learn": ["tea", "shop"] if i % 2 else ["shop"], "age": 20 + i, "wish": "路"}
        for i in range(40)
    ]
    for i, each in enumerate(answers):
        ResponseFactory(campaign=campaign, township=places[i % 2], answers=each, state="approved")
    fold(by=User.objects.system(), at=timezone.now())
    assert counts_of(one(leader, campaign, "stay")) == {"yes": 26, "no": 14, "unsure": 0}
    assert counts_of(one(leader, campaign, "learn")) == {"tea": 20, "shop": 40, "care": 0}
    ages = one(leader, campaign, "age")
    assert ages.numbers.mean == pytest.approx(sum(each["age"] for each in answers) / 40)
    assert one(leader, campaign, "wish").n == 40
