"""The figures of the field work, counted by hand, and the townships that lag."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from needs.surveys.campaigns import grid, queries
from needs.surveys.campaigns.models import Quota
from needs.surveys.campaigns.occupations import occupations
from talentmap.accounts.permissions import Role
from talentmap.dashboards import attention, compute, registry
from talentmap.dashboards.scope import Scope
from tests.factories.accounts import TownshipFactory, user_with
from tests.factories.surveys import campaign_in
from tests.factories.surveys_results import respondents

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
YEAR = Scope(TODAY - timedelta(days=364), TODAY)


@pytest.fixture
def field():
    """Two townships. In the first: 10 farmers of 35 to 44 wanted, 5 of any age and work; in the second 20 of any."""
    here, there = TownshipFactory(), TownshipFactory()
    campaign = campaign_in(
        here, there, starts_on=TODAY - timedelta(days=10), ends_on=TODAY + timedelta(days=3), state="open"
    )
    Quota.objects.bulk_create(
        [
            Quota(campaign=campaign, region=here, age_band="35_44", occupation="farming", target=10),
            Quota(campaign=campaign, region=here, target=5),
            Quota(campaign=campaign, region=there, target=20),
        ]
    )
    return campaign, here, there


def value(code, reader):
    return compute.value(registry.get(code), reader, YEAR)


def test_an_answer_counts_for_the_narrowest_quota_that_it_fits(field):
    """Twelve farmers fill the first quota and leave nothing to the second, as the coverage grid has it."""
    campaign, here, _there = field
    leader = user_with(Role.COUNTY_LEADER)
    assert value("surveys.quotas_filled", leader) == 0
    respondents(campaign, here, {("35_44", "farming", "female"): 12})
    rows = registry.get("surveys.quotas_filled").visible_rows(leader, YEAR)
    assert sorted(rows.values_list("target", "done")) == [(5, 0), (10, 12), (20, 0)]
    assert float(value("surveys.quotas_filled", leader)) == 33.3
    respondents(campaign, here, {("lt25", "", "male"): 5})
    assert sorted(rows.values_list("target", "done")) == [(5, 5), (10, 12), (20, 0)]
    assert float(value("surveys.quotas_filled", leader)) == 66.7
    cells = queries.cells_of(campaign, [here])
    assert {(cell.target, cell.done) for cell in cells.values()} == {(5, 5), (10, 12)}
    assert grid.total(cells.values()).gap == 0


def test_surveys_in_the_field_are_counted_once_whatever_their_townships(field):
    leader, cadre = user_with(Role.COUNTY_LEADER), user_with(Role.TOWNSHIP_CADRE, region=field[2])
    assert value("surveys.running", leader) == 1
    assert value("surveys.running", cadre) == 1
    assert value("surveys.running", user_with(Role.TOWNSHIP_CADRE)) == 0


def test_lagging_townships_need_attention_in_the_last_days_at_once(field):
    """Ten of fourteen days are gone, and nothing has come in; the survey ends within a week."""
    watched = next(each for each in attention.seen_by(user_with(Role.COUNTY_LEADER)) if each.code == "surveys.behind")
    found = watched.find(user_with(Role.COUNTY_LEADER), TODAY)
    assert (found.count, found.level) == (2, attention.ALARM)
    assert watched.find(user_with(Role.TOWNSHIP_CADRE, region=field[1]), TODAY).count == 1
    assert watched.find(user_with(Role.TOWNSHIP_CADRE), TODAY) is None
    what, why = watched.tell(found)
    assert "2" in what
    assert field[0].title in why


def test_lagging_townships_cost_the_same_at_one_and_at_three_campaigns(field):
    """Each campaign by its own quotas and answers: the second has what it asks for, the third lags in one township."""
    _campaign, here, there = field
    leader = user_with(Role.COUNTY_LEADER)
    watched = next(each for each in attention.seen_by(leader) if each.code == "surveys.behind")
    counts = []
    for expected in (2, 3):
        with CaptureQueriesContext(connection) as queries:
            assert watched.find(leader, TODAY).count == expected
        counts.append(len(queries))
        for answers in (4, 0):
            more = campaign_in(here, there, starts_on=TODAY - timedelta(days=10), ends_on=TODAY + timedelta(days=30))
            Quota.objects.create(campaign=more, region=here, target=4)
            if answers:
                respondents(more, here, {("35_44", "farming", "female"): answers})
    assert counts == [4, 4]


def test_the_quotas_speak_the_questionnaires_words_and_claim_no_mask(field, client):
    """The row of the farmers says 务农, not the name of the choice; no name stands here that could be masked."""
    campaign, here, _there = field
    Quota.objects.create(campaign=campaign, region=here, occupation="dropped", target=1)
    client.force_login(user_with(Role.COUNTY_LEADER))
    page = client.get(reverse("dashboards:figure", args=["surveys.quotas_filled"]), {"only": "unmet"})
    said = {str(cells[3][1]) for cells, _url in page.context["table_rows"]}
    words = dict(occupations(campaign.version))
    assert words["farming"] != "farming"
    assert said == {words["farming"], "不限", "dropped"}
    assert not page.context["some_masked"]


def test_the_line_on_lagging_townships_leads_to_exactly_these(field, client):
    """The second township has all it needs; the line of one opens one row, which names the first."""
    campaign, here, there = field
    respondents(campaign, there, {("35_44", "farming", "female"): 20})
    leader = user_with(Role.COUNTY_LEADER)
    watched = next(each for each in attention.seen_by(leader) if each.code == "surveys.behind")
    client.force_login(leader)
    found = watched.find(leader, TODAY)
    rows = client.get(watched.url(found)).context["list"].rows
    assert found.count == 1
    assert [row.region for row in rows] == [here]
    assert value("surveys.behind", leader) == 50
    assert value("surveys.behind", user_with(Role.TOWNSHIP_CADRE, region=there)) == 0
