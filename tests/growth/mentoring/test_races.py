"""At the same moment: two talents want a mentor's last place, two clicks accept one request, an answer and its end,
a round and somebody who has one of its applications."""

import threading
import time
from datetime import date, timedelta

import pytest
from django.db import OperationalError, connection, transaction

from growth.mentoring import actions
from growth.mentoring.actions import asking, common, pairing, rounds
from growth.mentoring.models import Mentor, MentorRequest, Pair
from talentmap.casework import actions as casework
from talentmap.casework.models import Application
from talentmap.ui.errors import Refused
from tests.factories import mentoring
from tests.factories.casework import MONDAY, moment
from tests.races import run_together, without

pytestmark = pytest.mark.django_db(transaction=True)
TALENTS = 8


@pytest.fixture
def scarce():
    """One mentor with a single place, and eight talents whom the office would propose to them."""
    office = mentoring.office()
    mentor = mentoring.mentor(office, capacity=1)
    return office, mentor, [mentoring.passed(office, mentoring.talent(office)) for _ in range(TALENTS)]


def propose_all(office, mentor, applications):
    return run_together(
        lambda i: actions.propose_mentor(
            by=office.staff, at=moment(), application=Application(pk=applications[i].pk), mentor=mentor
        ),
        len(applications),
    )


def test_a_mentors_last_place_is_promised_once(scarce):
    office, mentor, applications = scarce
    outcomes = propose_all(office, mentor, applications)
    refused = [each for each in outcomes if isinstance(each, Refused)]
    assert len(refused) == TALENTS - 1
    assert all(mentor.name in str(each) for each in refused)  # each is told whose place it was
    assert MentorRequest.objects.open().count() == 1
    assert Mentor.objects.get(pk=mentor.pk).taken == 1


def test_without_lock_and_constraint_the_last_place_would_be_promised_twice(scarce, monkeypatch):
    """The negative control."""
    office, mentor, applications = scarce
    monkeypatch.setattr(asking, "lock_mentor", lambda pk: Mentor.objects.select_related("user").get(pk=pk))
    with without("growth_mentor", "growth_mentor_within_capacity"):
        propose_all(office, mentor, applications)
        promised = MentorRequest.objects.open().count()
    assert promised > 1


@pytest.fixture
def two_clicks():
    """Six requests, each accepted by two clicks at once."""
    office = mentoring.office()
    requests = [mentoring.asked(office, mentoring.talent(office), mentoring.mentor(office)) for _ in range(6)]
    return office, requests


def accept_twice(requests):
    users = {each.pk: each.mentor.user for each in requests}
    return run_together(
        lambda i: actions.accept_request(
            by=users[requests[i // 2].pk], at=moment(), asked=MentorRequest.objects.get(pk=requests[i // 2].pk)
        ),
        2 * len(requests),
    )


def test_two_acceptances_make_one_pair(two_clicks):
    _office, requests = two_clicks
    outcomes = accept_twice(requests)
    assert [each for each in outcomes if isinstance(each, Exception) and not isinstance(each, Refused)] == []
    assert Pair.objects.count() == len(requests)
    assert {each.taken for each in Mentor.objects.all()} == {1}


def pair_up_twice(requests):
    """What an acceptance comes to, without the application before it that lets one through at a time as well."""
    users = {each.pk: each.mentor.user for each in requests}
    return run_together(
        lambda i: actions.pair_up(
            by=users[requests[i // 2].pk],
            at=moment(),
            application=Application.objects.get(pk=requests[i // 2].application_id),
        ),
        2 * len(requests),
    )


def test_a_request_makes_one_pair_also_where_nothing_waits_before_it(two_clicks):
    _office, requests = two_clicks
    outcomes = pair_up_twice(requests)
    assert [each for each in outcomes if isinstance(each, Exception) and not isinstance(each, Refused)] == []
    assert Pair.objects.count() == len(requests)


def test_without_locks_and_constraints_two_acceptances_would_make_two_pairs(two_clicks, monkeypatch):
    """The negative control: neither the mentor nor the request waits, and the database keeps nothing apart."""
    _office, requests = two_clicks
    monkeypatch.setattr(pairing, "lock_mentor", lambda pk: Mentor.objects.get(pk=pk))
    monkeypatch.setattr(pairing, "lock_request", _plain_request)
    with (
        without("growth_pair", "growth_pair_one_active_each_kind"),
        without("growth_pair", "growth_pair_request_id_key"),
        without("growth_mentor", "growth_mentor_within_capacity"),
        _without_trigger("growth_mentorrequest", "answered_once"),
    ):
        pair_up_twice(requests)
        pairs = Pair.objects.count()
    assert pairs > len(requests)


def _plain_request(pk):
    return MentorRequest.objects.select_related("mentor__user", "application__applicant__user", "replaces").get(pk=pk)


class _without_trigger:
    """For once without a trigger, found by the name that it was declared with."""

    def __init__(self, table, name):
        self.table, self.name = table, name

    def _switch(self, word):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE %s",
                [self.table, f"pgtrigger_{self.name}%"],
            )
            cursor.execute(f"ALTER TABLE {self.table} {word} TRIGGER {cursor.fetchone()[0]}")

    def __enter__(self):
        self._switch("DISABLE")

    def __exit__(self, *_error):
        self._switch("ENABLE")


def two_mentors_accept(office):
    """Four talents of whom two mentors of one kind are asked each, and all eight accept at once: what the rule of one
    open application, which is off here, would keep apart long before. How many pairs run, and what the eight heard."""
    requests = [mentoring.asked(office, mentoring.talent(office), mentoring.mentor(office)) for _ in range(8)]
    for first, second in zip(requests[::2], requests[1::2], strict=True):
        Application.objects.filter(pk=second.application_id).update(applicant=first.application.applicant)
    users = {each.pk: each.mentor.user for each in requests}
    outcomes = run_together(
        lambda i: actions.pair_up(
            by=users[requests[i].pk], at=moment(), application=Application.objects.get(pk=requests[i].application_id)
        ),
        len(requests),
    )
    return Pair.objects.active().count(), outcomes


def test_a_talent_has_one_pair_of_a_kind_even_where_two_mentors_accept_at_once():
    office = mentoring.office()
    with without("talentmap_application", "talentmap_application_one_open"):
        pairs, outcomes = two_mentors_accept(office)
        taken = sum(each.taken for each in Mentor.objects.all())
        waiting = MentorRequest.objects.open().count()
    assert pairs == 4
    assert [type(each) for each in outcomes if isinstance(each, Exception)] == [Refused] * 4
    assert (taken, waiting) == (8, 4)  # who came second still waits, and holds the place that was promised


def test_without_the_constraint_a_talent_would_have_two_pairs_of_a_kind():
    """The negative control."""
    office = mentoring.office()
    with (
        without("talentmap_application", "talentmap_application_one_open"),
        without("growth_pair", "growth_pair_one_active_each_kind"),
    ):
        pairs, _outcomes = two_mentors_accept(office)
    assert pairs > 4


def test_an_acceptance_and_the_end_of_its_time_never_both_count():
    office = mentoring.office()
    requests = [mentoring.asked(office, mentoring.talent(office), mentoring.mentor(office)) for _ in range(4)]
    users = {each.pk: each.mentor.user for each in requests}
    last, over = moment(date(2026, 3, 9), 23), moment(date(2026, 3, 10), 0)

    def answer(i):
        row = MentorRequest.objects.get(pk=requests[i // 2].pk)
        if i % 2:
            return actions.lapse_request(by=office.system, at=over, asked=row)
        return actions.accept_request(by=users[row.pk], at=last, asked=row)

    run_together(answer, 2 * len(requests))
    states = set(MentorRequest.objects.values_list("state", flat=True))
    assert states <= {"accepted", "lapsed"}
    assert Pair.objects.count() == MentorRequest.objects.filter(state="accepted").count()
    assert sum(each.taken for each in Mentor.objects.all()) == Pair.objects.active().count()


def test_a_withdrawal_and_an_acceptance_at_once_leave_no_place_taken_for_nobody():
    office = mentoring.office()
    requests = [mentoring.asked(office, mentoring.talent(office), mentoring.mentor(office)) for _ in range(4)]
    users = {each.pk: (each.mentor.user, each.application.applicant.user) for each in requests}
    at = moment(MONDAY + timedelta(days=1))

    def act(i):
        row = MentorRequest.objects.select_related("application").get(pk=requests[i // 2].pk)
        mentor, talent = users[row.pk]
        if i % 2:
            return casework.withdraw(by=talent, at=at, application=row.application)
        return actions.accept_request(by=mentor, at=at, asked=row)

    run_together(act, 2 * len(requests))
    assert not MentorRequest.objects.open().exists()
    assert sum(each.taken for each in Mentor.objects.all()) == Pair.objects.active().count()


def round_against_another(office):
    """A round of two applications for one mentor is confirmed while somebody holds the second application, and asks for
    the mentor once the round waits for it. What the round came to, or the deadlock."""
    mentoring.mentor(office)
    applications = [mentoring.passed(office, mentoring.talent(office)) for _ in range(2)]
    row = actions.compute_round(by=office.staff, at=moment())
    assert row.proposals.filter(mentor__isnull=False).count() == 2
    is_held = threading.Event()

    def other():
        with transaction.atomic():
            common.lock_application(applications[1].pk)
            is_held.set()
            wait_until_waited_for()
            common.lock_mentor(Mentor.objects.get().pk)

    def confirm():
        assert is_held.wait(30)
        return actions.confirm_round(by=office.staff, at=moment(), round=row)

    return run_together(lambda i: (confirm, other)[i](), 2)


def wait_until_waited_for():
    """Until another connection waits for what this one has locked."""
    last = time.monotonic() + 30
    waits = "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
    with connection.cursor() as cursor:
        cursor.execute(waits)
        while not cursor.fetchone()[0]:
            assert time.monotonic() < last, "nobody waits"
            cursor.execute(waits)


def test_a_round_and_somebody_with_one_of_its_applications_pass_each_other():
    office = mentoring.office()
    outcomes = round_against_another(office)
    assert [each for each in outcomes if isinstance(each, Exception)] == []
    assert MentorRequest.objects.open().count() == 2


def test_without_the_locks_of_all_applications_they_would_be_in_each_others_way(monkeypatch):
    """The negative control."""
    monkeypatch.setattr(rounds, "lock_applications", lambda ids: None)
    outcomes = round_against_another(mentoring.office())
    assert [type(each) for each in outcomes if isinstance(each, Exception)] in ([Refused], [OperationalError])
