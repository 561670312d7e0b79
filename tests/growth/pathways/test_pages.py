"""The pages of one roadmap: who sees it, and what it says to whom."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from growth.pathways import actions
from growth.pathways.models import Journey
from growth.pathways.presentation import MOST_DEEDS
from talentmap.accounts.permissions import Role
from talentmap.casework.actions import start_draft
from tests.casework import sample as sample_service
from tests.factories import casework, pathways
from tests.factories.accounts import give, user_with
from tests.factories.casework import moment
from tests.factories.pathways import milestone, stage, ticked
from tests.factories.people import SkillFactory
from tests.growth.pathways.pages import page, text

pytestmark = pytest.mark.django_db


# Reach -----------------------------------------------------------------------------------------------------------


def test_who_sees_a_roadmap(town, accompanied, signed_in):
    row = pathways.journey(town)
    seen = (town.talent.user, town.cadre, town.staff, town.mentor)
    assert [page(signed_in(each), "journey", row.pk).status_code for each in seen] == [200] * 4
    unseen = (town.another().user, user_with(Role.TOWNSHIP_CADRE), user_with(Role.MENTOR))
    assert [page(signed_in(each), "journey", row.pk).status_code for each in unseen] == [404] * 3
    assert page(signed_in(user_with(Role.BANK_OFFICER)), "journey", row.pk).status_code == 403


def test_a_mentor_sees_it_only_as_long_as_they_accompany(town, accompanied, signed_in):
    row = pathways.journey(town)
    assert page(signed_in(town.mentor), "journey", row.pk).status_code == 200
    accompanied.pairs.clear()
    assert page(signed_in(town.mentor), "journey", row.pk).status_code == 404


def test_of_another_journey_no_tick_is_found(town, signed_in):
    mine, theirs = pathways.journey(town), pathways.journey(town, talent=town.another())
    tick = ticked(theirs, "course")
    assert page(signed_in(town.staff), "answer", mine.pk, tick.pk, "confirm").status_code == 404
    assert page(signed_in(town.staff), "answer", theirs.pk, tick.pk, "nonsense").status_code == 404
    assert page(signed_in(town.staff), "tick", theirs.pk, "nonsense").status_code == 404


def test_who_may_look_but_takes_no_part_is_told_so(town, accompanied, signed_in):
    row = pathways.journey(town)
    assert page(signed_in(town.talent.user), "stage", row.pk).status_code == 403
    give(town.talent.user, Role.OFFICE_STAFF)  # still nobody's own office
    assert page(signed_in(town.talent.user), "stage", row.pk).status_code == 403
    assert page(signed_in(town.mentor), "end", row.pk).status_code == 403
    assert page(signed_in(town.cadre), "template_list").status_code == 403
    assert page(signed_in(town.cadre), "level", row.pk).status_code == 404  # a founder has no such level


# The talent's own pages ------------------------------------------------------------------------------------------


def test_without_a_roadmap_the_fitting_pathways_come_first(town, signed_in):
    pathways.published(audience="skilled", title="技能路线")
    pathways.published(audience="founder", title="创业路线")
    town.talent.enterprise_stage = "idea"
    town.talent.save()
    shown = text(page(signed_in(town.talent.user), "my"))
    assert (
        shown.index("These fit you") < shown.index("创业路线") < shown.index("More pathways") < shown.index("技能路线")
    )
    assert "The file names an enterprise" in shown


def test_without_any_pathway_the_page_says_what_to_expect(town, signed_in):
    assert "No further pathway is offered" in text(page(signed_in(town.talent.user), "my"))


def test_one_click_from_the_start_page_draws_the_roadmap(town, signed_in):
    version = pathways.published(title="创业路线")
    town.talent.enterprise_stage = "idea"
    town.talent.save()
    client = signed_in(town.talent.user)
    home = text(client.get(reverse("casework:my")))
    address = reverse("pathways:start", args=[version.pathway_id])
    assert f'action="{address}"' in home
    response = client.post(address, follow=True)
    shown = text(response)
    assert "Stage 1 of 2: 阶段first" in shown
    assert "0 of 3 needed milestones met" in shown
    assert "Stage 1" not in home
    assert "0 of 3 needed milestones met" in text(client.get(reverse("casework:my")))
    again = text(client.post(address, follow=True))
    assert "on this pathway already" in again
    assert Journey.objects.count() == 1


def test_a_pathway_that_is_looked_at_first_says_where_it_begins_and_why(town, signed_in):
    fitting, other = pathways.published(title="创业路线"), pathways.published(audience="skilled", title="技能路线")
    town.talent.enterprise_stage = "starting"
    town.talent.save()
    client = signed_in(town.talent.user)
    shown = text(page(client, "start", fitting.pathway_id))
    assert "By the file it begins at “阶段second”" in shown
    assert "The file names an enterprise" in shown
    assert "By the file it begins at “阶段first”" in text(page(client, "start", other.pathway_id))


@pytest.mark.parametrize("name", ["casework:my", "pathways:my"])
def test_offers_cost_the_same_for_one_pathway_and_for_five(town, signed_in, name):
    client = signed_in(town.talent.user)
    pathways.published(title="路线甲")
    client.get(reverse(name))
    one = queries_of(client, name)
    for title in "乙丙丁戊":
        pathways.published(title=f"路线{title}")
    assert queries_of(client, name) == one


def queries_of(client, name):
    with CaptureQueriesContext(connection) as found:
        assert "路线" in text(client.get(reverse(name)))
    return len(found)


def test_a_retired_pathway_cannot_be_opened(town, signed_in):
    version = pathways.published()
    actions.retire(by=town.staff, at=moment(), pathway=version.pathway)
    assert page(signed_in(town.talent.user), "start", version.pathway_id).status_code == 404


def test_the_road_says_in_words_where_one_is(town, signed_in):
    row = pathways.journey(town)
    ticked(row, "visit")
    ticked(row, "course")
    shown = text(page(signed_in(town.talent.user), "journey", row.pk))
    for words in ("Here now", "Ahead", "Waits for confirmation", "to be confirmed by: The office", "Next steps",
                  "needed to reach the next stage, “阶段second”", "Done: tick it"):  # fmt: skip
        assert words in shown, words
    assert 'aria-current="step"' in shown


def test_what_services_help_and_why(town, signed_in):
    casework.rules_in_force()
    assert sample_service.SampleScheme.code == "sample"
    row = pathways.journey(
        town, pathways.published(stage("a", milestone("m", services=["sample", "gone"])), stage("b", milestone("n")))
    )
    shown = text(page(signed_in(town.talent.user), "journey", row.pk))
    guide = reverse("casework:service_guide", args=["sample"])
    assert guide in shown
    assert reverse("casework:apply", args=["sample"]) in shown
    assert "gone" not in shown
    start_draft(by=town.talent.user, at=moment(), scheme="sample", talent=town.talent)
    assert "Applied for" in text(page(signed_in(town.talent.user), "journey", row.pk))
    with pathways.accompanied((town.mentor, town.talent)):
        assert guide not in text(page(signed_in(town.mentor), "journey", row.pk))  # conditions are the person's


def test_what_was_done_is_shown_to_who_may_see_it(town, accompanied, signed_in):
    row = pathways.journey(town)
    SkillFactory(talent=town.talent, certified_on="2025-05-01")
    casework.rules_in_force()
    application = casework.submitted(town.talent.user)
    own = text(page(signed_in(town.talent.user), "journey", row.pk))
    assert reverse("casework:application", args=[application.pk]) in own
    assert "茶叶加工工" in own
    office = text(page(signed_in(town.staff), "journey", row.pk))
    assert reverse("casework:case", args=[application.pk]) in office
    mentors = text(page(signed_in(town.mentor), "journey", row.pk))
    assert application.number not in mentors
    assert "茶叶加工工" in mentors


def test_everything_done_is_there_the_latest_at_once_the_rest_unfolded(town, signed_in):
    row = pathways.journey(town)
    for number in range(MOST_DEEDS):
        SkillFactory(talent=town.talent, name=f"工种{number:02}", certified_on=f"2025-05-{number + 1:02}")
    assert "more</summary>" not in text(page(signed_in(town.talent.user), "journey", row.pk))
    for number in range(2):
        SkillFactory(talent=town.talent, name=f"早年{number}", certified_on=f"2020-05-{number + 1:02}")
    shown = text(page(signed_in(town.talent.user), "journey", row.pk))
    assert shown.index("工种00") < shown.index("2 more</summary>") < shown.index("早年1") < shown.index("早年0")


def test_the_page_costs_the_same_with_more_ticks(town, signed_in, django_assert_num_queries):
    row = pathways.journey(town)
    client = signed_in(town.talent.user)
    page(client, "journey", row.pk)
    with django_assert_num_queries(QUERIES_OF_THE_ROAD - 1):  # no answers to look for
        page(client, "journey", row.pk)
    ticked(row, "visit")
    with django_assert_num_queries(QUERIES_OF_THE_ROAD):
        page(client, "journey", row.pk)
    ticked(row, "plan")
    ticked(row, "course")
    with django_assert_num_queries(QUERIES_OF_THE_ROAD):
        page(client, "journey", row.pk)


QUERIES_OF_THE_ROAD = 19  # a question each for loans and for pairs among them
