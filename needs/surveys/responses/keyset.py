"""Paging by key: a page is found by the id it begins after, so that the last costs no more than the first."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property

from talentmap.ui.numbers import number_from

PAGE_SIZE = 25
NEWEST, OLDEST = "newest", "oldest"
PLACES = ("after", "before", "last")


class KeyPage:
    """What a list template needs: `.rows .filter .url .is_filtered .first_url .previous_url .next_url .last_url`.

    `?after=<id>` is the page that follows that row in the list's order, `?before=<id>` the one that precedes it,
    `?last=1` the end; `?sort=oldest` turns the order. What is no number gives the first page.
    """

    def __init__(self, request: HttpRequest, filterset: Any, page_size: int = PAGE_SIZE) -> None:
        self.request = request
        self.filter = filterset
        self.page_size = page_size
        self.default_sort = NEWEST
        self.sort = OLDEST if request.GET.get("sort") == OLDEST else NEWEST
        self._read()

    def _read(self) -> None:
        after, before = number_from(self.request.GET.get("after")), number_from(self.request.GET.get("before"))
        if before:
            self._backwards(before)
        elif self.request.GET.get("last"):
            self._backwards(None)
        else:
            self._forwards(after)

    @cached_property
    def queryset(self) -> QuerySet:
        """All that the filter finds, in no order; a search that was turned away finds nothing."""
        found: QuerySet = self.filter.queryset.none() if "q" in self.filter.errors else self.filter.qs
        return found.order_by()

    @property
    def is_descending(self) -> bool:
        return self.sort == NEWEST

    def _forwards(self, after: int) -> None:
        found = list(beyond(self.queryset, after, descending=self.is_descending)[: self.page_size + 1])
        if not found and after:
            self._forwards(0)
            return
        self.rows: Sequence[Any] = found[: self.page_size]
        self.has_next, self.has_previous = len(found) > self.page_size, bool(after)

    def _backwards(self, before: int | None) -> None:
        found = list(beyond(self.queryset, before or 0, descending=not self.is_descending)[: self.page_size + 1])
        if before and len(found) < self.page_size:  # the first page, whole
            self._forwards(0)
            return
        self.rows = found[: self.page_size][::-1]
        self.has_previous, self.has_next = len(found) > self.page_size, bool(before)

    @property
    def is_filtered(self) -> bool:
        return any(self.request.GET.get(field.name) for field in self.filter.form.visible_fields())

    @property
    def path(self) -> str:
        return self.request.path

    @property
    def querystring(self) -> str:
        """Filter and sort without the place: what the page of one row, a decision and an export take along."""
        return self._query()

    def url(self, **changes: Any) -> str:
        query = self._query(**changes)
        return f"{self.path}?{query}" if query else self.path

    @property
    def first_url(self) -> str:
        return self.url() if self.has_previous else ""

    @property
    def previous_url(self) -> str:
        return self.url(before=self.rows[0].pk) if self.has_previous and self.rows else ""

    @property
    def next_url(self) -> str:
        return self.url(after=self.rows[-1].pk) if self.has_next and self.rows else ""

    @property
    def last_url(self) -> str:
        return self.url(last=1) if self.has_next else ""

    @property
    def turned_url(self) -> str:
        return self.url(sort=None if self.sort == OLDEST else OLDEST)

    def _query(self, **changes: Any) -> str:
        query: QueryDict = self.request.GET.copy()
        for name, value in {**dict.fromkeys(PLACES), **changes}.items():
            query.pop(name, None)
            if value is not None:
                query[name] = str(value)
        for name in [name for name, values in query.lists() if not any(values)]:
            del query[name]
        return query.urlencode()


def beyond(found: QuerySet, key: int, *, descending: bool) -> QuerySet:
    """What follows the row `key` in this order; 0 stands for the beginning."""
    if key:
        found = found.filter(pk__lt=key) if descending else found.filter(pk__gt=key)
    return found.order_by("-pk" if descending else "pk")
