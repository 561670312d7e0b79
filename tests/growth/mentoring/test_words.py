"""What mentoring says: one form of address, nobody sent to themselves, words in keeping with the grade."""

import polib
import pytest
from django.conf import settings
from django.urls import reverse

from growth.mentoring.demo_words import assessment

CATALOGUE = settings.BASE_DIR / "locale/zh_Hans/LC_MESSAGES/django.po"


def test_people_are_addressed_alike_everywhere():
    entries = [entry for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete]
    assert [entry.msgid for entry in entries if "你" in f"{entry.msgstr}{entry.msgstr_plural}"] == []


@pytest.mark.django_db
def test_the_office_is_not_sent_to_the_office(client, office):
    client.force_login(office.staff)
    sent = {"name": "赵文华", "mobile": "13990960002", "organisation": "没有登记的公司"}
    (said,) = client.post(reverse("mentoring:invite"), sent).context["form"].errors["organisation"]
    assert "联系" not in said and "单位库" in said


@pytest.mark.parametrize("side", ["talent", "mentor", "office"])
def test_nobody_in_the_demo_praises_what_they_fail(side):
    assert assessment(side, "unqualified") != assessment(side, "qualified") == assessment(side, "excellent")
