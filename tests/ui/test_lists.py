import pytest
from django.db.models import F
from django.test import RequestFactory

from talentmap.regions.models import Region
from talentmap.ui.counts import count_together
from talentmap.ui.lists import ListPage

pytestmark = pytest.mark.django_db
SORTS = {"name": "name", "code": "code", "late": F("alt_code").asc(nulls_last=True), "both": ("level", "name")}


@pytest.fixture
def regions():
    Region.objects.all().delete()
    county = Region.objects.create(code="990000000000", name="County", level="county")
    for number in range(1, 7):
        Region.objects.create(code=f"99000010{number}000", name=f"T{number % 3}", level="township", parent=county)


def page_of(query="", **options):
    return ListPage(
        RequestFactory().get(f"/list/{query}"),
        Region.objects.all(),
        sorts=SORTS,
        **{"default_sort": "code", "page_size": 3, **options},
    )


def test_pages_cover_all_rows_once_even_with_equal_sort_values(regions):
    seen = [row.pk for number in (1, 2, 3) for row in page_of(f"?sort=name&page={number}").rows]
    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize(
    "wanted, shown", [("2", 2), ("99", 3), ("0", 1), ("-1", 1), ("x", 1), ("１", 1), ("9" * 50, 1)]
)
def test_a_page_that_does_not_exist_is_the_nearest_sensible_one(regions, wanted, shown):
    assert page_of(f"?page={wanted}").page.number == shown


def test_sorting_turns_around_and_says_so(regions):
    ascending = page_of("?sort=code")
    assert ascending.sort_links["code"].aria == "ascending"
    assert ascending.sort_links["code"].url == "/list/?sort=-code"
    descending = page_of("?sort=-code")
    assert [row.code for row in descending.rows] == sorted((row.code for row in descending.rows), reverse=True)
    assert descending.sort_links["code"].aria == "descending"
    assert descending.sort_links["name"].aria == "none"


@pytest.mark.parametrize("sort", ["", "password", "-parent__code", "code;drop", "--code", "?"])
def test_only_declared_columns_sort(regions, sort):
    assert page_of(f"?sort={sort}").sort == "code"


@pytest.mark.parametrize("sort", ["late", "-late", "both", "-both"])
def test_expressions_and_several_columns_sort(regions, sort):
    assert len(page_of(f"?sort={sort}").rows) == 3


def test_addresses_keep_filter_and_sort_and_drop_what_is_empty(regions):
    page = page_of("?q=张&state=&sort=-name&page=2")
    assert page.querystring == "q=%E5%BC%A0&sort=-name"
    assert page.page_url(3) == "/list/?q=%E5%BC%A0&sort=-name&page=3"
    assert page.page_url(1) == "/list/?q=%E5%BC%A0&sort=-name"


def test_a_list_costs_two_queries_however_long(regions, django_assert_num_queries):
    for size in (1, 3):
        with django_assert_num_queries(2):
            page = page_of(page_size=size)
            assert len(page.rows) == size
            assert page.count == 7
            assert page.page.numbers


def test_counting_stops_at_the_cap(regions, django_assert_num_queries):
    page = page_of(count_cap=4)
    with django_assert_num_queries(1) as queries:
        assert page.is_capped
        assert page.count == 4
    assert "LIMIT 5" in queries[0]["sql"]
    assert page.page.numbers == [1, 2]
    assert page_of("?page=3", count_cap=4).page.has_next() is False
    assert page_of("?page=3", count_cap=4).page.numbers == [1, 2, 3]
    assert page_of("?page=50", count_cap=4).page.number == 1


def test_several_counts_are_one_query_and_stop_at_the_most(regions, django_assert_num_queries):
    asked = {
        "county": Region.objects.filter(level="county"),
        "percent": Region.objects.filter(name__contains="%"),
        "all": Region.objects.order_by("name"),
        "none": Region.objects.none(),
    }
    with django_assert_num_queries(1):
        assert count_together(asked, 4) == {"county": 1, "percent": 0, "all": 4, "none": 0}


def test_what_nobody_can_find_is_not_counted(regions, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert count_together({"none": Region.objects.none()}, 9) == {"none": 0}


def test_an_empty_list_has_one_page_and_no_numbers_of_rows():
    page = ListPage(RequestFactory().get("/list/"), Region.objects.none())
    assert page.page.start_index() == page.page.end_index() == 0
    assert not page.page.has_other_pages()


def test_a_list_page_in_full(regions, odd_urls, client):
    body = client.get("/t/regions/?page=2").content.decode()
    assert 'aria-sort="none"' in body
    assert '<th scope="col">Level</th>' in body
    assert 'aria-current="page" class="pages-here">2<' in body
    assert 'rel="prev" id="page-before" href="/t/regions/"' in body
    assert 'hx-select="#list"' in body
