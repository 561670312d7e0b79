"""How far somebody is: counted by the database for lists and by Python for the page, always the same."""

from datetime import timedelta

import pytest
from django.urls import reverse

from growth.pathways import actions
from growth.pathways.models import Journey
from growth.pathways.presentation import Roadmap
from growth.pathways.queries import with_counts
from tests.factories import pathways
from tests.factories.casework import moment
from tests.factories.pathways import milestone, stage, ticked
from tests.growth.pathways.pages import page, text

pytestmark = pytest.mark.django_db
LATER = moment() + timedelta(days=3)
ROAD = (
    stage("a", milestone("a1"), milestone("a2", needs="office"), milestone("more", required=False), standing="idea"),
    stage("b", milestone("b1"), milestone("b2"), standing="starting"),
    stage("c", milestone("c1"), milestone("c2", needs="mentor"), standing="growing"),
)


def counted(town, row):
    """Both ways."""
    listed = with_counts(Journey.objects.filter(pk=row.pk), town.staff).get()
    shown = Roadmap(Journey.objects.get(pk=row.pk), town.staff, LATER)
    assert (listed.met, listed.needed) == (shown.met, shown.needed)
    return listed.met, listed.needed


def at(town, standing, version=None):
    talent = town.another(enterprise_stage=standing)
    return pathways.journey(town, version or pathways.published(*ROAD), talent)


def test_what_lies_before_the_start_is_not_needed(town):
    assert counted(town, at(town, "idea")) == (0, 6)
    assert counted(town, at(town, "starting")) == (0, 4)
    row = at(town, "growing")
    assert counted(town, row) == (0, 2)
    ticked(row, "c1")
    ticked(row, "c2", by=town.cadre)
    assert counted(town, row) == (1, 2)  # what waits is not met


def test_a_completed_pathway_has_met_everything_that_was_needed(town, signed_in):
    row = at(town, "starting")
    for code in ("b1", "b2", "c1"):
        ticked(row, code)
    actions.confirm(by=town.cadre, at=LATER, tick=ticked(row, "c2"))
    row.refresh_from_db()
    assert row.state == "finished"
    assert counted(town, row) == (4, 4)
    client = signed_in(town.cadre)
    for address in (reverse("pathways:journey", args=[row.pk]),
                    reverse("people:talent_detail", args=[row.talent_id])):  # fmt: skip
        assert "4 of 4 needed milestones met" in text(client.get(address))
    assert "4 / 4" in text(page(client, "list"))


def test_what_the_file_or_the_office_passes_over_is_not_needed_either(town):
    version = pathways.published(*ROAD)
    by_file, by_office = at(town, "idea", version), at(town, "idea", version)
    for row in (by_file, by_office):
        ticked(row, "a1")
    by_file.talent.enterprise_stage = "growing"
    by_file.talent.save()
    actions.catch_up(by=town.staff, at=LATER, journey=by_file)
    actions.set_stage(by=town.cadre, at=LATER, journey=by_office, stage="c", reason="早已开业")
    for row in (by_file, by_office):
        assert counted(town, row) == (1, 3)


def test_what_was_taken_back_or_is_not_required_does_not_count(town):
    row = at(town, "idea")
    ticked(row, "more")
    tick = ticked(row, "a1")
    assert counted(town, row) == (1, 6)
    actions.withdraw(by=town.cadre, at=LATER, tick=tick, note="有误")
    assert counted(town, row) == (0, 6)


def test_a_newer_version_counts_what_it_asks_from_there_on(town):
    row = at(town, "starting")
    ticked(row, "b1")
    later = stage("b", milestone("b1"), milestone("b3"), milestone("b4"), standing="starting")
    pathways.next_version(row.version, stage("new", milestone("n")), later)
    actions.move_to_newest(by=town.cadre, at=LATER, journey=row)
    assert counted(town, row) == (1, 3)
