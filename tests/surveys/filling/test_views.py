"""What a device asks and sends: answered in JSON, whatever it is, and never by an error of ours."""

import json
import uuid

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from needs.surveys.campaigns.models import Campaign
from needs.surveys.filling import imports
from needs.surveys.filling.wire import MOST_BYTES
from needs.surveys.responses.models import Response, ResponseFile
from talentmap.accounts.permissions import Role
from tests.factories.accounts import CountyFactory, TownshipFactory, user_with
from tests.factories.casework import picture
from tests.factories.surveys import campaign_in
from tests.factories.surveys_filling import ANSWERS, PERSONAL, Field
from tests.surveys.filling.queue_files import queue_file

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def phone(field):
    client = Client(raise_request_exception=False)
    client.force_login(field.cadre)
    return client


def send(client, payload, **headers):
    body = payload if isinstance(payload, bytes) else json.dumps(payload)
    return client.post(reverse("surveys:sync"), body, content_type="application/json", **{**JSON, **headers})


def test_a_response_is_confirmed_and_confirmed_again(field, phone):
    payload = field.payload()
    first, second = send(phone, payload), send(phone, payload)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json() == {"uuid": payload["uuid"], "state": "accepted"}


def test_refusals_say_why(field, phone):
    payload = field.payload()
    send(phone, payload)
    other = send(phone, {**payload, "answers": {**ANSWERS, "age": 9}})
    assert other.status_code == 409 and other.json()["reasons"][0]["code"] == "other_content"
    wrong = send(phone, field.payload(answers={"work": "sailing"}))
    assert wrong.status_code == 422 and wrong.json()["mistakes"][0]["path"] == "work"


@pytest.mark.parametrize(
    "answers",
    [
        {"age": "forty"},
        {"age": 1e300},
        {"age": [1, 2]},
        {"age": {"a": {"b": 1}}},
        {"age": True},
        {"nobody_asked": "x"},
        {"sex": ["male"]},
        {"wish": {"file": "x", "name": "y"}},
        {"wish": "长" * 300_000},
        {"": 1},
        {"__proto__": {"x": 1}},
        {"wish": None, "age": None},
        {str(number): number for number in range(5000)},
    ],
)
def test_hostile_answers_are_told_what_is_wrong_with_them(field, phone, answers):
    response = send(phone, field.payload(answers=answers))
    assert 200 <= response.status_code < 500
    if response.status_code >= 400:
        assert response.json()["reasons"]


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[" * 100_000, b'{"uuid":', b"\x00", b'{"answers": {"age": "\\u0000"}}', b'{"a":1,"a":1}'],
)
def test_hostile_bodies_are_told_what_is_wrong_with_them(phone, body):
    response = send(phone, body)
    assert response.status_code == 400
    assert response.json()["reasons"]


def test_what_is_too_large_is_told_so(phone):
    assert send(phone, b'{"a":"' + b"x" * MOST_BYTES + b'"}').status_code == 400
    huge = send(phone, b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))
    assert huge.status_code == 413 and huge.json()["reasons"][0]["code"] == "too_large"


def test_another_townships_campaign_is_refused_and_its_file_too(field, phone):
    elsewhere = TownshipFactory()
    other = campaign_in(elsewhere, version=field.version)
    assert send(phone, field.payload(campaign=other.pk)).status_code == 409
    assert send(phone, field.payload(campaign=other.pk, township=elsewhere.pk)).status_code == 409
    answer = phone.post(
        reverse("surveys:upload"), {"uuid": uuid.uuid4(), "campaign": other.pk, "file": picture()}, **JSON
    )
    assert answer.status_code == 409 and not ResponseFile.objects.exists()


def test_who_is_signed_out_or_does_not_fill_is_told_in_json(field):
    nobody = Client()
    assert send(nobody, field.payload()).status_code == 401
    assert nobody.get(reverse("surveys:device_state"), **JSON).status_code == 401
    leader = Client()
    leader.force_login(user_with(Role.COUNTY_LEADER, region=CountyFactory()))
    assert send(leader, field.payload()).status_code == 403


def test_writing_asks_for_the_token_that_the_state_gives(field):
    client = Client(enforce_csrf_checks=True)
    client.force_login(field.cadre)
    assert send(client, field.payload()).status_code == 403
    token = client.get(reverse("surveys:device_state"), **JSON).json()["csrf"]
    assert send(client, field.payload(), HTTP_X_CSRFTOKEN=token).status_code == 201


# what the device is given ---------------------------------------------------------------------------------


def test_the_state_names_the_person_the_campaigns_and_their_places(field, phone):
    campaign_in(TownshipFactory())
    state = phone.get(reverse("surveys:device_state"), **JSON).json()
    assert state["user"]["username"] == field.cadre.username
    assert [(each["id"], each["version"]) for each in state["campaigns"]] == [(field.campaign.pk, field.version.pk)]
    (place,) = state["campaigns"][0]["places"]
    assert (place["name"], [village["id"] for village in place["villages"]]) == ("庆符镇", [field.village.pk])
    assert state["is_desk"] is False
    assert state["paused"] == []


def test_a_paused_campaign_is_named_to_who_takes_part(field, phone):
    Campaign.objects.filter(pk=field.campaign.pk).update(state="paused")
    campaign_in(TownshipFactory(), state="paused", title="别处的调查")
    state = phone.get(reverse("surveys:device_state"), **JSON).json()
    assert (state["campaigns"], state["paused"]) == ([], [field.campaign.title])


@pytest.mark.parametrize("count", [1, 3])
def test_the_state_takes_as_many_queries_for_many_campaigns_as_for_one(field, phone, count, django_assert_num_queries):
    for _each in range(count - 1):
        campaign_in(field.township, version=field.version)
    with django_assert_num_queries(12):
        phone.get(reverse("surveys:device_state"), **JSON)


def test_a_version_is_given_to_who_may_fill_it_in(field, phone):
    address = reverse("surveys:fill_version", args=[field.version.pk])
    assert phone.get(address).json() == field.version.compiled
    stranger = Client()
    stranger.force_login(user_with(Role.TOWNSHIP_CADRE, region=TownshipFactory()))
    assert stranger.get(address).status_code == 404


def test_a_returned_response_comes_back_whole_to_its_interviewer_only():
    field = Field(PERSONAL)
    client = Client()
    client.force_login(field.cadre)
    answers = {"name": "张三丰", "age": 40, "member": [{"member_name": "李四光"}]}
    payload = field.payload(answers=answers)
    assert send(client, payload).status_code == 201
    address = reverse("surveys:returned_response", args=[payload["uuid"]])
    assert client.get(address).status_code == 404
    Response.objects.update(state="returned")
    found = client.get(address).json()
    assert (found["answers"], found["revises"]) == (answers, 0)
    assert [row["uuid"] for row in client.get(reverse("surveys:device_state")).json()["returned"]] == [payload["uuid"]]
    colleague = Client()
    colleague.force_login(user_with(Role.TOWNSHIP_CADRE, region=field.township))
    assert colleague.get(address).status_code == 404


def test_the_shell_names_nobody(field, phone):
    page = phone.get(reverse("surveys:fill_home"))
    assert page.status_code == 200
    assert field.cadre.username not in page.content.decode()
    assert page.content == Client().get(reverse("surveys:fill_form", args=[field.campaign.pk])).content


def test_the_worker_covers_the_forms_pages_and_names_what_it_keeps():
    answer = Client().get(reverse("surveys:service_worker"))
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Service-Worker-Allowed"] == reverse("surveys:fill_home") == "/needs/surveys/f/"
    assert "js/surveys/fill" in answer.content.decode()
    policy = answer["Content-Security-Policy"]
    assert "worker-src 'self'" in policy and "manifest-src 'self'" in policy
    manifest = Client().get(reverse("surveys:manifest")).json()
    assert manifest["scope"] == manifest["start_url"] == reverse("surveys:fill_home")
    assert {icon["sizes"] for icon in manifest["icons"]} == {"any", "192x192", "512x512"}


def test_every_module_of_the_form_is_kept_for_the_way_without_a_network():
    from needs.surveys.filling.pwa import SHELL

    folder = settings.BASE_DIR / "static/js/surveys"
    imported, open_ones = set(), ["fill.js", "public.js"]
    while open_ones:
        name = open_ones.pop()
        imported.add(name)
        text = (folder / name).read_text()
        found = {part.split('"')[0] for part in text.split('from "./')[1:]}
        open_ones += sorted(found - imported - set(open_ones))
    assert {f"js/surveys/{name}" for name in imported} == {name for name in SHELL if name.startswith("js/surveys/")}


# files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"uuid": "x"},
        {"uuid": str(uuid.UUID(int=1))},
        {"uuid": str(uuid.UUID(int=1)), "file": "text"},
    ],
)
def test_an_upload_without_id_or_file_is_told_so(field, phone, fields):
    answer = phone.post(reverse("surveys:upload"), {"campaign": field.campaign.pk, **fields}, **JSON)
    assert answer.status_code == 400 and answer.json()["reasons"]


def test_an_upload_that_is_no_picture_is_told_so(field, phone):
    fields = {"campaign": field.campaign.pk, "uuid": uuid.uuid4(), "file": SimpleUploadedFile("a.jpg", b"<svg/>")}
    answer = phone.post(reverse("surveys:upload"), fields, **JSON)
    assert answer.status_code == 400 and answer.json()["reasons"][0]["code"] == "bad_file"
    assert phone.post(reverse("surveys:upload"), {**fields, "campaign": "9" * 40}, **JSON).status_code == 400


# desk -----------------------------------------------------------------------------------------------------


@pytest.fixture
def desk():
    client = Client()
    client.force_login(user_with(Role.OFFICE_STAFF, region=CountyFactory()))
    return client


def enter(client, content):
    return client.post(reverse("surveys:desk_import"), {"file": SimpleUploadedFile("queue.json", content)})


def test_a_queue_file_is_entered_line_by_line_in_the_name_of_who_asked(field, desk):
    good, bad = field.payload(), field.payload(answers={"work": "sailing"})
    page = enter(desk, queue_file([good, bad]))
    assert [(line.outcome) for line in page.context["lines"]] == ["accepted", "refused"]
    assert Response.objects.get().interviewer == field.cadre
    again = enter(desk, queue_file([good]))
    assert [line.outcome for line in again.context["lines"]] == ["known"]
    assert Response.objects.count() == 1


def test_the_phone_that_sends_later_what_a_desk_entered_is_told_that_it_is_known(field, phone, desk):
    payload = field.payload()
    enter(desk, queue_file([payload]))
    assert send(phone, payload).status_code == 200


def test_a_cadre_enters_the_own_queue_but_nobody_elses(field, phone):
    colleague = user_with(Role.TOWNSHIP_CADRE, region=field.township)
    page = enter(phone, queue_file([field.payload(), field.payload(username=colleague.username)]))
    assert [line.outcome for line in page.context["lines"]] == ["accepted", "refused"]


@pytest.mark.parametrize(
    "content",
    [b"x", b"{}", b"[1]", json.dumps({"format": imports.FORMAT, "sha256": "0", "responses": "[]"}).encode()],
)
def test_a_file_that_is_none_or_was_changed_is_refused_whole(desk, content):
    page = enter(desk, content)
    assert page.status_code == 200 and page.context["form"].errors["file"]
    assert "lines" not in page.context


def test_hostile_entries_of_a_queue_file_are_refused_one_by_one(field, desk):
    files = [{"uuid": "x", "name": "a", "content": "%%"}]
    rows = [
        {"response": None},
        {"response": {"a": "\x00"}},
        {"response": field.payload(), "files": files},
        {"files": 7},
    ]
    page = enter(desk, queue_file(rows=rows))
    assert [line.outcome for line in page.context["lines"]] == ["refused"] * 4


def test_a_queue_file_brings_its_pictures(desk):
    field = Field(PERSONAL)
    key = str(uuid.uuid4())
    answers = {"name": "张三", "photo": {"file": key, "name": "a.png"}}
    page = enter(desk, queue_file([field.payload(answers=answers)], files=[(key, picture().read())]))
    assert [line.outcome for line in page.context["lines"]] == ["accepted"]
    assert ResponseFile.objects.get().response == Response.objects.get()
    assert timezone.now() >= Response.objects.get().received_at
