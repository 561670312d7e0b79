"""Margins are kept dated and changed openly; runs are made of them once and never overwritten."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InternalError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from needs.surveys.results import actions, margins_table, results
from needs.surveys.results.filters import filters_of
from needs.surveys.results.models import Margin, MarginSet, WeightCell, WeightRun
from talentmap.accounts.permissions import Role
from talentmap.ui.errors import Refused
from talentmap.ui.workbooks import BadFile
from tests.factories.accounts import TownshipFactory, UserFactory, user_with
from tests.factories.surveys_results import respondents, results_campaign, tally
from tests.races import run_together

DAY = timezone.localdate()


def margins(rows, **fields):
    values = {"title": "2020年人口普查", "source": "第七次全国人口普查", "as_of": DAY, **fields}
    return actions.make_margins(by=UserFactory(), at=timezone.now(), rows=rows, **values)


BOTH_SEXES = [("sex", "male", 500), ("sex", "female", 500)]


def run(campaign, margin_set, dimensions=("sex",), **more):
    return actions.make_run(
        by=UserFactory(), at=timezone.now(), campaign=campaign, margins=margin_set, dimensions=list(dimensions), **more
    )


@pytest.fixture
def township(db):
    return TownshipFactory()


@pytest.fixture
def campaign(township):
    """30 men and 70 women, as in the example by hand of `test_statistics`."""
    found = results_campaign(township)
    respondents(found, township, {("35_44", "farming", "male"): 30, ("35_44", "farming", "female"): 70})
    return found


@pytest.fixture
def staff(db):
    client = Client()
    client.force_login(user_with(Role.OFFICE_STAFF))
    client.cookies["django_language"] = "en"
    return client


# Actions ---------------------------------------------------------------------------------------------------


def test_a_run_keeps_weights_and_what_they_were_made_of(campaign):
    made = run(campaign, margins(BOTH_SEXES), note="首次加权")
    assert (made.number, made.n, made.note) == (1, 100, "首次加权")
    assert made.n_eff == pytest.approx(84)
    assert dict(made.cells.values_list("sex", "weight")) == {
        "male": pytest.approx(5 / 3),
        "female": pytest.approx(5 / 7),
    }
    assert made.margins["dimensions"] == {"sex": {"male": 500, "female": 500}}
    assert made.margins["source"] == "第七次全国人口普查"


def test_results_use_the_run(campaign, township):
    tally(campaign, township, "stay", {"yes": 15, "no": 15}, sex="male")
    tally(campaign, township, "stay", {"yes": 63, "no": 7})
    made = run(campaign, margins(BOTH_SEXES))
    stay = results.outline_of(campaign).find("stay")
    reader = user_with(Role.COUNTY_LEADER)
    plain, weighted = (
        results.question_results(reader, campaign, filters_of(), weights, questions=[stay])[0]
        for weights in (None, made)
    )
    assert plain.rows[0].cell.share == pytest.approx(0.78)
    assert weighted.rows[0].cell.share == pytest.approx(0.7)  # half of 50% and half of 90%
    assert weighted.n_eff == pytest.approx(84)


def test_runs_are_numbered_and_never_changed(campaign):
    first, second = run(campaign, margins(BOTH_SEXES)), run(campaign, margins(BOTH_SEXES))
    assert (first.number, second.number) == (1, 2)
    for change in (
        lambda: WeightRun.objects.filter(pk=first.pk).update(n=1),
        lambda: WeightCell.objects.filter(run=first).update(weight=1),
        lambda: WeightCell.objects.filter(run=first).delete(),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            change()


def test_changed_margins_leave_runs_alone(campaign):
    kept = margins(BOTH_SEXES)
    made = run(campaign, kept)
    values = {"title": "改", "source": "另", "as_of": DAY, "rows": [("sex", "male", 9), ("sex", "female", 1)]}
    actions.edit_margins(by=UserFactory(), at=timezone.now(), margins=kept, **values)
    made.refresh_from_db()
    assert made.margins["dimensions"]["sex"] == {"male": 500, "female": 500}


def test_every_reason_against_a_run_is_told(campaign, township):
    respondents(campaign, township, {("", "farming", "female"): 3})
    rows = [*BOTH_SEXES, ("age_band", "35_44", 10), ("age_band", "ge55", 10)]
    with pytest.raises(actions.CannotRake) as refusal:
        run(campaign, margins(rows), ["sex", "age_band"])
    found = {(p.code, p.dimension, p.category, p.into) for p in refusal.value.problems}
    assert found == {("unknown_category", "age_band", "", ""), ("empty_margin", "age_band", "ge55", "35_44")}
    assert not WeightRun.objects.exists()


def test_who_fits_nowhere_is_left_out_and_empty_categories_are_merged(campaign, township):
    respondents(campaign, township, {("", "farming", "female"): 3})
    rows = [*BOTH_SEXES, ("age_band", "35_44", 10), ("age_band", "ge55", 10)]
    made = run(campaign, margins(rows), ["sex", "age_band"], leaves_out=True, collapse={("age_band", "ge55"): "35_44"})
    assert (made.n, made.options["left_out"]) == (100, 3)
    assert made.n_eff == pytest.approx(84)


def test_only_the_surveys_townships_count(campaign, township):
    """A margin of all townships of the county fits a survey of one."""
    rows = [*BOTH_SEXES, ("township", str(township.pk), 1000), ("township", str(TownshipFactory().pk), 9000)]
    assert run(campaign, margins(rows), ["sex", "township"]).n_eff == pytest.approx(84)


def test_occupations_match_by_their_words(campaign):
    rows = [("occupation", "务农", 1000)]
    assert run(campaign, margins(rows), ["occupation"]).margins["dimensions"] == {"occupation": {"farming": 1000}}


def test_archived_margins_are_copied_not_changed(db):
    kept = margins(BOTH_SEXES)
    actions.archive_margins(by=UserFactory(), at=timezone.now(), margins=kept)
    with pytest.raises(Refused):
        actions.edit_margins(
            by=UserFactory(), at=timezone.now(), margins=kept, title="x", source="x", as_of=DAY, rows=BOTH_SEXES
        )
    copy = actions.copy_margins(by=UserFactory(), at=timezone.now(), margins=kept)
    assert copy.archived_at is None
    assert copy.margins.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_get_two_numbers():
    township = TownshipFactory()
    campaign = results_campaign(township)
    respondents(campaign, township, {("35_44", "farming", "male"): 30, ("35_44", "farming", "female"): 70})
    margin_set, user = margins(BOTH_SEXES), UserFactory()
    values = {"by": user, "at": timezone.now(), "campaign": campaign, "margins": margin_set, "dimensions": ["sex"]}
    outcomes = run_together(lambda _index: actions.make_run(**values), 4)
    assert sorted(run.number for run in outcomes) == [1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_the_constraint_turns_one_away(monkeypatch):
    monkeypatch.setattr(actions, "_lock", lambda campaign: None)
    township = TownshipFactory()
    campaign = results_campaign(township)
    respondents(campaign, township, {("35_44", "farming", "male"): 30, ("35_44", "farming", "female"): 70})
    margin_set, user = margins(BOTH_SEXES), UserFactory()
    values = {"by": user, "at": timezone.now(), "campaign": campaign, "margins": margin_set, "dimensions": ["sex"]}
    outcomes = run_together(lambda _index: actions.make_run(**values), 8)
    assert any(type(outcome).__name__ == "IntegrityError" for outcome in outcomes)


# Files -----------------------------------------------------------------------------------------------------


def upload(text):
    return SimpleUploadedFile("margins.csv", text.encode())


def test_a_table_is_read_in_both_languages(township):
    lines = ["维度,类别,人口数", f'乡镇,{township.name},"12,000"', "性别,女,5", "sex,male,6", "age_band,lt25,7"]
    text = "\n".join([*lines, "年龄段,55岁及以上,", "Occupation,务农,8"])
    assert margins_table.read_margins(upload(text)) == {
        ("township", str(township.pk)): 12000,
        ("sex", "female"): 5,
        ("sex", "male"): 6,
        ("age_band", "lt25"): 7,
        ("occupation", "务农"): 8,
    }


def test_every_mistake_is_told_with_row_and_column(township):
    text = "dimension,category,population\nwealth,rich,1\nsex,other,2\nsex,male,-3\nsex,female,4\nsex,female,5\n"
    with pytest.raises(BadFile) as bad:
        margins_table.read_margins(upload(text))
    assert [(error.row, error.letter) for error in bad.value.errors] == [(2, "A"), (3, "B"), (4, "C"), (6, "B")]


def test_what_is_downloaded_can_be_uploaded(township):
    rows = {("township", str(township.pk)): 10, ("age_band", "25_34"): 5, ("sex", "male"): 3, ("occupation", "务农"): 9}
    lines = [",".join(map(str, line)) for line in margins_table.table_rows(rows)]
    assert margins_table.read_margins(upload("\n".join(["dimension,category,population", *lines]))) == rows


# Pages -----------------------------------------------------------------------------------------------------


def test_margins_start_from_the_recorded_inhabitants(staff):
    place = TownshipFactory(population=12345, population_as_of=DAY)
    page = staff.get(reverse("surveys:margins_new")).text
    assert f'name="township_{place.pk}"' in page
    assert "12345" in page
    sent = {"title": "普查", "source": "年鉴", "as_of": DAY.isoformat(), f"township_{place.pk}": "12,345"}
    answer = staff.post(reverse("surveys:margins_new"), {**sent, "occupations": "务农 3,000\n经商 500"})
    made = MarginSet.objects.get()
    assert answer.url == reverse("surveys:margins", args=[made.pk])
    assert set(made.margins.values_list("dimension", "category", "population")) == {
        ("township", str(place.pk), 12345),
        ("occupation", "务农", 3000),
        ("occupation", "经商", 500),
    }
    assert "12,345" in staff.get(answer.url).text


def test_mistakes_in_the_form_keep_what_was_typed(staff):
    sent = {"title": "普查", "source": "", "as_of": "2999-01-01", "sex_male": "-5", "occupations": "务农"}
    page = staff.post(reverse("surveys:margins_new"), sent)
    assert page.status_code == 200
    assert "Line 1: write a name" in page.text
    assert "The day lies in the future" in page.text
    assert not MarginSet.objects.exists()


def test_an_uploaded_table_is_looked_through_before_it_is_saved(staff):
    url = reverse("surveys:margins_upload")
    page = staff.post(url, {"file": upload("dimension,category,population\nsex,male,77\n")})
    assert "Nothing is saved yet" in page.text
    assert 'value="77"' in page.text
    assert not Margin.objects.exists()
    assert "row 2" in staff.post(url, {"file": upload("dimension,category,population\nsex,x,7\n")}).text.lower()


@pytest.mark.parametrize("sets", [1, 3])
def test_the_list_of_margins_takes_the_same_queries(sets, staff, django_assert_num_queries):
    for _each in range(sets):
        margins(BOTH_SEXES)
    staff.get(reverse("surveys:margin_list"))
    with django_assert_num_queries(6):
        staff.get(reverse("surveys:margin_list"))


def test_copy_archive_and_file(staff):
    kept = margins(BOTH_SEXES)
    assert staff.get(reverse("surveys:margins_file", args=[kept.pk])).status_code == 200
    assert staff.get(reverse("surveys:margins_template")).status_code == 200
    staff.post(reverse("surveys:margins_copy", args=[kept.pk]))
    staff.post(reverse("surveys:margins_archive", args=[kept.pk]))
    page = staff.get(reverse("surveys:margin_list")).text
    assert "Copy of 2020年人口普查" in page
    assert page.count("2020年人口普查") == 1


def test_a_run_from_the_page_with_merging(staff, campaign):
    kept = margins([*BOTH_SEXES, ("age_band", "35_44", 10), ("age_band", "ge55", 10)])
    url = reverse("surveys:weight_run_new", args=[campaign.pk])
    sent = {"margins": kept.pk, "dimensions": ["sex", "age_band"], "cap": "4"}
    page = staff.post(url, sent).text
    assert "nobody of “55 and over” has answered" in page
    assert 'value="age_band|ge55|35_44"' in page
    answer = staff.post(url, {**sent, "merges": ["age_band|ge55|35_44"]})
    assert answer.url == reverse("surveys:weight_run", args=[campaign.pk, 1])
    page = staff.get(answer.url).text
    assert "84" in page
    assert "55 and over together with 35 to 44" in page


def test_a_run_says_what_came_since(staff, campaign, township):
    made = run(campaign, margins(BOTH_SEXES))
    url = reverse("surveys:weight_run", args=[campaign.pk, made.number])
    assert "since the run" not in staff.get(url).text
    respondents(campaign, township, {("25_34", "farming", "male"): 12})
    assert "12 responses came since the run" in staff.get(url).text


def test_runs_are_compared(staff, campaign):
    run(campaign, margins(BOTH_SEXES))
    run(campaign, margins([("sex", "male", 300), ("sex", "female", 700)]))
    page = staff.get(reverse("surveys:weight_compare", args=[campaign.pk, 1, 2])).text
    assert "1.67" in page
    assert "× 0.60" in page
    assert staff.get(reverse("surveys:weight_run_file", args=[campaign.pk, 1])).status_code == 200


@pytest.mark.parametrize("runs", [1, 3])
def test_the_list_of_runs_takes_the_same_queries(runs, staff, campaign, django_assert_num_queries):
    for _each in range(runs):
        run(campaign, margins(BOTH_SEXES))
    url = reverse("surveys:weight_runs", args=[campaign.pk])
    staff.get(url)
    with django_assert_num_queries(9):
        page = staff.get(url)
    assert page.text.count("Run ") >= runs


def test_a_leader_reads_but_does_not_weight(campaign):
    client = Client()
    client.force_login(user_with(Role.COUNTY_LEADER))
    assert client.get(reverse("surveys:weight_runs", args=[campaign.pk])).status_code == 403
    assert client.get(reverse("surveys:margin_list")).status_code == 403
