"""The stage follows where the person stands by the file, and the office's word; the rural level stays the person's."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from growth.pathways import actions
from growth.pathways.forms_editor import MilestoneForm
from growth.pathways.models import Journey
from growth.pathways.tasks import catch_up_journeys
from talentmap.accounts.models import User
from talentmap.dashboards import compute, registry
from talentmap.dashboards.scope import Scope
from talentmap.notices.models import Notice
from talentmap.people import actions as people
from talentmap.ui.errors import Refused
from tests.factories import pathways
from tests.factories.casework import moment
from tests.factories.pathways import milestone, stage, ticked
from tests.factories.people import SkillFactory
from tests.growth.pathways.pages import page, text

pytestmark = pytest.mark.django_db
LATER = moment() + timedelta(days=3)
LEVELS = (
    stage("junior", milestone("j", record="skill", record_value="junior"), milestone("j2"), standing="junior"),
    stage("middle", milestone("m"), standing="middle"),
    stage("senior", milestone("s"), standing="senior"),
    stage("technician", milestone("t"), standing="technician"),
)


def certificate(talent, level):
    return people.add_skill(
        by=talent.user, at=LATER, talent=talent, name="茶艺师", level=level, certified_on=None, certificate_number=""
    )


def catch_up(row):
    changed = actions.catch_up(by=User.objects.system(), at=LATER, journey=row)
    row.refresh_from_db()
    return changed


def told_of_stages(talent):
    return Notice.objects.filter(recipient=talent.user, kind="pathway_stage").count()


# By the file -------------------------------------------------------------------------------------------------------


def test_a_higher_certificate_brings_to_its_stage_in_one_step(town):
    row = pathways.journey(town, pathways.published(*LEVELS, audience="skilled"))
    ticked(row, "j2")
    assert row.stage.code == "junior"
    certificate(town.talent, "senior")  # meets what is needed on the first stage too
    assert catch_up(row) is True
    assert (row.stage.code, row.stage_since, row.moved_at) == ("senior", LATER, LATER)
    moves = [(move.kind, move.to_stage.code) for move in row.moves.all()]
    assert moves == [("started", "junior"), ("reached", "senior")]
    assert told_of_stages(town.talent) == 1
    assert catch_up(row) is False  # once


def test_what_is_met_already_counts_on_the_stage_that_the_file_leads_to(town):
    row = pathways.journey(town, pathways.published(*LEVELS, audience="skilled"))
    ticked(row, "s")
    certificate(town.talent, "senior")
    catch_up(row)
    assert row.stage.code == "technician"


def test_a_certificate_that_goes_leaves_the_stage(town):
    skill = SkillFactory(talent=town.talent, level="senior")
    row = pathways.journey(town, pathways.published(*LEVELS, audience="skilled"))
    assert row.stage.code == "senior"
    skill.delete()
    certificate(town.talent, "middle")
    catch_up(row)
    assert row.stage.code == "senior"


def test_the_hourly_reading_follows_the_file_where_no_milestone_asks_the_record(town):
    row = pathways.journey(town)  # its stages have a standing, its milestones no record
    people.update_talent(by=town.cadre, at=LATER, talent=town.talent, changes={"enterprise_stage": "starting"})
    assert catch_up_journeys() == 1
    row.refresh_from_db()
    assert row.stage.code == "second"
    assert catch_up_journeys() == 0


# By the office -----------------------------------------------------------------------------------------------------


def set_stage(town, row, code):
    actions.set_stage(by=town.cadre, at=LATER, journey=row, stage=code, reason="核对后")
    row.refresh_from_db()


def at_second_stage(town):
    row = pathways.journey(town, pathways.published(stage("a", milestone("m")), stage("b", milestone("n"))))
    ticked(row, "m")
    row.refresh_from_db()
    assert row.stage.code == "b"
    return row


def test_a_stage_with_everything_met_is_not_set_until_something_is_taken_back(town, signed_in):
    row = at_second_stage(town)
    with pytest.raises(Refused, match=r"Everything needed on “阶段a” is met.*take back"):
        set_stage(town, row, "a")
    shown = text(signed_in(town.cadre).post(reverse("pathways:stage", args=[row.pk]), {"stage": "a", "reason": "x"}))
    assert "Everything needed on “阶段a” is met" in shown
    actions.withdraw(by=town.cadre, at=LATER, tick=row.ticks.get(), note="凭证有误")
    set_stage(town, row, "a")
    assert row.stage.code == "a"


def test_what_the_record_meets_by_now_counts_before_a_stage_is_set(town):
    recorded = stage("c", milestone("level", record="skill", record_value="junior"))
    row = pathways.journey(town, pathways.published(stage("a", milestone("m")), recorded, stage("d", milestone("n"))))
    certificate(town.talent, "senior")  # not read yet
    with pytest.raises(Refused, match="Everything needed on “阶段c” is met"):
        set_stage(town, row, "c")


def test_a_stage_behind_the_file_is_not_set(town):
    SkillFactory(talent=town.talent, level="senior")
    row = pathways.journey(town, pathways.published(*LEVELS, audience="skilled"))
    with pytest.raises(Refused, match="By the file the person stands at “阶段senior”"):
        set_stage(town, row, "middle")
    set_stage(town, row, "technician")
    assert row.stage.code == "technician"


def test_a_stage_that_is_reached_twice_counts_once(town):
    row = at_second_stage(town)
    actions.withdraw(by=town.cadre, at=LATER, tick=row.ticks.get(), note="凭证有误")
    set_stage(town, row, "a")
    ticked(row, "m")
    row.refresh_from_db()
    assert row.stage.code == "b"
    assert list(row.moves.values_list("kind", flat=True)) == ["started", "reached", "set", "reached"]
    figure = registry.get("pathways.reached")
    assert compute.value(figure, town.staff, Scope(date(2026, 3, 1), date(2026, 3, 31))) == 1
    ticked(row, "n")  # and the pathway is completed
    assert compute.value(figure, town.staff, Scope(date(2026, 3, 1), date(2026, 3, 31))) == 2


# The level of a practical rural talent ------------------------------------------------------------------------------

RURAL = (stage("entry", milestone("x")), stage("middle", milestone("y"), standing="middle"))


@pytest.fixture
def left(town):
    """A rural pathway that was left; the office had entered the level."""
    row = pathways.journey(town, pathways.published(*RURAL, audience="rural", title="乡土路线"))
    actions.set_level(by=town.cadre, at=LATER, journey=row, level="middle")
    actions.end(by=town.talent.user, at=LATER, journey=row, reason="外出务工")
    return row


def test_who_starts_again_keeps_the_level(town, left):
    row = pathways.journey(town, left.version)
    assert (row.rural_level, row.stage.code) == ("middle", "middle")


def test_the_offer_says_the_stage_where_the_start_will_be(town, left, signed_in):
    assert "It begins at “阶段middle”" in text(page(signed_in(town.talent.user), "my", all="1"))


def test_the_office_sees_the_level_before_it_starts_one_again(town, left, signed_in):
    client = signed_in(town.cadre)
    address = f"{reverse('pathways:start_for')}?talent={town.talent.pk}"
    assert client.get(address).context["form"]["rural_level"].value() == "middle"
    client.post(address, {"pathway": left.pathway_id, "rural_level": ""})  # not recognised any more
    assert Journey.objects.get(state="active").rural_level == ""


@pytest.mark.parametrize(("audience", "offered"), [("rural", True), ("founder", False), ("everyone", False)])
def test_only_rural_pathways_ask_for_the_level(town, audience, offered):
    made = actions.make(by=town.staff, at=moment(), title="新路线", audience=audience)
    form = MilestoneForm(version=made.versions.get())
    assert ("rural" in dict(form.fields["record"].choices), "rural" in form.fields) == (offered, offered)
