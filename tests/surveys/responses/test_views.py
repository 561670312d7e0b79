"""The pages of responses: what they show, to whom, and at what cost."""

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from needs.surveys.responses.models import Response, ResponseFile, ResponseRevision
from talentmap.audit.models import AccessLog
from tests.factories.surveys_responses import PublicLinkFactory


def signed_in(user):
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def list_url(office):
    return f"/needs/surveys/responses/of/{office.campaign.pk}/"


def shown(client, url):
    """The ids that the list shows, in its order."""
    response = client.get(url)
    assert response.status_code == 200
    return [row.pk for row in response.context["rows"]]


class TestList:
    def test_paging_by_key_shows_each_once_both_ways(self, office):
        pks = [office.response().pk for _each in range(60)]
        client, url, seen = signed_in(office.staff), list_url(office), []
        while url:
            page = client.get(url)
            seen.append([row.pk for row in page.context["rows"]])
            url = page.context["list"].next_url
        assert [pk for page in seen for pk in page] == pks[::-1]
        assert [len(page) for page in seen] == [25, 25, 10]
        last = client.get(f"{list_url(office)}?last=1").context["list"]
        assert [row.pk for row in last.rows] == pks[:25][::-1]
        assert not last.next_url
        before = client.get(last.previous_url).context["list"]
        assert [row.pk for row in before.rows] == pks[25:50][::-1]
        first = client.get(before.previous_url).context["list"]
        assert [row.pk for row in first.rows] == pks[35:][::-1], "the first page is whole"
        assert not first.previous_url

    def test_oldest_first(self, office):
        pks = [office.response().pk for _each in range(30)]
        client = signed_in(office.staff)
        assert shown(client, f"{list_url(office)}?sort=oldest") == pks[:25]
        assert shown(client, f"{list_url(office)}?sort=oldest&last=1") == pks[5:]
        assert shown(client, f"{list_url(office)}?sort=oldest&after={pks[24]}") == pks[25:]

    @pytest.mark.parametrize("nonsense", ["after=x", "before=-1", "after=9999999999999999999999", "after=１"])
    def test_nonsense_gives_the_first_page(self, office, nonsense):
        response = office.response()
        assert shown(signed_in(office.staff), f"{list_url(office)}?{nonsense}") == [response.pk]

    def test_filters(self, office):
        link = PublicLinkFactory(campaign=office.campaign)
        plain = office.response()
        there = office.response(township=office.there, interviewer=office.other_cadre)
        flagged = office.response(flags=["too_fast"], state="approved")
        old = office.response(received_at=timezone.now() - timedelta(days=10))
        self_made = office.response(channel="self", link=link, interviewer=None, state="rejected")
        client, url = signed_in(office.staff), list_url(office)
        day = timezone.localdate() - timedelta(days=10)
        expected = {
            "state=approved": [flagged],
            f"township={office.there.pk}": [there],
            f"interviewer={office.other_cadre.pk}": [there],
            "flag=too_fast": [flagged],
            "flag=any": [flagged],
            "flag=none": [self_made, old, there, plain],
            "flag=duplicate": [],
            "channel=self": [self_made],
            f"version={office.campaign.version_id}": [self_made, old, flagged, there, plain],
            f"since={day + timedelta(days=1)}": [self_made, flagged, there, plain],
            f"until={day}": [old],
            f"q={str(there.uuid)[:8]}": [there],
            f"q={there.uuid}": [there],
            "q=0": [],
            "q=zz": [],
        }
        assert {query: shown(client, f"{url}?{query}") for query in expected} == {
            query: [response.pk for response in found] for query, found in expected.items()
        }

    def test_the_tabs_count_what_the_filter_finds(self, office):
        for state in ("pending", "pending", "approved", "rejected"):
            office.response(state=state)
        office.response(state="pending", township=office.there)
        client = signed_in(office.staff)

        def counts(query):
            return {tab.code: tab.count for tab in client.get(f"{list_url(office)}?{query}").context["state_tabs"]}

        assert counts("state=approved") == {"pending": 3, "approved": 1, "returned": 0, "rejected": 1, "": 5}
        assert counts(f"township={office.there.pk}") == {
            "pending": 1, "approved": 0, "returned": 0, "rejected": 0, "": 1,
        }  # fmt: skip

    def test_a_cadre_sees_their_own_township_only(self, office):
        mine, theirs = office.response(), office.response(township=office.there, interviewer=office.other_cadre)
        client = signed_in(office.cadre)
        page = client.get(list_url(office))
        assert [row.pk for row in page.context["rows"]] == [mine.pk]
        assert {tab.count for tab in page.context["state_tabs"]} == {0, 1}
        offered = page.context["list"].filter.form
        assert list(offered.fields["township"].queryset) == [office.here]
        assert list(offered.fields["interviewer"].queryset) == [office.cadre]
        assert page.context["bulk"] == []
        assert office.there.name not in page.content.decode()
        assert shown(client, f"{list_url(office)}?q={theirs.uuid}") == []
        assert client.get(f"/needs/surveys/responses/{theirs.pk}/").status_code == 404

    def test_an_interviewer_sees_what_they_asked_elsewhere(self, office):
        response = office.response(township=office.there, interviewer=office.cadre)
        client = signed_in(office.cadre)
        assert shown(client, list_url(office)) == [response.pk]
        assert client.get(f"/needs/surveys/responses/{response.pk}/").status_code == 200

    @pytest.mark.parametrize("count", [1, 3])
    def test_questions_to_the_database(self, office, count, django_assert_num_queries):
        for _each in range(count):
            office.response(flags=["too_fast"])
        client = signed_in(office.staff)
        client.get(list_url(office))
        with django_assert_num_queries(11):
            client.get(list_url(office))

    def test_an_empty_list_says_what_to_do(self, office):
        client = signed_in(office.staff)
        assert "No response yet" in client.get(list_url(office)).content.decode()
        assert "No response matches" in client.get(f"{list_url(office)}?state=approved").content.decode()


class TestBulk:
    def test_the_result_names_each(self, office):
        fresh, own = office.response(), office.response(interviewer=office.staff, channel="desk")
        client = signed_in(office.staff)
        ticks = [f"{each.pk}:pending:0" for each in (fresh, own)]
        posted = client.post(
            f"{list_url(office)}decide/", {"to": "approved", "response": ticks, "query": "state=pending"}
        )
        page = client.get(posted["Location"])
        assert [row["response"].pk for row in page.context["done"]] == [fresh.pk]
        assert [row["response"].pk for row in page.context["left_out"]] == [own.pk]
        assert page.context["back"].endswith("?state=pending")

    @pytest.mark.parametrize("data", [{}, {"to": "approved"}, {"to": "x", "response": ["1:pending:0"]}])
    def test_nothing_to_do_is_told(self, office, data):
        client = signed_in(office.staff)
        posted = client.post(f"{list_url(office)}decide/", data, follow=True)
        assert [str(each) for each in posted.context["messages"]]

    def test_a_cadre_may_not(self, office):
        response = office.response()
        data = {"to": "approved", "response": [f"{response.pk}:pending:0"]}
        assert signed_in(office.cadre).post(f"{list_url(office)}decide/", data).status_code == 403


class TestPage:
    @pytest.fixture
    def response(self, office):
        answers = {
            "age": 40,
            "job": "trade",
            "skills": ["farming", "trade"],
            "member": [{"years": 8}],
            "photo": {"file": "7c0b0f57-53a8-4d0f-a1a8-000000000001", "name": "田.jpg"},
            "spot": [28.38812, 104.56339, None, 5],
            "agreed": "OK",
        }
        made = office.response(
            answers=answers,
            personal=json.dumps({"name": "张三", "member": [{"called": "张小四"}]}),
            flags=["too_fast", "outside"],
        )
        ResponseFile.objects.create(
            uuid="7c0b0f57-53a8-4d0f-a1a8-000000000001", response=made, campaign=office.campaign, name="田.jpg",
            file=SimpleUploadedFile("a.jpg", b"\xff\xd8\xff"), size=3, content_type="image/jpeg", sha256="0" * 64,
            uploaded_at=timezone.now(),
        )  # fmt: skip
        return made

    def test_answers_stand_under_the_questionnaires_words(self, office, response):
        sections = signed_in(office.staff).get(f"/needs/surveys/responses/{response.pk}/").context["sections"]
        said = [(each.title, each.level, [(row.label, row.text) for row in each.rows]) for each in sections]
        assert said == [
            ("", 0, [("问题age", "40")]),
            ("工作", 1, [("问题job", "选项trade"), ("问题skills", "选项farming; 选项trade")]),
            ("", 0, [("问题name", "••••••")]),
            ("家庭成员 1", 1, [("问题years", "8"), ("问题called", "••••••")]),
            ("", 0, [("问题photo", "田.jpg"), ("问题spot", "28.38812, 104.56339 (±5 m)"), ("问题agreed", "Confirmed")]),
        ]  # fmt: skip

    def test_suspicions_say_why(self, office, response):
        page = signed_in(office.staff).get(f"/needs/surveys/responses/{response.pk}/").content.decode()
        assert "It took less than 3.0 minutes." in page
        assert "More than 15 km from the township" in page

    def test_personal_answers_are_shown_for_a_reason(self, office, response):
        client, url = signed_in(office.staff), f"/needs/surveys/responses/{response.pk}/"
        assert "张三" not in client.get(url).content.decode()
        assert client.post(f"{url}personal/", {"why": "", "reason": ""}).status_code == 302
        assert not AccessLog.objects.exists()
        page = client.post(f"{url}personal/", {"reason": "核实身份"})
        assert "张三" in page.content.decode()
        assert "张小四" in page.content.decode()
        assert "no-store" in page["Cache-Control"]
        assert AccessLog.objects.get().reason == "核实身份"
        assert signed_in(office.cadre).post(f"{url}personal/", {"reason": "x"}).status_code == 403

    def test_files_are_handed_out_to_who_may_and_logged(self, office, response):
        url = f"/needs/surveys/responses/{response.pk}/files/{response.files.get().pk}/"
        given = signed_in(office.staff).get(url)
        assert b"".join(given.streaming_content) == b"\xff\xd8\xff"
        assert (given["Content-Type"], given["Cache-Control"]) == ("image/jpeg", "private, no-store")
        assert AccessLog.objects.get().subject_type == "needs.responsefile"
        assert signed_in(office.cadre).get(url).status_code == 200
        assert AccessLog.objects.count() == 1, "one's own interview is not logged"
        assert signed_in(office.other_cadre).get(url).status_code == 404

    def test_a_file_that_names_a_person_is_for_fewer(self, office, response):
        kept = response.files.get()
        Response.objects.filter(pk=response.pk).update(personal=json.dumps({"id": {"file": str(kept.uuid)}}))
        url = f"/needs/surveys/responses/{response.pk}/files/{kept.pk}/"
        neighbour = office.response().interviewer
        Response.objects.filter(pk=response.pk).update(interviewer=office.other_cadre)
        assert signed_in(neighbour).get(url).status_code == 403
        assert signed_in(office.staff).get(url).status_code == 200

    def test_anything_but_a_picture_is_downloaded(self, office, response):
        ResponseFile.objects.update(content_type="text/html")
        given = signed_in(office.staff).get(f"/needs/surveys/responses/{response.pk}/files/{response.files.get().pk}/")
        assert given["Content-Type"] == "application/octet-stream"
        assert given["Content-Disposition"].startswith("attachment")

    def test_a_correction_shows_what_changed(self, office):
        response = office.response(
            answers={"age": 41, "job": "trade"}, personal=json.dumps({"name": "李四"}), revision=1
        )
        ResponseRevision.objects.create(
            response=response, number=0, version=response.version, answers={"age": 40, "skills": ["trade"]},
            personal=json.dumps({"name": "张三"}), replaced_at=timezone.now(), replaced_by=office.cadre,
        )  # fmt: skip
        page = signed_in(office.staff).get(f"/needs/surveys/responses/{response.pk}/")
        (correction,) = page.context["corrections"]
        assert [(each.label, each.before, each.after) for each in correction.changes] == [
            ("问题age", "40", "41"), ("问题job", "", "选项trade"), ("问题skills", "选项trade", ""),
        ]  # fmt: skip
        assert "张三" not in page.content.decode()

    def test_neighbours_follow_the_list_one_came_from(self, office):
        first, skipped, here, last = (
            office.response(state=state) for state in ("pending", "approved", "pending", "pending")
        )
        client = signed_in(office.staff)

        def around(query):
            found = client.get(f"/needs/surveys/responses/{here.pk}/?list={query}").context["neighbours"]
            return found.previous, found.following

        assert around("") == (last.pk, skipped.pk)
        assert around("state%3Dpending") == (last.pk, first.pk)
        assert around("state%3Dpending%26sort%3Doldest") == (first.pk, last.pk)

    @pytest.mark.parametrize("count", [1, 3])
    def test_questions_to_the_database(self, office, count, django_assert_num_queries):
        response = office.response(revision=count)
        for number in range(count):
            ResponseRevision.objects.create(
                response=response, number=number, version=response.version, answers={"age": number},
                replaced_at=timezone.now(), replaced_by=office.cadre,
            )  # fmt: skip
            response.reviews.create(at=timezone.now(), by=office.staff, from_state="pending", to_state="pending")
        client = signed_in(office.staff)
        client.get(f"/needs/surveys/responses/{response.pk}/")
        with django_assert_num_queries(12):
            client.get(f"/needs/surveys/responses/{response.pk}/")


class TestDeciding:
    def post(self, office, response, by=None, **data):
        usual = {"to": "approved", "comment": "", "seen_state": "pending", "seen_revision": "0"}
        url = f"/needs/surveys/responses/{response.pk}/review/?list=state%3Dpending"
        return signed_in(by or office.staff).post(url, usual | data)

    def test_on_to_the_next(self, office):
        following, response = office.response(), office.response()
        posted = self.post(office, response, then="next")
        parts = urlsplit(posted["Location"])
        assert (parts.path, parse_qs(parts.query)) == (
            f"/needs/surveys/responses/{following.pk}/", {"list": ["state=pending"]},
        )  # fmt: skip
        assert Response.objects.get(pk=response.pk).state == "approved"

    def test_the_last_leads_back_to_the_list(self, office):
        posted = self.post(office, office.response(), then="next")
        assert posted["Location"] == f"{list_url(office)}?state=pending"

    def test_a_missing_comment_keeps_the_choice_open(self, office):
        response = office.response()
        page = self.post(office, response, to="rejected")
        assert page.status_code == 200
        assert page.context["form"].errors["comment"]
        assert Response.objects.get(pk=response.pk).state == "pending"

    def test_what_was_typed_stays_when_somebody_was_faster(self, office):
        response = office.response(state="approved")
        page = self.post(office, response, to="rejected", comment="与邻居雷同")
        assert "Nothing was overwritten" in page.content.decode()
        assert Response.objects.get(pk=response.pk).state == "approved"

    def test_ones_own_is_told_why_not(self, office):
        own = office.response(interviewer=office.staff, channel="desk")
        page = signed_in(office.staff).get(f"/needs/surveys/responses/{own.pk}/")
        assert page.context["choices"] == []
        assert "You entered this response yourself" in page.content.decode()
        assert self.post(office, own).status_code == 403

    @pytest.mark.parametrize(
        "data", [{"to": "x"}, {"seen_revision": "9" * 30}, {"comment": "x" * 501}, {"seen_state": "\0"}]
    )
    def test_nonsense_is_no_crash(self, office, data):
        response = office.response()
        assert self.post(office, response, **data).status_code in (200, 302, 400)
        assert Response.objects.get(pk=response.pk).state == "pending"


def test_checking_again_is_asked_for(office):
    assert signed_in(office.cadre).post(f"{list_url(office)}check/").status_code == 403
    assert signed_in(office.staff).post(f"{list_url(office)}check/").status_code == 302
