"""The director's audit pages."""

import functools
from datetime import timedelta
from io import BytesIO

import pytest
from celery import Task
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook

from talentmap.accounts.permissions import Role
from talentmap.accounts.records import SignIn
from talentmap.audit import pages, tables
from talentmap.audit.action import acting
from talentmap.audit.actions import log_access
from talentmap.audit.models import AccessLog, AuditEntry, DaySeal, SealCheck
from talentmap.audit.tasks import check_seals_now
from talentmap.celery import app as celery_app
from talentmap.notices.models import Preference
from talentmap.people.models import Talent
from tests.factories.accounts import UserFactory, user_with
from tests.factories.people import TalentFactory

pytestmark = pytest.mark.django_db
HISTORY = reverse("audit:history")


@pytest.fixture
def director():
    return user_with(Role.OFFICE_DIRECTOR, language="en")


@pytest.fixture
def get(client, director):
    client.force_login(director)
    client.cookies["django_language"] = "en"

    def fetch(url=HISTORY, **query):
        response = client.get(url, query)
        assert response.status_code == 200
        return response

    return fetch


def shown(response):
    return response.context["lines"]


@pytest.mark.parametrize("name", ["history", "export", "accesses", "sign_ins", "seals"])
@pytest.mark.parametrize("role", [Role.OFFICE_STAFF, Role.TOWNSHIP_CADRE, Role.COUNTY_LEADER, Role.ADMINISTRATOR])
def test_nobody_else_reads_it(client, name, role):
    client.force_login(user_with(role))

    assert client.get(reverse(f"audit:{name}")).status_code == 403


def test_a_change_is_listed_with_old_and_new(get):
    clerk, talent = UserFactory(display_name="李娟"), TalentFactory(name="王芳", education="bachelor")
    with acting(by=clerk, name="people.update_talent"):
        Talent.objects.filter(pk=talent.pk).update(education="doctor")

    html = get().content.decode()

    assert "李娟" in html
    assert "<del>Bachelor</del>" in html
    assert "<ins>Doctor</ins>" in html


def test_it_is_searched_by_who_whom_kind_action_and_row(get):
    clerk, talent = UserFactory(display_name="李娟", username="lijuan"), TalentFactory(name="欧阳娜")
    with acting(by=clerk, name="admin.edit"):
        Talent.objects.filter(pk=talent.pk).update(education="doctor")
    Preference.objects.create(user=clerk, kind_group="cases", channel="sms", wanted=True)

    assert [line.action for line in shown(get(who="李"))] == ["Reference data page"]
    assert [line.action for line in shown(get(who="lij"))] == ["Reference data page"]
    assert {line.name for line in shown(get(about="欧阳"))} == {"欧阳娜"}
    assert len(shown(get(about="李娟"))) == 2  # the account and its preference
    assert len(shown(get(table="talentmap_preference"))) == 1
    assert len(shown(get(table="talentmap_talent", row=str(talent.pk)))) == 2
    assert {line.action for line in shown(get(action="-"))} == {"Outside the platform"}
    assert len(shown(get(action="admin.edit"))) == 1


def test_a_name_that_more_go_by_than_are_searched_is_said(client, get, monkeypatch):
    monkeypatch.setattr(tables, "MOST_FOUND", 2)
    TalentFactory.create_batch(2, name="王芳")
    warning = "not all of them are searched"
    assert warning not in get(about="王芳").content.decode()
    TalentFactory(name="王芳")
    for url, query in ((HISTORY, "about"), (reverse("audit:export"), "about")):
        assert warning in get(url, **{query: "王芳"}).content.decode()
    UserFactory.create_batch(3, display_name="李四")
    assert warning in get(who="李四").content.decode()
    assert warning in get(reverse("audit:accesses"), who="李四").content.decode()


def test_the_period_counts_whole_days(get):
    UserFactory()
    today = timezone.localdate()

    assert shown(get(since=today, until=today))
    assert not shown(get(until=today - timedelta(days=1)))
    assert not shown(get(since=today + timedelta(days=1)))


@pytest.mark.parametrize(
    "query",
    [
        {"since": "yesterday"},
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
        {"table": "pg_shadow"},
        {"action": "no.such"},
        {"who": "x" * 500},
        {"before": "abc"},
        {"before": "9" * 30},
        {"after": "-1"},
        {"before": "999999999"},
        {"about": "100%_\\'"},
        {"row": "'; drop table"},
    ],
)
def test_nonsense_is_answered_and_never_an_error(get, query):
    UserFactory()

    get(**query)


@pytest.mark.parametrize("name", ["history", "accesses", "sign_ins", "export"])
def test_a_nul_byte_is_bad_input_and_no_error(client, director, name):
    client.force_login(director)

    assert client.get(reverse(f"audit:{name}"), {"who": "a\x00b"}).status_code in (200, 400)


def test_pages_are_turned_by_key_and_never_overlap(get, monkeypatch):
    monkeypatch.setattr(pages, "PAGE_SIZE", 3)
    for _person in range(8):
        UserFactory()
    everything = list(AuditEntry.objects.order_by("-at", "-id").values_list("id", flat=True))

    seen, url, newer = [], HISTORY, []
    while url:
        response = get(url)
        seen.append([line.entry.pk for line in shown(response)])
        newer.append(response.context["list"].newer_url)
        url = response.context["list"].older_url

    assert [pk for some in seen for pk in some] == everything
    assert newer[0] == ""
    assert [line.entry.pk for line in shown(get(newer[2]))] == seen[1]
    assert shown(get(newer[1]))[0].entry.pk == everything[0]
    assert get(newer[1]).context["list"].newer_url == ""


def test_a_filter_survives_turning_the_page(get, monkeypatch):
    monkeypatch.setattr(pages, "PAGE_SIZE", 2)
    for _person in range(3):
        UserFactory()

    older = get(table="talentmap_user").context["list"].older_url

    assert "table=talentmap_user" in older


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_at_one_and_at_three_rows(get, rows, django_assert_num_queries):
    talents = [TalentFactory() for _talent in range(rows)]
    query = {"table": "talentmap_talent", "since": timezone.localdate()}
    Talent.objects.filter(pk__in=[talent.pk for talent in talents]).update(position="head")
    get(**query)

    with django_assert_num_queries(8):
        get(**query)


def test_an_export_asks_what_for_and_is_itself_logged(client, get, director):
    talent = TalentFactory(name="=cmd", education="bachelor")
    Talent.objects.filter(pk=talent.pk).update(education="doctor", id_number="110105194912310021")
    url = f"{reverse('audit:export')}?table=talentmap_talent"

    assert "2 entries will be exported" in get(url).content.decode()
    assert client.post(url, {"reason": ""}).status_code == 200
    assert not AccessLog.objects.exists()
    response = client.post(url, {"reason": "yearly inspection"})

    sheet = load_workbook(BytesIO(response.getvalue())).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][:3] == ["Time", "Who did it", "Action"]
    changed = {row[7]: (row[8], row[9]) for row in rows if row[6] == "Changed"}
    with translation.override("en"):
        education = str(Talent._meta.get_field("education").verbose_name)
    assert changed[education] == ("Bachelor", "Doctor")
    assert changed["ID number"] == ("hidden", "hidden")
    logged = AccessLog.objects.get()
    assert (logged.user, logged.field, logged.reason) == (director, "export", "yearly inspection")


def test_too_much_to_export_is_said_before(client, get, monkeypatch):
    monkeypatch.setattr("talentmap.audit.views.EXPORT_LIMIT", 1)
    UserFactory()
    UserFactory()

    assert "at most 1 entries" in get(reverse("audit:export")).content.decode()
    client.post(reverse("audit:export"), {"reason": "everything"})
    assert not AccessLog.objects.exists()


def test_readings_of_sensitive_data_are_listed_and_searched(get):
    clerk, talent = UserFactory(display_name="李娟"), TalentFactory(name="王芳")
    log_access(by=clerk, at=timezone.now(), subject=talent, field="id_number", reason="pension check")

    html = get(reverse("audit:accesses"), who="李").content.decode()

    assert "王芳" in html
    assert "pension check" in html
    assert not get(reverse("audit:accesses"), who="nobody").context["readings"]


def test_readings_are_found_by_the_person_whose_data_was_read(get):
    clerk = UserFactory(display_name="李娟")
    for name in ("王芳", "张伟"):
        talent = TalentFactory(name=name)
        log_access(by=clerk, at=timezone.now(), subject=talent, field="id_number", reason=f"asked by {name}")

    found = get(reverse("audit:accesses"), about="王芳").context["readings"]

    assert [reading.access.reason for reading in found] == ["asked by 王芳"]
    assert not get(reverse("audit:accesses"), about="nobody").context["readings"]


def test_sign_ins_are_listed_and_searched(get):
    person, now = UserFactory(display_name="李娟"), timezone.now()
    for user, address, outcome in ((person, "10.0.0.1", "in"), (None, "10.0.0.2", "wrong"), (person, "::1", "locked")):
        SignIn.objects.create(at=now, user=user, address=address, outcome=outcome)

    def found(**query):
        return [each.address for each in get(reverse("audit:sign_ins"), **query).context["list"].rows]

    assert found() == ["::1", "10.0.0.2", "10.0.0.1"]
    assert found(who="李") == ["::1", "10.0.0.1"]
    assert found(outcome="wrong") == ["10.0.0.2"]
    assert found(address=" 10.0.0.1 ") == ["10.0.0.1"]
    assert found(address="0:0::1") == ["::1"]
    assert found(address="no address") == []
    html = get(reverse("audit:sign_ins")).content.decode()
    assert "李娟" in html and "A name that no account has" in html


@pytest.mark.parametrize("rows", [1, 3])
def test_sign_ins_cost_the_same_at_one_and_at_three_rows(get, rows, django_assert_num_queries):
    for _row in range(rows):
        SignIn.objects.create(at=timezone.now(), user=UserFactory(), address="10.0.0.1", outcome="in")
    get(reverse("audit:sign_ins"))

    with django_assert_num_queries(5):
        get(reverse("audit:sign_ins"))


def test_the_seal_page_says_what_the_last_check_found(get):
    url = reverse("audit:seals")
    now = timezone.now()
    DaySeal.objects.create(day="2026-11-22", entries=5, accesses=1, digest="ab" * 32, sealed_at=now)
    assert "have not been verified yet" in get(url).content.decode()
    SealCheck.objects.create(at=now, days=1, head="ab" * 32)
    assert "1 day verified" in get(url).content.decode()
    assert "ab" * 32 in get(url).content.decode()

    SealCheck.objects.create(at=now, days=0, broken_day="2026-11-22", fault="count")
    assert "does not match its seals" in get(url).content.decode()


def test_an_empty_chain_is_not_called_intact(get):
    SealCheck.objects.create(at=timezone.now(), days=0)
    text = get(reverse("audit:seals")).content.decode()
    assert "No day is sealed yet" in text and "is intact" not in text
    assert f"in the night to {timezone.localdate() + timedelta(days=1)}" in text


def test_verifying_is_asked_for_by_post_and_done_in_the_background(client, get, monkeypatch):
    at_once = functools.partial(Task.apply, check_seals_now)
    monkeypatch.setattr(check_seals_now, "apply_async", lambda args, **how: at_once(args))

    assert client.get(reverse("audit:check_seals")).status_code == 405
    response = client.post(reverse("audit:check_seals"))

    assert "url=" + reverse("audit:seals") in client.get(response.url)["Refresh"]
    assert "Refresh" not in client.get(reverse("audit:seals"))
    assert SealCheck.objects.get().fault == ""


def test_a_broker_that_is_away_is_said_and_is_no_error(client, get, monkeypatch):
    gone = celery_app.connection_for_write("redis+socket:///nowhere/valkey.sock")
    monkeypatch.setattr(check_seals_now, "apply_async", functools.partial(check_seals_now.apply_async, connection=gone))

    response = client.post(reverse("audit:check_seals"), follow=True)

    assert "cannot be reached" in response.content.decode()
    assert not SealCheck.objects.exists()
