"""Every request of the office's reach is found, and a round of any size is read page by page with its sums."""

from decimal import Decimal

import pytest
from django.urls import reverse

from growth.mentoring import actions
from growth.mentoring.models import MentorRequest
from talentmap.accounts.permissions import Role
from tests.factories import mentoring
from tests.factories.accounts import TownshipFactory, user_with
from tests.factories.casework import moment
from tests.growth.mentoring.test_pages import page

pytestmark = pytest.mark.django_db


def found(client, user, **query):
    return [row.pk for row in page(client, user, "office_requests", **query).context["list"].rows]


def test_requests_are_filtered_by_state_and_searched(client, office):
    first, second = mentoring.mentor(office, name="何强"), mentoring.mentor(office, name="罗桂芳")
    declined = mentoring.asked(office, mentoring.talent(office, name="李小茶"), first)
    actions.decline_request(by=first.user, at=moment(), asked=declined, reason="春茶太忙")
    opened = mentoring.asked(office, mentoring.talent(office, name="王大竹"), second)
    assert set(found(client, office.staff)) == {declined.pk, opened.pk}
    assert found(client, office.staff, state="open") == [opened.pk]
    assert found(client, office.staff, state="declined") == [declined.pk]
    assert found(client, office.staff, q="王大竹") == [opened.pk]
    assert found(client, office.staff, q="heqiang") == [declined.pk]
    assert found(client, office.staff, q=declined.application.number) == [declined.pk]
    assert "春茶太忙" in page(client, office.staff, "office_requests").content.decode()


def test_a_township_sees_its_own_and_changes_nothing(client, office, mentor):
    opened = mentoring.asked(office, mentoring.talent(office), mentor)
    assert found(client, office.cadre) == [opened.pk]
    withdraw = reverse("mentoring:withdraw_request", args=[opened.pk])
    assert withdraw in page(client, office.staff, "office_requests").content.decode()
    assert withdraw not in page(client, office.cadre, "office_requests").content.decode()
    elsewhere = user_with(Role.TOWNSHIP_CADRE, region=TownshipFactory())
    assert found(client, elsewhere) == []
    assert page(client, mentor.user, "office_requests").status_code == 403


def test_the_page_of_who_waits_names_how_many_are_open_and_leads_to_all(client, office):
    for _ in range(3):
        mentoring.asked(office, mentoring.talent(office), mentoring.mentor(office))
    row = MentorRequest.objects.latest("pk")
    actions.decline_request(by=row.mentor.user, at=moment(), asked=row, reason="忙")
    shown = page(client, office.staff, "waiting")
    assert shown.context["open_requests"] == 2
    assert f"{reverse('mentoring:office_requests')}?state=open" in shown.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_requests_cost_the_same_for_one_and_for_three(client, office, django_assert_num_queries, rows):
    for _ in range(rows):
        mentoring.asked(office, mentoring.talent(office), mentoring.mentor(office))
    client.force_login(office.staff)
    address = reverse("mentoring:office_requests")
    client.get(address)
    # Session, account, roles, unread notices; the townships of the filter, the count, the page
    with django_assert_num_queries(7):
        client.get(address)


def test_a_long_round_is_paged_and_its_sums_are_those_of_all_lines(client, office):
    mentor = mentoring.mentor(office, capacity=5)
    for _ in range(27):
        mentoring.passed(office, mentoring.talent(office))
    row = actions.compute_round(by=office.staff, at=moment())
    first = page(client, office.staff, "round", row.pk).context
    second = page(client, office.staff, "round", row.pk, page=2).context
    assert (len(first["lines"]), len(second["lines"])) == (25, 2)
    scores = [Decimal(line.fit["score"]) for line in row.proposals.filter(mentor=mentor)]
    assert len(scores) == 5
    for sums in (first["sums"], second["sums"]):
        assert (sums["assigned"], sums["fits"], sums["wishes"]) == (5, sum(scores), Decimal(0))
