"""An agreement in force is the document that the two have confirmed, whatever becomes of them afterwards."""

import hashlib
import io
from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse
from pypdf import PdfReader

from growth.mentoring import actions
from growth.mentoring.models import Agreement, PairFile
from talentmap.people import actions as people
from tests.factories import mentoring
from tests.factories.casework import MONDAY, moment, picture
from tests.growth.mentoring.test_pages import page, post

pytestmark = pytest.mark.django_db
WORDS = {"aims": "卖出五千斤茶", "content": "每月见面两次", "duties": "按时完成"}
LATER = moment(date(2026, 3, 10))


def pdf(client, user, row):
    response = page(client, user, "agreement_pdf", row.pk)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    return response.getvalue()


def text(content):
    return "".join(each.extract_text() for each in PdfReader(io.BytesIO(content)).pages).replace("\n", "")


def renamed(row, name):
    row.name = name
    row.save()


def test_what_came_into_force_is_kept_and_stays_as_it_was(client, office, pair):
    row = mentoring.agreed(pair)
    names = pair.mentor.name, pair.talent.name
    before = pdf(client, pair.talent.user, row)
    renamed(pair.mentor, "另一位")
    renamed(pair.talent, "换了名")
    for user in (pair.talent.user, pair.mentor.user, office.staff):
        assert pdf(client, user, row) == before
    assert all(name in text(before) for name in names)
    assert "本协议已生效" in text(before)
    assert row.document.sha256 == hashlib.sha256(before).hexdigest()
    assert row.document.size == len(before)


def test_what_is_only_proposed_is_written_anew_and_keeps_nothing(client, pair):
    row = actions.write_agreement(by=pair.mentor.user, at=moment(), pair=pair, starts_on=MONDAY, weeks=26, **WORDS)
    renamed(pair.mentor, "另一位")
    assert "另一位" in text(pdf(client, pair.talent.user, row))
    assert not PairFile.objects.exists()


def test_one_signed_on_paper_is_kept_with_who_entered_it(client, office, mentor):
    pair = mentoring.pair(office, mentoring.without_account(office), mentor)
    draft = actions.write_agreement(by=mentor.user, at=moment(), pair=pair, starts_on=MONDAY, weeks=26, **WORDS)
    row = actions.confirm_agreement_on_paper(
        by=office.staff, at=moment(), agreement=draft, version=draft.version, upload=picture()
    )
    name = office.staff.display_name
    renamed(mentor, "另一位")
    kept = text(pdf(client, mentor.user, row))
    assert f"由{name}录入" in kept
    assert "另一位" not in kept


def test_the_kept_document_is_none_of_the_shared_files_and_nobody_removes_it(client, pair):
    row = mentoring.agreed(pair)
    assert list(page(client, pair.talent.user, "pair", pair.pk).context["files"]) == []
    for user in (pair.talent.user, pair.mentor.user):
        assert post(client, user, "remove_file", row.document_id).status_code == 403
    assert default_storage.exists(row.document.file.name)


def test_an_agreement_of_before_has_no_document_and_is_shown_as_it_is(client, pair):
    row = Agreement.objects.create(
        pair=pair, starts_on=MONDAY, weeks=26, drafted_by=pair.mentor.user, drafted_at=moment(),
        talent_confirmed_at=moment(), mentor_confirmed_at=moment(), **WORDS,
    )  # fmt: skip
    assert "本协议已生效" in text(pdf(client, pair.talent.user, row))


def test_a_file_that_is_gone_is_not_found(client, pair):
    row = mentoring.agreed(pair)
    default_storage.delete(row.document.file.name)
    assert page(client, pair.talent.user, "agreement_pdf", row.pk).status_code == 404


def test_nothing_is_kept_of_what_is_not_in_force(pair):
    row = mentoring.agreed(pair)
    pair.refresh_from_db()
    draft = actions.write_agreement(
        by=pair.mentor.user, at=moment(), pair=pair, starts_on=row.ends_on + timedelta(days=1), weeks=26, **WORDS
    )
    file = PairFile.objects.get()
    file.pk = None
    file.save()
    with pytest.raises(IntegrityError, match="growth_agreement_document_of_what_is_in_force"), transaction.atomic():
        Agreement.objects.filter(pk=draft.pk).update(document=file)


def test_it_stays_in_the_archive_when_the_talents_file_is_erased(client, office, pair):
    """As the documents of what was granted do: it shows what public money was spent on."""
    row, name = mentoring.agreed(pair), pair.talent.name
    before = pdf(client, office.staff, row)
    user = pair.talent.user
    actions.end_pair(by=office.staff, at=LATER, pair=pair, reason="moved", note="去成都工作")
    people.erase(by=office.director, at=LATER, talent=pair.talent)
    assert pdf(client, office.director, row) == before
    assert name in text(before)
    user.refresh_from_db()
    client.force_login(user)
    assert client.get(reverse("mentoring:agreement_pdf", args=[row.pk])).status_code != 200
