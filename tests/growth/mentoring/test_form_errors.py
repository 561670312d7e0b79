"""Whatever is wrong with an agreement or a meeting is said in one round, each at its field."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db
EMPTY = {"topic": "产品定位", "minutes": 60, "format": "on_site", "place": "", "content": "", "next_steps": ""}


@pytest.mark.parametrize(
    ("name", "sent", "fields"),
    [
        ("agreement", {"weeks": 60}, {"starts_on", "weeks", "aims", "content", "duties"}),
        ("plan_meeting", EMPTY | {"starts_at": "2026-03-03T10:00"}, {"starts_at", "place"}),
        ("log_meeting", EMPTY | {"starts_at": "2099-03-03T10:00"}, {"starts_at", "place", "content"}),
    ],
)
def test_every_field_says_at_once_what_is_wrong_with_it(client, pair, name, sent, fields):
    client.force_login(pair.mentor.user)
    form = client.post(reverse(f"mentoring:{name}", args=[pair.pk]), sent).context["form"]
    assert set(form.errors) == fields
