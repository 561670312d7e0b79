"""A round is explained by what it was computed from: the wish counts visibly, and anybody computes it again."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from growth.mentoring import actions
from growth.mentoring.models import Mentor, Proposal, Round
from growth.mentoring.tariff import TARIFF_CODE, in_force
from talentmap.money import actions as money
from tests.factories import mentoring
from tests.factories.casework import MONDAY, moment
from tests.growth.mentoring.test_pages import page, post

pytestmark = pytest.mark.django_db
WEDNESDAY = MONDAY + timedelta(days=2)


@pytest.fixture
def round_of_two(office, mentor):
    """Two who wait: the first wished for the mentor as the second of three, the second wished for nobody."""
    declined = mentoring.mentor(office, capacity=1)
    request = mentoring.asked(office, mentoring.talent(office), declined, mentor)
    Mentor.objects.filter(pk=mentor.pk).update(paused_from=MONDAY, pause_reason="出差")
    actions.decline_request(by=declined.user, at=moment(), asked=request, reason="忙")
    Mentor.objects.filter(pk=mentor.pk).update(paused_from=None, pause_reason="")
    Mentor.objects.filter(pk=declined.pk).update(paused_from=MONDAY, pause_reason="出差")
    mentoring.passed(office, mentoring.talent(office), on=MONDAY + timedelta(days=1))
    return actions.compute_round(by=office.staff, at=moment(WEDNESDAY))


def reweighted(office, valid_from, **weights):
    values = {**in_force(valid_from), **{f"weight.{name}": Decimal(value) for name, value in weights.items()}}
    money.add_version(
        by=office.director, at=moment(), code=TARIFF_CODE, valid_from=valid_from, values=values, note="新办法",
        expected_version=1,
    )  # fmt: skip


def lines(row):
    return list(row.proposals.order_by("pk"))


def again(client, office, row):
    response = post(client, office.staff, "recompute_round", row.pk)
    assert response.redirect_chain[0][0] == reverse("mentoring:round", args=[row.pk])
    return " ".join(str(message) for message in response.context["messages"])


def test_the_wish_that_a_line_fulfils_stands_with_its_fit(client, office, round_of_two):
    first, second = lines(round_of_two)
    assert first.fit["wish"] == {
        "criterion": "wish", "points": "10.0", "most": "15.0", "finding": "rank", "found": ["2"]
    }  # fmt: skip
    assert (second.fit["wish"]["points"], second.fit["wish"]["finding"]) == ("0.0", "none")
    shown = page(client, office.staff, "round", round_of_two.pk)
    assert "第2志愿" in shown.content.decode()
    assert shown.context["sums"]["wishes"] == Decimal("10.0")
    assert shown.context["sums"]["fits"] == sum(Decimal(line.fit["score"]) for line in (first, second))


def test_a_line_is_changed_by_the_weights_of_its_round(client, office, mentor, round_of_two):
    other = mentoring.mentor(office, skills=["finance"])
    reweighted(office, WEDNESDAY, industry=0, skills=60, wish=90)
    first = lines(round_of_two)[0]
    form = page(client, office.staff, "proposal", first.pk).context["lines"]
    actions.adjust_proposal(by=office.staff, at=moment(WEDNESDAY), proposal=first, mentor=other)
    first.refresh_from_db()
    most = {reason["criterion"]: reason["most"] for reason in first.fit["reasons"]}
    assert (most["industry"], most["skills"], first.fit["wish"]["most"]) == ("30.0", "30.0", "15.0")
    offered = next(line for line in form if line.mentor == other)
    assert str(offered.score) == first.fit["score"]


def test_computed_again_it_is_the_same_whatever_has_changed_since(client, office, mentor, round_of_two):
    mentoring.mentor(office, skills=["finance", "ecommerce"])
    mentor.refresh_from_db()
    mentor.industries, mentor.capacity = ["silk"], 1
    mentor.save()
    reweighted(office, date(2026, 3, 1), industry=0, wish=90)
    actions.adjust_proposal(by=office.staff, at=moment(WEDNESDAY), proposal=lines(round_of_two)[1], mentor=None)
    assert again(client, office, round_of_two) == (
        "已按留存的数据重新计算：2条的计算结果完全一致。其中1条的方案此后由中心调整过。"
    )


def test_a_changed_line_ends_the_praise_of_the_plan_and_an_unchanged_one_does_not(client, office, mentor, round_of_two):
    first, second = lines(round_of_two)
    post(client, office.staff, "proposal", first.pk, mentor=mentor.pk)
    first.refresh_from_db()
    assert first.changed_by is None
    assert "本方案的匹配度与志愿满足度合计最高" in page(client, office.staff, "round", round_of_two.pk).content.decode()
    assert again(client, office, round_of_two) == "已按留存的数据重新计算：2条结果完全一致。"
    post(client, office.staff, "proposal", second.pk, mentor="")
    shown = page(client, office.staff, "round", round_of_two.pk).content.decode()
    assert "本方案的匹配度与志愿满足度合计最高" not in shown
    assert "此后调整了1条" in shown


@pytest.mark.parametrize("changed", ["mentor", "fit"])
def test_computed_again_it_says_which_lines_differ(client, office, mentor, round_of_two, changed):
    first = lines(round_of_two)[0]
    other = mentoring.mentor(office)
    values = {"computed": other, "mentor": other} if changed == "mentor" else {"fit": {**first.fit, "score": "99.9"}}
    Proposal.objects.filter(pk=first.pk).update(**values)
    said = again(client, office, round_of_two)
    assert "1条不一致" in said
    assert first.application.number in said


def test_a_line_that_was_taken_out_of_the_round_is_missed(client, office, round_of_two):
    first, second = lines(round_of_two)
    second.delete()
    assert second.application.number in again(client, office, round_of_two)
    assert first.application.number not in again(client, office, round_of_two)


def test_what_is_kept_names_nobody_and_is_never_changed(office, mentor, round_of_two):
    kept = json.dumps(round_of_two.inputs, ensure_ascii=False)
    assert {each["pk"] for each in round_of_two.inputs["candidates"]} == {mentor.pk}
    assert len(round_of_two.inputs["seekers"]) == 2
    names = [mentor.name, *(line.application.applicant.name for line in lines(round_of_two))]
    assert not [name for name in names if name in kept]
    for values in ({"inputs": {}}, {"weights": {}}):
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            Round.objects.filter(pk=round_of_two.pk).update(**values)


def test_a_round_of_before_says_that_it_cannot_be_computed_again(client, office):
    row = Round.objects.create(computed_at=moment(), computed_by=office.staff, weights={}, places={})
    assert (
        reverse("mentoring:recompute_round", args=[row.pk])
        not in page(client, office.staff, "round", row.pk).content.decode()
    )
    assert "无法重新计算" in again(client, office, row)


def test_only_the_office_computes_again(client, office, round_of_two):
    assert post(client, office.cadre, "recompute_round", round_of_two.pk).status_code == 403
