"""Reviewing: who may, which way, what is refused, and what others are told."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from needs.surveys.responses import actions, hooks
from needs.surveys.responses.actions import Outcome, Seen
from needs.surveys.responses.models import Response, ResponseRevision, ReviewEvent
from needs.surveys.responses.tasks import check_campaign_again
from talentmap.accounts.permissions import Role
from talentmap.audit.models import AccessLog
from talentmap.notices.models import Notice
from talentmap.ui.errors import Refused
from tests.factories.accounts import give, user_with
from tests.factories.surveys_responses import PublicLinkFactory
from tests.races import run_together

MOVES = {
    ("pending", "approved"), ("pending", "returned"), ("pending", "rejected"), ("returned", "rejected"),
    ("returned", "pending"), ("approved", "pending"), ("rejected", "pending"),
}  # fmt: skip


def review(by, response, to, comment="", **more):
    return actions.review(by=by, at=timezone.now(), response=response, to=to, comment=comment, **more)


@pytest.mark.parametrize("source", Response.State.values)
@pytest.mark.parametrize("target", Response.State.values)
def test_every_move(office, source, target):
    response = office.response(state=source)
    if (source, target) not in MOVES:
        with pytest.raises(Refused):
            review(office.staff, response, target, "看过")
        return
    review(office.staff, response, target, "看过")
    response.refresh_from_db()
    event = response.reviews.get()
    assert (response.state, event.from_state, event.to_state, event.comment) == (target, source, target, "看过")
    assert event.by == office.staff


@pytest.mark.parametrize(("source", "target"), sorted(MOVES - {("pending", "approved")}))
def test_all_but_approving_say_why(office, source, target):
    response = office.response(state=source)
    with pytest.raises(Refused):
        review(office.staff, response, target, "  ")
    response.refresh_from_db()
    assert response.state == source


@pytest.mark.parametrize("state", ["returned", "rejected"])
def test_the_database_refuses_a_silent_decision(office, state):
    with pytest.raises(IntegrityError, match="needs_reviewevent_says_why"), transaction.atomic():
        ReviewEvent.objects.create(
            response=office.response(), at=timezone.now(), by=office.staff, from_state="pending", to_state=state
        )


def test_the_database_refuses_a_silent_taking_back(office):
    with pytest.raises(IntegrityError, match="needs_reviewevent_taken_back_says_why"), transaction.atomic():
        ReviewEvent.objects.create(
            response=office.response(), at=timezone.now(), by=office.staff, from_state="approved", to_state="pending"
        )


class TestOnesOwn:
    @pytest.fixture
    def own(self, office):
        return office.response(interviewer=office.staff, channel="desk")

    @pytest.mark.parametrize("to", ["approved", "returned", "rejected"])
    def test_nobody_reviews_their_own(self, office, own, to):
        with pytest.raises(PermissionDenied):
            review(office.staff, own, to, "看过")
        review(office.director, own, to, "看过")

    @pytest.mark.parametrize("to", ["approved", "returned", "rejected"])
    def test_the_database_refuses_it_too(self, office, own, to):
        with pytest.raises(IntegrityError, match="nobody reviews their own response"), transaction.atomic():
            ReviewEvent.objects.create(
                response=own, at=timezone.now(), by=office.staff, from_state="pending", to_state=to, comment="x"
            )

    def test_correcting_is_no_review(self, office, own):
        ReviewEvent.objects.create(
            response=own, at=timezone.now(), by=office.staff, from_state="returned", to_state="pending"
        )


def test_a_cadre_reviews_nothing(office):
    with pytest.raises(PermissionDenied):
        review(office.other_cadre, office.response(), "approved")


def test_decisions_are_never_changed(office):
    response = office.response()
    review(office.staff, response, "approved")
    for change in (lambda: response.reviews.update(comment="x"), lambda: response.reviews.all().delete()):
        with pytest.raises(Exception, match="append_only"), transaction.atomic():
            change()


def test_returning_tells_the_interviewer_once_and_says_no_secret(office):
    response = office.response()
    review(office.staff, response, "returned", "年龄与出生日期不符")
    notice = Notice.objects.get(recipient=office.cadre)
    assert notice.link == f"/needs/surveys/responses/{response.pk}/"
    assert notice.params == {"number": str(response.uuid)[:8], "service": office.campaign.title}
    assert "年龄" not in json.dumps(notice.params)


def test_who_answered_through_a_link_cannot_be_asked_again(office):
    link = PublicLinkFactory(campaign=office.campaign)
    response = office.response(channel="self", link=link, interviewer=None)
    with pytest.raises(Refused):
        review(office.staff, response, "returned", "看不清")
    review(office.staff, response, "rejected", "看不清")


class TestHooks:
    @pytest.fixture
    def told(self):
        heard = []

        def hook(*, by, at, response):
            heard.append((response.pk, transaction.get_connection().in_atomic_block))

        hooks.on_approved(hook)
        hooks.on_approved(hook)
        yield heard
        hooks.approved.remove(hook)

    def test_approving_calls_them_inside_the_transaction(self, office, told):
        response = office.response()
        review(office.staff, response, "approved")
        review(office.staff, response, "pending", "误批")
        assert told == [(response.pk, True)]

    def test_a_hook_that_fails_undoes_the_approval(self, office):
        def fails(*, by, at, response):
            raise RuntimeError

        response = office.response()
        hooks.on_approved(fails)
        try:
            with pytest.raises(RuntimeError), transaction.atomic():
                review(office.staff, response, "approved")
        finally:
            hooks.approved.remove(fails)
        response.refresh_from_db()
        assert response.state == "pending"


class TestSeenMeanwhile:
    def test_who_comes_second_is_told(self, office):
        response = office.response()
        seen = Seen("pending", 0)
        review(office.staff, response, "rejected", "重复", seen=seen)
        with pytest.raises(Refused):
            review(office.director, response, "approved", seen=seen)
        response.refresh_from_db()
        assert (response.state, response.reviews.count()) == ("rejected", 1)

    def test_a_correction_counts_as_a_change(self, office):
        response = office.response(revision=1)
        with pytest.raises(Refused):
            review(office.staff, response, "approved", seen=Seen("pending", 0))


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def decide(self, office, response, seen):
        people = (office.staff, office.director)
        return run_together(
            lambda index: review(people[index], response, ("approved", "rejected")[index], "看过", seen=seen), 2
        )

    def test_one_decides(self, office):
        response = office.response()
        outcomes = self.decide(office, response, Seen("pending", 0))
        assert sorted(isinstance(outcome, Refused) for outcome in outcomes) == [False, True]
        assert response.reviews.count() == 1

    def test_without_the_lock_both_would(self, office, monkeypatch):
        """The negative control: read without a lock, both find it pending."""
        from threading import Barrier

        both, plain = Barrier(2), Response.objects.select_related("township", "campaign", "interviewer")

        def unlocked(pk):
            found = plain.get(pk=pk)
            both.wait(20)
            return found

        monkeypatch.setattr(actions, "_locked", unlocked)
        response = office.response()
        assert not any(isinstance(each, Exception) for each in self.decide(office, response, Seen("pending", 0)))
        assert response.reviews.count() == 2


class TestMany:
    def many(self, by, office, seen, to="approved", comment=""):
        return actions.review_many(
            by=by, at=timezone.now(), campaign=office.campaign, to=to, seen=seen, comment=comment
        )

    def test_what_is_not_allowed_is_left_out_with_its_reason(self, office):
        fresh, own = office.response(), office.response(interviewer=office.staff, channel="desk")
        rejected, changed = office.response(state="rejected"), office.response(revision=2)
        seen = {
            fresh.pk: Seen("pending", 0),
            own.pk: Seen("pending", 0),
            rejected.pk: Seen("rejected", 0),
            changed.pk: Seen("pending", 1),
        }
        outcomes = self.many(office.staff, office, seen)
        assert outcomes[0] == Outcome(fresh.pk, True)
        assert [outcome.ok for outcome in outcomes] == [True, False, False, False]
        assert all(outcome.reason for outcome in outcomes[1:])
        assert set(Response.objects.filter(state="approved")) == {fresh}

    def test_another_campaign_or_township_is_not_touched(self, office):
        from tests.factories.surveys import ResponseFactory

        foreign, there = ResponseFactory(), office.response(township=office.there)
        reviewer = user_with(Role.OFFICE_STAFF, region=office.here)
        outcomes = self.many(reviewer, office, {foreign.pk: Seen("pending", 0), there.pk: Seen("pending", 0)})
        assert outcomes == []

    def test_rejecting_many_says_why(self, office):
        response = office.response()
        with pytest.raises(Refused):
            self.many(office.staff, office, {response.pk: Seen("pending", 0)}, to="rejected")
        self.many(office.staff, office, {response.pk: Seen("pending", 0)}, to="rejected", comment="重复")
        assert response.reviews.get().comment == "重复"

    @pytest.mark.parametrize("to", ["returned", "pending", "", "x"])
    def test_nothing_else_is_decided_in_bulk(self, office, to):
        with pytest.raises(Refused):
            self.many(office.staff, office, {office.response().pk: Seen("pending", 0)}, to=to, comment="x")

    def test_not_too_many(self, office):
        with pytest.raises(Refused):
            self.many(office.staff, office, {pk: Seen("pending", 0) for pk in range(201)})


@pytest.mark.parametrize(
    "tick", ["", "1", "1:pending", "a:pending:0", "1:pending:-1", "１:pending:0", "9" * 30 + ":pending:0"]
)
def test_nonsense_ticks_are_dropped(tick):
    assert actions.seen_of([tick, "12:pending:3"]) == {12: Seen("pending", 3)}


class TestPersonal:
    @pytest.fixture
    def response(self, office):
        return office.response(personal=json.dumps({"name": "张三"}))

    def read(self, by, response, reason="核实身份"):
        return actions.read_personal(by=by, at=timezone.now(), response=response, reason=reason)

    def test_reading_is_logged(self, office, response):
        assert self.read(office.staff, response) == {"name": "张三"}
        line = AccessLog.objects.get()
        assert (line.user, line.subject_type, line.subject_id) == (office.staff, "needs.response", str(response.pk))
        assert (line.field, line.reason) == ("personal", "核实身份")

    def test_not_without_a_reason(self, office, response):
        with pytest.raises(Refused):
            self.read(office.staff, response, " ")
        assert not AccessLog.objects.exists()

    def test_a_cadre_does_not_read_them(self, office, response):
        with pytest.raises(PermissionDenied):
            self.read(office.other_cadre, response)


class TestCheckingAgain:
    def test_what_changed_is_flagged(self, office):
        first, second = (office.response(fingerprint="f" * 64) for _each in range(2))
        decided = office.response(fingerprint="f" * 64, state="approved", flags=["too_fast"])
        assert check_campaign_again(office.campaign.pk, office.staff.pk) >= 2
        for response in (first, second):
            response.refresh_from_db()
            assert "duplicate" in response.flags
        decided.refresh_from_db()
        assert decided.flags == ["too_fast"]
        assert check_campaign_again(office.campaign.pk, office.staff.pk) == 0

    def test_not_by_a_cadre(self, office):
        with pytest.raises(PermissionDenied):
            check_campaign_again(office.campaign.pk, office.cadre.pk)


def test_the_history_names_who_and_why(office):
    from talentmap.audit.models import AuditEntry

    response = office.response()
    review(office.staff, response, "rejected", "与邻居答案雷同")
    entry = AuditEntry.objects.filter(table_name="needs_response", operation="update").latest("pk")
    assert (entry.actor_id, entry.action) == (office.staff.pk, "needs.surveys.responses.review")
    assert entry.changes == {"state": ["pending", "rejected"]}


def test_somebody_with_both_roles_reviews_the_others(office):
    give(office.cadre, Role.OFFICE_STAFF)
    with pytest.raises(PermissionDenied):
        review(office.cadre, office.response(), "approved")
    review(office.cadre, office.response(interviewer=office.other_cadre, township=office.there), "approved")


def test_a_revision_is_kept_for_good(office):
    response = office.response()
    kept = ResponseRevision.objects.create(
        response=response, number=0, version=response.version, answers={}, replaced_at=timezone.now()
    )
    with pytest.raises(Exception, match="append_only"), transaction.atomic():
        ResponseRevision.objects.filter(pk=kept.pk).update(answers={"age": 1})
