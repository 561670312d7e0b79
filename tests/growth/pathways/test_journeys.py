"""Journeys through the actions: started, ticked, confirmed, moved on; what the database refuses."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError

from growth.pathways import actions
from growth.pathways.choices import Move
from growth.pathways.models import Journey, JourneyMove, Tick, TickAnswer, TickEvidence
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.notices.models import Notice
from talentmap.people import actions as people
from talentmap.ui.errors import Refused, reasons
from tests.factories import pathways
from tests.factories.accounts import give, user_with
from tests.factories.casework import moment, picture
from tests.factories.pathways import STAGES, milestone, stage, ticked
from tests.factories.people import SkillFactory, TalentFactory

pytestmark = pytest.mark.django_db
LATER = moment() + timedelta(days=3)
REFUSED = (IntegrityError, InternalError, ProgrammingError)


def refused(call):
    with pytest.raises(REFUSED) as caught, transaction.atomic():
        call()
    return caught.value


def kinds_told(user):
    return sorted(Notice.objects.filter(recipient=user).values_list("kind", flat=True))


def test_a_talent_starts_at_the_first_stage(town):
    row = pathways.journey(town)
    assert (row.stage.code, row.state, row.started_by) == ("first", "active", town.talent.user)
    assert [move.kind for move in row.moves.all()] == [Move.STARTED]


def test_who_is_further_by_the_file_starts_further(town):
    town.talent.enterprise_stage = "growing"
    town.talent.save()
    assert pathways.journey(town).stage.code == "second"


def test_nobody_starts_for_somebody_out_of_reach(town):
    version = pathways.published()
    for stranger in (user_with(Role.TOWNSHIP_CADRE), town.mentor, town.another().user):
        with pytest.raises(PermissionDenied):
            actions.start(by=stranger, at=moment(), talent=town.talent, pathway=version.pathway)
    assert actions.start(by=town.cadre, at=moment(), talent=town.talent, pathway=version.pathway).is_active


def test_a_pathway_is_walked_once_at_a_time(town):
    row = pathways.journey(town)
    with pytest.raises(Refused, match="on this pathway already"):
        pathways.journey(town, row.version)
    error = refused(lambda: Journey.objects.create(
        talent=row.talent, version=row.version, stage=row.stage, started_at=moment(), started_by=town.staff,
        stage_since=moment(), moved_at=moment()))  # fmt: skip
    assert reasons(error) == ["This person is on this pathway already."]
    actions.end(by=town.talent.user, at=LATER, journey=row, reason="换了方向")
    assert pathways.journey(town, row.version).is_active


def test_a_retired_pathway_is_not_started(town):
    version = pathways.published()
    actions.retire(by=town.staff, at=moment(), pathway=version.pathway)
    with pytest.raises(Refused, match="not offered"):
        pathways.journey(town, version)


def test_ticks_that_nobody_confirms_count_at_once(town):
    row = pathways.journey(town, pathways.published(stage("a", milestone("m")), stage("b", milestone("n"))))
    ticked(row, "m")
    row.refresh_from_db()
    assert row.stage.code == "b"
    assert kinds_told(town.talent.user) == []  # nobody is told of what they did themselves


def test_a_stage_is_reached_with_its_last_needed_milestone(town, accompanied):
    row = pathways.journey(town)
    plan, course = ticked(row, "plan"), ticked(row, "course")
    assert (plan.needs, course.needs) == ("mentor", "office")
    actions.confirm(by=town.mentor, at=LATER, tick=plan)
    row.refresh_from_db()
    assert row.stage.code == "first"
    actions.confirm(by=town.cadre, at=LATER, tick=course, note="很好")
    row.refresh_from_db()
    assert (row.stage.code, row.stage_since, row.moved_at) == ("second", LATER, LATER)
    assert kinds_told(town.talent.user) == ["pathway_confirmed", "pathway_confirmed", "pathway_stage"]
    ticked(row, "sale")
    row.refresh_from_db()
    assert (row.state, row.ended_by) == ("finished", town.talent.user)
    assert list(row.moves.values_list("kind", flat=True)) == ["started", "reached", "finished"]


def test_who_may_confirm_is_told(town, accompanied):
    row = pathways.journey(town)
    ticked(row, "plan")
    assert (kinds_told(town.mentor), kinds_told(town.cadre)) == (["pathway_waits"], [])
    ticked(row, "course")
    assert (kinds_told(town.mentor), kinds_told(town.cadre)) == (["pathway_waits"], ["pathway_waits"])
    assert kinds_told(town.staff) == []


def test_without_a_mentor_the_office_confirms_and_without_a_cadre_the_county(town):
    talent = town.another(region=None)
    row = pathways.journey(town, talent=talent)
    plan = ticked(row, "plan")
    assert kinds_told(town.staff) == ["pathway_waits"]
    actions.confirm(by=town.staff, at=LATER, tick=plan)
    assert TickAnswer.objects.get(tick=plan).part == "office"


def test_the_office_does_not_speak_for_a_mentor_who_is_there(town, accompanied):
    plan = ticked(pathways.journey(town), "plan")
    with pytest.raises(PermissionDenied):
        actions.confirm(by=town.cadre, at=LATER, tick=plan)


def test_a_mentors_own_tick_is_the_confirmation(town, accompanied):
    row = pathways.journey(town)
    assert ticked(row, "plan", by=town.mentor).needs == ""
    course = ticked(row, "course", by=town.mentor)
    assert (course.part, course.needs) == ("mentor", "office")


def test_a_cadre_who_is_the_mentor_ticks_as_what_confirms(town):
    both = pathways.mentor_and_cadre(town)
    with pathways.accompanied((both, town.talent)):
        row = pathways.journey(town)
        assert (ticked(row, "plan", by=both).part, ticked(row, "course", by=both).part) == ("mentor", "office")


def test_nobody_confirms_their_own(town):
    """Not what they ticked, nor what is about themselves, whatever office they hold."""
    row = pathways.journey(town)
    course = ticked(row, "course")
    give(town.talent.user, Role.OFFICE_STAFF)
    with pytest.raises(PermissionDenied):
        actions.confirm(by=town.talent.user, at=LATER, tick=course)
    plan = ticked(row, "plan", by=town.cadre)
    with pytest.raises(PermissionDenied):
        actions.confirm(by=town.cadre, at=LATER, tick=plan)
    for tick, by in ((course, town.talent.user), (plan, town.cadre)):
        refused(lambda tick=tick, by=by: TickAnswer.objects.create(
            tick=tick, kind="confirmed", part="office", by=by, at=LATER))  # fmt: skip


def test_what_is_sent_back_says_why_and_is_ticked_again(town):
    row = pathways.journey(town)
    course = ticked(row, "course")
    refused(lambda: TickAnswer.objects.create(tick=course, kind="sent_back", part="office", by=town.cadre, at=LATER))
    actions.send_back(by=town.cadre, at=LATER, tick=course, note="缺签到表")
    assert kinds_told(town.talent.user) == ["pathway_sent_back"]
    again = ticked(row, "course")
    assert again.attempt == 2
    with pytest.raises(Refused, match="answered this tick already"):
        actions.confirm(by=town.cadre, at=LATER, tick=course)
    assert actions.confirm(by=town.cadre, at=LATER, tick=again).kind == "confirmed"


def test_one_takes_back_ones_own_until_it_is_confirmed_and_the_office_any_for_a_reason(town):
    row = pathways.journey(town)
    visit = ticked(row, "visit")
    actions.withdraw(by=town.talent.user, at=LATER, tick=visit)
    with pytest.raises(Refused, match="already sent back or withdrawn"):
        actions.withdraw(by=town.talent.user, at=LATER, tick=visit)
    course = ticked(row, "course")
    actions.confirm(by=town.cadre, at=LATER, tick=course)
    with pytest.raises(PermissionDenied):
        actions.withdraw(by=town.talent.user, at=LATER, tick=course)
    with pytest.raises(Refused, match="Say why"):
        actions.withdraw(by=town.staff, at=LATER, tick=course)
    assert actions.withdraw(by=town.staff, at=LATER, tick=course, note="证书有误").part == "office"


def test_a_milestone_is_ticked_once(town):
    row = pathways.journey(town)
    first = ticked(row, "visit")
    with pytest.raises(Refused, match="ticked already"):
        ticked(row, "visit", by=town.cadre)
    more = {"journey": row, "code": "visit", "title": "x", "part": "talent", "by": town.staff, "at": LATER}
    same = refused(lambda: Tick.objects.create(attempt=1, **more))
    assert reasons(same) == ["Somebody else has just ticked this milestone."]
    refused(lambda: Tick.objects.create(attempt=2, **more))
    refused(lambda: Tick.objects.create(attempt=0, **{**more, "code": "plan"}))
    actions.withdraw(by=town.talent.user, at=LATER, tick=first)
    assert Tick.objects.create(attempt=2, **more).pk


def test_a_tick_shows_something(town):
    row = pathways.journey(town)
    with pytest.raises(Refused, match="few words"):
        ticked(row, "visit", text="  ")
    with pytest.raises(Refused, match="nothing that the person has done"):
        actions.tick(by=town.talent.user, at=moment(), journey=row, code="visit", deed="certificate:0")
    with pytest.raises(Refused, match="no such milestone"):
        ticked(row, "nonsense")
    skill = SkillFactory(talent=town.talent)
    made = actions.tick(
        by=town.talent.user, at=moment(), journey=row, code="visit", deed=f"certificate:{skill.pk}", upload=picture()
    )
    shown = made.evidence
    assert (shown.deed_title, shown.name) == ("茶叶加工工 · Senior worker (level three)", "plan.png")
    assert (shown.content_type, shown.size > 0) == ("image/png", True)
    refused(lambda: TickEvidence.objects.filter(pk=shown.pk).update(deed_key="", file=""))
    refused(lambda: TickEvidence.objects.filter(pk=shown.pk).update(size=0))


def test_only_who_takes_part_ticks(town):
    row = pathways.journey(town)
    for stranger in (town.mentor, user_with(Role.TOWNSHIP_CADRE), town.another().user, user_with(Role.COUNTY_LEADER)):
        with pytest.raises(PermissionDenied):
            ticked(row, "visit", by=stranger)


RECORDED = (
    stage("a", milestone("level", record="skill", record_value="middle")),
    stage("b", milestone("own", record="own_enterprise"), milestone("said")),
)


def test_what_is_on_record_is_ticked_by_itself(town):
    row = pathways.journey(town, pathways.published(*RECORDED, audience="skilled"))
    system = User.objects.system()
    assert actions.catch_up(by=system, at=LATER, journey=row) is False
    with pytest.raises(Refused, match="on record"):
        ticked(row, "level")
    people.add_skill(by=town.talent.user, at=LATER, talent=town.talent, name="茶艺师", level="senior",
                     certified_on=None, certificate_number="")  # fmt: skip
    assert actions.catch_up(by=system, at=LATER, journey=row) is True
    row.refresh_from_db()
    tick = row.ticks.get()
    assert (tick.code, tick.part, tick.by, row.stage.code) == ("level", "record", system, "b")
    assert actions.catch_up(by=system, at=LATER, journey=row) is False  # once
    assert kinds_told(town.talent.user) == ["pathway_stage"]


def test_what_is_no_longer_on_record_is_taken_back_and_the_stage_stays(town):
    skill = SkillFactory(talent=town.talent, level="senior")
    version = pathways.published(*RECORDED, audience="everyone")
    row = pathways.journey(town, version)
    assert row.stage.code == "b"
    skill.delete()
    actions.catch_up(by=User.objects.system(), at=LATER, journey=row)
    answer = TickAnswer.objects.get()
    assert (answer.kind, answer.part) == ("withdrawn", "record")
    row.refresh_from_db()
    assert row.stage.code == "b"
    with pytest.raises((PermissionDenied, Refused)):
        actions.withdraw(by=town.staff, at=LATER, tick=answer.tick, note="x")


def test_the_office_ticks_what_is_on_paper_only(town):
    row = pathways.journey(town, pathways.published(*RECORDED))
    assert ticked(row, "level", by=town.cadre).part == "office"


def test_the_office_sets_a_stage_with_a_reason(town):
    row = pathways.journey(town)
    with pytest.raises(PermissionDenied):
        actions.set_stage(by=town.talent.user, at=LATER, journey=row, stage="second", reason="x")
    with pytest.raises(Refused, match="no such stage"):
        actions.set_stage(by=town.cadre, at=LATER, journey=row, stage="third", reason="x")
    refused(lambda: actions.set_stage(by=town.cadre, at=LATER, journey=row, stage="second", reason=" "))
    actions.set_stage(by=town.cadre, at=LATER, journey=row, stage="second", reason="早已开业")
    row.refresh_from_db()
    move = row.moves.last()
    assert (row.stage.code, move.kind, move.reason, move.from_stage.code) == ("second", "set", "早已开业", "first")


def test_the_level_of_a_rural_talent_is_the_offices_word(town):
    levels = (stage("entry", milestone("l", record="rural", record_value="junior")),
              stage("junior", milestone("x"), standing="junior"))  # fmt: skip
    version = pathways.published(*levels, audience="rural")
    own = actions.start(
        by=town.talent.user, at=moment(), talent=town.talent, pathway=version.pathway, rural_level="senior"
    )
    assert (own.rural_level, own.stage.code) == ("", "entry")
    actions.set_level(by=town.cadre, at=LATER, journey=own, level="middle")
    own.refresh_from_db()
    assert (own.rural_level, own.stage.code) == ("middle", "junior")
    another = town.another()
    started = actions.start(by=town.cadre, at=moment(), talent=another, pathway=version.pathway, rural_level="junior")
    assert (started.rural_level, started.stage.code) == ("junior", "junior")
    founder = pathways.journey(town)
    with pytest.raises(Refused, match="practical rural"):
        actions.set_level(by=town.cadre, at=LATER, journey=founder, level="junior")


def test_what_has_ended_stays_as_it_is(town):
    row = pathways.journey(town)
    waiting = ticked(row, "course")
    refused(lambda: actions.end(by=town.talent.user, at=LATER, journey=row, reason=""))
    actions.end(by=town.talent.user, at=LATER, journey=row, reason="外出务工")
    for call in (
        lambda: ticked(row, "visit"),
        lambda: actions.confirm(by=town.cadre, at=LATER, tick=waiting),
        lambda: actions.set_stage(by=town.cadre, at=LATER, journey=row, stage="second", reason="x"),
        lambda: actions.move_to_newest(by=town.cadre, at=LATER, journey=row),
    ):
        with pytest.raises(Refused, match="not under way"):
            call()
    assert actions.catch_up(by=User.objects.system(), at=LATER, journey=row) is False


@pytest.mark.parametrize("table", ["growth_tick", "growth_tickanswer", "growth_journeymove"])
def test_what_was_said_is_never_changed(town, table):
    row = pathways.journey(town)
    actions.confirm(by=town.cadre, at=LATER, tick=ticked(row, "course"))
    for statement in (f"UPDATE {table} SET at = now()", f"DELETE FROM {table}"):
        with pytest.raises(REFUSED), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_journey_stands_on_a_stage_of_its_own_version(town):
    row, other = pathways.journey(town), pathways.published()
    refused(lambda: Journey.objects.filter(pk=row.pk).update(stage=other.stages.first()))
    refused(lambda: Journey.objects.filter(pk=row.pk).update(state="ended"))
    refused(lambda: Journey.objects.filter(pk=row.pk).update(state="lost"))
    refused(lambda: Journey.objects.filter(pk=row.pk).update(moved_at=moment() - timedelta(days=1)))
    refused(lambda: JourneyMove.objects.create(
        journey=row, kind="set", to_stage=row.stage, by=town.staff, at=LATER))  # fmt: skip


def test_a_file_that_was_deleted_starts_nothing(town):
    version = pathways.published(*STAGES)
    gone = TalentFactory(region=town.township, erased_at=moment())
    with pytest.raises(Refused, match="deleted"):
        actions.start(by=town.staff, at=moment(), talent=gone, pathway=version.pathway)
