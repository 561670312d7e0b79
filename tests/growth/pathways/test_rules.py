"""The pure rules: standings, states, stages, next steps, differences of versions."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from growth.pathways import rules
from growth.pathways.rules import Eligible, Milestone, Service, Stage, Standing, State, TickLine
from talentmap.casework.rules import Assessment, Condition, Offer, Outcome

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)


def stage(code, *codes, **more):
    return Stage(code, f"Stage {code}", milestones=tuple(Milestone(each, each, code) for each in codes), **more)


ROAD = (stage("a", "a1", "a2"), stage("b", "b1"), stage("c", "c1"))


@pytest.mark.parametrize(
    ("audience", "standing", "place"),
    [
        ("skilled", "apprentice", 0),
        ("skilled", "senior", 3),  # 高级工 is the fourth of the eight levels
        ("skilled", "chief_technician", 7),
        ("rural", "senior", 2),
        ("founder", "established", 3),
        ("founder", "", -1),
        ("everyone", "idea", -1),
    ],
)
def test_standings_have_their_place_in_their_own_order(audience, standing, place):
    assert rules.rank(audience, standing) == place


@pytest.mark.parametrize(
    ("current", "standing", "ahead"),
    [("a", "senior", "c"), ("b", "senior", "c"), ("c", "senior", None), ("c", "middle", None), ("a", "", None),
     ("a", "technician", "c"), ("a", "junior", None)],
)  # fmt: skip
def test_the_file_leads_ahead_and_never_back(current, standing, ahead):
    road = (stage("a", "a1"), stage("b", "b1", standing="middle"), stage("c", "c1", standing="senior"))
    found = rules.stage_by_file(road, current, "skilled", standing)
    assert (found.code if found else None) == ahead


def test_the_highest_certificate_counts():
    assert rules.highest("skilled", ["junior", "technician", "middle"]) == "technician"
    assert rules.highest("skilled", []) == ""


@pytest.mark.parametrize(
    ("audience", "standing", "why"),
    [
        ("founder", Standing(own_enterprise=True), "enterprise"),
        ("founder", Standing(enterprise="idea"), "enterprise"),
        ("founder", Standing(returned_on=date(2025, 1, 1)), "come back"),
        ("founder", Standing(), ""),
        ("skilled", Standing(skill="junior"), "certificate"),
        ("skilled", Standing(team="skilled"), "highly skilled"),
        ("skilled", Standing(team="rural"), ""),
        ("rural", Standing(team="rural"), "practical rural"),
        ("rural", Standing(rural="junior"), "practical rural"),
        ("rural", Standing(), ""),
        ("everyone", Standing(), "all talents"),
    ],
)
def test_a_pathway_fits_for_a_reason(audience, standing, why):
    found = rules.fit(audience, standing)
    assert bool(found) == bool(why)
    assert why in found


def tick(code, attempt=1, needs="", *answers):
    return TickLine(code, attempt, needs, AT, answers)


@pytest.mark.parametrize(
    ("needs", "answers", "state"),
    [
        ("", (), State.MET),
        ("mentor", (), State.WAITING),
        ("office", ("confirmed",), State.MET),
        ("office", ("sent_back",), State.SENT_BACK),
        ("", ("withdrawn",), State.OPEN),
        ("either", ("confirmed", "withdrawn"), State.OPEN),
    ],
)
def test_what_a_tick_comes_to(needs, answers, state):
    assert tick("a1", 1, needs, *answers).state == state


def test_the_last_attempt_decides_in_whatever_order_they_come():
    second, first = tick("a1", 2, "office"), tick("a1", 1, "office", "sent_back")
    assert rules.states([second, first]) == {"a1": State.WAITING}
    assert rules.met({"a1": State.WAITING, "b1": State.MET}) == {"b1"}


@pytest.mark.parametrize(
    ("met", "reached", "finished"),
    [
        (set(), [], False),
        ({"a1"}, [], False),
        ({"a1", "a2"}, ["b"], False),
        ({"a1", "a2", "b1"}, ["b", "c"], False),
        ({"a1", "a2", "b1", "c1"}, ["b", "c"], True),
        ({"b1"}, [], False),
    ],
)
def test_stages_are_reached_one_after_another(met, reached, finished):
    step = rules.advance(ROAD, "a", frozenset(met))
    assert ([each.code for each in step.reached], step.finished) == (reached, finished)


def test_a_stage_that_needs_nothing_is_not_passed_by_itself():
    optional = Stage("a", "A", milestones=(Milestone("a1", "a1", "a", required=False),))
    assert rules.advance((optional, ROAD[1]), "a", frozenset({"a1"})).reached == ()


def test_one_begins_where_one_stands():
    road = (stage("idea", standing="idea"), stage("grow", standing="growing"), stage("top", standing="established"))
    begins = {each: rules.first_stage(road, "founder", each).code for each in ("", "idea", "starting", "growing")}
    assert begins == {"": "idea", "idea": "idea", "starting": "idea", "growing": "grow"}


@pytest.mark.parametrize(
    ("needs", "part", "left"),
    [
        ("mentor", "talent", "mentor"),
        ("mentor", "mentor", ""),
        ("mentor", "office", "mentor"),
        ("office", "office", ""),
        ("either", "mentor", ""),
        ("either", "talent", "either"),
        ("", "talent", ""),
    ],
)
def test_ones_own_word_is_the_confirmation(needs, part, left):
    assert rules.still_needs(needs, part) == left


@pytest.mark.parametrize(
    ("needs", "part", "has_mentor", "may"),
    [
        ("mentor", "mentor", True, True),
        ("mentor", "office", True, False),
        ("mentor", "office", False, True),  # the office stands in
        ("office", "mentor", True, False),
        ("office", "office", True, True),
        ("either", "mentor", True, True),
        ("either", "office", True, True),
        ("either", "talent", True, False),
        ("", "office", False, False),
    ],
)
def test_who_confirms(needs, part, has_mentor, may):
    assert rules.may_confirm(needs, part, has_mentor=has_mentor) is may


@pytest.mark.parametrize(
    ("record", "value", "standing", "approved", "done", "is_met"),
    [
        ("application", "housing_rent", Standing(), ["housing_rent"], [], True),
        ("application", "housing_rent", Standing(), ["other"], ["housing_rent"], False),
        ("deed", "loan", Standing(), ["loan"], ["loan"], True),
        ("skill", "middle", Standing(skill="senior"), [], [], True),
        ("skill", "senior", Standing(skill="middle"), [], [], False),
        ("skill", "senior", Standing(), [], [], False),
        ("skill", "nonsense", Standing(skill="senior"), [], [], False),
        ("rural", "junior", Standing(rural="junior", skill=""), [], [], True),
        ("enterprise", "growing", Standing(enterprise="starting"), [], [], False),
        ("category", "", Standing(category="F"), [], [], True),
        ("own_enterprise", "", Standing(own_enterprise=True), [], [], True),
        ("file", "", Standing(), [], [], False),
        ("", "", Standing(file_complete=True), [], [], False),
    ],
)
def test_what_the_record_meets(record, value, standing, approved, done, is_met):
    milestone = Milestone("m", "m", "a", record=record, record_value=value)
    assert rules.met_by_record(milestone, standing, approved, done) is is_met


def assessment(*conditions, text=""):
    return Assessment(None, conditions, Offer(text=text), {})


def condition(outcome, label="Bank account", reason="", fix_url=""):
    return Condition("c", label, outcome, reason, fix_url)


@pytest.mark.parametrize(
    ("given", "more", "eligible", "words"),
    [
        (assessment(condition(Outcome.MET), text="¥2,000 a month"), {}, Eligible.YES, "¥2,000 a month"),
        (assessment(), {}, Eligible.YES, "All conditions are met."),
        (assessment(condition(Outcome.NOT_MET, reason="Owns a home.")), {}, Eligible.NO, "Owns a home"),
        (assessment(condition(Outcome.UNKNOWN, fix_url="/file/")), {}, Eligible.MAYBE, "Bank account"),
        (assessment(condition(Outcome.UNKNOWN)), {}, Eligible.YES, "All conditions"),  # the form asks it
        (None, {}, Eligible.CLOSED, "No applications"),
        (assessment(), {"is_open": False}, Eligible.CLOSED, "No applications"),
        (None, {"running": "In review"}, Eligible.RUNNING, "In review"),
    ],
)
def test_a_service_says_why(given, more, eligible, words):
    line = rules.service_line("rent", "Rent subsidy", given, **more)
    assert line.eligible == eligible
    assert words in line.reason


def service(code, eligible):
    return Service(code, code, eligible, "")


def test_next_steps_are_the_current_stages_first_and_the_most_useful_of_them():
    first = Stage(
        "a",
        "A",
        milestones=(
            Milestone("nice", "nice", "a", required=False),
            Milestone("no", "no", "a", services=("refused",)),
            Milestone("plain", "plain", "a"),
            Milestone("help", "help", "a", services=("refused", "granted")),
            Milestone("again", "again", "a"),
            Milestone("waits", "waits", "a"),
        ),
    )
    road = (first, stage("b", "b1"), stage("c", "c1"))
    services = {"refused": service("refused", Eligible.NO), "granted": service("granted", Eligible.YES)}
    states = {"again": State.SENT_BACK, "waits": State.WAITING}
    steps = rules.next_steps(road, "a", states, services)
    assert [step.milestone.code for step in steps] == ["again", "help", "plain", "no", "nice"]
    assert [each.code for each in steps[1].services] == ["granted", "refused"]
    assert "sent back" in steps[0].reason
    assert "Stage b" in steps[1].reason
    assert "not required" in steps[4].reason


def test_when_the_stage_leaves_room_the_next_one_is_shown():
    steps = rules.next_steps(ROAD, "b", {}, {})
    assert [(step.milestone.code, step.reason) for step in steps] == [
        ("b1", "It is needed to reach the next stage, “Stage c”."),
        ("c1", "It already counts for the next stage, “Stage c”."),
    ]
    assert rules.next_steps(ROAD, "c", {}, {})[0].reason == "It is needed to complete the pathway."
    assert rules.next_steps(ROAD, "c", {"c1": State.MET}, {}) == ()


def test_two_versions_are_compared_by_code():
    new = (stage("a", "a1", "a3"), stage("c", "c1"))
    found = rules.difference(ROAD, new)
    codes = [[each.code for each in part] for part in (found.added, found.dropped, found.kept)]
    assert codes == [["a3"], ["a2", "b1"], ["a1", "c1"]]


@pytest.mark.parametrize(("current", "goes_to"), [("a", "a"), ("b", "a"), ("c", "c")])
def test_in_a_newer_version_one_goes_on_at_the_nearest_stage_that_is_left(current, goes_to):
    assert rules.stage_in((ROAD[0], ROAD[2]), ROAD, current).code == goes_to


def test_where_nothing_is_left_one_goes_on_at_the_first_stage():
    assert rules.stage_in((stage("x", "x1"), stage("y", "y1")), ROAD, "c").code == "x"


def test_a_draft_says_what_hinders_it():
    optional = replace(ROAD[0].milestones[0], required=False, evidence="a photo")
    found = rules.problems((Stage("a", "A", milestones=(optional,)),))
    assert [each.text for each in found] == [
        "A pathway has at least two stages.",
        "“A” has no milestone that is needed: nobody could ever leave it.",
    ]
    assert [each.milestone for each in rules.problems(ROAD)] == ["a1", "a2", "b1", "c1"]
