"""The list of housing benefits: what it costs, and what it leaves in the database."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from support.housing.models import Entitlement
from talentmap.dashboards import registry
from talentmap.people.querysets import SENSITIVE_COLUMNS
from tests.factories import housing

pytestmark = pytest.mark.django_db
LIST, EXPORT = 7, 4


def asked(client, url):
    """The statements behind a page."""
    client.get(url)  # what is fetched once a process or session is not the page's cost
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
        assert response.status_code == 200
        b"".join(response) if response.streaming else response.content
    return [query["sql"] for query in queries]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "cost"), [("entitlement_list", LIST), ("export", EXPORT)])
def test_lists_cost_the_same_at_any_length_and_decrypt_nobody(office, client, count, name, cost):
    for _ in range(count):
        housing.approved(office, housing.talent(office))
    client.force_login(office.staff)
    statements = asked(client, reverse(f"housing:{name}"))
    assert len(statements) == cost
    assert not [sql for sql in statements for column in SENSITIVE_COLUMNS if f'."{column}"' in sql]


def test_the_rows_behind_the_figures_decrypt_nobody(rent):
    figure = registry.get("housing.rent_running")
    with CaptureQueriesContext(connection) as queries:
        (row,) = figure.rows().select_related(*figure.related)
        shown = [str(column.value(row)) for column in figure.columns]
    assert len(queries) == 1 and shown[0] == rent.talent.name
    assert not [column for column in SENSITIVE_COLUMNS if f'."{column}"' in queries[0]["sql"]]


def test_whom_a_stay_is_recorded_for_is_found_without_decrypting(office, client):
    person = housing.talent(office)
    client.force_login(office.staff)
    statements = asked(client, f"{reverse('housing:record_apartment')}?q={person.name}")
    found = [sql for sql in statements if '"talentmap_talent"."name_pinyin"' in sql]
    assert found and not [sql for sql in found for column in SENSITIVE_COLUMNS if f'."{column}"' in sql]
    assert not Entitlement.objects.exists()


def test_a_file_just_opened_is_incomplete_not_refused(office, client):
    person = housing.talent(office, id_number="", id_number_index="", education="", employer=None, employed_since=None)
    type(person).objects.filter(pk=person.pk).update(bank_account="", bank_account_last4="", bank_name="")
    client.force_login(person.user)
    page = client.get(reverse("casework:benefits")).content.decode()
    assert "不符合" not in page and "暂不符合" not in page
    assert "可能符合，档案待完善" in page and "按学历或人才类别确定" in page
    for section in ("identity", "work", "education", "bank"):
        assert reverse("people:section", args=[person.pk, section]) in page
    assert "未登记为公务员" in page
