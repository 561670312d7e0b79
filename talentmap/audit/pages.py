"""A page of a log that only grows: the newest first, turned by key, so that page 1,000 costs what page 1 costs."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

PAGE_SIZE = 50


class KeyPage:
    """Rows before (`?before=<id>`) or after (`?after=<id>`) a row, in the order of time.

    Offers what the list components ask for: `filter`, `path`, `sort`, `default_sort`.
    """

    sort = default_sort = ""

    def __init__(self, request: HttpRequest, queryset: QuerySet, filterset_class: type) -> None:
        self.request = request
        self.path = request.path
        self.filter = filterset_class(request.GET, queryset=queryset, request=request)

    @property
    def is_filtered(self) -> bool:
        return any(self.request.GET.get(name) for name in self.filter.form.fields)

    @cached_property
    def _turned(self) -> tuple[list[Model], bool, bool]:
        """(rows, whether there are newer ones, whether there are older ones)"""
        if (anchor := self._anchor("after")) is not None:
            later = Q(at__gt=anchor.at) | Q(at=anchor.at, pk__gt=anchor.pk)
            # The plain bound is what the index is searched by; the exact condition only sorts out ties.
            rows = self._cut(self.filter.qs.filter(later, at__gte=anchor.at).order_by("at", "pk"))
            return rows[:PAGE_SIZE][::-1], len(rows) > PAGE_SIZE, True
        found, newer = self.filter.qs, False
        if (anchor := self._anchor("before")) is not None:
            earlier = Q(at__lt=anchor.at) | Q(at=anchor.at, pk__lt=anchor.pk)
            found, newer = found.filter(earlier, at__lte=anchor.at), True
        rows = self._cut(found.order_by("-at", "-pk"))
        return rows[:PAGE_SIZE], newer, len(rows) > PAGE_SIZE

    def _anchor(self, name: str) -> Any:
        asked = self.request.GET.get(name, "")
        if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
            return None
        return self.filter.queryset.model.objects.filter(pk=asked).only("at").first()

    @staticmethod
    def _cut(queryset: QuerySet) -> list[Model]:
        return list(queryset[: PAGE_SIZE + 1])

    @property
    def rows(self) -> Sequence[Any]:
        return self._turned[0]

    @property
    def newer_url(self) -> str:
        return self._url(after=self.rows[0].pk) if self.rows and self._turned[1] else ""

    @property
    def older_url(self) -> str:
        return self._url(before=self.rows[-1].pk) if self.rows and self._turned[2] else ""

    @property
    def querystring(self) -> str:
        """The filter alone, for an export of everything found."""
        return self._url().partition("?")[2]

    def _url(self, **turn: Any) -> str:
        query = self.request.GET.copy()
        for name in ("before", "after", *[name for name, values in query.lists() if not any(values)]):
            query.pop(name, None)
        for name, value in turn.items():
            query[name] = str(value)
        return f"{self.path}?{query.urlencode()}"
