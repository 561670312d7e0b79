"""The pages of exports: asking, watching, fetching."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from needs.surveys.exports import actions
from needs.surveys.exports.models import ExportJob
from needs.surveys.exports.tasks import forgotten, sweep_exports
from talentmap.accounts.permissions import Role
from talentmap.audit.models import AccessLog
from talentmap.ui.errors import Refused
from tests.factories import surveys_exports as factory
from tests.factories.accounts import TownshipFactory, user_with

FORM = {"format": "csv", "words": "labels", "multiple": "one", "columns": ["age", "@state"]}


@pytest.fixture
def township(db):
    return TownshipFactory()


@pytest.fixture
def campaign(township):
    campaign = factory.two_versions(township)
    factory.answer(campaign, age=40)
    return campaign


@pytest.fixture
def staff(client, db):
    staff = user_with(Role.OFFICE_STAFF)
    client.force_login(staff)
    return staff


def new(client, campaign, **more):
    return client.post(reverse("surveys:export_new", args=[campaign.pk]), {**FORM, **more})


def test_an_export_is_asked_for_and_waits_in_the_list(client, campaign, staff):
    response = new(client, campaign, states=["approved"], since="2026-11-01")
    assert response.status_code == 302
    job = ExportJob.objects.get()
    assert (job.state, job.made_by, job.with_personal) == ("waiting", staff, False)
    assert job.options["columns"] == ["age", "@state"]
    assert job.options["filters"]["since"] == "2026-11-01"
    page = client.get(response.url)
    assert 'hx-trigger="every 2s"' in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_worker_is_told_after_the_commit(client, campaign, staff, queue):
    new(client, campaign)
    assert queue == [ExportJob.objects.get().pk]


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": []}, {"columns": ["nothing"]}, {"format": "exe"}, {"since": "2026-11-02", "until": "2026-11-01"},
        {"version": "999999"}, {"weights": "1"}, {"with_personal": "on"}, {"townships": ["0"]},
    ],
)  # fmt: skip
def test_what_cannot_be_made_is_told_and_nothing_is_begun(client, campaign, staff, wrong):
    response = new(client, campaign, **wrong)
    assert response.status_code == 200
    assert "error-summary" in response.content.decode()
    assert not ExportJob.objects.exists()


def test_personal_answers_are_offered_to_those_who_may_read_them_only(client, campaign, township):
    client.force_login(user_with(Role.TOWNSHIP_CADRE, region=township))
    page = client.get(reverse("surveys:export_new", args=[campaign.pk])).content.decode()
    assert 'value="age"' in page
    assert 'value="phone"' not in page
    assert "with_personal" not in page
    new(client, campaign, with_personal="on", reason="核实")
    assert not ExportJob.objects.get().with_personal


def test_the_action_itself_refuses_personal_answers(campaign, township):
    cadre = user_with(Role.TOWNSHIP_CADRE, region=township)
    with pytest.raises(PermissionDenied):
        factory.asked(campaign, cadre, with_personal=True, reason="核实")
    with pytest.raises(Refused):
        factory.asked(campaign, with_personal=True, reason=" ")
    assert not AccessLog.objects.exists()


def test_the_reason_is_logged_when_it_is_asked_for(client, campaign, staff):
    new(client, campaign, with_personal="on", reason="回访核实")
    logged = AccessLog.objects.get()
    assert (logged.user, logged.reason, logged.subject_type) == (staff, "回访核实", "needs.exportjob")


def test_three_at_a_time_are_enough(client, campaign, staff):
    for _each in range(3):
        new(client, campaign)
    assert new(client, campaign).status_code == 200
    assert ExportJob.objects.count() == 3


def test_a_file_is_named_by_the_countys_day(client, campaign, staff):
    """At 01:30 in Beijing it is still yesterday in Greenwich."""
    job = factory.finished(campaign, staff)
    ExportJob.objects.filter(pk=job.pk).update(made_at=datetime(2026, 11, 25, 17, 30, tzinfo=UTC))
    answer = client.get(reverse("surveys:export_download", args=[job.pk]))
    assert f"-20261126-{job.pk}." in answer["Content-Disposition"]


def test_a_file_is_fetched_whole_and_in_parts(client, campaign, staff):
    job = factory.finished(campaign, staff)
    url = reverse("surveys:export_download", args=[job.pk])
    whole = client.get(url)
    assert b"".join(whole.streaming_content) == b"0123456789"
    part = client.get(url, headers={"Range": "bytes=4-6", "If-Range": whole["ETag"]})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"456")
    assert client.get(url, headers={"Range": "bytes=10-"}).status_code == 416


def test_a_file_is_its_makers_alone_and_only_while_the_role_holds(client, campaign, township):
    cadre = user_with(Role.TOWNSHIP_CADRE, region=township)
    url = reverse("surveys:export_download", args=[factory.finished(campaign, cadre).pk])
    client.force_login(user_with(Role.OFFICE_DIRECTOR))
    assert client.get(url).status_code == 404
    client.force_login(cadre)
    assert client.get(url).status_code == 200
    membership = cadre.memberships.get()
    membership.region = TownshipFactory()
    membership.save()
    assert client.get(url).status_code == 403


def test_cancel_and_discard(client, campaign, staff):
    waiting, ready = factory.asked(campaign, staff), factory.finished(campaign, staff)
    path = ready.file.path
    client.post(reverse("surveys:export_cancel", args=[waiting.pk]))
    client.post(reverse("surveys:export_cancel", args=[ready.pk]))
    waiting.refresh_from_db()
    ready.refresh_from_db()
    assert (waiting.state, ready.state) == ("cancelled", "ready")
    with pytest.raises(PermissionDenied):
        actions.discard(by=user_with(Role.OFFICE_STAFF), at=timezone.now(), job=ready)
    client.post(reverse("surveys:export_discard", args=[ready.pk]))
    ready.refresh_from_db()
    assert (ready.state, bool(ready.file)) == ("expired", False)
    assert path


@pytest.mark.django_db(transaction=True)
def test_files_go_when_their_time_is_over(client, campaign, staff):
    job = factory.finished(campaign, staff)
    path = job.file.path
    ExportJob.objects.update(expires_at=timezone.now())
    sweep_exports()
    job.refresh_from_db()
    assert job.state == "expired"
    with pytest.raises(FileNotFoundError):
        Path(path).read_bytes()


def test_what_nobody_has_in_hand_is_sent_again(campaign, staff, queue):
    lost, new_one = factory.asked(campaign, staff), factory.asked(campaign, staff)
    ExportJob.objects.filter(pk=lost.pk).update(state="running")
    assert forgotten(timezone.now()) == [lost.pk]
    ExportJob.objects.filter(pk=new_one.pk).update(made_at=timezone.now() - timedelta(minutes=3))
    sweep_exports()
    assert queue == [lost.pk, new_one.pk]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_queries_for_three_as_for_one(client, campaign, staff, count, django_assert_num_queries):
    for _each in range(count):
        factory.finished(campaign, staff)
    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("surveys:exports", args=[campaign.pk]))


LIST_QUERIES = 10


def test_the_database_refuses_an_offer_that_lacks_rows(campaign, staff):
    from django.db import IntegrityError, transaction

    job = factory.asked(campaign, staff)
    actions.start(by=staff, at=timezone.now(), job_pk=job.pk)
    actions.expect(by=staff, job=job, rows=2)
    with pytest.raises(IntegrityError, match="needs_exportjob_ready_is_whole"), transaction.atomic():
        actions.finish(by=staff, at=timezone.now(), job=job, file="x", size=1, sha256="0" * 64, rows_written=1)
