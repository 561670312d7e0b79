"""A list page: the database filters, sorts, counts and cuts it.

    def inbox(request):
        cases = ListPage(
            request, Application.objects.visible_to(request.user), CaseFilter,
            sorts={"name": "applicant__name_sort_key", "due": "decide_due_on"}, default_sort="due",
        )
        return render(request, "casework/inbox.html", {"list": cases})

The template (full skeleton in `talentmap/ui/templatetags/ui.py`) puts filter, table and pages into one element
`#list`; htmx fetches the same address and swaps just that element, so a swap equals a full reload.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property

COUNT_CAP = 1000
LAST_PAGE = 4000


@dataclass(frozen=True)
class SortLink:
    """One sortable column: where a click leads, and what it is sorted by now."""

    url: str
    aria: str

    @property
    def icon(self) -> str:
        return {"ascending": "caret-up-fill", "descending": "caret-down-fill"}.get(self.aria, "chevron-expand")


class CappedPaginator(Paginator):
    """Counts to a cap and no further: beyond it people filter, and the count would cost more than the page.

    Whether there is a next page is seen from one row more than the page shows, not from the count.
    """

    def __init__(self, found: QuerySet, per_page: int, cap: int = COUNT_CAP, *, keys_first: bool = False) -> None:
        super().__init__(found, per_page)
        self.cap = cap
        self.keys_first = keys_first

    @cached_property
    def count(self) -> int:
        counted = self.found.order_by()[: self.cap + 1]
        return min(counted.count(), self.cap + 1)

    @property
    def found(self) -> QuerySet:
        return cast(QuerySet, self.object_list)

    @property
    def is_capped(self) -> bool:
        return self.count > self.cap

    @property
    def shown_count(self) -> int:
        return min(self.count, self.cap)

    def page_at(self, wanted: str | None) -> "CappedPage":
        """The page asked for; nonsense gives the first, too far the last."""
        number = int(wanted) if wanted and wanted.isascii() and wanted.isdigit() and len(wanted) < 8 else 1
        number = max(1, min(number, LAST_PAGE if self.is_capped else self.num_pages))
        start = (number - 1) * self.per_page
        rows = list(self._cut(start, start + self.per_page + 1))
        if not rows and number > 1:
            return self.page_at("1")
        return CappedPage(rows, number, self)

    def _cut(self, start: int, stop: int) -> QuerySet:
        if self.keys_first:
            return self.found.filter(pk__in=list(self.found.values_list("pk", flat=True)[start:stop]))
        return self.found[start:stop]


class CappedPage(Page):
    paginator: CappedPaginator

    def __init__(self, rows: list[Any], number: int, paginator: CappedPaginator) -> None:
        self.more = len(rows) > paginator.per_page
        super().__init__(rows[: paginator.per_page], number, paginator)

    def has_next(self) -> bool:
        return self.more

    def next_page_number(self) -> int:
        return self.number + 1

    def previous_page_number(self) -> int:
        return self.number - 1

    def start_index(self) -> int:
        return (self.number - 1) * self.paginator.per_page + 1 if self.object_list else 0

    def end_index(self) -> int:
        return self.start_index() + len(self.object_list) - 1 if self.object_list else 0

    @property
    def numbers(self) -> list[int | None]:
        """Page numbers to offer, None where some are left out."""
        last = self.number + self.more if self.paginator.is_capped else self.paginator.num_pages
        wanted = sorted({1, self.number - 1, self.number, self.number + 1, last} & set(range(1, last + 1)))
        return list(_with_gaps(wanted))


class ListPage:
    """What a list template needs: `.rows .page .filter .sort_links .count .querystring`.

    `sorts` maps the name in the address (`?sort=-due`) to a field path, an expression or several of them;
    `default_sort` is such a name or a plain field path. The primary key settles ties, so pages never overlap.
    With `keys_first` the database sorts keys alone, and a further query joins what else a row shows for those of the
    page: for rows that bring much along and are sorted by what no index holds.
    """

    def __init__(
        self,
        request: HttpRequest,
        queryset: QuerySet,
        filterset_class: type | None = None,
        *,
        sorts: Mapping[str, Any] | None = None,
        default_sort: str = "-pk",
        page_size: int = 25,
        count_cap: int = COUNT_CAP,
        keys_first: bool = False,
    ) -> None:
        self.request = request
        self.sorts = dict(sorts or {})
        self.default_sort = default_sort
        self.filter = filterset_class(request.GET, queryset=queryset, request=request) if filterset_class else None
        found = self._found(queryset)
        self.queryset = found.order_by(*self._ordering())
        self.paginator = CappedPaginator(self.queryset, page_size, count_cap, keys_first=keys_first)

    def _found(self, queryset: QuerySet) -> QuerySet:
        """A search that was turned away finds nobody, rather than everybody."""
        if self.filter is None:
            return queryset
        return queryset.none() if "q" in self.filter.errors else self.filter.qs

    @cached_property
    def page(self) -> CappedPage:
        return self.paginator.page_at(self.request.GET.get("page"))

    @property
    def rows(self) -> Sequence[Any]:
        return list(self.page.object_list)

    @property
    def count(self) -> int:
        """How many rows, at most `count_cap`; `is_capped` says that there are more."""
        return self.paginator.shown_count

    @property
    def is_capped(self) -> bool:
        return self.paginator.is_capped

    @property
    def is_filtered(self) -> bool:
        if self.filter is None:
            return False
        # A hidden field is a tab, which is no filter of the reader's own.
        return any(self.request.GET.get(field.name) for field in self.filter.form.visible_fields())

    @property
    def sort(self) -> str:
        """The sort in force, as written in the address."""
        asked = self.request.GET.get("sort", "")
        return asked if asked.removeprefix("-") in self.sorts else self.default_sort

    @property
    def querystring(self) -> str:
        """Filter and sort without the page: `?page=2&{{ list.querystring }}`, and what an export repeats."""
        return self._query(page=None)

    @property
    def path(self) -> str:
        return self.request.path

    def url(self, **changes: Any) -> str:
        query = self._query(**changes)
        return f"{self.request.path}?{query}" if query else self.request.path

    def page_url(self, number: int) -> str:
        return self.url(page=number if number > 1 else None)

    @cached_property
    def sort_links(self) -> dict[str, SortLink]:
        return {name: self._sort_link(name) for name in self.sorts}

    def _sort_link(self, name: str) -> SortLink:
        aria = {name: "ascending", f"-{name}": "descending"}.get(self.sort, "none")
        turned = f"-{name}" if aria == "ascending" else name
        return SortLink(url=self.url(sort=turned, page=None), aria=aria)

    def _ordering(self) -> list[Any]:
        name, sign = self.sort.removeprefix("-"), "-" if self.sort.startswith("-") else ""
        chosen = self.sorts.get(name, name)
        terms = [chosen] if isinstance(chosen, str) or not isinstance(chosen, Sequence) else list(chosen)
        ordering = [_turned(term) if sign else term for term in terms]
        return [*ordering, f"{sign}pk"] if name != "pk" else ordering

    def _query(self, **changes: Any) -> str:
        query: QueryDict = self.request.GET.copy()
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        for name in [name for name, values in query.lists() if not any(values)]:
            del query[name]
        return query.urlencode()


def _turned(term: Any) -> Any:
    if isinstance(term, str):
        return term.removeprefix("-") if term.startswith("-") else f"-{term}"
    ordered = term.copy() if hasattr(term, "descending") else term.asc()
    ordered.reverse_ordering()
    return ordered


def _with_gaps(numbers: list[int]) -> Iterator[int | None]:
    before = 0
    for number in numbers:
        if number - before > 1:
            yield None
        yield number
        before = number
