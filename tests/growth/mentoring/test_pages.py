"""The pages: what each person sees of them, their cost in queries, and what the two keep from each other."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from growth.mentoring import actions, matching
from growth.mentoring.models import Mentor, MentorRequest, Pair, PairFile
from tests.factories import mentoring
from tests.factories.accounts import UserFactory
from tests.factories.casework import moment, picture

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def page(client, user, name, /, *args, **query):
    client.force_login(user)
    return client.get(reverse(f"mentoring:{name}", args=args), query, HTTP_ACCEPT_LANGUAGE="en")


def post(client, user, name, /, *args, **data):
    client.force_login(user)
    return client.post(reverse(f"mentoring:{name}", args=args), data, HTTP_ACCEPT_LANGUAGE="en", follow=True)


# The directory


def test_the_directory_shows_nothing_by_which_a_mentor_is_reached(client, office):
    mentor = mentoring.mentor(office, mobile="13990960001", name="何强")
    mentoring.applied(office, name="未审核")
    for name, args in (("directory", ()), ("profile", (mentor.pk,))):
        text = client.get(reverse(f"mentoring:{name}", args=args)).content.decode()
        assert "何强" in text
        assert "13990960001" not in text
        assert "未审核" not in text


def test_the_directory_is_searched_and_filtered(client, office):
    mentoring.mentor(office, name="何强", industries=["tea"])
    mentoring.mentor(office, name="罗桂芳", industries=["silk"], capacity=1)
    mentoring.pair(office, mentoring.talent(office), Mentor.objects.get(name="罗桂芳"))

    def found(**query):
        response = client.get(reverse("mentoring:directory"), query)
        return [mentor.name for mentor, _paused in response.context["cards"]]

    assert found() == ["何强", "罗桂芳"]
    assert found(q="luogui") == ["罗桂芳"]
    assert found(industries="tea") == ["何强"]
    assert found(free="1") == ["何强"]
    assert found(offers="theory") == []


@pytest.mark.parametrize("mentors", [1, 3])
def test_the_directory_costs_the_same_for_one_and_for_three(client, office, django_assert_num_queries, mentors):
    for _ in range(mentors):
        mentoring.mentor(office)
    with django_assert_num_queries(3):  # the townships of the filter, the count, the page
        client.get(reverse("mentoring:directory"))


# Applying and being verified


def form_of(office, **changes):
    return {
        "name": "何强", "mobile": "13990960001", "kind": "entrepreneur", "organisation": "高县茶业", "position": "经理",
        "region": office.township.pk, "offers": ["practice"], "industries": ["tea"], "skills": ["marketing"],
        "languages": ["mandarin"], "formats": ["on_site"], "capacity": 2, "bio": "做茶", **changes,
    }  # fmt: skip


def test_anybody_signed_in_applies_and_the_office_verifies(client, office):
    user = UserFactory()
    post(client, user, "apply", **form_of(office))
    mentor = Mentor.objects.get(user=user)
    assert (mentor.state, mentor.organisation_name) == ("applied", "高县茶业")
    firm = mentoring.OrganisationFactory(name="高县茶业有限公司", region=office.township)
    post(client, office.staff, "verify", mentor.pk, organisation=firm.name, region=office.township.pk)
    mentor.refresh_from_db()
    assert (mentor.state, mentor.organisation) == ("verified", firm)
    assert page(client, user, "own").status_code == 200


def test_a_form_that_lacks_something_says_so_and_keeps_the_rest(client, office):
    response = post(client, UserFactory(), "apply", **form_of(office, skills=[], capacity=9))
    assert not Mentor.objects.exists()
    form = response.context["form"]
    assert "skills" in form.errors
    assert form["name"].value() == "何强"


def test_the_link_of_an_invitation_leads_to_the_form(client, office):
    invited = actions.invite_mentor(by=office.staff, at=timezone.now(), name="赵文华", mobile="13990960002")
    shown = page(client, office.staff, "mentor", invited.pk).content.decode()
    assert reverse("mentoring:invitation", args=[invited.invite_token]) in shown
    user = UserFactory()
    assert "赵文华" in page(client, user, "invitation", invited.invite_token).content.decode()
    post(client, user, "invitation", invited.invite_token, **form_of(office))
    assert Mentor.objects.get().user == user


# Who sees whom


def test_a_mentor_sees_only_their_own_requests_and_pairs(client, office, mentor, pair):
    other = mentoring.mentor(office)
    request = mentoring.asked(office, mentoring.talent(office), mentor)
    for name, pk in (("request", request.pk), ("pair", pair.pk)):
        assert page(client, mentor.user, name, pk).status_code == 200
        assert page(client, other.user, name, pk).status_code == 404
    assert page(client, other.user, "request_list").context["list"].count == 0
    assert list(page(client, other.user, "my_pairs").context["rows"]) == []


def test_before_accepting_the_mentor_reads_goals_and_no_number(client, office, mentor):
    person = mentoring.talent(office, phone="13990960003")
    request = mentoring.asked(office, person, mentor, on=TODAY())
    before = page(client, mentor.user, "request", request.pk).content.decode()
    assert "一年内把本村的茶卖出自己的品牌" in before
    assert "13990960003" not in before
    post(client, mentor.user, "accept", request.pk)
    after = page(client, mentor.user, "pair", Pair.objects.get().pk).content.decode()
    assert "13990960003" in after


def test_the_office_does_not_read_the_numbers_on_the_pairs_page(client, office, mentor):
    pair = mentoring.pair(office, mentoring.talent(office, phone="13990960003"), mentor)
    assert "13990960003" not in page(client, office.staff, "pair", pair.pk).content.decode()


def test_the_township_sees_its_own(client, office, pair):
    other_cadre = mentoring.user_with("township_cadre", region=mentoring.TownshipFactory())
    assert page(client, office.cadre, "pair", pair.pk).status_code == 200
    assert page(client, other_cadre, "pair", pair.pk).status_code == 404
    assert page(client, other_cadre, "pair_list").context["list"].count == 0


@pytest.mark.parametrize("pairs", [1, 3])
def test_the_list_of_pairs_costs_the_same_for_one_and_for_three(client, office, django_assert_num_queries, pairs):
    for _ in range(pairs):
        mentoring.pair(office, mentoring.talent(office), mentoring.mentor(office))
    client.force_login(office.staff)
    address = reverse("mentoring:pair_list")
    client.get(address)
    with django_assert_num_queries(QUERIES_OF_PAIRS):
        client.get(address)


QUERIES_OF_PAIRS = 8  # session, account, roles, unread notices, the filter's townships, the count, the keys, the page


@pytest.mark.parametrize("waiting", [1, 3])
def test_who_waits_costs_the_same_for_one_and_for_three(client, office, django_assert_num_queries, waiting):
    for _ in range(waiting):
        mentoring.passed(office, mentoring.talent(office))
    client.force_login(office.staff)
    address = reverse("mentoring:waiting")
    client.get(address)
    with django_assert_num_queries(QUERIES_OF_WAITING):
        client.get(address)


# Those of a page, the count, those who wait, who is asked and how many are, who changes, the places, the round
QUERIES_OF_WAITING = 11


# The pair's page


def test_the_two_read_each_others_assessment_only_after_their_own(client, office, mentor):
    start = TODAY() - timedelta(days=20)
    pair = mentoring.pair(office, mentoring.talent(office), mentor, on=start)
    agreement = mentoring.agreed(pair, weeks=4, starts_on=start)
    post(client, mentor.user, "assess", agreement.pk, "final", grade="excellent", comment="很用心")
    talent = pair.talent.user
    before = page(client, talent, "pair", pair.pk).content.decode()
    assert "很用心" not in before
    post(client, talent, "assess", agreement.pk, "final", grade="qualified", comment="很实在")
    assert "很用心" in page(client, talent, "pair", pair.pk).content.decode()
    assert "很实在" in page(client, mentor.user, "pair", pair.pk).content.decode()
    watched = page(client, office.cadre, "pair", pair.pk).content.decode()
    assert "很用心" in watched


def test_the_township_reads_of_a_pair_what_the_office_alone_assesses(client, office, mentor):
    row = mentoring.pair(office, mentoring.talent(office), mentor, on=TODAY() - timedelta(days=27))
    agreement = mentoring.agreed(row, weeks=4)
    assess = reverse("mentoring:assess", args=[agreement.pk, "final"])
    assert assess in page(client, office.staff, "pair", row.pk).content.decode()
    read = page(client, office.cadre, "pair", row.pk)
    assert read.status_code == 200 and assess not in read.content.decode()


def test_what_waits_for_each_of_the_two_is_on_their_list(client, office, mentor):
    start = TODAY() - timedelta(days=27)
    row = mentoring.pair(office, mentoring.talent(office), mentor, on=start)
    agreement = mentoring.agreed(row, weeks=4, starts_on=start)
    mentoring.logged(row, start + timedelta(days=2))

    def todo(user):
        ((_pair, _side, lines),) = page(client, user, "my_pairs").context["rows"]
        return lines

    assert len(todo(row.talent.user)) == 2  # both assessments: half of the four weeks is over, and today they are
    assert len(todo(mentor.user)) == 3  # and the meeting that the talent wrote down
    actions.assess_pair(
        by=mentor.user, at=timezone.now(), agreement=agreement, phase="midterm", grade="excellent", comment="好"
    )
    assert len(todo(mentor.user)) == 2
    actions.assess_pair(
        by=office.staff, at=timezone.now(), agreement=agreement, phase="final", grade="excellent", comment="好"
    )
    assert len(todo(row.talent.user)) == 0  # the office has closed it


def test_while_a_mentor_is_asked_the_list_leads_to_the_application(client, office, mentor):
    request = mentoring.asked(office, mentoring.talent(office), mentor)
    person = request.application.applicant.user
    assert page(client, person, "my_pairs").context["application"] == request.application
    actions.accept_request(by=mentor.user, at=moment(), asked=request)
    assert page(client, person, "my_pairs").context["application"] is None
    assert page(client, mentor.user, "my_pairs").context["application"] is None


def test_the_mentor_reads_the_same_reasons_as_the_talent_did(client, office):
    mentor = mentoring.mentor(office, capacity=1)
    detail = mentoring.passed(office, mentoring.talent(office)).mentoring
    ((_mentor, fit),) = matching.ranked_for(detail, moment().date())
    asked = actions.propose_mentor(by=office.staff, at=moment(), application=detail.application, mentor=mentor)
    shown = page(client, mentor.user, "request", asked.pk).context["reasons"]
    assert [line.points for line in shown] == [reason.points for reason in fit.reasons]


def test_an_agreement_written_meanwhile_is_not_overwritten(client, office, pair):
    words = {"starts_on": pair.started_on, "weeks": 26, "content": "内容", "duties": "职责"}
    post(client, pair.talent.user, "agreement", pair.pk, aims="甲", **words)
    first = pair.agreements.get()
    post(client, pair.mentor.user, "agreement", pair.pk, aims="乙", version=first.version, **words)
    response = post(client, pair.talent.user, "agreement", pair.pk, aims="丙", version=first.version, **words)
    assert response.context["form"].non_field_errors()
    assert pair.agreements.get().aims == "乙"


def test_a_file_is_read_by_the_two_and_recorded_for_the_office(client, office, pair):
    post(client, pair.talent.user, "share_file", pair.pk, upload=picture())
    file = PairFile.objects.get()
    for user in (pair.mentor.user, office.staff):
        assert page(client, user, "download", file.pk).status_code == 200
    assert page(client, mentoring.mentor(office).user, "download", file.pk).status_code == 404
    from talentmap.audit.models import AccessLog

    assert list(AccessLog.objects.values_list("user", flat=True)) == [office.staff.pk]


def test_a_meeting_goes_into_the_calendar(client, office, mentor):
    from icalendar import Calendar

    pair = mentoring.pair(office, mentoring.talent(office), mentor, on=TODAY())
    soon = timezone.now() + timedelta(days=2)
    values = {"starts_at": soon, "minutes": 90, "format": "on_site", "place": "茶厂", "topic": "直播"}
    meeting = actions.plan_meeting(by=mentor.user, at=timezone.now(), pair=pair, values=values)
    response = page(client, pair.talent.user, "calendar", meeting.pk)
    event = next(iter(Calendar.from_ical(response.content).walk("VEVENT")))
    assert (str(event["summary"]), str(event["location"])) == ("直播", "茶厂")
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=90)


def test_the_agreement_is_a_document(client, office, pair):
    agreement = mentoring.agreed(pair)
    response = page(client, pair.talent.user, "agreement_pdf", agreement.pk)
    assert response.content.startswith(b"%PDF")


def test_a_round_is_computed_adjusted_and_confirmed_on_its_pages(client, office, mentor):
    today = TODAY()
    application = mentoring.passed(office, mentoring.talent(office), on=today)
    post(client, office.staff, "compute_round")
    proposal = application.mentor_proposals.get()
    assert proposal.mentor == mentor
    assert page(client, office.staff, "round", proposal.round_id).status_code == 200
    post(client, office.staff, "proposal", proposal.pk, mentor="")
    proposal.refresh_from_db()
    assert proposal.mentor is None
    post(client, office.staff, "proposal", proposal.pk, mentor=mentor.pk)
    post(client, office.staff, "confirm_round", proposal.round_id)
    assert MentorRequest.objects.open().get().mentor == mentor


def test_the_office_asks_another_mentor_for_a_change(client, office, mentor):
    pair = mentoring.pair(office, mentoring.talent(office), mentor, on=TODAY())
    other = mentoring.mentor(office)
    post(client, pair.talent.user, "wish_change", pair.pk, reason="行业不同")
    shown = page(client, office.staff, "waiting").content.decode()
    assert "行业不同" in shown
    post(client, office.staff, "change", pair.pk, mentor=other.pk)
    assert MentorRequest.objects.open().get().replaces == pair


def test_exports_hold_what_the_filter_shows(client, office, pair):
    other = mentoring.mentor(office, name="罗桂芳")
    second = mentoring.pair(office, mentoring.talent(office, name="李雪"), other)
    assert exported(client, office.staff, "export_pairs", 0, 2, 4) == {
        (row.talent.name, row.mentor.name, row.application.number) for row in (pair, second)
    }
    assert exported(client, office.staff, "export_pairs", 0, 2, q="李雪") == {("李雪", "罗桂芳")}
    assert exported(client, office.staff, "export_mentors", 0, 8, 9) == {
        (row.name, row.capacity, 1) for row in (pair.mentor, other)
    }
    assert exported(client, office.staff, "export_mentors", 0, q="luogui") == {("罗桂芳",)}


def exported(client, user, name, *columns, **query):
    """What stands in these columns of the workbook."""
    response = page(client, user, name, **query)
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    return {tuple(line[column] for column in columns) for line in sheet.iter_rows(min_row=2, values_only=True)}
