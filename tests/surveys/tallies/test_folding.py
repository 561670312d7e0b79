"""Whatever happens to responses, and whenever it is folded: the counts equal the answers."""

import json
import random
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from needs.surveys.responses.models import Response, ResponseRevision
from needs.surveys.tallies import actions
from needs.surveys.tallies.models import Tally
from needs.surveys.tallies.proof import verify
from needs.surveys.tallies.tasks import fold_all
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Role
from talentmap.audit.models import AuditEntry
from tests.factories.accounts import TownshipFactory, user_with
from tests.factories.surveys import CampaignFactory, ResponseFactory
from tests.factories.surveys_responses import compiled, question, version_of
from tests.races import run_together

JOBS = ["farming", "trade", "service"]
ASKED = compiled(
    question("age", "integer"),
    question("income", "decimal"),
    question("job", "select_one", list="jobs"),
    question("skills", "select_multiple", list="jobs"),
    question("first", "rank", list="jobs"),
    question("born", "date"),
    question("agreed", "acknowledge"),
    question("wish", "text"),
    question("name", "text", personal=True),
    {
        "repeat": "member",
        "items": [question("years", "integer"), {"repeat": "loan", "items": [question("sum", "decimal")]}],
    },
    lists={"jobs": JOBS},
)
NUMBERS = st.one_of(
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(-1000, 1000, places=2).map(float),
)
ODD = st.one_of(
    NUMBERS, st.booleans(), st.none(), st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=3)
)
LOANS = st.lists(st.fixed_dictionaries({}, optional={"sum": NUMBERS}), max_size=2)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "age": st.one_of(st.integers(0, 120), ODD),
        "income": NUMBERS,
        "job": st.one_of(st.sampled_from(JOBS), ODD),
        "skills": st.lists(st.sampled_from(JOBS), unique=True),
        "first": st.permutations(JOBS),
        "born": st.one_of(st.dates().map(str), ODD),
        "agreed": st.just("OK"),
        "wish": ODD,
        "name": st.just("张三"),
        "member": st.one_of(
            st.lists(st.fixed_dictionaries({}, optional={"years": NUMBERS, "loan": LOANS}), max_size=3), ODD
        ),
    },
)
STATES = st.sampled_from(Response.State.values)
WHAT = st.one_of(
    st.tuples(st.just("accept"), ANSWERS, st.sampled_from(["", "lt25", "ge55"])),
    st.tuples(st.just("decide"), st.integers(0, 20), STATES),
    st.tuples(st.just("correct"), st.integers(0, 20), ANSWERS),
    st.tuples(st.just("move"), st.integers(0, 20), st.integers(0, 1)),
    st.tuples(st.just("fold"), st.integers(1, 3), st.none()),
)


def fold(most=500):
    return actions.fold(by=User.objects.system(), at=timezone.now(), most=most)


def correct(response, answers):
    """As a correction does: what it said is kept, the answers are a new revision."""
    ResponseRevision.objects.create(
        response=response, number=response.revision, version=response.version, answers=response.answers,
        replaced_at=timezone.now(),
    )  # fmt: skip
    response.answers, response.revision, response.state = answers, response.revision + 1, "pending"
    response.save(update_fields=["answers", "revision", "state"])


class World:
    def __init__(self):
        self.campaign = CampaignFactory(version=version_of(ASKED))
        self.townships = [TownshipFactory(), TownshipFactory()]
        self.interviewer = user_with(Role.TOWNSHIP_CADRE, region=self.townships[0])

    def accept(self, answers, age_band="35_44", place=0):
        return ResponseFactory(
            campaign=self.campaign, township=self.townships[place], answers=answers, age_band=age_band,
            interviewer=self.interviewer,
        )  # fmt: skip

    def do(self, what, which, how):
        if what == "accept":
            self.accept(which, how)
        elif what == "fold":
            fold(which)
        elif responses := list(Response.objects.order_by("pk")):
            self.change(responses[which % len(responses)], what, how)

    def change(self, response, what, how):
        if what == "decide":
            Response.objects.filter(pk=response.pk).update(state=how)
        elif what == "correct":
            correct(response, how)
        else:
            Response.objects.filter(pk=response.pk).update(township=self.townships[how])


@pytest.fixture
def world(db):
    return World()


class _Undone(Exception):
    pass


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WHAT, max_size=14))
def test_any_history_folded_at_any_time_equals_a_recount(world, history):
    try:
        with transaction.atomic():
            for what in history:
                world.do(*what)
                assert verify().equal, "at every moment, what is folded equals what it was folded from"
            while fold(2):
                pass
            finding = verify()
            assert (finding.waiting, finding.differences) == (0, ())
            assert recounted() == stored()
            raise _Undone
    except _Undone:
        pass


def recounted():
    """The same by `contributions`, over the answers as they stand."""
    found = Counter()
    for row in Response.objects.all():
        for key, amount in actions._counts(row.version_id, row.answers):
            found[row.campaign_id, row.version_id, row.township_id, row.age_band, row.state, *key] += amount.n
    return found


def stored():
    columns = ("campaign_id", "version_id", "township_id", "age_band", "state", "question", "value")
    return Counter({row[:-1]: row[-1] for row in Tally.objects.values_list(*columns, "n")})


def test_twice_is_once_and_nothing_left_is_no_row(world):
    response = world.accept({"age": 40, "job": "trade"})
    assert (fold(), fold()) == (1, 0)
    assert set(Tally.objects.values_list("question", "value", "n")) == {
        ("", "", 1), ("age", "", 1), ("age", "40", 1), ("job", "", 1), ("job", "trade", 1),
    }  # fmt: skip
    correct(response, {"job": "trade"})
    fold()
    assert set(Tally.objects.values_list("question", "value", "n")) == {
        ("", "", 1),
        ("job", "", 1),
        ("job", "trade", 1),
    }


def test_a_state_moves_the_counts(world):
    response = world.accept({"age": 40})
    fold()
    Response.objects.filter(pk=response.pk).update(state="approved")
    response.refresh_from_db()
    assert response.is_dirty, "the database marks it by itself"
    fold()
    assert set(Tally.objects.values_list("state", flat=True)) == {"approved"}
    assert Tally.objects.get(question="age", value="").total == Decimal(40)


def test_folding_leaves_no_line_in_the_history(world):
    world.accept({"age": 40})
    fold()
    world.accept({"age": 40})
    before = AuditEntry.objects.count()
    assert fold() == 1
    assert AuditEntry.objects.count() == before


def test_answers_change_only_as_a_revision(world):
    response = world.accept({"age": 40})
    with pytest.raises(IntegrityError, match="new revision"), transaction.atomic():
        Response.objects.filter(pk=response.pk).update(answers={"age": 41})


def test_a_question_costs_the_same_for_one_and_three(world, django_assert_num_queries):
    world.accept({"age": 40})
    fold()
    for count in (1, 3):
        for _each in range(count):
            world.accept({"age": 40})
        with django_assert_num_queries(
            9
        ):  # the system, savepoint, who acts, lock, rows, counts, marks, who acted, release
            assert fold() == count


def spoil_an_answer():
    with pgtrigger.ignore("needs.Response:knows_its_changes"):
        Response.objects.update(answers={"age": 41})


class TestVerifyTallies:
    def run(self, *arguments):
        out, status = StringIO(), 0
        try:
            call_command("verify_tallies", *arguments, stdout=out)
        except CommandError as error:
            status = error.returncode
        return status, out.getvalue()

    def test_equal(self, world):
        world.accept({"age": 40})
        fold()
        world.accept({"age": 41})
        status, said = self.run()
        assert status == 0
        assert "3 counts equal the answers of 2 responses." in said
        assert "1 responses changed and are not folded yet." in said

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda: Tally.objects.filter(question="age", value="").delete(),
            lambda: Tally.objects.filter(question="", value="").update(n=2),
            lambda: Tally.objects.filter(question="age", value="40").update(total=39),
            lambda: Tally.objects.filter(question="age", value="40").update(total_squares=1),
            lambda: Tally.objects.filter(question="age", value="40").update(state="approved"),
            spoil_an_answer,
        ],
    )
    def test_whatever_is_wrong_shows(self, world, spoil):
        """The negative control: a row dropped, a count, a sum or a key changed, an answer changed behind our back."""
        world.accept({"age": 40})
        fold()
        spoil()
        status, said = self.run("--json")
        found = json.loads(said)
        assert (status, found["equal"]) == (1, False)
        assert found["differing"] == len(found["differences"]) >= 1
        assert "tallies" in self.run()[1]

    def test_one_campaign(self, world):
        other = ResponseFactory(campaign=CampaignFactory(version=version_of(ASKED)), answers={"age": 50})
        world.accept({"age": 40})
        fold()
        Tally.objects.filter(campaign=other.campaign).delete()
        assert self.run("--campaign", str(world.campaign.pk))[0] == 0
        assert self.run("--campaign", str(other.campaign.pk))[0] == 1
        assert self.run("--campaign", "999999")[0] == 2

    def test_rebuilding_mends(self, world):
        for age in (20, 40, 60):
            world.accept({"age": age})
        fold()
        Tally.objects.filter(question="age").delete()
        assert not verify().equal
        assert actions.rebuild(by=User.objects.system(), at=timezone.now(), campaign=world.campaign) == 3
        assert verify().equal


@pytest.mark.django_db(transaction=True)
class TestOverRealConnections:
    def test_a_crash_before_the_commit_leaves_nothing(self, world):
        """The connection dies when the counts are written and the responses marked, but nothing is committed."""
        for age in (20, 40):
            world.accept({"age": age})

        def dies(_index):
            with transaction.atomic():
                fold()
                assert Tally.objects.exists()
                with connection.cursor() as cursor:
                    cursor.execute("select pg_terminate_backend(pg_backend_pid())")

        (outcome,) = run_together(dies, 1)
        assert isinstance(outcome, Exception)
        assert not Tally.objects.exists()
        assert Response.objects.filter(is_dirty=True).count() == 2
        assert fold_all() == 2
        assert verify().equal

    def test_submitting_deciding_and_folding_at_once(self, world):
        """Eight who submit and decide, four who fold, without a deadlock; in the end the counts are right."""
        responses = [world.accept({"age": 30, "job": "trade"}).pk for _each in range(8)]

        def one(index):
            rng = random.Random(index)
            for _round in range(6):
                if index >= 8:
                    fold(3)
                elif rng.random() < 0.5:
                    world.accept({"age": rng.randrange(90), "job": rng.choice(JOBS)}, place=index % 2)
                else:
                    chosen = rng.sample(responses, 3)
                    Response.objects.filter(pk__in=chosen[:1]).update(state=rng.choice(Response.State.values))

        assert run_together(one, 12) == [None] * 12
        fold_all()
        finding = verify()
        assert (finding.equal, finding.waiting) == (True, 0)

    def test_two_fold_the_same_responses_once(self, world):
        for age in range(20, 40):
            world.accept({"age": age})
        assert sum(run_together(lambda _index: fold(), 4)) == 20
        assert verify().equal

    def test_without_the_mark_they_would_count_twice(self, world, monkeypatch):
        """The negative control: the guard is that what is counted is marked in the same transaction."""
        world.accept({"age": 40})
        monkeypatch.setattr(actions, "_mark_clean", lambda dirty: None)
        fold()
        fold()
        assert Tally.objects.get(question="age", value="").n == 2


def test_folding_is_scheduled(db):
    from django_celery_beat.models import PeriodicTask

    from needs.surveys import reference

    reference.survey_tasks()
    reference.survey_tasks()
    task = PeriodicTask.objects.get(task="surveys.fold_tallies")
    assert task.interval.schedule.run_every == timedelta(seconds=2)
    assert task.expire_seconds == 2
