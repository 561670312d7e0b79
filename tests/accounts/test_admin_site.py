"""The admin site: no door of its own, and who may do what to each of its tables."""

from datetime import date

import pytest
from axes.models import AccessAttempt
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from talentmap.accounts.permissions import Role
from talentmap.casework.models import CalendarDay, CalendarYear
from talentmap.regions.models import Region
from tests.accounts.visitors import PASSWORD, person
from tests.factories.accounts import TownshipFactory, user_with

pytestmark = pytest.mark.django_db
NOBODY: frozenset[str] = frozenset()
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
CALENDAR = frozenset({Role.OFFICE_STAFF, Role.OFFICE_DIRECTOR, Role.ADMINISTRATOR})
OPENS = CALENDAR
# model: who sees it, who changes it
TABLES = {
    Region: (ADMINISTRATOR, NOBODY),
    CalendarDay: (CALENDAR, CALENDAR),
    CalendarYear: (CALENDAR, CALENDAR),
    AccessAttempt: (ADMINISTRATOR, NOBODY),
    PeriodicTask: (ADMINISTRATOR, NOBODY),
}


def rows():
    """One row of each table."""
    crontab = CrontabSchedule.objects.create(minute="1")
    return {
        Region: TownshipFactory(),
        CalendarDay: CalendarDay.objects.create(date=date(2031, 1, 2), is_workday=False, name="x", source="x"),
        CalendarYear: CalendarYear.objects.create(year=2031, source="x"),
        AccessAttempt: AccessAttempt.objects.create(username="x", ip_address="10.0.0.1", failures_since_start=5),
        PeriodicTask: PeriodicTask.objects.create(name="x", task="talentmap.notices.deliver_due", crontab=crontab),
    }


def test_it_holds_these_tables_and_neither_accounts_nor_keys():
    assert set(admin.site._registry) == set(TABLES)


def test_the_index_dates_and_defines_its_figures_and_says_it_in_chinese(client):
    client.force_login(user_with(Role.ADMINISTRATOR))
    html = client.get("/admin/", follow=True, headers={"accept-language": "zh-hans"}).content.decode()
    assert "Axes" not in html and "Access attempts" not in html and "登录失败记录" in html
    client.force_login(user_with(Role.OFFICE_DIRECTOR))
    response = client.get("/admin/", follow=True, headers={"accept-language": "zh-hans"})
    html = response.content.decode()
    tiles = [tile for page in response.context["figure_pages"] for tile in page["tiles"]]
    assert tiles
    assert all(f">{escape(tile.figure.definition)}</span>" in html for tile in tiles)
    today = timezone.localdate()
    assert f"至 {today}，数据截至 {today}" in html


@pytest.mark.parametrize("role", sorted(Role.values))
def test_each_role_does_there_what_it_may_and_nothing_else(role):
    client = Client()
    client.force_login(user_with(role))
    assert client.get("/admin/", follow=True).status_code == (200 if role in OPENS else 403)
    faults = []
    for model, row in rows().items():
        sees, changes = TABLES[model]
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        allowed = {
            ("get", reverse(f"{name}_changelist")): sees,
            ("get", reverse(f"{name}_change", args=[row.pk])): sees,
            ("get", reverse(f"{name}_add")): changes,
            ("get", reverse(f"{name}_delete", args=[row.pk])): changes,
            ("post", reverse(f"{name}_add")): changes,
            ("post", reverse(f"{name}_change", args=[row.pk])): changes,
        }
        for (method, address), roles in allowed.items():
            status = getattr(client, method)(address, follow=True).status_code
            if status != (200 if role in roles else 403):
                faults.append((method, address, status))
        client.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"})
        if model.objects.filter(pk=row.pk).exists() is (role in changes):
            faults.append(("delete", name, "gone or still there"))
    assert faults == []


def test_it_sends_to_the_one_sign_in_and_refuses_others(client):
    assert client.get("/admin/").url.startswith("/admin/login/")
    assert client.get("/admin/login/?next=/admin/").url.startswith("/sign-in/")
    client.force_login(user_with(Role.COUNTY_LEADER))
    assert client.get("/admin/", follow=True).status_code == 403


def test_it_has_no_way_to_change_a_password(client):
    user = person(must_change_password=True)
    client.force_login(user)
    for address in ("/admin/password_change/", "/admin/password_change/done/"):
        assert client.get(address).url.startswith(reverse("password_change"))
    new = {"old_password": PASSWORD, "new_password1": "A-better-one-8", "new_password2": "A-better-one-8"}
    client.post("/admin/password_change/", new)
    user.refresh_from_db()
    assert user.check_password(PASSWORD) and user.must_change_password
    client.force_login(user_with(Role.ADMINISTRATOR))
    assert client.get("/admin/password_change/").url == reverse("password_change")


def test_its_pages_have_a_policy_too(client):
    client.force_login(user_with(Role.ADMINISTRATOR))
    inside, outside = (client.get(page)["Content-Security-Policy"] for page in ("/admin/", "/account/"))
    assert "unsafe" not in outside
    rules = dict(rule.strip().split(" ", 1) for rule in inside.split(";"))
    assert rules["script-src"] == "'self' 'unsafe-eval'"
    assert rules["default-src"] == "'self'" and rules["object-src"] == "'none'"
