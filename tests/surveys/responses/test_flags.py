"""Suspicions, against hand-made cases and the two township centres that are known (文江, 庆符)."""

import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from needs.surveys.responses import rules
from needs.surveys.responses.flags import flags_of
from needs.surveys.responses.rules import Flag, Seen, suspicions
from tests.factories.accounts import TownshipFactory, VillageFactory
from tests.factories.surveys import CampaignFactory, ResponseFactory
from tests.factories.surveys_responses import PublicLinkFactory, compiled, question, version_of

BEIJING = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 11, 25, 9, 30, tzinfo=BEIJING)
WENJIANG, QINGFU = (28.38812, 104.56339), (28.43701, 104.51622)
SCALE = ("q1", "q2", "q3", "q4", "q5")


def seen(**more):
    usual = {
        "started_at": MORNING,
        "finished_at": MORNING + timedelta(minutes=12),
        "shortest_minutes": Decimal(3),
        "answers": {},
        "scales": (SCALE,),
        "is_interview": True,
    }
    return Seen(**(usual | more))


def test_an_ordinary_interview_is_not_suspicious():
    assert suspicions(seen(distance_km=4.0)) == []


@pytest.mark.parametrize(
    ("seconds", "shortest", "fast"), [(179, "3", True), (180, "3", False), (-60, "3", True), (0, "0", False)]
)
def test_too_fast(seconds, shortest, fast):
    finished = MORNING + timedelta(seconds=seconds)
    assert (Flag.TOO_FAST in suspicions(seen(finished_at=finished, shortest_minutes=Decimal(shortest)))) is fast


@pytest.mark.parametrize(
    ("answers", "straight"),
    [
        (dict.fromkeys(SCALE, "agree"), True),
        ({**dict.fromkeys(SCALE, "agree"), "q3": "disagree"}, False),
        (dict.fromkeys(SCALE[:4], "agree"), False),
    ],
)
def test_straight_lining(answers, straight):
    assert (Flag.STRAIGHT_LINING in suspicions(seen(answers=answers))) is straight


@pytest.mark.parametrize(
    ("hour", "minute", "night"), [(22, 40, False), (22, 55, True), (23, 0, True), (5, 59, True), (6, 0, False)]
)
def test_odd_hours(hour, minute, night):
    started = MORNING.replace(hour=hour, minute=minute)
    found = suspicions(seen(started_at=started, finished_at=started + timedelta(minutes=10)))
    assert (Flag.ODD_HOURS in found) is night


def test_people_may_answer_a_link_at_night():
    started = MORNING.replace(hour=23, minute=30)
    finished = started + timedelta(minutes=9)
    assert suspicions(seen(started_at=started, finished_at=finished, is_interview=False)) == []


def test_the_distance_of_two_towns():
    """文江 lies 7.1 km from 庆符: 5.44 km north-south by 4.61 km east-west, on a plane."""
    assert rules.distance_km(WENJIANG, QINGFU) == pytest.approx((5.436**2 + 4.613**2) ** 0.5, rel=0.01)
    assert rules.distance_km(WENJIANG, WENJIANG) == 0


@pytest.mark.parametrize(("away", "outside"), [(None, False), (15.0, False), (15.1, True)])
def test_outside(away, outside):
    assert (Flag.OUTSIDE in suspicions(seen(distance_km=away))) is outside


def test_the_scales_of_a_questionnaire():
    """Neighbours with the same choices, whatever their list is called; notes do not part them, other questions do."""
    five = [question(f"a{n}", "select_one", list="agree") for n in range(5)]
    document = compiled(
        *five[:3],
        question("", "note"),
        *five[3:],
        question("age", "integer"),
        *[question(f"b{n}", "select_one", list="agree") for n in range(4)],
        question("other", "text"),
        *[question(f"c{n}", "select_one", list="yes_no") for n in range(5)],
        lists={"agree": ["1", "2", "3"], "yes_no": ["yes", "no"]},
    )
    assert rules.scales(document) == (("a0", "a1", "a2", "a3", "a4"),)


def test_a_scale_of_two_counts_where_it_is_shown_as_one():
    asked = [question(f"c{n}", "select_one", list="yes_no", appearance=["likert"]) for n in range(5)]
    document = compiled(*asked, lists={"yes_no": ["yes", "no"]})
    assert rules.scales(document) == (("c0", "c1", "c2", "c3", "c4"),)


def test_repeats_are_left_out():
    inside = [question(f"c{n}", "select_one", list="agree") for n in range(5)]
    document = compiled({"repeat": "member", "items": inside}, lists={"agree": ["1", "2", "3"]})
    assert rules.scales(document) == ()


@pytest.mark.django_db
class TestFlagsOf:
    def response(self, **more):
        morning = {"started_at": MORNING, "finished_at": MORNING + timedelta(minutes=20)}
        return ResponseFactory.build(**(morning | {"interviewer": None} | more))

    @pytest.fixture
    def campaign(self):
        return CampaignFactory()

    def test_one_question_to_the_database(self, campaign, django_assert_num_queries):
        response = self.response(campaign=campaign, township=TownshipFactory())
        flags_of(response)
        with django_assert_num_queries(1):
            assert flags_of(response) == []

    def test_the_same_answers_again(self, campaign):
        first = ResponseFactory(campaign=campaign)
        again = self.response(campaign=campaign, township=first.township, fingerprint=first.fingerprint)
        assert flags_of(again) == ["duplicate"]
        again.uuid = first.uuid
        assert flags_of(again) == []

    def test_the_same_answers_in_another_campaign(self, campaign):
        first = ResponseFactory()
        assert flags_of(self.response(campaign=campaign, township=first.township, fingerprint=first.fingerprint)) == []

    def test_a_village_of_another_township(self, campaign):
        township, village = TownshipFactory(), VillageFactory()
        assert flags_of(self.response(campaign=campaign, township=township, village=village)) == ["outside"]
        assert flags_of(self.response(campaign=campaign, township=village.parent, village=village)) == []

    def test_far_from_the_centre(self, campaign):
        township = TownshipFactory(latitude=Decimal("28.38812"), longitude=Decimal("104.56339"))
        near = self.response(campaign=campaign, township=township, latitude=QINGFU[0], longitude=QINGFU[1])
        far = self.response(campaign=campaign, township=township, latitude=28.8, longitude=104.6)
        assert (flags_of(near), flags_of(far)) == ([], ["outside"])

    def test_nobody_knows_where_the_centre_is(self, campaign):
        far = self.response(campaign=campaign, township=TownshipFactory(), latitude=28.8, longitude=104.6)
        assert flags_of(far) == []

    def test_many_from_one_device_through_a_link(self, campaign):
        link, township = PublicLinkFactory(campaign=campaign), TownshipFactory()
        shared = {"campaign": campaign, "township": township, "channel": "self", "link": link, "device": "phone-1"}
        for _each in range(3):
            assert flags_of(self.response(**shared)) == []
            ResponseFactory(**shared, interviewer=None)
        assert flags_of(self.response(**shared, uuid=uuid.uuid4())) == ["one_device"]
        assert flags_of(self.response(**(shared | {"channel": "interview", "link": None}))) == []

    def test_straight_through(self):
        asked = [question(f"q{n}", "select_one", list="agree") for n in range(5)]
        version = version_of(compiled(*asked, lists={"agree": ["1", "2", "3"]}))
        campaign = CampaignFactory(version=version)
        answers = {f"q{n}": "2" for n in range(5)}
        response = self.response(campaign=campaign, township=TownshipFactory(), answers=answers)
        assert flags_of(response) == ["straight_lining"]
