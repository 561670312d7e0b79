"""What the lists cost: as many queries for one row as for three."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from growth.mentoring import actions
from tests.factories import mentoring
from tests.factories.casework import moment

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("rows", [1, 3])]
PAGE = 4  # session, account, roles, unread notices


@pytest.fixture
def cost(client, django_assert_num_queries):
    """Opens a page twice and counts the second time, when the regions and the like are known."""

    def opened(user, name, queries, *args):
        client.force_login(user)
        address = reverse(f"mentoring:{name}", args=args)
        client.get(address)
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200

    return opened


def test_the_offices_mentors(office, cost, rows):
    for _ in range(rows):
        mentoring.mentor(office)
    cost(office.staff, "mentor_list", PAGE + 3)  # the townships of the filter, the count, the page


def test_a_mentor_with_their_pairs_and_requests(office, cost, rows):
    mentor = mentoring.mentor(office, capacity=4)
    mentoring.pair(office, mentoring.talent(office), mentor)
    for _ in range(rows):
        mentoring.asked(office, mentoring.talent(office), mentor)
    cost(office.staff, "mentor", PAGE + 3, mentor.pk)  # the mentor, the pairs, the requests


def test_the_requests_to_a_mentor(office, cost, rows):
    mentor = mentoring.mentor(office, capacity=4)
    for _ in range(rows):
        mentoring.asked(office, mentoring.talent(office), mentor)
    cost(mentor.user, "request_list", PAGE + 2)  # the count, the page
    cost(mentor.user, "own", PAGE + 4)  # the mentor, the requests, the pairs, the stipends


def test_the_pairs_of_a_mentor_and_what_waits_in_them(office, cost, rows):
    mentor = mentoring.mentor(office, capacity=4)
    for _ in range(rows):
        row = mentoring.pair(office, mentoring.talent(office), mentor)
        mentoring.agreed(row)
        mentoring.logged(row, date(2026, 3, 10))
    # The count, the page, agreements, assessments, what is logged, what is planned, an application of one's own
    cost(mentor.user, "my_pairs", PAGE + 7)


def test_a_pairs_page_with_all_that_was_done(office, cost, rows):
    row = mentoring.pair(office, mentoring.talent(office), mentoring.mentor(office))
    agreement = mentoring.agreed(row)
    for serial in range(rows):
        day = date(2026, 3, 10) + timedelta(days=serial)
        mentoring.met(row, day)
        step = actions.add_step(by=row.talent.user, at=moment(), pair=row, title="开店", due_on=day)
        actions.finish_step(by=row.talent.user, at=moment(), step=step, evidence="店铺已开")
    for side in (row.talent.user, row.mentor.user, office.staff)[:rows]:
        actions.assess_pair(
            by=side, at=moment(date(2026, 7, 1)), agreement=agreement, phase="midterm", grade="excellent", comment="好"
        )
    cost(row.talent.user, "pair", PAGE + 10, row.pk)


def test_rounds_and_their_lines(office, cost, rows):
    mentoring.mentor(office, capacity=4)
    for _ in range(rows):
        mentoring.passed(office, mentoring.talent(office))
    made = actions.compute_round(by=office.staff, at=moment())
    cost(office.staff, "round", PAGE + 4, made.pk)  # the round, its sums, the count, the page
    for _ in range(rows):
        actions.discard_round(by=office.staff, at=moment(), round=made, reason="重算")
        made = actions.compute_round(by=office.staff, at=moment())
    cost(office.staff, "round_list", PAGE + 2)  # the count, the page


def test_the_ranked_mentors_of_a_line_and_of_who_waits(office, cost, rows):
    for _ in range(rows):
        mentoring.mentor(office)
    application = mentoring.passed(office, mentoring.talent(office))
    made = actions.compute_round(by=office.staff, at=moment())
    cost(office.staff, "proposal", PAGE + 4, made.proposals.get().pk)
    cost(office.staff, "waiting_one", PAGE + 7, application.pk)
