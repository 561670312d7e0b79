from datetime import date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import formats, translation

from talentmap.casework.states import State
from talentmap.ui.templatetags import ui
from talentmap.ui.tones import LOOKS, NEUTRAL, look


def rendered(source, **context):
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize(
    "amount, text",
    [
        (Decimal("1234.5"), "¥1,234.50"),
        (0, "¥0.00"),
        (-12, "-¥12.00"),
        ("1000000", "¥1,000,000.00"),
        (None, "—"),
        ("", "—"),
        ("x", "—"),
        (Decimal("0.005"), "¥0.00"),
        (Decimal("NaN"), "—"),
        (Decimal("1e40"), "—"),
    ],
)
def test_money(amount, text):
    assert ui.money(amount) == text


def test_counts_and_sizes():
    assert ui.grouped(1234567) == "1,234,567"
    assert ui.grouped(None) == "—"
    assert [ui.file_size(size) for size in (1, 348_000, 1_480_000, None)] == ["1 KB", "340 KB", "1.4 MB", "—"]
    with translation.override("en"):
        assert [ui.working_days(n) for n in (1, 5, "", None)] == ["1 working day", "5 working days", "—", "—"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_dates_are_written_the_same_in_both_languages(language):
    with translation.override(language):
        assert formats.date_format(date(2026, 11, 23)) == "2026-11-23"
        assert formats.date_format(datetime(2026, 11, 23, 9, 5), "DATETIME_FORMAT") == "2026-11-23 09:05"  # noqa: DTZ001
        assert formats.number_format(Decimal("1234.50"), force_grouping=True) == "1,234.50"
    assert ui.iso(None) == "—"


@pytest.mark.parametrize("state", State)
def test_every_state_of_an_application_has_a_look_and_a_word(state):
    assert look(state) is LOOKS[state.value] is not NEUTRAL
    pill = rendered("{% state_pill state %}", state=state)
    assert str(state.label) in pill
    assert "<svg" in pill


def test_an_unknown_state_is_neutral():
    assert look("no such state") is NEUTRAL


def test_labels_are_escaped():
    assert "<b>" not in rendered("{% pill 'wait' label icon='clock' %}", label="<b>")
    assert "<b>" not in rendered("{% state_pill 'draft' label %}", label="<b>")


@pytest.mark.parametrize("code", ["needs", "growth", "support"])
def test_the_maps_have_their_chips(code):
    assert f"map-{code}" in rendered("{% map_chip code %}", code=code)


def test_masks():
    source = "{{ a|mask_name }} {{ b|mask_phone }} {{ c|mask_id }} {{ d|mask_account }}"
    text = rendered(source, a="欧阳锋", b="13812341234", c="51152519900101012X", d="6222020200012345678")
    assert text == "欧阳* 138****1234 5115**********012X **** 5678"


@pytest.mark.parametrize(
    "component, context, expected",
    [
        ("empty", {"title": "T", "advice": "A", "action": "Do", "action_url": "/x/"}, 'href="/x/"'),
        ("facts", {"facts": [("Label", None), ("Other", "value")]}, "<dd>—</dd>"),
        ("timeline", {"entries": [{"title": "T", "current": True}]}, 'aria-current="step"'),
        ("file", {"name": "a.pdf", "url": "/f/", "size": 2048, "kind": "K", "remove_url": "/r/"}, 'action="/r/"'),
        ("confirm", {"id": "ask", "title": "T", "action": "/a/"}, 'aria-labelledby="ask-title"'),
        ("progress", {"url": "/p/", "percent": 40, "label": "L"}, 'hx-get="/p/"'),
        ("alert", {"tone": "bad", "text": "T"}, 'role="alert"'),
        ("errors", {"title": "T", "errors": [str(n) for n in range(60)]}, "10"),
        ("breadcrumbs", {"crumbs": [("A", "/a/"), ("B", "")]}, 'aria-current="page">B'),
        ("figure", {"label": "L", "value": "5", "unit": "%", "definition": "D", "url": "/d/"}, 'href="/d/"'),
    ],
)
def test_components(component, context, expected):
    assert expected in rendered(f"{{% include 'ui/components/{component}.html' %}}", **context)


def test_a_finished_job_stops_asking():
    done = rendered("{% include 'ui/components/progress.html' with url='/p/' percent=100 label='L' done=1 %}")
    assert "hx-get" not in done


def test_the_heading_is_the_title_unless_the_page_says_otherwise():
    source = "{% extends 'ui/error_base.html' %}{% block title %}The title{% endblock %}"
    assert "<h1>The title</h1>" in Template(source).render(Context())
    source += "{% block heading %}Another{% endblock %}"
    assert "<h1>Another</h1>" in Template(source).render(Context())
