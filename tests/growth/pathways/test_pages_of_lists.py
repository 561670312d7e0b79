"""The pages of mentors and office: lists with their queries, and the editor of templates."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse

from growth.pathways import actions
from growth.pathways.models import Journey, Pathway
from tests.factories import pathways
from tests.factories.casework import moment
from tests.factories.pathways import ticked
from tests.growth.pathways.pages import HTMX, page, text

pytestmark = pytest.mark.django_db


# Lists -----------------------------------------------------------------------------------------------------------


def test_the_list_shows_ones_area_and_filters(town, signed_in):
    version = pathways.published(title="创业路线")
    row = pathways.journey(town, version)
    other = pathways.Town()
    pathways.journey(other, version)
    ticked(row, "course")
    client = signed_in(town.cadre)
    found = page(client, "list").context["list"].rows
    assert [each.pk for each in found] == [row.pk]
    assert (found[0].met, found[0].needed, found[0].waiting) == (0, 3, 1)
    staff = signed_in(town.staff)
    counts = {
        "": 2, "q=" + town.talent.name[:1]: 2, "waiting=1": 1, "stage=阶段first": 2, "stage=阶段second": 2,
        f"township={town.township.pk}": 1, f"pathway={version.pathway_id}": 2, "state=ended": 0, "idle=30": 2,
    }  # fmt: skip
    counts["stage=阶段second"] = 2  # no choice of the filter yet: nobody is there, so it narrows nothing
    for query, count in counts.items():
        rows = staff.get(f"{reverse('pathways:list')}?{query}").context["list"].rows
        assert len(rows) == count, query


def test_idle_are_those_where_nothing_happened_since(town, signed_in, monkeypatch):
    from django.utils import timezone

    pathways.journey(town)
    client = signed_in(town.staff)
    monkeypatch.setattr(timezone, "now", lambda: moment() + timedelta(days=60))
    assert len(page(client, "list", idle="30").context["list"].rows) == 1
    assert len(page(client, "list", idle="90").context["list"].rows) == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_row_and_for_three(town, signed_in, count, django_assert_num_queries):
    version = pathways.published()
    for _each in range(count):
        row = pathways.journey(town, version, town.another())
        ticked(row, "course")
    client = signed_in(town.staff)
    page(client, "list")
    with django_assert_num_queries(10):
        page(client, "list")


def test_the_export_holds_the_filtered_list(town, signed_in):
    row = pathways.journey(town)
    ticked(row, "visit")
    response = page(signed_in(town.staff), "export")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    lines = list(sheet.iter_rows(values_only=True))
    assert lines[1][:8] == (
        town.talent.name, town.township.name, row.pathway.title, 1, "阶段first", lines[1][5], 0, 3,
    )  # fmt: skip
    assert page(signed_in(town.cadre), "export").status_code == 403


def test_the_office_starts_one_for_a_person(town, signed_in):
    version = pathways.published(title="创业路线")
    client = signed_in(town.cadre)
    found = text(page(client, "start_for", q=town.talent.name))
    assert f"?talent={town.talent.pk}" in found
    address = f"{reverse('pathways:start_for')}?talent={town.talent.pk}"
    assert "创业路线" in text(client.get(address))
    client.post(address, {"pathway": version.pathway_id, "rural_level": ""})
    assert Journey.objects.get().started_by == town.cadre
    assert "No further pathway is offered" in text(client.get(address))
    outside = pathways.Town().talent
    shown = text(client.get(f"{reverse('pathways:start_for')}?talent={outside.pk}"))
    assert "Whose roadmap is it?" in shown


def test_a_mentor_finds_the_roadmaps_of_their_mentees(town, signed_in):
    row = pathways.journey(town)
    without = town.another(name="无路线者")
    ticked(row, "plan")
    with pathways.accompanied((town.mentor, town.talent), (town.mentor, without)):
        response = page(signed_in(town.mentor), "mentees")
        shown = text(response)
        assert [each.pk for each in response.context["list"].rows] == [row.pk]
        assert "无路线者" in shown
        assert "1 roadmap has a milestone to be confirmed" in shown
    assert "You accompany nobody" in text(page(signed_in(town.mentor), "mentees"))


def test_the_persons_file_shows_the_roadmap(town, signed_in):
    row = pathways.journey(town)
    shown = text(signed_in(town.cadre).get(reverse("people:talent_detail", args=[town.talent.pk])))
    assert reverse("pathways:journey", args=[row.pk]) in shown
    assert "0 of 3 needed milestones met" in shown


# Templates -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_templates_cost_the_same_for_one_row_and_for_three(town, signed_in, count, django_assert_num_queries):
    for _each in range(count):
        pathways.published()
    client = signed_in(town.staff)
    page(client, "template_list")
    with django_assert_num_queries(7):
        page(client, "template_list")


def test_a_pathway_is_made_edited_previewed_and_published(town, signed_in):
    client = signed_in(town.staff)
    new = {"title": "新路线", "audience": "founder", "summary": "从想法到站稳"}
    made = client.post(reverse("pathways:template_new"), new)
    pathway = Pathway.objects.get()
    version = pathway.versions.get()
    assert made.url == reverse("pathways:editor", args=[version.pk])
    for title, standing in (("谋划", "idea"), ("起步", "starting")):
        version.refresh_from_db()
        data = {"title": title, "description": "", "standing": standing, "revision": version.revision}
        assert client.post(reverse("pathways:stage_new", args=[version.pk]), data).status_code == 302
    one, two = version.stages.order_by("position")
    empty = {"needs": "", "record": "", "required": "on", "stage_code": one.code, "services": []}
    bad = client.post(reverse("pathways:milestone_new", args=[version.pk]), {**empty, "title": "x", "revision": 99})
    assert "Say what counts as evidence" in text(bad)
    stale = client.post(
        reverse("pathways:milestone_new", args=[version.pk]), {**empty, "title": "x", "evidence": "y", "revision": 0}
    )
    assert "has changed this draft meanwhile" in text(stale)
    for home, more in ((one, {"evidence": "计划书", "services": ["housing_rent"]}),
                       (two, {"record": "enterprise", "enterprise": "growing"})):  # fmt: skip
        version.refresh_from_db()
        data = {**empty, "stage_code": home.code, "title": f"在{home.title}", "revision": version.revision, **more}
        assert client.post(reverse("pathways:milestone_new", args=[version.pk]), data).status_code == 302
    first, second = version.milestones.order_by("stage__position")
    assert (first.services, second.record_value, second.needs) == (["housing_rent"], "growing", "")
    assert "growing" in text(client.get(reverse("pathways:milestone_edit", args=[version.pk, second.code])))
    moved = client.post(reverse("pathways:part_move", args=[version.pk, "stage", two.code, "up"]), headers=HTMX)
    assert text(moved).index("起步") < text(moved).index("谋划")
    client.post(reverse("pathways:part_move", args=[version.pk, "stage", two.code, "down"]))
    assert "在谋划" in text(client.get(reverse("pathways:preview", args=[version.pk])))
    version.refresh_from_db()
    client.post(reverse("pathways:publish", args=[version.pk]), {"revision": version.revision, "note": "第一版"})
    version.refresh_from_db()
    assert version.is_published
    assert client.get(reverse("pathways:stage_new", args=[version.pk])).status_code == 404
    assert "Move up" not in text(client.get(reverse("pathways:editor", args=[version.pk])))


def test_a_draft_with_problems_says_them_instead_of_a_button(town, signed_in):
    made = actions.make(by=town.staff, at=moment(), title="空路线", audience="rural")
    shown = text(signed_in(town.staff).get(reverse("pathways:publish", args=[made.versions.get().pk])))
    assert "at least two stages" in shown
    assert "Back to the draft" in shown


def test_a_template_is_copied_renamed_retired_and_moved_on(town, signed_in):
    version = pathways.published(title="创业路线")
    row = pathways.journey(town, version)
    client = signed_in(town.staff)
    pk = version.pathway_id
    client.post(reverse("pathways:template_copy", args=[pk]), {"title": "创业路线二"})
    taken = client.post(reverse("pathways:template_rename", args=[pk]), {"title": "创业路线二"})
    assert "Another pathway has this title" in text(taken)
    client.post(reverse("pathways:template_draft", args=[pk]))
    draft = version.pathway.versions.get(number=2)
    client.post(reverse("pathways:part_delete", args=[draft.pk, "milestone", "visit"]))
    draft.refresh_from_db()
    client.post(reverse("pathways:publish", args=[draft.pk]), {"revision": draft.revision, "note": ""})
    assert "1 person is still on a version older than 2" in text(page(client, "template", pk))
    client.post(reverse("pathways:template_move", args=[pk]))
    row.refresh_from_db()
    assert row.version.number == 2
    client.post(reverse("pathways:template_retire", args=[pk]))
    assert "Offer it again" in text(page(client, "template", pk))
    client.post(reverse("pathways:template_retire", args=[pk]))
    assert "Begin a new version" in text(page(client, "template", pk))
