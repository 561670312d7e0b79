"""Which pairs wait for the office: what its list shows is what it is reminded of, each term by its own last day."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from growth.mentoring import actions, rules, tasks, waiting
from growth.mentoring.models import Agreement, Pair
from talentmap.notices.models import Notice
from talentmap.ui.errors import Refused
from tests.factories import mentoring
from tests.factories.casework import moment

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WORDS = {"aims": "目标", "content": "内容", "duties": "职责"}


def together(office, mentor, days):
    """A pair whose first term of four weeks began so many days ago."""
    start = timezone.localdate() - timedelta(days=days)
    pair = mentoring.pair(office, mentoring.talent(office), mentor, on=start)
    return pair, mentoring.agreed(pair, weeks=4, starts_on=start)


def renewed(pair, first):
    return mentoring.agreed(Pair.objects.get(pk=pair.pk), weeks=4, starts_on=first.ends_on + DAY)


def shown(client, office, waits="assessment"):
    client.force_login(office.staff)
    return {row.pk for row in client.get(reverse("mentoring:pair_list"), {"waits": waits}).context["list"].rows}


def reminded():
    """How many pairs the office is told of; 0 where it is not."""
    tasks.remind_to_assess(at=timezone.now())
    notice = Notice.objects.filter(kind="mentoring_office_to_assess").first()
    return notice.params["count"] if notice else 0


def todo(client, user):
    client.force_login(user)
    ((_pair, _side, lines),) = client.get(reverse("mentoring:my_pairs")).context["rows"]
    return lines


def test_a_term_that_is_over_waits_though_the_next_one_runs(client, office, mentor):
    pair, first = together(office, mentor, 30)
    renewed(pair, first)
    assert shown(client, office) == {pair.pk}
    assert reminded() == 1


def test_before_its_last_day_a_term_waits_for_nobody_in_the_office(client, office, mentor):
    together(office, mentor, 26)
    assert shown(client, office) == set()
    assert reminded() == 0


def test_on_its_last_day_a_term_waits_until_it_is_assessed(client, office, mentor):
    pair, agreement = together(office, mentor, 27)
    assert shown(client, office) == {pair.pk}
    assert reminded() == 1
    actions.assess_pair(
        by=office.staff, at=timezone.now(), agreement=agreement, phase="final", grade="excellent", comment="好"
    )
    assert shown(client, office) == set()


def test_two_terms_of_a_pair_are_one_pair_that_waits(client, office, mentor):
    pair, first = together(office, mentor, 60)
    renewed(pair, first)
    assert len(shown(client, office)) == reminded() == 1


def test_a_term_that_never_began_is_assessed_by_nobody(client, office, mentor):
    pair, first = together(office, mentor, 20)
    second = renewed(pair, first)
    now = timezone.now()
    actions.end_pair(by=office.staff, at=now, pair=pair, reason="other", note="协商")
    assert shown(client, office) == {pair.pk}  # for the first
    for by in (office.staff, pair.talent.user, pair.mentor.user):
        given = {"by": by, "at": now, "phase": "final", "grade": "excellent", "comment": "好"}
        actions.assess_pair(agreement=first, **given)
        with pytest.raises(Refused, match="before this term began"):
            actions.assess_pair(agreement=second, **given)
    assert shown(client, office) == set()
    assert reminded() == 0
    assert todo(client, pair.talent.user) == todo(client, pair.mentor.user) == []


@pytest.mark.parametrize("ended_on", [None, date(2026, 3, 8), date(2026, 3, 9), date(2026, 3, 20), date(2026, 4, 6)])
def test_the_list_and_the_rule_agree_on_every_day(office, pair, ended_on):
    """Four weeks from 9 to 5 April, in a pair since the 2nd: running, or ended before, in and after the term."""
    term = mentoring.agreed(pair, weeks=4, starts_on=date(2026, 3, 9))
    if ended_on:
        Pair.objects.update(state="ended", ended_on=ended_on, ended_by=office.staff, end_reason="other")
    found = {}
    for today in (date(2026, 3, 8), date(2026, 3, 22), date(2026, 4, 4), date(2026, 4, 5), date(2026, 4, 6)):
        found[today] = Pair.objects.filter(waiting.to_assess(today)).exists()
        assert found[today] == ("final" in rules.phases_open(term.starts_on, term.ends_on, ended_on, today, "office"))
    assert any(found.values()) == (ended_on != date(2026, 3, 8))


def test_what_only_one_has_confirmed_waits_for_an_agreement_when_the_term_is_over(client, office, mentor):
    """So that the office sees a pair that it has assessed and that goes on for the sake of a proposal alone."""
    pair, first = together(office, mentor, 30)
    assert shown(client, office, "agreement") == set()
    draft = actions.write_agreement(
        by=mentor.user, at=timezone.now(), pair=pair, starts_on=first.ends_on + DAY, weeks=4, **WORDS
    )
    assert shown(client, office, "agreement") == {pair.pk}
    actions.confirm_agreement(by=pair.talent.user, at=timezone.now(), agreement=draft, version=draft.version)
    assert shown(client, office, "agreement") == set()
    assert Agreement.objects.count() == 2
    assert moment().date() == date(2026, 3, 2)
