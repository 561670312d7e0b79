"""Pathway templates: drafts, publishing, what never changes, and people who move to a newer version."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.utils import InternalError, ProgrammingError

from growth.pathways import actions
from growth.pathways.models import Journey, Pathway, PathwayMilestone, PathwayStage, PathwayVersion
from growth.pathways.reference import shipped_pathways
from talentmap.people.choices import SkillLevel
from talentmap.ui.errors import Refused
from tests.factories import pathways
from tests.factories.casework import moment
from tests.factories.pathways import milestone, stage, ticked

pytestmark = pytest.mark.django_db
LATER = moment() + timedelta(days=3)
REFUSED = (IntegrityError, InternalError, ProgrammingError)
VALUES = {"title": "写计划", "evidence": "计划书", "required": True, "needs": "", "record": "", "record_value": "",
          "services": []}  # fmt: skip


def refused(call):
    with pytest.raises(REFUSED), transaction.atomic():
        call()


@pytest.fixture
def draft(town):
    """Two stages without milestones."""
    made = actions.make(by=town.staff, at=moment(), title="新路线", audience="everyone")
    version = made.versions.get()
    for title in ("一", "二"):
        add_stage(town, version, title)
    version.refresh_from_db()
    return version


def add_stage(town, version, title):
    version.refresh_from_db()
    values = {"title": title}
    return actions.save_stage(
        by=town.staff, at=moment(), version=version, revision=version.revision, code="", values=values
    )


def add_milestone(town, version, stage, **changes):
    version.refresh_from_db()
    return actions.save_milestone(
        by=town.staff, at=moment(), version=version, revision=version.revision, code="", stage=stage.code,
        values={**VALUES, **changes},
    )  # fmt: skip


def order(version):
    return [
        (row.title, [each.title for each in row.milestones.order_by("position")])
        for row in version.stages.order_by("position")
    ]


def test_a_draft_is_built_put_in_order_and_published(town, draft):
    one, two = draft.stages.order_by("position")
    first = add_milestone(town, draft, one, title="a")
    add_milestone(town, draft, one, title="b")
    add_milestone(town, draft, two, title="c")
    move = {"by": town.staff, "at": moment(), "version": draft}
    actions.move_milestone(**move, code=first.code, up=False)
    assert order(draft) == [("一", ["b", "a"]), ("二", ["c"])]
    actions.move_milestone(**move, code=first.code, up=False)  # beyond the end it comes into the next stage
    assert order(draft) == [("一", ["b"]), ("二", ["a", "c"])]
    actions.move_milestone(**move, code=first.code, up=True)
    assert order(draft) == [("一", ["b", "a"]), ("二", ["c"])]
    actions.move_stage(**move, code=two.code, up=True)
    assert order(draft) == [("二", ["c"]), ("一", ["b", "a"])]
    actions.move_stage(**move, code=two.code, up=True)  # at the top it stays
    actions.move_milestone(**move, code=first.code, up=False)
    assert order(draft) == [("二", ["c"]), ("一", ["b", "a"])]
    draft.refresh_from_db()
    published = actions.publish(by=town.staff, at=LATER, version=draft, revision=draft.revision)
    assert (published.published_at, published.published_by) == (LATER, town.staff)


def test_a_draft_that_nobody_could_walk_is_not_published(town, draft):
    with pytest.raises(Refused, match="2 problems"):
        actions.publish(by=town.staff, at=LATER, version=draft, revision=draft.revision)


def test_two_editors_do_not_overwrite_each_other(town, draft):
    seen = draft.revision
    add_stage(town, draft, "三")
    with pytest.raises(actions.Stale, match="has changed this draft"):
        actions.summarise(by=town.staff, at=LATER, version=draft, revision=seen, summary="x")
    with pytest.raises(actions.Stale, match="has changed this draft"):
        actions.publish(by=town.staff, at=LATER, version=draft, revision=seen)


def test_only_who_maintains_pathways_edits(town, draft):
    for stranger in (town.cadre, town.mentor, town.talent.user):
        with pytest.raises(PermissionDenied):
            actions.make(by=stranger, at=moment(), title="x", audience="rural")
        with pytest.raises(PermissionDenied):
            actions.move_stage(by=stranger, at=moment(), version=draft, code="x", up=True)
        assert not Pathway.objects.visible_to(stranger)


def test_a_published_version_never_changes(town):
    version = pathways.published()
    part = version.milestones.first()
    refused(lambda: PathwayVersion.objects.filter(pk=version.pk).update(summary="x"))
    refused(lambda: PathwayStage.objects.filter(version=version).update(title="x"))
    refused(lambda: PathwayMilestone.objects.filter(pk=part.pk).update(title="x"))
    refused(lambda: PathwayMilestone.objects.filter(pk=part.pk).delete())
    refused(lambda: PathwayStage.objects.create(version=version, code="x", position=9, title="x"))
    refused(lambda: PathwayMilestone.objects.create(stage=part.stage, version=version, code="x", position=9, title="x"))
    with pytest.raises(actions.Stale, match="has published version 1"):
        actions.delete_stage(by=town.staff, at=moment(), version=version, code="first")


def test_what_the_database_refuses_of_drafts(town, draft):
    one = draft.stages.first()
    refused(
        lambda: PathwayVersion.objects.create(pathway=draft.pathway, number=2, edited_at=LATER, edited_by=town.staff)
    )
    refused(lambda: PathwayVersion.objects.create(
        pathway=draft.pathway, number=1, edited_at=LATER, edited_by=town.staff, published_at=LATER,
        published_by=town.staff))  # fmt: skip
    refused(lambda: PathwayVersion.objects.filter(pk=draft.pk).update(published_at=LATER))
    refused(lambda: PathwayStage.objects.create(version=draft, code=one.code, position=9, title="x"))
    parts = {"stage": one, "version": draft, "title": "x"}
    made = PathwayMilestone.objects.create(code="x", position=1, **parts)
    refused(lambda: PathwayMilestone.objects.create(code="x", position=2, **parts))
    refused(lambda: PathwayMilestone.objects.filter(pk=made.pk).update(record="skill"))
    refused(lambda: PathwayMilestone.objects.filter(pk=made.pk).update(record_value="middle"))
    refused(lambda: Pathway.objects.filter(pk=draft.pathway_id).update(retired_at=LATER))
    refused(lambda: actions.make(by=town.staff, at=LATER, title="新路线", audience="rural"))
    pathways.published(title="有编号")
    Pathway.objects.filter(title="有编号").update(code="known")
    refused(lambda: Pathway.objects.filter(pk=draft.pathway_id).update(code="known"))


def test_places_are_held_by_one_when_the_transaction_ends(town, draft):
    from django.db import connection

    draft.stages.update(position=5)
    with pytest.raises(IntegrityError):
        connection.check_constraints()


def test_a_copy_is_another_pathway_with_the_same_parts(town):
    version = pathways.published()
    made = actions.copy(by=town.staff, at=LATER, pathway=version.pathway, title="副本")
    assert order(made.versions.get()) == order(version)
    assert not made.newest


def test_a_draft_goes_and_with_it_what_was_never_published(town, draft):
    assert actions.delete_draft(by=town.staff, at=LATER, version=draft) is True
    assert not Pathway.objects.exists()
    version = pathways.published()
    later = actions.start_draft(by=town.staff, at=LATER, pathway=version.pathway)
    assert actions.start_draft(by=town.staff, at=LATER, pathway=version.pathway) == later
    assert order(later) == order(version)
    with pytest.raises(Refused, match="Nothing has changed since version 1"):
        actions.publish(by=town.staff, at=LATER, version=later, revision=later.revision)
    assert actions.delete_draft(by=town.staff, at=LATER, version=later) is False


def test_retired_and_brought_back(town):
    version = pathways.published()
    actions.retire(by=town.staff, at=LATER, pathway=version.pathway)
    assert not Pathway.objects.offered()
    with pytest.raises(Refused, match="retired"):
        actions.start_draft(by=town.staff, at=LATER, pathway=version.pathway)
    actions.bring_back(by=town.staff, at=LATER, pathway=version.pathway)
    assert Pathway.objects.offered().count() == 1


NEWER = (
    stage("first", milestone("course", needs="office"), milestone("talk")),
    stage("second", milestone("sale"), milestone("visit")),
)


def test_a_newer_version_keeps_ticks_by_the_milestones_code(town):
    row = pathways.journey(town)
    old = row.version
    ticked(row, "visit")
    course = ticked(row, "course")
    actions.confirm(by=town.cadre, at=LATER, tick=course)
    newer = pathways.next_version(old, *NEWER)
    row.refresh_from_db()
    assert row.version == old  # who is on it stays on it
    actions.move_to_newest(by=town.talent.user, at=LATER, journey=row)
    row.refresh_from_db()
    assert (row.version, row.stage.code, row.stage.version) == (newer, "first", newer)
    assert row.moves.last().kind == "version"
    ticked(row, "talk")  # "course" counts already, so the stage is left
    row.refresh_from_db()
    assert row.stage.code == "second"
    ticked(row, "sale")  # and "visit" counts on its new stage
    row.refresh_from_db()
    assert row.state == "finished"


def test_everybody_is_moved_at_once(town):
    version = pathways.published()
    walkers = [pathways.journey(town, version, town.another()) for _each in range(3)]
    left = pathways.journey(town, version, town.another())
    actions.end(by=town.cadre, at=LATER, journey=left, reason="x")
    assert actions.move_everybody(by=town.staff, at=LATER, pathway=version.pathway) == 0
    newer = pathways.next_version(version, *NEWER)
    with pytest.raises(PermissionDenied):
        actions.move_everybody(by=town.cadre, at=LATER, pathway=version.pathway)
    assert actions.move_everybody(by=town.staff, at=LATER, pathway=version.pathway) == 3
    assert Journey.objects.filter(version=newer).count() == len(walkers)
    with pytest.raises(Refused, match="no newer version"):
        actions.move_to_newest(by=town.cadre, at=LATER, journey=walkers[0])


def test_the_shipped_pathways_are_loaded_once_and_then_the_offices_own(town):
    assert shipped_pathways() == "3 pathways"
    skilled = Pathway.objects.get(code="skilled")
    assert [row.standing for row in skilled.newest.stages.order_by("position")] == SkillLevel.values
    assert len(SkillLevel.values) == 8
    rural = Pathway.objects.get(code="rural")
    assert [row.standing for row in rural.newest.stages.order_by("position")] == ["", "junior", "middle", "senior"]
    actions.describe(by=town.staff, at=LATER, pathway=skilled, title="技工成长")
    actions.retire(by=town.staff, at=LATER, pathway=rural)
    assert shipped_pathways() == "3 pathways"
    skilled.refresh_from_db()
    rural.refresh_from_db()
    assert (skilled.title, rural.retired_at) == ("技工成长", LATER)
    assert PathwayVersion.objects.count() == 3
