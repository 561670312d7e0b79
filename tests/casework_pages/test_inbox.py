"""The inbox: what each person has to do, found, sorted, decided on in bulk and exported."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from talentmap.accounts.permissions import Role
from talentmap.casework.filters import CaseFilter
from talentmap.casework.models import Application, CalendarYear, SavedFilter
from talentmap.casework.states import State
from tests.factories import casework as cases
from tests.factories.accounts import CountyFactory, VillageFactory, user_with
from tests.factories.casework import MONDAY, moment

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"casework:{name}", args=args)


@pytest.fixture(autouse=True)
def monday(now):
    now(moment())


@pytest.fixture
def staff(people, as_user):
    return as_user(people.staff)


def more(people, count):
    """So many further sets of people, each in their own township."""
    return [type(people)(**cases.people()) for _n in range(count)]


def numbers(response) -> list[str]:
    return [row.number for row in response.context["list"].rows]


def counts(response) -> dict[str, int]:
    return {shown.tab.code: shown.count for shown in response.context["tabs"]}


def test_tabs_count_what_is_to_be_done(staff, people):
    second, third = more(people, 2)
    cases.submitted(people.talent)
    cases.at_office(second)
    cases.on_notice(third)
    found = counts(staff.get(url("inbox")))
    assert (found["waiting"], found["submitted"], found["in_review"], found["on_notice"]) == (2, 1, 1, 1)
    assert found["all"] is None


def test_each_sees_only_what_is_theirs(as_user, people):
    (other,) = more(people, 1)
    mine = cases.submitted(people.talent)
    cases.submitted(other.talent)
    assert numbers(as_user(people.cadre).get(url("inbox"), {"tab": "all"})) == [mine.number]
    assert len(numbers(as_user(people.staff).get(url("inbox"), {"tab": "all"}))) == 2
    assert as_user(people.talent).get(url("inbox")).status_code == 403


def test_a_partner_without_cases_sees_none(as_user, people):
    cases.submitted(people.talent)
    response = as_user(user_with(Role.BANK_OFFICER)).get(url("inbox"), {"tab": "all"})
    assert "list" not in response.context and "tabs" not in response.context
    html = response.content.decode()
    assert "分配给贵单位的办件会显示在这里" in html
    assert "data-filter" not in html and 'class="tabs"' not in html


def test_only_who_may_enter_holidays_is_warned_of_missing_ones(as_user, people):
    CalendarYear.objects.all().delete()
    warned = as_user(people.staff).get(url("inbox")).content.decode()
    assert "放假安排尚未录入" in warned and f'href="{url("calendar")}"' in warned
    assert "放假安排尚未录入" not in as_user(people.cadre).get(url("inbox")).content.decode()


@pytest.mark.parametrize("typed", ["13912345678", "139 1234 5678"])
def test_a_whole_phone_is_turned_away_and_lists_nothing(staff, people, typed):
    cases.submitted(people.talent)
    response = staff.get(url("inbox"), {"tab": "all", "q": typed})
    assert numbers(response) == []
    assert "请只填写手机号后四位" in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("tab", "queries"), [("waiting", 10), ("all", 11)])
def test_the_inbox_costs_the_same_for_one_and_for_three(staff, people, django_assert_num_queries, count, tab, queries):
    for others in more(people, count):
        file = others.talent.talent
        file.region = VillageFactory(parent=file.region, name="百通村民委员会")
        file.save()
        cases.submitted(others.talent)
    staff.get(url("inbox"), {"tab": tab})
    with django_assert_num_queries(queries):
        response = staff.get(url("inbox"), {"tab": tab})
    assert len(numbers(response)) == count
    assert response.content.decode().count(" 百通村<") == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_swapped_list_is_the_list_of_the_page(staff, people, count):
    for others in more(people, count):
        cases.submitted(others.talent)
    full = staff.get(url("inbox"), {"tab": "all"})
    swap = staff.get(url("inbox"), {"tab": "all"}, headers={"HX-Request": "true"})
    assert numbers(full) == numbers(swap)


def search(client, text) -> list[str]:
    return numbers(client.get(url("inbox"), {"tab": "all", "q": text}))


def test_search_by_number_name_pinyin_initials_and_phone(staff, people):
    talent = people.talent.talent
    (other,) = more(people, 1)
    mine, theirs = cases.submitted(people.talent), cases.submitted(other.talent)
    type(talent).objects.filter(pk=other.talent.talent.pk).update(name_pinyin="x", name_initials="x", phone="")
    type(talent).objects.filter(pk=talent.pk).update(
        name="欧阳娜", name_pinyin="ouyangna", name_initials="oyn", phone="13912345678"
    )
    for wanted in (mine.number, mine.number.lower(), "欧阳娜", "欧阳", "娜", "ouyang", "oyn", "139123", "5678"):
        assert search(staff, wanted) == [mine.number], wanted
    assert theirs.number not in search(staff, "nobody")


def test_sent_from_and_until_are_whole_days_here_that_an_index_finds(staff, people):
    first, last = (cases.submitted(cases.talent_user(people.talent.talent.region)) for _ in range(2))
    for case, sent in ((first, moment(MONDAY, 0)), (last, moment(MONDAY, 23) + timedelta(minutes=59))):
        Application.objects.filter(pk=case.pk).update(submitted_at=sent)

    def found(**days):
        return set(numbers(staff.get(url("inbox"), {"tab": "all", **days})))

    assert found(sent_from="2026-03-02", sent_until="2026-03-02") == {first.number, last.number}
    assert found(sent_from="2026-03-03") == found(sent_until="2026-03-01") == set()
    assert found(sent_until="9999-12-31") == {first.number, last.number}
    filtered = CaseFilter({"sent_from": "2026-03-02", "sent_until": "2026-03-02"}, Application.objects.all())
    assert "AT TIME ZONE" not in str(filtered.qs.query)


@pytest.mark.parametrize("hostile", ["%", "'", "<script>", "\\", "a" * 500, "🍵", "-", "YB-", "  "])
def test_absurd_searches_are_answered(staff, people, hostile):
    cases.submitted(people.talent)
    assert staff.get(url("inbox"), {"q": hostile}).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        {"tab": "nonsense"},
        {"sort": "nonsense"},
        {"page": "-1"},
        {"page": "9999999"},
        {"state": "draft"},
        {"region": "x"},
        {"due": "y"},
        {"sent_from": "2026-13-45"},
        {"scheme": "nonsense"},
    ],
)
def test_absurd_filters_are_answered(staff, people, query):
    cases.submitted(people.talent)
    assert staff.get(url("inbox"), query).status_code == 200


def test_the_most_urgent_first_with_word_and_colour(as_user, people, now):
    late, fresh = more(people, 2)
    first = cases.submitted(late.talent)
    second = cases.submitted(fresh.talent, at=moment() + timedelta(days=7))
    now(moment() + timedelta(days=8))
    response = as_user(people.staff).get(url("inbox"))
    page = response.content.decode()
    assert numbers(response) == [first.number, second.number]
    assert "is-late" in page
    assert [row.deadline_mark for row in response.context["list"].rows] == ["overdue", "in_time"]


def test_deadline_filters(as_user, people, now):
    late, fresh = more(people, 2)
    first = cases.submitted(late.talent)
    second = cases.submitted(fresh.talent, at=moment() + timedelta(days=7))
    now(moment() + timedelta(days=8))
    staff = as_user(people.staff)
    for due, expected in (("overdue", [first.number]), ("soon", []), ("later", [second.number])):
        assert numbers(staff.get(url("inbox"), {"tab": "all", "due": due})) == expected


def test_filters_narrow(staff, people):
    (other,) = more(people, 1)
    mine = cases.submitted(people.talent)
    cases.at_office(other)
    for query in (
        {"region": mine.region.code},
        {"state": "submitted"},
        {"sent_until": "2026-03-02", "state": "submitted"},
    ):
        assert numbers(staff.get(url("inbox"), {"tab": "all", **query})) == [mine.number]


def test_a_filter_is_kept_under_a_name_and_forgotten(staff, people):
    for _twice in range(2):
        staff.post(url("filter_save"), {"name": "Mine", "query": "tab=all&state=submitted&evil=1&page=3"})
    saved = SavedFilter.objects.get()
    assert saved.query == "tab=all&state=submitted"
    assert "Mine" in staff.get(url("inbox")).content.decode()
    staff.post(url("filter_delete", saved.pk))
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("name", ["", " ", "x" * 41])
def test_a_filter_needs_a_name(staff, name):
    staff.post(url("filter_save"), {"name": name, "query": "tab=all"})
    assert not SavedFilter.objects.exists()


def test_another_persons_filter_is_not_found(as_user, people):
    saved = SavedFilter.objects.create(user=people.staff, name="Mine", query="")
    assert as_user(people.staff2).post(url("filter_delete", saved.pk)).status_code == 404


def test_a_bulk_decision_lists_each_refusal_with_its_reason(as_user, people):
    second, third = more(people, 2)
    fine, wrong_state = cases.submitted(people.talent), cases.at_office(second)
    unseen = cases.draft(third.talent)
    staff = as_user(people.staff)
    list_page = staff.get(url("inbox"), {"tab": "all"}).content.decode()
    ticks = [f"{case.pk}:{case.version}" for case in (fine, wrong_state)]
    assert all(f'value="{tick}"' in list_page for tick in ticks)
    ticks += [f"{unseen.pk}:{unseen.version}", "999999999:1", "nonsense", "1", "1:x", ":"]
    response = staff.post(url("decide_many"), {"action": "accept", "case": ticks}, follow=True)
    page = response.content.decode()
    assert [row["case"] for row in response.context["done"]] == [fine]
    assert [row["case"] for row in response.context["left_out"]] == [wrong_state]
    assert response.context["left_out"][0]["reason"] in page
    fine.refresh_from_db()
    assert fine.state == State.IN_REVIEW


@pytest.mark.parametrize("data", [{}, {"case": ["1:1"]}, {"action": "accept"}, {"action": "reject", "case": ["1:1"]}])
def test_an_incomplete_bulk_decision_goes_back_with_a_message(staff, data):
    response = staff.post(url("decide_many"), data, follow=True)
    assert response.redirect_chain[-1][0].startswith(url("inbox"))
    assert "alert-bad" in response.content.decode()


def test_too_many_at_once_is_said(staff):
    response = staff.post(
        url("decide_many"), {"action": "accept", "case": [f"{pk}:1" for pk in range(1, 300)]}, follow=True
    )
    assert "alert-bad" in response.content.decode()


def test_the_result_page_without_a_result_is_the_inbox(staff):
    assert staff.get(url("decided")).url == url("inbox")


def workbook(response) -> list[tuple]:
    return list(load_workbook(BytesIO(b"".join(response))).active.iter_rows(values_only=True))


def test_the_export_is_what_the_filter_shows_without_sensitive_columns(staff, people):
    (other,) = more(people, 1)
    mine = cases.submitted(people.talent)
    cases.at_office(other)
    rows = workbook(staff.get(url("inbox_export"), {"tab": "all", "state": "submitted"}))
    assert [row[0] for row in rows[1:]] == [mine.number]
    flat = " ".join(str(cell) for row in rows for cell in row)
    assert not people.talent.talent.phone or people.talent.talent.phone not in flat


def test_too_many_to_export_is_said_and_nothing_is_cut_off(staff, people, monkeypatch):
    monkeypatch.setattr("talentmap.casework.views.inbox.MOST_EXPORTED", 1)
    for others in more(people, 2):
        cases.submitted(others.talent)
    response = staff.get(url("inbox_export"), {"tab": "all"}, follow=True)
    assert response.redirect_chain[-1][0] == url("inbox") + "?tab=all"
    assert "alert-bad" in response.content.decode()


@pytest.mark.parametrize("role", [Role.TOWNSHIP_CADRE, Role.BANK_OFFICER, Role.COUNTY_LEADER])
def test_only_who_may_export_does(as_user, rules_in_force, role):
    CountyFactory()
    assert as_user(user_with(role)).get(url("inbox_export")).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_export_costs_the_same_for_one_and_for_three(staff, people, django_assert_num_queries, count):
    for others in more(people, count):
        cases.submitted(others.talent)
    staff.get(url("inbox_export"), {"tab": "all"})
    with django_assert_num_queries(6):
        workbook(staff.get(url("inbox_export"), {"tab": "all"}))


def test_nothing_to_do_is_said_with_a_way_on(staff):
    page = staff.get(url("inbox")).content.decode()
    assert 'class="empty"' in page
    assert "?tab=all" in page


def test_an_unknown_holiday_year_is_warned_about(as_user, people, now):
    now(moment() + timedelta(days=290))
    assert "2027" in as_user(people.staff).get(url("inbox")).content.decode()
