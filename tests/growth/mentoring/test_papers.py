"""A talent without an account signs on paper, which the office enters: agreement, meetings, assessments."""

import io
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from pypdf import PdfReader

from growth.mentoring import actions, tasks
from growth.mentoring.models import Agreement, Assessment, Meeting, PairFile
from talentmap.audit.models import AccessLog
from talentmap.notices.models import Notice
from talentmap.people.takeout import whole_file
from talentmap.ui.errors import Refused
from tests.factories import mentoring
from tests.factories.casework import MONDAY, moment, picture
from tests.growth.mentoring.test_pages import page, post

pytestmark = pytest.mark.django_db
WORDS = {"aims": "卖出五千斤茶", "content": "每月见面两次", "duties": "按时完成"}
MIDTERM = moment(date(2026, 6, 1))  # half of 26 weeks from 2 March 2026 is over


@pytest.fixture
def pair(office, mentor):
    """With a talent for whom the township applied at its counter."""
    return mentoring.pair(office, mentoring.without_account(office), mentor)


def written(pair):
    return actions.write_agreement(by=pair.mentor.user, at=moment(), pair=pair, starts_on=MONDAY, weeks=26, **WORDS)


def signed(office, pair):
    draft = written(pair)
    return actions.confirm_agreement_on_paper(
        by=office.staff, at=moment(), agreement=draft, version=draft.version, upload=picture()
    )


def met(pair):
    values = {"starts_at": moment(date(2026, 3, 10)), "minutes": 60, "format": "on_site", "place": "茶厂",
              "topic": "直播", "content": "练了一场直播", "next_steps": ""}  # fmt: skip
    return actions.log_meeting(by=pair.mentor.user, at=moment(date(2026, 3, 10), 18), pair=pair, values=values)


# The agreement


def test_the_office_enters_a_signed_agreement_which_is_in_force_then(client, office, pair):
    draft = written(pair)
    told = Notice.objects.get(recipient=office.staff, kind="mentoring_to_sign")
    shown = client_page(client, office.staff, told.link)
    address = reverse("mentoring:agreement_on_paper", args=[draft.pk])
    assert address in shown
    post(client, office.staff, "agreement_on_paper", draft.pk, version=draft.version, upload=picture())
    row = Agreement.objects.get()
    assert row.is_in_force
    assert (row.paper.uploaded_by, row.paper.pair) == (office.staff, pair)
    pair.refresh_from_db()
    assert pair.term_ends_on == date(2026, 8, 30)
    after = client_page(client, pair.mentor.user, told.link)
    assert reverse("mentoring:download", args=[row.paper_id]) in after
    assert office.staff.display_name in after
    assert address not in client_page(client, office.staff, told.link)


def client_page(client, user, address):
    client.force_login(user)
    return client.get(address).content.decode()


def test_without_the_paper_nothing_is_confirmed(client, office, pair):
    draft = written(pair)
    response = post(client, office.staff, "agreement_on_paper", draft.pk, version=draft.version)
    assert "upload" in response.context["form"].errors
    assert not Agreement.objects.get().is_in_force


def test_words_that_changed_since_the_print_are_not_confirmed(office, pair):
    first = written(pair)
    actions.write_agreement(
        by=pair.mentor.user, at=moment(), pair=pair, starts_on=MONDAY, weeks=20, version=first.version, **WORDS
    )
    with pytest.raises(Refused, match="in the meantime"):
        actions.confirm_agreement_on_paper(
            by=office.staff, at=moment(), agreement=first, version=first.version, upload=picture()
        )
    assert not PairFile.objects.exists()


def test_nobody_but_the_office_enters_papers(client, office, pair):
    draft, meeting = written(pair), met(pair)
    for stranger in (pair.mentor.user, office.cadre, mentoring.mentor(office).user):
        with pytest.raises(PermissionDenied):
            actions.confirm_agreement_on_paper(
                by=stranger, at=moment(), agreement=draft, version=draft.version, upload=picture()
            )
        with pytest.raises(PermissionDenied):
            actions.confirm_meeting_on_paper(
                by=stranger, at=moment(), meeting=meeting, version=meeting.version, upload=picture()
            )
    assert reverse("mentoring:agreement_on_paper", args=[draft.pk]) not in client_page(
        client, office.cadre, pair.get_absolute_url()
    )


def test_nobody_confirms_for_a_talent_who_has_an_account(office):
    pair = mentoring.pair(office, mentoring.talent(office), mentoring.mentor(office))
    draft, meeting = written(pair), met(pair)
    with pytest.raises(Refused, match="has an account"):
        actions.confirm_agreement_on_paper(
            by=office.staff, at=moment(), agreement=draft, version=draft.version, upload=picture()
        )
    with pytest.raises(Refused, match="has an account"):
        actions.confirm_meeting_on_paper(
            by=office.staff, at=moment(), meeting=meeting, version=meeting.version, upload=picture()
        )
    assert not Notice.objects.filter(kind="mentoring_to_sign").exists()


def test_the_printed_agreement_has_a_line_to_sign_and_says_later_who_entered_it(client, office, pair):
    def text(row):
        pdf = page(client, office.staff, "agreement_pdf", row.pk).content
        return "".join(each.extract_text() for each in PdfReader(io.BytesIO(pdf)).pages)

    draft = written(pair)
    assert "签字" in text(draft)
    actions.confirm_agreement_on_paper(
        by=office.staff, at=moment(), agreement=draft, version=draft.version, upload=picture()
    )
    after = text(Agreement.objects.get())
    assert "签字" not in after
    assert f"由{office.staff}录入" in after.replace("\n", "")


# Meetings


def test_the_office_enters_a_signed_log_which_stays_then(client, office, pair):
    meeting = met(pair)
    address = reverse("mentoring:meeting_on_paper", args=[meeting.pk])
    assert address in client_page(client, office.staff, reverse("mentoring:meeting", args=[meeting.pk]))
    post(client, office.staff, "meeting_on_paper", meeting.pk, version=meeting.version, upload=picture())
    row = Meeting.objects.get()
    assert (row.state, row.confirmed_by, row.paper.meeting) == ("confirmed", office.staff, row)
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Meeting.objects.filter(pk=row.pk).update(content="别的")
    shown = client_page(client, pair.mentor.user, reverse("mentoring:meeting", args=[meeting.pk]))
    assert reverse("mentoring:download", args=[row.paper_id]) in shown


# Assessments


def test_the_talents_assessment_is_entered_and_kept_from_the_mentor_until_their_own(client, office, pair):
    agreement = signed(office, pair)
    row = actions.assess_pair(
        by=office.staff, at=MIDTERM, agreement=agreement, phase="midterm", grade="excellent", comment="很耐心",
        paper=picture(),
    )  # fmt: skip
    assert (row.side, row.by, row.paper.uploaded_by) == ("talent", office.staff, office.staff)
    download = reverse("mentoring:download", args=[row.paper_id])
    before = client_page(client, pair.mentor.user, pair.get_absolute_url())
    assert "很耐心" not in before
    assert download not in before
    assert client.get(download).status_code == 404
    actions.assess_pair(
        by=pair.mentor.user, at=MIDTERM, agreement=agreement, phase="midterm", grade="qualified", comment="很用功"
    )
    assert "很耐心" in client_page(client, pair.mentor.user, pair.get_absolute_url())
    assert client.get(download).status_code == 200
    assert not AccessLog.objects.exists()  # one of the two


def test_the_form_of_the_office_enters_the_talents_assessment_once(client, office, mentor):
    pair = mentoring.pair(office, mentoring.without_account(office), mentor)
    agreement = signed(office, pair)
    address = reverse("mentoring:assess_on_paper", args=[agreement.pk, "midterm"])
    assert address in client_page(client, office.staff, pair.get_absolute_url())  # by today half of it is over
    values = {"grade": "qualified", "comment": "有帮助"}
    for _twice in range(2):
        post(client, office.staff, "assess_on_paper", agreement.pk, "midterm", upload=picture(), **values)
    assert Assessment.objects.get().side == "talent"
    assert address not in client_page(client, office.staff, pair.get_absolute_url())


# The pair's page and the records


def test_the_page_says_what_it_means_to_have_no_account(client, office, pair):
    for user in (pair.mentor.user, office.staff):
        assert "本人没有账号" in client_page(client, user, pair.get_absolute_url())
    other = mentoring.pair(office, mentoring.talent(office), mentoring.mentor(office))
    assert "本人没有账号" not in client_page(client, office.staff, other.get_absolute_url())


def test_the_copy_names_the_signed_papers(office, pair):
    meeting = met(pair)
    done = actions.confirm_meeting_on_paper(
        by=office.staff, at=moment(), meeting=meeting, version=meeting.version, upload=picture()
    )
    assert done.paper.name in [value for _part, _entry, value in whole_file(pair.talent)]


def test_the_database_takes_a_paper_only_for_a_confirmation(office, pair):
    draft, meeting = written(pair), met(pair)
    paper = signed_paper(office, pair)
    with pytest.raises(IntegrityError, match="agreement_paper"), transaction.atomic():
        Agreement.objects.filter(pk=draft.pk).update(paper=paper)
    with pytest.raises(IntegrityError, match="meeting_paper"), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(paper=paper)
    with pytest.raises(IntegrityError, match="assessment_paper"), transaction.atomic():
        Assessment.objects.create(
            pair=pair, agreement=draft, phase="midterm", side="mentor", grade="excellent", comment="好",
            by=office.staff, at=moment(), paper=paper,
        )  # fmt: skip


def signed_paper(office, pair):
    return actions.share_file(by=pair.mentor.user, at=moment(), pair=pair, upload=picture())


def test_the_reminders_do_not_stumble_over_a_talent_without_account(office, pair):
    signed(office, pair)
    assert tasks.remind_to_assess(at=MIDTERM) == 1
    assert Notice.objects.filter(recipient=pair.mentor.user, kind="mentoring_to_assess").exists()
