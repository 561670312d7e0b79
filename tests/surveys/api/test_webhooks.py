"""Webhooks: signed, told once a revision, tried again, and never into the office's own network."""

import hmac
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from needs.surveys.api import actions, sending
from needs.surveys.api.calling import Forbidden, check_url, post
from needs.surveys.api.models import Webhook, WebhookDelivery
from needs.surveys.api.rules import MAX_ATTEMPTS, is_public, next_try
from needs.surveys.responses.hooks import tell_approved
from needs.surveys.responses.models import ResponseRevision
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.ui.errors import Refused
from tests.factories import surveys_exports as factory
from tests.factories.accounts import user_with

pytestmark = pytest.mark.django_db
AT = datetime.fromisoformat("2026-11-25T08:30:00+08:00")


@pytest.fixture
def director():
    return user_with(Role.OFFICE_DIRECTOR)


@pytest.fixture
def campaign():
    return factory.two_versions()


@pytest.fixture
def response(campaign):
    return factory.answer(
        campaign, personal={"phone": "13800138000"}, wish="电商", age=33, member=[{"member_age": 8}], state="approved"
    )


@pytest.fixture
def hook(campaign, director, receiver):
    return factory.webhook(campaign, director, receiver.url)


def approve(response, by=None):
    tell_approved(by=by or user_with(Role.OFFICE_STAFF), at=AT, response=response)


def clock(at=AT):
    return lambda: at


def sent(at=AT):
    return sending.send_due(clock(at))


def test_an_approved_response_is_told_signed_and_without_what_names_a_person(hook, response, receiver):
    approve(response)
    assert sent() == 1
    (headers, body), = receiver.received  # fmt: skip
    told = WebhookDelivery.objects.get()
    assert (told.state, told.attempts, told.answer) == ("delivered", 1, "200 thanks")
    # By the words of the guide: v1 = hex(HMAC-SHA256(secret, timestamp + "." + body))
    expected = hmac.digest(hook.secret.encode(), headers["Talentmap-Timestamp"].encode() + b"." + body, "sha256").hex()
    assert headers["Talentmap-Signature"] == f"v1={expected}"
    assert headers["Talentmap-Timestamp"] == "1795566600"
    assert (headers["Talentmap-Event"], headers["Talentmap-Delivery"]) == ("response.approved", str(told.token))
    content, = receiver.bodies  # fmt: skip
    assert content["response"]["uuid"] == str(response.uuid)
    assert content["response"]["answers"] == {"wish": "电商", "age": 33, "member": [{"member_age": 8}]}
    assert b"13800138000" not in body


def test_it_is_told_once_a_revision_however_often_it_is_approved(hook, response, receiver):
    for _each in range(3):
        approve(response)
    assert (sent(), sent()) == (1, 0)
    response.revision = 1
    approve(response)
    assert WebhookDelivery.objects.count() == 2


def test_what_was_approved_is_told_also_when_it_was_corrected_since(hook, response, receiver):
    approve(response)
    ResponseRevision.objects.create(
        response=response, number=0, version=response.version, answers={"age": 33}, replaced_at=AT
    )
    response.revision, response.answers = 1, {"age": 34}
    response.save()
    sent()
    assert receiver.bodies[0]["response"]["answers"] == {"age": 33}
    assert receiver.bodies[0]["response"]["revision"] == 0


def test_it_is_tried_six_times_within_a_day_under_one_id_and_then_given_up(hook, response, receiver):
    receiver.statuses = [500]
    approve(response)
    at, attempts = AT, 0
    while WebhookDelivery.objects.filter(state="waiting").exists():
        attempts += sent(at)
        at = WebhookDelivery.objects.get().next_at
    assert attempts == MAX_ATTEMPTS == 6
    assert len({headers["Talentmap-Delivery"] for headers, _body in receiver.received}) == 1
    assert len({body for _headers, body in receiver.received}) == 1
    told = WebhookDelivery.objects.get()
    assert (told.state, told.answer) == ("given_up", "500 thanks")
    assert timedelta(hours=20) < told.tried_at - AT <= timedelta(days=1)


def test_nothing_is_sent_before_its_time(hook, response, receiver):
    receiver.statuses = [503, 200]
    approve(response)
    assert (sent(), sent(AT + timedelta(seconds=59)), sent(AT + timedelta(seconds=60))) == (1, 0, 1)
    assert WebhookDelivery.objects.get().state == "delivered"


def test_a_worker_that_dies_after_sending_has_it_sent_again_under_the_same_id(hook, response, receiver, monkeypatch):
    """At least once: the receiver tells the repetition by the id."""
    approve(response)
    with monkeypatch.context() as dying:
        dying.setattr(actions, "note", lambda **values: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            sent()
    assert sent(AT + timedelta(minutes=1)) == 0  # still held by the one that is taken for alive
    assert sent(AT + timedelta(minutes=6)) == 1
    ids = [headers["Talentmap-Delivery"] for headers, _body in receiver.received]
    assert (len(ids), len(set(ids))) == (2, 1)
    assert WebhookDelivery.objects.get().state == "delivered"


def test_no_redirect_is_followed_and_gone_ends_it(hook, response, receiver):
    receiver.statuses = [302, 410]
    approve(response)
    sent()
    assert (len(receiver.received), WebhookDelivery.objects.get().state) == (1, "waiting")
    sent(AT + timedelta(hours=1))
    assert WebhookDelivery.objects.get().state == "given_up"


def test_nobody_there_is_tried_again(campaign, response, director):
    factory.webhook(campaign, director, "http://127.0.0.1:9/")
    approve(response)
    sent()
    told = WebhookDelivery.objects.get()
    assert (told.state, told.answer.split(":")[0]) == ("waiting", "ConnectionRefusedError")


def test_in_production_nothing_goes_into_the_offices_network(hook, response, receiver, settings):
    settings.DEMO = False
    approve(response)
    sent()
    assert receiver.received == []
    assert WebhookDelivery.objects.get().state == "given_up"
    Webhook.objects.update(url=receiver.url.replace("http:", "https:"))
    WebhookDelivery.objects.update(state="waiting", attempts=0, next_at=AT)
    sent()
    assert receiver.received == []
    assert WebhookDelivery.objects.get().state == "given_up"
    for host in ("127.0.0.1", "localhost", "[::1]", "0.0.0.0", "169.254.169.254", "10.0.0.1", "[::ffff:10.0.0.1]"):
        with pytest.raises(Forbidden):
            post(f"https://{host}/", b"{}", {})


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "255.255.255.255"],
)  # fmt: skip
def test_addresses_of_private_networks(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "114.114.114.114", "2400:3200::1"])
def test_addresses_of_the_open_internet(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    ["http://example.com/", "ftp://example.com/", "https:///x", "https://user:x@example.com/", "https://example.com/#x",
     "https://example.com:0/", "https://example.com:99999/", "javascript:alert(1)"],
)  # fmt: skip
def test_addresses_that_are_not_taken_in_production(url, settings):
    settings.DEMO = False
    with pytest.raises(Refused):
        check_url(url)
    check_url("https://example.com:8443/hook?x=1")


def test_an_ended_webhook_and_one_whose_maker_lost_the_role_tell_nothing(hook, response, receiver, director):
    approve(response)
    director.memberships.update(ended_at=timezone.now(), ended_by=director)
    sent()
    assert (receiver.received, WebhookDelivery.objects.get().state) == ([], "given_up")
    response.revision = 1
    approve(response)
    assert WebhookDelivery.objects.count() == 1
    actions.end_webhook(by=User.objects.get(pk=director.pk), at=AT, webhook=hook)
    response.revision = 2
    approve(response)
    assert WebhookDelivery.objects.count() == 1


def test_the_queue_is_told_after_the_commit(hook, response, queue, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        approve(response)
        assert queue == []
    assert queue == [str(WebhookDelivery.objects.get().token)]
    assert sending.send(queue[0], clock()) is True
    assert sending.send(queue[0], clock()) is False


def test_the_log_shows_what_the_receiver_said_and_sends_again(client, hook, response, receiver, director):
    receiver.statuses = [500, 200]
    approve(response)
    sent()
    client.force_login(director)
    page = reverse("surveys:webhook", args=[hook.pk])
    assert "500 thanks" in client.get(page).content.decode()
    told = WebhookDelivery.objects.get()
    client.post(reverse("surveys:delivery_again", args=[told.pk]))
    assert sending.send_due(timezone.now) == 1
    assert "200 thanks" in client.get(page).content.decode()
    client.post(reverse("surveys:delivery_again", args=[told.pk]))
    told.refresh_from_db()
    assert told.state == "delivered"


def test_a_webhook_is_made_once_an_address_and_shows_its_secret_once(client, campaign, director):
    client.force_login(director)
    data = {"campaign": campaign.pk, "url": "https://example.com/hook"}
    page = client.post(reverse("surveys:webhook_new"), data).content.decode()
    hook = Webhook.objects.get()
    assert hook.secret in page
    assert hook.secret not in client.get(reverse("surveys:webhook", args=[hook.pk])).content.decode()
    assert "error-summary" in client.post(reverse("surveys:webhook_new"), data).content.decode()
    client.post(reverse("surveys:webhook_end", args=[hook.pk]))
    client.post(reverse("surveys:webhook_new"), data)
    assert Webhook.objects.filter(ended_at=None).count() == 1


def test_the_database_keeps_one_delivery_a_revision(hook, response):
    factory.delivery(hook, response)
    with pytest.raises(IntegrityError, match="needs_webhookdelivery_once"):
        factory.delivery(hook, response)


def test_the_waiting_times_grow():
    times = [next_try(attempt, AT) for attempt in range(1, MAX_ATTEMPTS)]
    assert times == sorted(times)
    assert next_try(MAX_ATTEMPTS, AT) is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_log_takes_as_many_queries_for_three_as_for_one(
    client, campaign, hook, director, count, django_assert_num_queries
):
    for age in range(count):
        factory.delivery(hook, factory.answer(campaign, age=age))
    client.force_login(director)
    with django_assert_num_queries(LOG_QUERIES):
        client.get(reverse("surveys:webhook", args=[hook.pk]))


LOG_QUERIES = 10
