"""Two runs of one brief: the first was thought dead, was begun anew by another worker, and comes back to life."""

import threading
from contextlib import contextmanager

import pytest
from django.core.files.storage import default_storage
from django.db import connections
from docx import Document

from talentmap.dashboards import actions, brief_making
from talentmap.dashboards.brief_models import Brief
from talentmap.notices.models import Notice
from talentmap.regions.models import Region
from tests.dashboards.test_briefs import MONTH, NOW, broken, lines
from tests.factories import housing

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    office = housing.office()
    housing.submitted(housing.talent(office))
    office.county = Region.objects.get(level="county")
    return office


@pytest.fixture
def brief(office):
    return actions.ask_brief(by=office.leader, at=NOW, region=office.county, month=MONTH)


def files():
    if not default_storage.exists(brief_making.FOLDER):
        return []
    return sorted(default_storage.listdir(brief_making.FOLDER)[1])


@contextmanager
def meanwhile(monkeypatch, module, name, call):
    """The next time that `name` is called, `call` happens first, once."""
    real, calls = getattr(module, name), [call]

    def first_call(*given, **named):
        if calls:
            calls.pop()()
        return real(*given, **named)

    monkeypatch.setattr(module, name, first_call)
    yield
    assert calls == []


STOPS = [(brief_making.brief_figures, "counted"), (brief_making.official_pdf, "render"),
         (brief_making.official_docx, "render"), (brief_making.actions, "finish_brief")]  # fmt: skip


@pytest.mark.parametrize(("module", "name"), STOPS, ids=lambda each: getattr(each, "__name__", each))
def test_what_is_ready_stays_as_it_is_when_an_earlier_run_wakes(office, brief, monkeypatch, module, name):
    """The second run counts one case more; its figures and its files are those that stay."""
    kept = {}

    def second_run():
        housing.submitted(housing.talent(office))
        assert brief_making.make(brief.pk, lambda: NOW)
        done = Brief.objects.get()
        kept.update(figures=done.figures, names=(done.pdf.name, done.docx.name))
        kept.update(pdf=done.pdf.read(), docx=done.docx.read())

    with meanwhile(monkeypatch, module, name, second_run):
        assert not brief_making.make(brief.pk, lambda: NOW)
    brief.refresh_from_db()
    assert (brief.state, brief.attempts, brief.figures) == (Brief.State.READY, 2, kept["figures"])
    assert (brief.pdf.name, brief.docx.name) == kept["names"]
    assert (brief.pdf.read(), brief.docx.read()) == (kept["pdf"], kept["docx"])
    assert lines(brief)["service.received"]["value"] == "2"
    assert "2件" in "".join(paragraph.text for paragraph in Document(brief.docx.open("rb")).paragraphs)
    assert files() == sorted(each.rpartition("/")[2] for each in kept["names"])
    assert Notice.objects.filter(kind="brief_ready").count() == 1


@pytest.mark.parametrize(("module", "name"), STOPS, ids=lambda each: getattr(each, "__name__", each))
def test_a_run_that_was_overtaken_leaves_the_later_one_alone(office, brief, monkeypatch, module, name):
    """The later one is still at it: neither its figures nor its state are the earlier one's to set."""
    begun = []
    with meanwhile(
        monkeypatch, module, name, lambda: begun.append(actions.start_brief(by=office.system, at=NOW, pk=brief.pk))
    ):
        assert not brief_making.make(brief.pk, lambda: NOW)
    brief.refresh_from_db()
    assert (brief.state, brief.attempts, brief.docx.name, brief.percent) == (Brief.State.RUNNING, 2, "", 5)
    assert files() == []
    brief_making._make(begun[0], office.system, lambda: NOW)
    brief.refresh_from_db()
    assert (brief.state, len(files())) == (Brief.State.READY, 2)


def test_a_run_that_was_overtaken_cannot_fail_the_later_one(office, brief, monkeypatch):
    def overtaken_and_broken(_document):
        actions.start_brief(by=office.system, at=NOW, pk=brief.pk)
        broken()

    monkeypatch.setattr(brief_making.official_pdf, "render", overtaken_and_broken)
    assert not brief_making.make(brief.pk, lambda: NOW)
    brief.refresh_from_db()
    assert (brief.state, brief.attempts, brief.error) == (Brief.State.RUNNING, 2, "")
    assert not Notice.objects.filter(kind="brief_failed").exists()


def test_a_run_that_breaks_off_leaves_no_files(office, brief, monkeypatch):
    monkeypatch.setattr(brief_making.official_docx, "render", broken)
    assert brief_making.make(brief.pk, lambda: NOW)
    assert files() == []


def test_the_next_run_clears_away_what_a_worker_that_died_has_left(office, brief):
    dead = actions.start_brief(by=office.system, at=NOW, pk=brief.pk)
    brief_making._stored(dead, "pdf", b"%PDF half of it")
    assert brief_making.make(brief.pk, lambda: NOW)
    brief.refresh_from_db()
    assert files() == sorted(each.name.rpartition("/")[2] for each in (brief.pdf, brief.docx))


# the race itself: one finishes at the moment at which the other begins ----------------------------------------


def finished_while_begun(office, monkeypatch):
    """The first run has looked whether the brief is still its own, and writes only when the second has begun, or
    could not. Gives what came of the second."""
    brief = actions.ask_brief(by=office.leader, at=NOW, region=office.county, month=MONTH)
    first = actions.start_brief(by=office.system, at=NOW, pk=brief.pk)
    looked, begun, outcome = threading.Event(), threading.Event(), []
    real = actions._in_its_run

    def slowly(given):
        found = real(given)
        looked.set()
        assert begun.wait(30)
        return found

    def second():
        try:
            assert looked.wait(30)
            outcome.append(actions.start_brief(by=office.system, at=NOW, pk=brief.pk))
        finally:
            begun.set()
            connections.close_all()

    monkeypatch.setattr(actions, "_in_its_run", slowly)
    other = threading.Thread(target=second)
    other.start()
    actions.finish_brief(by=office.system, at=NOW, brief=first, docx="briefs/1.docx", pdf="briefs/1.pdf")
    other.join(30)
    return outcome[0], Brief.objects.get()


@pytest.mark.django_db(transaction=True)
def test_nobody_begins_what_is_being_finished(office, monkeypatch):
    second, brief = finished_while_begun(office, monkeypatch)
    assert second is None
    assert (brief.state, brief.attempts) == (Brief.State.READY, 1)


@pytest.mark.django_db(transaction=True)
def test_negative_control_without_the_lock_the_second_begins_a_brief_that_is_ready(office, monkeypatch):
    monkeypatch.setattr(actions, "_in_its_run", lambda brief: Brief.objects.get(pk=brief.pk))
    second, brief = finished_while_begun(office, monkeypatch)
    assert second is not None
    assert (brief.state, brief.attempts) == (Brief.State.READY, 2)
