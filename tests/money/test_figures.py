"""Payments that are late: who reads the warning finds exactly these, and no names that are not theirs to read."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from talentmap.accounts.permissions import Role
from talentmap.money.models import Payable
from tests.factories import money
from tests.factories.accounts import user_with

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def late():
    """Of four amounts two are late: one is paid, one is due today."""
    fund = money.fund(100_000)
    rows = [money.payable(fund, amount) for amount in (1_500, 2_250, 4_000, 8_000)]
    yesterday = TODAY - timedelta(days=1)
    for row, changes in zip(
        rows,
        ({"due_on": yesterday}, {"due_on": date(2026, 1, 5), "state": "failed"}, {"due_on": yesterday, "state": "paid"},
         {"due_on": TODAY}),
        strict=True,
    ):  # fmt: skip
        Payable.objects.filter(pk=row.pk).update(payee_name="钱多福", **changes)
    return rows[:2]


def test_the_warning_opens_the_payments_it_speaks_of(late, client):
    client.force_login(user_with(Role.COUNTY_LEADER))
    warnings = client.get(reverse("dashboards:overview")).context["warnings"]
    [warned] = [each for each in warnings if "拨付已逾期" in each.what]
    assert warned.what.startswith("2 ")
    page = client.get(warned.url)
    assert page.status_code == 200
    assert page.context["list"].count == 2
    cells = [cell for row, _url in page.context["table_rows"] for column, cell in row if column.is_money]
    with connection.cursor() as cursor:
        cursor.execute("""select sum(amount) from talentmap_payable
            where state in ('due', 'batched', 'failed') and due_on < (now() at time zone 'Asia/Shanghai')::date""")
        [expected] = cursor.fetchone()
    assert sum(cells) == expected == Decimal(3_750)
    assert page.context["value"] == "¥3,750.00"


def test_a_leader_reads_how_much_and_the_office_to_whom(late, client):
    url = reverse("dashboards:figure", args=["money.late"])
    client.force_login(user_with(Role.COUNTY_LEADER))
    text = client.get(url).content.decode()
    assert "钱多福" not in text
    assert "钱*" in text
    client.force_login(money.staff())
    page = client.get(url)
    assert "钱多福" in page.content.decode()
    for _cells, link in page.context["table_rows"]:
        assert client.get(link).status_code == 200
    client.force_login(user_with(Role.TOWNSHIP_CADRE))
    assert client.get(url).status_code == 404
