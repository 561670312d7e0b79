"""The pages of an import: preview, faults, confirmation."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from talentmap.accounts.permissions import Role
from talentmap.people import actions
from talentmap.people.actions_import import KEPT_FOR
from talentmap.people.models import Talent
from talentmap.people.records import ImportPreview
from talentmap.ui.downloads import xlsx_bytes
from tests.factories.accounts import user_with
from tests.factories.people import id_number
from tests.people.pages import page, send, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    client.cookies["django_language"] = "en"
    user = user_with(Role.OFFICE_STAFF)
    client.force_login(user)
    return user


def upload(client, rows):
    table = SimpleUploadedFile("people.xlsx", xlsx_bytes(("姓名", "身份证号"), rows))
    client.post(reverse("people:talent_import"), {"file": table})
    return ImportPreview.objects.get()


def test_all_faulty_rows_are_handed_out_and_can_be_imported_again_once_corrected(client, staff):
    kept = upload(client, [("张伟", id_number(1)), *[(f"李{number}", "123") for number in range(120)]])
    assert reverse("people:import_faults", args=[kept.pk]) in page(client, "import_preview", kept.pk)
    response = client.get(reverse("people:import_faults", args=[kept.pk]))
    content = b"".join(response.streaming_content)
    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2, values_only=True))
    assert len(rows) == 120
    assert rows[0][:2] == ("李0", "123")
    assert "17 digits" in rows[0][-1]
    again = SimpleUploadedFile("faults.xlsx", content)
    assert actions.preview_import(by=staff, at=timezone.now(), upload=again).pk


def test_new_files_are_confirmed_with_the_declaration(client, staff):
    kept = upload(client, [("张伟", id_number(1))])
    assert "signed the consent" in page(client, "import_preview", kept.pk)
    assert "Please declare" in " ".join(told(send(client, "import_confirm", kept.pk)))
    assert not Talent.objects.exists()
    send(client, "import_confirm", kept.pk, declared="1")
    assert Talent.objects.get().consents.exists()


def test_a_preview_that_is_too_old_is_gone(client, staff):
    kept = upload(client, [("张伟", id_number(1))])
    ImportPreview.objects.update(created_at=timezone.now() - KEPT_FOR)
    assert client.get(reverse("people:import_preview", args=[kept.pk])).status_code == 404
