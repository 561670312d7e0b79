"""A response arrives once; what is not taken is refused with reasons; what was returned is corrected."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from needs.surveys.campaigns.models import Assignment, Campaign, CampaignTownship
from needs.surveys.campaigns.queries import places
from needs.surveys.filling import actions
from needs.surveys.filling.places import about, may_answer_in
from needs.surveys.filling.refusals import Conflict, Malformed, Mistaken
from needs.surveys.responses.models import Response, ResponseFile, ReviewEvent
from talentmap.accounts.permissions import Role
from tests.factories.accounts import CountyFactory, TownshipFactory, VillageFactory, user_with
from tests.factories.casework import picture
from tests.factories.surveys_filling import ANSWERS, PERSONAL, Field, version
from tests.races import run_together, without

pytestmark = pytest.mark.django_db


def accept(field, sent=None, by=None, at=None, **more):
    return actions.accept(by=by or field.cadre, at=at or timezone.now(), sent=sent or field.sent(), **more)


def refused(field, sent=None, **more):
    with pytest.raises(Conflict) as refusal:
        accept(field, sent, **more)
    return [reason.code for reason in refusal.value.reasons]


def test_a_response_is_kept_with_what_is_known_of_the_respondent(field):
    sent = field.sent()
    taken = accept(field, sent)
    assert (taken.state, taken.is_new) == ("accepted", True)
    row = Response.objects.get()
    assert (row.uuid, row.answers, row.state, row.channel) == (sent.uuid, ANSWERS, "pending", "interview")
    assert (row.age_band, row.sex, row.occupation, row.interviewer) == ("35_44", "female", "farming", field.cadre)
    assert (row.digest, row.revision, row.is_dirty, row.personal) == (sent.digest, 0, True, "")


def test_sent_again_it_is_the_same_also_when_the_campaign_is_over(field):
    sent = field.sent()
    accept(field, sent)
    field.set_state(Campaign.State.CLOSED)
    again = accept(field, sent, at=timezone.now() + timedelta(days=60))
    assert (again.uuid, again.state, again.is_new) == (sent.uuid, "accepted", False)
    assert Response.objects.count() == 1


def test_other_answers_under_the_same_id_are_refused_and_nothing_is_overwritten(field):
    first = field.payload()
    accept(field, field.sent(**first))
    assert refused(field, field.sent(**{**first, "answers": {**ANSWERS, "age": 41}})) == ["other_content"]
    assert Response.objects.get().answers == ANSWERS


def test_somebody_elses_id_is_refused_without_telling_what_it_holds(field):
    sent = field.sent()
    accept(field, sent)
    colleague = user_with(Role.TOWNSHIP_CADRE, region=field.township)
    assert refused(field, sent, by=colleague) == ["taken_id"]


def test_an_older_version_is_taken_and_another_questionnaires_is_not(field):
    newer = version(questionnaire=field.campaign.questionnaire, number=2)
    Campaign.objects.update(version=newer)
    accept(field)
    assert Response.objects.get().version == field.version
    assert refused(field, field.sent(version=version().pk)) == ["wrong_version"]
    assert refused(field, field.sent(version=10**12)) == ["wrong_version"]
    draft = version(questionnaire=field.campaign.questionnaire, number=3, published_at=None, published_by=None)
    assert refused(field, field.sent(version=draft.pk)) == ["wrong_version"]


def test_an_answer_that_the_questionnaire_does_not_allow_is_named_with_its_place(field):
    with pytest.raises(Mistaken) as refusal:
        accept(field, field.sent(answers={**ANSWERS, "work": "sailing"}))
    assert [mistake.path for mistake in refusal.value.mistakes] == ["work"]
    assert not Response.objects.exists()


# where ----------------------------------------------------------------------------------------------------


def test_a_cadre_answers_for_the_own_township_only(field):
    elsewhere = TownshipFactory()
    assert refused(field, field.sent(township=elsewhere.pk)) == ["wrong_place"]
    CampaignTownship.objects.create(campaign=field.campaign, region=elsewhere)
    assert refused(field, field.sent(township=elsewhere.pk)) == ["wrong_place"]
    stranger = user_with(Role.TOWNSHIP_CADRE, region=elsewhere)
    assert refused(field, by=stranger) == ["wrong_place"]
    assert refused(field, field.sent(campaign=10**9)) == ["no_campaign"]


def test_a_village_lies_in_its_township(field):
    accept(field, field.sent(village=field.village.pk))
    assert Response.objects.get().village == field.village
    other = VillageFactory(parent=TownshipFactory())
    assert refused(field, field.sent(village=other.pk)) == ["wrong_place"]
    assert refused(field, field.sent(village=field.township.pk)) == ["wrong_place"]


def test_who_is_assigned_to_a_village_asks_there_and_a_colleague_without_assignment_nowhere(field):
    at = timezone.now() - timedelta(days=1)
    Assignment.objects.create(
        campaign=field.campaign, interviewer=field.cadre, region=field.village, assigned_at=at, target=5
    )
    accept(field, field.sent(village=field.village.pk))
    colleague = user_with(Role.TOWNSHIP_CADRE, region=field.township)
    assert refused(field, field.sent(village=field.village.pk), by=colleague) == ["wrong_place"]


def test_an_assignment_that_ended_meanwhile_still_takes_what_was_asked_before(field):
    now = timezone.now()
    mine = {"campaign": field.campaign, "interviewer": field.cadre, "region": field.township}
    Assignment.objects.create(**mine, assigned_at=now - timedelta(days=3), ended_at=now - timedelta(minutes=2))
    other = user_with(Role.TOWNSHIP_CADRE, region=field.township)
    Assignment.objects.create(campaign=field.campaign, interviewer=other, region=field.township, assigned_at=now)
    accept(field)
    late = field.sent(finished_at=(now - timedelta(minutes=1)).isoformat())
    assert refused(field, late) == ["wrong_place"]


def test_the_office_enters_paper_for_any_township_of_the_campaign(field):
    staff = user_with(Role.OFFICE_STAFF, region=CountyFactory())
    accept(field, field.sent(channel="desk"), by=staff)
    assert Response.objects.get().channel == "desk"
    assert refused(field, field.sent(township=TownshipFactory().pk), by=staff) == ["wrong_place"]


def test_a_leader_and_a_talent_fill_in_nothing(field):
    assert refused(field, by=user_with(Role.COUNTY_LEADER, region=CountyFactory())) == ["wrong_place"]
    assert refused(field, by=user_with(Role.TALENT)) == ["wrong_place"]


def test_a_place_is_judged_as_the_campaigns_list_of_places_has_it(field):
    """One question for one place, and the list of all of them, give the same answer."""
    other = VillageFactory(parent=field.township)
    elsewhere = TownshipFactory()
    CampaignTownship.objects.create(campaign=field.campaign, region=elsewhere)
    colleague = user_with(Role.TOWNSHIP_CADRE, region=field.township)
    spots = [(field.township, None), (field.township, field.village), (field.township, other), (elsewhere, None)]
    for assigned in (None, field.village, field.township):
        if assigned:
            Assignment.objects.create(
                campaign=field.campaign, interviewer=field.cadre, region=assigned, assigned_at=timezone.now()
            )
        for person in (field.cadre, colleague):
            listed = set(places(person, field.campaign).values_list("pk", flat=True))
            for township, village in spots:
                sent = field.sent(township=township.pk, village=village and village.pk)
                wanted = {township.pk, *([village.pk] if village else [])} <= listed
                assert may_answer_in(person, about(sent, person)[1]) == wanted, (assigned, person, village)


# when -----------------------------------------------------------------------------------------------------


def test_what_was_finished_in_time_arrives_later_but_not_for_ever(field):
    sent = field.sent()
    end = timezone.now() - timedelta(days=1)
    Campaign.objects.update(state="closed", closed_at=timezone.now())
    assert accept(field, sent, at=end + timedelta(days=14)).is_new
    assert refused(field, at=end + timedelta(days=16)) == ["too_late"]


@pytest.mark.parametrize(("state", "code"), [("paused", "paused"), ("draft", "not_open")])
def test_a_campaign_that_is_not_open_says_so(field, state, code):
    field.set_state(state)
    assert refused(field) == [code]


# personal answers, places, files --------------------------------------------------------------------------


@pytest.fixture
def personal():
    return Field(PERSONAL)


def told(**more):
    answers = {"name": "张三丰", "age": 40, "member": [{"member_name": "李四光", "member_age": 9}, {"member_age": 7}]}
    return {**answers, "place": [28.43601, 104.51722, None, 8.5], **more}


def test_what_names_a_person_is_stored_encrypted_and_nowhere_else(personal):
    from django.db import connection

    accept(personal, personal.sent(answers=told()))
    row = Response.objects.get()
    assert row.answers["member"] == [{"member_age": 9}, {"member_age": 7}]
    assert json.loads(row.personal) == {"name": "张三丰", "member": [{"member_name": "李四光"}, {}]}
    assert (row.latitude, row.longitude) == (28.43601, 104.51722)
    with connection.cursor() as cursor:
        cursor.execute("select row_to_json(r)::text from needs_response r")
        whole = cursor.fetchone()[0]
        cursor.execute("select coalesce(string_agg(a::text, ' '), '') from talentmap_auditentry a")
        history = cursor.fetchone()[0]
    assert "张三丰" not in whole + history and "李四光" not in whole + history


def test_a_file_comes_first_and_is_tied_to_its_response(personal):
    key = uuid.uuid4()
    row, is_new = actions.keep_file(
        by=personal.cadre, at=timezone.now(), campaign=personal.campaign, key=key, upload=picture()
    )
    assert is_new and row.response is None
    accept(personal, personal.sent(answers=told(photo={"file": str(key), "name": "a.png"})))
    assert ResponseFile.objects.get().response == Response.objects.get()


def test_a_file_that_was_not_sent_or_is_anothers_is_named(personal):
    def mistakes(key):
        with pytest.raises(Mistaken) as refusal:
            accept(personal, personal.sent(answers=told(photo={"file": key, "name": "a.png"})))
        return [(mistake.path, mistake.code) for mistake in refusal.value.mistakes]

    assert mistakes(str(uuid.uuid4())) == [("photo", "unknown_file")]
    colleague = user_with(Role.TOWNSHIP_CADRE, region=personal.township)
    key = uuid.uuid4()
    actions.keep_file(by=colleague, at=timezone.now(), campaign=personal.campaign, key=key, upload=picture())
    assert mistakes(str(key)) == [("photo", "unknown_file")]


RECORDED = {
    "audio/mpeg": b"ID3\x03" + bytes(64),
    "audio/amr": b"#!AMR\n" + bytes(64),
    "video/mp4": b"\x00\x00\x00\x18ftypmp42" + bytes(64),
}


@pytest.mark.parametrize("kind", RECORDED)
def test_what_a_telephone_records_is_a_file_too(personal, kind):
    upload = SimpleUploadedFile("a.pdf", RECORDED[kind])
    row, _is_new = actions.keep_file(
        by=personal.cadre, at=timezone.now(), campaign=personal.campaign, key=uuid.uuid4(), upload=upload
    )
    assert row.content_type == kind
    assert not row.name.endswith(".pdf")


def test_a_program_is_no_recording(personal):
    upload = SimpleUploadedFile("a.mp3", b"MZ" + bytes(200))
    with pytest.raises(Malformed):
        actions.keep_file(
            by=personal.cadre, at=timezone.now(), campaign=personal.campaign, key=uuid.uuid4(), upload=upload
        )


def test_a_file_is_judged_by_its_content_and_kept_once(personal):
    def keep(upload, key):
        return actions.keep_file(
            by=personal.cadre, at=timezone.now(), campaign=personal.campaign, key=key, upload=upload
        )

    key = uuid.uuid4()
    assert keep(picture(), key)[1] is True
    assert keep(picture(), key)[1] is False
    with pytest.raises(Conflict):
        keep(picture(size=(9, 9)), key)
    with pytest.raises(Malformed):
        keep(SimpleUploadedFile("a.jpg", b"MZ\x90"), uuid.uuid4())
    assert ResponseFile.objects.count() == 1


# corrections ----------------------------------------------------------------------------------------------


@pytest.fixture
def returned(field):
    payload = field.payload()
    accept(field, field.sent(**payload))
    row = Response.objects.get()
    reviewer = user_with(Role.OFFICE_STAFF, region=CountyFactory())
    ReviewEvent.objects.create(
        response=row, at=timezone.now(), by=reviewer, from_state="pending", to_state="returned", comment="年龄有误"
    )
    Response.objects.filter(pk=row.pk).update(state="returned")
    return {**payload, "answers": {**ANSWERS, "age": 50}, "revises": 0}


def test_a_returned_response_is_corrected_and_what_it_said_before_is_kept(field, returned):
    accept(field, field.sent(**returned))
    row = Response.objects.get()
    assert (row.state, row.revision, row.answers["age"], row.age_band) == ("pending", 1, 50, "45_54")
    before = row.revisions.get()
    assert (before.number, before.answers["age"], before.replaced_by) == (0, 40, field.cadre)
    assert row.reviews.last().to_state == "pending"


def test_a_correction_sent_twice_counts_once_and_one_of_an_older_state_not_at_all(field, returned):
    accept(field, field.sent(**returned))
    assert accept(field, field.sent(**returned)).is_new is False
    Response.objects.update(state="returned")
    stale = {**returned, "answers": {**ANSWERS, "age": 51}}
    assert refused(field, field.sent(**stale)) == ["corrected_elsewhere"]
    accept(field, field.sent(**{**stale, "revises": 1}))
    assert Response.objects.get().revisions.count() == 2


def test_only_its_interviewer_or_the_office_corrects(field, returned):
    colleague = user_with(Role.TOWNSHIP_CADRE, region=field.township)
    assert refused(field, field.sent(**returned), by=colleague) == ["taken_id"]
    staff = user_with(Role.OFFICE_STAFF, region=CountyFactory())
    accept(field, field.sent(**returned), by=staff)
    assert Response.objects.get().interviewer == field.cadre


def test_what_waits_for_review_is_not_corrected(field, returned):
    Response.objects.update(state="approved")
    assert refused(field, field.sent(**returned)) == ["other_content"]


# speed, races ---------------------------------------------------------------------------------------------


def test_accepting_asks_the_database_a_fixed_number_of_questions(field, django_assert_num_queries):
    accept(field)
    sent = field.sent(village=field.village.pk)
    person = type(field.cadre).objects.get(pk=field.cadre.pk)
    with django_assert_num_queries(8):
        accept(field, sent, by=person)


EIGHT = 8


@pytest.mark.django_db(transaction=True)
def test_the_same_response_sent_by_eight_at_once_is_one_row():
    field = Field()
    sent = field.sent()
    outcomes = run_together(lambda _i: accept(field, sent), EIGHT)
    assert sorted(taken.is_new for taken in outcomes) == [False] * (EIGHT - 1) + [True]
    assert Response.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_guard_there_would_be_several():
    field = Field()
    sent = field.sent()
    with without("needs_response", unique_of_uuid()):
        run_together(lambda _i: accept(field, sent), EIGHT)
        assert Response.objects.filter(uuid=sent.uuid).count() > 1


def answer_once(field: Field, link: Any, digest: str) -> list[Any]:
    """Eight different answers of one respondent at the same moment."""
    payloads = [field.sent(username="") for _each in range(EIGHT)]
    who = actions.Respondent(link, digest)
    return run_together(lambda i: actions.accept(by=None, at=timezone.now(), sent=payloads[i], respondent=who), EIGHT)


@pytest.mark.django_db(transaction=True)
def test_one_respondent_who_answers_eight_times_at_once_is_counted_once():
    field = Field()
    link = field.link(one_each="device")
    outcomes = answer_once(field, link, "a" * 64)
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == EIGHT - 1
    assert Response.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_that_guard_there_would_be_several():
    field = Field()
    link = field.link(one_each="device")
    with without("needs_response", actions.ONE_EACH):
        answer_once(field, link, "a" * 64)
        assert Response.objects.count() > 1


def unique_of_uuid() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "select conname from pg_constraint where conrelid = 'needs_response'::regclass and contype = 'u'"
            " and pg_get_constraintdef(oid) = 'UNIQUE (uuid)'"
        )
        return str(cursor.fetchone()[0])
