"""The inbox, the preferences, and the administrator's list of deliveries."""

import pytest
from django.urls import reverse
from django.utils import timezone

from talentmap.accounts.permissions import Role
from talentmap.notices.models import Delivery, Notice, Preference
from tests.factories.accounts import UserFactory, user_with
from tests.factories.notices import MORNING, DeliveryFactory, NoticeFactory

pytestmark = pytest.mark.django_db
INBOX = reverse("notices:inbox")


@pytest.fixture
def person(client):
    talent = user_with(Role.TALENT, language="en")
    client.force_login(talent)
    client.cookies["django_language"] = "en"
    return talent


def test_the_inbox_shows_ones_own_notices(client, person):
    NoticeFactory(recipient=person, params={"number": "ZF-2026-1"})
    NoticeFactory(params={"number": "ZF-2026-2"})

    html = client.get(INBOX).content.decode()

    assert "Application ZF-2026-1 moved on" in html
    assert "ZF-2026-2" not in html


def test_an_empty_inbox_says_what_will_come(client, person):
    assert "No messages yet" in client.get(INBOX).content.decode()
    assert "You have read everything" in client.get(INBOX, {"unread": "1"}).content.decode()


def test_unread_ones_are_filtered_and_counted_in_the_header(client, person):
    NoticeFactory(recipient=person, read_at=MORNING)
    unread = NoticeFactory(recipient=person)

    response = client.get(INBOX, {"unread": "1"})

    assert [notice.pk for notice in response.context["list"].rows] == [unread.pk]
    assert response.context["page"].unread == 1


def test_opening_marks_as_read_and_leads_on(client, person):
    notice = NoticeFactory(recipient=person, link="/my/")

    response = client.post(reverse("notices:open", args=[notice.pk]))

    notice.refresh_from_db()
    assert response.url == "/my/"
    assert notice.read_at


def test_a_notice_without_a_link_leads_back(client, person):
    notice = NoticeFactory(recipient=person, link="")

    assert client.post(reverse("notices:open", args=[notice.pk])).url == INBOX


def test_anothers_notice_is_not_found(client, person):
    assert client.post(reverse("notices:open", args=[NoticeFactory().pk])).status_code == 404


def test_all_that_was_seen_is_marked_as_read(client, person):
    seen = NoticeFactory(recipient=person)
    newest = client.get(INBOX).context["newest"]
    came_meanwhile = NoticeFactory(recipient=person)

    client.post(reverse("notices:mark_all_read"), {"newest": newest})

    assert set(Notice.objects.filter(read_at=None)) == {came_meanwhile}
    assert newest == seen.pk


@pytest.mark.parametrize("newest", ["", "abc", "-1", "9" * 40, "１"])
def test_nonsense_marks_nothing(client, person, newest):
    NoticeFactory(recipient=person)

    assert client.post(reverse("notices:mark_all_read"), {"newest": newest}).status_code == 302
    assert Notice.objects.filter(read_at=None).count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_inbox_costs_the_same_at_one_and_at_three_rows(client, person, rows, django_assert_num_queries):
    for _row in range(rows):
        NoticeFactory(recipient=person)
    client.get(INBOX)

    with django_assert_num_queries(7):
        client.get(INBOX)


def test_preferences_are_kept(client, person):
    url = reverse("notices:preferences")
    assert "work_email" not in client.get(url).content.decode()

    response = client.post(url, {"cases_email": "on", "money_sms": "on"})

    assert response.url == url
    assert dict(Preference.objects.filter(user=person, kind_group="cases").values_list("channel", "wanted")) == {
        "email": True,
        "sms": False,
    }
    assert not Preference.objects.filter(kind_group="account").exists()


def test_who_holds_an_office_is_asked_about_work_too(client):
    client.force_login(user_with(Role.OFFICE_STAFF))

    assert "work_email" in client.get(reverse("notices:preferences")).content.decode()


def test_only_the_administrator_watches_deliveries(client, person):
    assert client.get(reverse("notices:deliveries")).status_code == 403
    assert client.post(reverse("notices:try_again", args=[DeliveryFactory(state="failed").pk])).status_code == 403


def test_failed_messages_are_shown_without_their_words_and_sent_again(client):
    client.force_login(user_with(Role.ADMINISTRATOR))
    client.cookies["django_language"] = "en"
    failed = DeliveryFactory(
        state="failed", attempts=6, error="isv.AMOUNT_NOT_ENOUGH", notice__created_at=timezone.now()
    )

    html = client.get(reverse("notices:deliveries")).content.decode()
    assert "1 message could not be sent" in html
    assert "isv.AMOUNT_NOT_ENOUGH" in html
    assert "ZF-2026-00012" not in html
    client.post(reverse("notices:try_again", args=[failed.pk]))
    answer = client.post(reverse("notices:try_again", args=[failed.pk]), follow=True)

    assert Delivery.objects.get().state == "pending"
    assert "already on its way" in answer.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_deliveries_cost_the_same_at_one_and_at_three_rows(client, rows, django_assert_num_queries):
    client.force_login(user_with(Role.ADMINISTRATOR))
    for _row in range(rows):
        DeliveryFactory()
    client.get(reverse("notices:deliveries"))

    with django_assert_num_queries(7):
        client.get(reverse("notices:deliveries"))


def test_who_is_not_signed_in_is_sent_to_sign_in(client):
    UserFactory()

    assert client.get(INBOX).status_code == 302
