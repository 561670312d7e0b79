"""The road as a form: milestones ticked and answered, stage, level and end."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from growth.pathways import actions
from growth.pathways.models import Tick
from talentmap.audit.models import AccessLog
from tests.factories import pathways
from tests.factories.casework import moment, picture
from tests.factories.pathways import milestone, stage, ticked
from tests.growth.pathways.pages import HTMX, page, text

pytestmark = pytest.mark.django_db


def tick_address(row, code="course"):
    return reverse("pathways:tick", args=[row.pk, code])


def test_a_tick_by_form_and_by_htmx_come_to_the_same_road(town, signed_in):
    row = pathways.journey(town)
    client = signed_in(town.talent.user)
    response = client.post(tick_address(row, "visit"), {"text": "走访三家"})
    assert response.url == reverse("pathways:journey", args=[row.pk]) + "#m-visit"
    swapped = client.post(tick_address(row), {"text": "结业"}, headers=HTMX)
    assert (swapped["HX-Retarget"], swapped["HX-Reselect"]) == ("#roadmap", "#roadmap")
    assert "m-course" in swapped["HX-Trigger-After-Settle"]
    reloaded = text(page(client, "journey", row.pk))
    road = slice_of(text(swapped))
    assert road == slice_of(reloaded)
    assert "Waits for confirmation" in road


def slice_of(shown):
    """The road, without the tokens that differ from page to page."""
    import re

    part = shown[shown.index('<div id="roadmap"') : shown.index("deeds-title")]
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", part)


def test_a_question_is_a_piece_for_htmx_and_a_page_without(town, signed_in):
    row = pathways.journey(town)
    client = signed_in(town.talent.user)
    piece = text(client.get(tick_address(row), headers=HTMX))
    assert "<html" not in piece
    assert 'id="ask-title"' in piece
    assert "<html" in text(client.get(tick_address(row)))


def test_a_tick_without_evidence_keeps_what_was_typed(town, signed_in):
    row = pathways.journey(town)
    client = signed_in(town.talent.user)
    assert "Write a few words" in text(client.post(tick_address(row), {"text": " "}, headers=HTMX))
    broken = SimpleUploadedFile("a.pdf", b"no pdf at all", content_type="application/pdf")
    shown = text(client.post(tick_address(row), {"text": "保留这句", "file": broken}))
    assert "Only pictures" in shown
    assert "保留这句" in shown
    assert not Tick.objects.exists()


def test_a_second_tick_is_refused_on_the_form(town, signed_in):
    row = pathways.journey(town)
    ticked(row, "course")
    assert "ticked already" in text(signed_in(town.talent.user).post(tick_address(row), {"text": "x"}))


def test_the_evidence_is_handed_out_and_the_reading_recorded(town, signed_in):
    row = pathways.journey(town)
    client = signed_in(town.talent.user)
    client.post(tick_address(row), {"file": picture("结业证.png")})
    tick = Tick.objects.get()
    address = reverse("pathways:file", args=[row.pk, tick.pk])
    own = client.get(address)
    assert own["Content-Type"] == "image/png"
    assert "no-store" in own["Cache-Control"]
    assert not AccessLog.objects.exists()
    assert b"".join(signed_in(town.cadre).get(address).streaming_content).startswith(b"\x89PNG")
    assert AccessLog.objects.get().user == town.cadre
    assert signed_in(town.another().user).get(address).status_code == 404
    wordy = ticked(row, "visit")
    assert page(signed_in(town.cadre), "file", row.pk, wordy.pk).status_code == 404


def test_the_office_answers_from_the_road(town, signed_in):
    row = pathways.journey(town)
    tick = ticked(row, "course", text="三月结业")
    client = signed_in(town.cadre)
    assert "三月结业" in text(page(client, "answer", row.pk, tick.pk, "confirm"))
    address = reverse("pathways:answer", args=[row.pk, tick.pk, "send-back"])
    assert "This field is required" in text(client.post(address, {"note": ""}))
    client.post(address, {"note": "缺签到表"})
    shown = text(page(signed_in(town.talent.user), "journey", row.pk))
    assert "缺签到表" in shown
    assert "It was sent back" in shown
    refused = signed_in(town.cadre).post(reverse("pathways:answer", args=[row.pk, tick.pk, "confirm"]), {})
    assert "Somebody else has answered" in text(refused)


def test_history_names_every_step(town, signed_in):
    row = pathways.journey(town)
    tick = ticked(row, "course")
    actions.send_back(by=town.cadre, at=moment(), tick=tick, note="缺签到表")
    shown = text(page(signed_in(town.talent.user), "history", row.pk))
    for words in ("Started · 阶段first", "Ticked: 里程碑course", "Sent back · 里程碑course", "缺签到表"):
        assert words in shown, words


def test_stage_level_and_end_from_the_page(town, signed_in):
    row = pathways.journey(town, pathways.published(*pathways.STAGES, audience="rural"))
    client = signed_in(town.cadre)
    client.post(reverse("pathways:stage", args=[row.pk]), {"stage": "second", "reason": "早已开业"})
    client.post(reverse("pathways:level", args=[row.pk]), {"level": "middle"})
    row.refresh_from_db()
    assert (row.stage.code, row.rural_level) == ("second", "middle")
    assert "Choose" not in text(client.get(reverse("pathways:end", args=[row.pk])))
    client.post(reverse("pathways:end", args=[row.pk]), {"reason": "外出"})
    shown = text(page(client, "journey", row.pk))
    assert "Pathway left" in shown
    assert "Done: tick it" not in shown


def test_a_newer_version_is_shown_and_followed(town, signed_in):
    row = pathways.journey(town)
    client = signed_in(town.talent.user)
    address = reverse("pathways:version", args=[row.pk])
    assert client.get(address).status_code == 302
    pathways.next_version(row.version, stage("first", milestone("course"), milestone("talk")), pathways.STAGES[1])
    assert address in text(page(client, "journey", row.pk))
    shown = text(client.get(address))
    assert "里程碑talk" in shown  # comes
    assert "里程碑plan" in shown  # goes
    client.post(address)
    row.refresh_from_db()
    assert row.version.number == 2
