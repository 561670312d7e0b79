"""The read API: tokens, reach, paging, what it never gives."""

import json
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from needs.surveys.api import actions
from needs.surveys.api.models import ApiToken
from needs.surveys.responses.models import Response, ReviewEvent
from needs.surveys.results.results import question_results
from talentmap.accounts.permissions import Role
from talentmap.ui.errors import Refused
from tests.accounts.test_url_sweep import urls
from tests.factories import surveys_exports as factory
from tests.factories.accounts import TownshipFactory, user_with
from tests.factories.surveys import campaign_in
from tests.factories.surveys_results import results_campaign, tally

pytestmark = pytest.mark.django_db
FOR_MACHINES = [url for url in urls(get_resolver().url_patterns) if url.is_for_machines and url.area == "surveys"]


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


@pytest.fixture
def director():
    return user_with(Role.OFFICE_DIRECTOR)


@pytest.fixture
def campaign():
    return factory.two_versions()


def ask(token, name, *args, **query):
    response = Client().get(
        reverse(f"surveys:{name}", args=args, query=query), headers={"Authorization": f"Bearer {token}"}
    )
    return response.status_code, json.loads(response.content) if response.content else None


def code(answer):
    return answer[0], answer[1]["reasons"][0]["code"]


def test_a_token_is_shown_once_and_only_its_digest_is_kept(client, director):
    client.force_login(director)
    last_day = (timezone.localdate() + timedelta(days=30)).isoformat()
    page = client.post(reverse("surveys:token_new"), {"name": "统计平台", "last_day": last_day}).content.decode()
    made = ApiToken.objects.get()
    token = page.split('token-shown">')[1].split("<")[0]
    assert token.startswith(made.prefix)
    assert len(token) > 40
    assert token not in json.dumps(list(ApiToken.objects.values()), default=str)
    assert ask(token, "api_campaigns")[0] == 200
    assert token not in client.get(reverse("surveys:api")).content.decode()


@pytest.mark.parametrize("days", [-1, 366, 9999])
def test_a_token_lives_a_year_at_most(client, director, days):
    client.force_login(director)
    last_day = (timezone.localdate() + timedelta(days=days)).isoformat()
    page = client.post(reverse("surveys:token_new"), {"name": "x", "last_day": last_day})
    assert "error-summary" in page.content.decode()
    with pytest.raises(Refused):
        factory.token(director, expires_at=timezone.now() + timedelta(days=days))


def addresses(campaign):
    values = {"campaign_pk": campaign.pk, "uuid": "6f1c1c1e-0000-4000-8000-000000000000"}
    assert len(FOR_MACHINES) >= 5
    return [reverse(url.name, kwargs={name: values[name] for name in url.arguments}) for url in FOR_MACHINES]


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", "Bearer tm_" + "x" * 43, "Basic eDp4", "tm_x", "Bearer 令牌"]
)
def test_no_address_opens_without_a_token_that_is_known(campaign, client, director, header):
    client.force_login(director)  # a session opens nothing here
    for address in addresses(campaign):
        response = client.get(address, headers={"Authorization": header.encode().decode("latin-1")} if header else {})
        assert response.status_code == 401
        assert response.json()["reasons"][0]["text"]
        assert response["WWW-Authenticate"] == "Bearer"


def test_no_address_takes_anything_but_get(campaign, director):
    token = factory.token(director, with_responses=True)[1]
    for address in addresses(campaign):
        assert Client().post(address, headers={"Authorization": f"Bearer {token}"}).status_code == 405


def test_a_foreign_tokens_campaign_is_not_found_at_any_address(campaign, director):
    elsewhere = campaign_in(TownshipFactory())
    token = factory.token(director, campaign=elsewhere, with_responses=True)[1]
    for address in addresses(campaign):
        response = Client().get(address, headers={"Authorization": f"Bearer {token}"})
        if f"/{campaign.pk}/" in address:
            assert (response.status_code, response.json()["reasons"][0]["code"]) == (404, "not_found")


def test_revoked_expired_and_void_tokens_say_so(campaign, director):
    made, token = factory.token(director)
    assert ask(token, "api_campaigns")[0] == 200
    ApiToken.objects.update(made_at=timezone.now() - timedelta(days=9), expires_at=timezone.now())
    assert code(ask(token, "api_campaigns")) == (401, "token_expired")
    ApiToken.objects.update(expires_at=timezone.now() + timedelta(days=9))
    director.memberships.update(ended_at=timezone.now(), ended_by=director)
    assert code(ask(token, "api_campaigns")) == (401, "token_void")
    actions.revoke_token(by=director, at=timezone.now(), token=made)
    assert code(ask(token, "api_campaigns")) == (401, "token_revoked")


def test_use_is_noted(director):
    made, token = factory.token(director)
    ask(token, "api_campaigns")
    made.refresh_from_db()
    assert timezone.now() - made.last_used_at < timedelta(minutes=1)


def test_who_asks_too_often_is_told_how_long_to_wait(director, monkeypatch):
    monkeypatch.setattr("needs.surveys.api.tokens.RATE", "2/m")
    token = factory.token(director)[1]
    answers = [ask(token, "api_campaigns") for _each in range(4)]
    assert [answer[0] for answer in answers].count(429) >= 1
    assert code(answers[-1]) == (429, "too_many")
    other = factory.token(director)[1]
    assert ask(other, "api_campaigns")[0] == 200


def test_guessing_tokens_is_slowed_down():
    assert {ask("tm_guess", "api_campaigns")[0] for _each in range(40)} == {401, 429}


def test_campaigns_in_pages(director):
    pks = [campaign_in(TownshipFactory()).pk for _each in range(3)]
    token = factory.token(director)[1]
    _status, first = ask(token, "api_campaigns", limit=2)
    _status, rest = ask(token, "api_campaigns", limit=2, after=first["next"])
    assert [each["id"] for each in first["campaigns"] + rest["campaigns"]] == pks
    assert rest["next"] is None


def test_questions_are_those_of_all_versions_but_none_that_names_a_person(campaign, director):
    _status, found = ask(factory.token(director)[1], "api_questions", campaign.pk)
    ids = [question["id"] for question in found["questions"]]
    assert ids == ["wish", "age", "crop", "trained", "lacks", "member_age"]
    assert found["questions"][2]["choices"][2]["name"] == "fruit"
    assert found["questions"][5]["repeat"] == ["member"]


def test_results_are_those_of_the_pages_hidden_numbers_included(director):
    township = TownshipFactory()
    campaign = results_campaign(township)
    tally(campaign, township, "", {"": 60})
    tally(campaign, township, "stay", {"": 60, "yes": 50, "no": 8, "unsure": 2})
    token = factory.token(director)[1]
    status, found = ask(token, "api_results", campaign.pk)
    assert status == 200
    rows = {row["value"]: row for each in found["results"] if each["question"] == "stay" for row in each["rows"]}
    shown = next(each for each in question_results(director, campaign) if each.key == "stay")
    assert {row.value: (row.cell.n, row.cell.share, row.cell.is_hidden) for row in shown.rows} == {
        value: (row["n"], row["share"], row["hidden"]) for value, row in rows.items()
    }
    assert (rows["unsure"]["n"], rows["unsure"]["hidden"]) == (None, True)
    assert "phone" not in {each["question"] for each in found["results"]}
    other = TownshipFactory()
    assert code(ask(token, "api_results", campaign.pk, township="511525999000")) == (422, "township")
    bound = factory.token(director, region=other)[1]
    assert ask(bound, "api_results", campaign.pk)[0] == 404  # the campaign is not in that township


def test_single_responses_need_a_token_made_for_them(campaign, director):
    answer = factory.answer(campaign, age=40)
    token = factory.token(director)[1]
    assert code(ask(token, "api_responses", campaign.pk)) == (403, "no_responses")
    assert code(ask(token, "api_response", campaign.pk, answer.uuid)) == (403, "no_responses")


def test_responses_carry_no_answer_that_names_a_person(campaign, director):
    answer = factory.answer(
        campaign,
        personal={"phone": "13800138000"},
        age=40,
        phone="leaked",
        member=[{"member_name": "张三", "member_age": 8}],
    )
    token = factory.token(director, with_responses=True)[1]
    for found in (
        ask(token, "api_responses", campaign.pk)[1]["responses"][0],
        ask(token, "api_response", campaign.pk, answer.uuid)[1],
    ):
        assert found["answers"] == {"age": 40, "member": [{"member_age": 8}]}
        assert found["township"] == answer.township.code


def test_a_token_of_one_township_reads_that_one_only(campaign, director):
    here, there = campaign.townships.get().region, TownshipFactory()
    own, foreign = factory.answer(campaign, age=1), factory.answer(campaign, age=2, township=there)
    token = factory.token(director, region=here, with_responses=True)[1]
    _status, found = ask(token, "api_responses", campaign.pk)
    assert [each["uuid"] for each in found["responses"]] == [str(own.uuid)]
    assert ask(token, "api_response", campaign.pk, foreign.uuid)[0] == 404


def read_all(token, campaign, **query):
    found, after = [], 0
    while True:
        _status, page = ask(token, "api_responses", campaign.pk, after=after, **query)
        found += [each["answers"]["age"] for each in page["responses"]]
        if page["next"] is None:
            return found
        after = page["next"]


def test_paging_by_key_gives_each_once_while_others_arrive(campaign, director):
    for age in range(5):
        factory.answer(campaign, age=age)
    token = factory.token(director, with_responses=True)[1]
    _status, first = ask(token, "api_responses", campaign.pk, limit=2)
    factory.answer(campaign, age=5)
    _status, second = ask(token, "api_responses", campaign.pk, limit=10, after=first["next"])
    ages = [each["answers"]["age"] for each in first["responses"] + second["responses"]]
    assert ages == [0, 1, 2, 3, 4, 5]
    assert read_all(token, campaign, limit=1) == ages


def test_modified_since_finds_new_ones_and_reviewed_ones(campaign, director):
    old, reviewed = factory.answer(campaign, age=1), factory.answer(campaign, age=2)
    Response.objects.update(received_at=timezone.now() - timedelta(days=9))
    factory.answer(campaign, age=3)
    ReviewEvent.objects.create(
        response=reviewed, at=timezone.now(), by=director, from_state="pending", to_state="approved"
    )
    token = factory.token(director, with_responses=True)[1]
    since = (timezone.now() - timedelta(days=1)).isoformat()
    assert read_all(token, campaign, modified_since=since) == [2, 3]
    assert code(ask(token, "api_responses", campaign.pk, modified_since="2026-11-25T08:30:00")) == (
        422,
        "modified_since",
    )
    assert old.pk


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": 1001},
        {"limit": "x"},
        {"after": -1},
        {"after": 10**30},
        {"state": "x"},
        {"modified_since": "x"},
    ],
)
def test_wrong_parameters_are_told_one_by_one(campaign, director, query):
    token = factory.token(director, with_responses=True)[1]
    status, found = ask(token, "api_responses", campaign.pk, **query)
    assert status == 422
    assert found["reasons"][0]["code"] == next(iter(query))


def test_an_unchanged_answer_is_not_sent_again(campaign, director):
    token = factory.token(director)[1]
    headers = {"Authorization": f"Bearer {token}"}
    address = reverse("surveys:api_questions", args=[campaign.pk])
    first = Client().get(address, headers=headers)
    again = Client().get(address, headers={**headers, "If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_description_names_every_address_and_its_errors(client, director):
    schema = client.get(reverse("surveys:openapi-json")).json()
    assert schema["openapi"].startswith("3.")
    assert len(schema["paths"]) == len(FOR_MACHINES)
    for path in schema["paths"].values():
        assert {"200", "401", "403", "404", "422", "429"} <= set(path["get"]["responses"])
        assert path["get"]["security"] == [{"TokenAuth": []}]
    client.force_login(director)
    page = unquote(client.get(reverse("surveys:api_guide")).content.decode())
    assert all(path in page for path in schema["paths"])


@pytest.mark.django_db(transaction=True)
def test_one_that_is_still_being_written_is_not_left_behind(campaign, director):
    """It has the smaller number but is committed later: nothing behind it is given before."""
    token = factory.token(director, with_responses=True)[1]
    factory.answer(campaign, age=1)
    slow = connections.create_connection("default")
    try:
        slow.set_autocommit(False)
        with slow.cursor() as cursor:
            cursor.execute(
                _COPY,
                {"uuid": "6f1c1c1e-0000-4000-8000-000000000001", "at": timezone.now()},
            )
        later = factory.answer(campaign, age=3)
        Response.objects.filter(pk=later.pk).update(received_at=timezone.now())
        assert read_all(token, campaign) == [1]
        slow.commit()
    finally:
        slow.close()
    Response.objects.update(received_at=timezone.now() - timedelta(minutes=1))
    assert read_all(token, campaign) == [1, 2, 3]


# Another response of the same campaign, of a person of 2.
_COPY = """
    insert into needs_response
        (uuid, campaign_id, version_id, township_id, channel, interviewer_id, respondent, device, language, started_at,
         finished_at, received_at, answers, personal, digest, fingerprint, age_band, sex, occupation, state, flags,
         revision, is_dirty)
    select %(uuid)s, campaign_id, version_id, township_id, channel, interviewer_id, respondent, device, language,
           started_at, finished_at, %(at)s, '{"age": 2}', personal, digest, fingerprint, age_band, sex, occupation,
           state, flags, revision, is_dirty
      from needs_response limit 1
"""


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_responses_takes_as_many_queries_for_three_as_for_one(
    campaign, director, count, django_assert_num_queries
):
    for age in range(count):
        factory.answer(campaign, age=age)
    token = factory.token(director, with_responses=True)[1]
    ask(token, "api_campaigns")
    with django_assert_num_queries(PAGE_QUERIES):
        ask(token, "api_responses", campaign.pk)


PAGE_QUERIES = 8


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_tokens_takes_as_many_queries_for_three_as_for_one(
    client, director, count, django_assert_num_queries
):
    for _each in range(count):
        factory.token(director)
    client.force_login(director)
    with django_assert_num_queries(TOKEN_QUERIES):
        client.get(reverse("surveys:api"))


TOKEN_QUERIES = 10
