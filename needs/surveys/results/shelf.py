"""Pages of what is in memory already, for the pages' own component (`ui/components/pagination.html`)."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.paginator import Page, Paginator


class Shelf:
    """A slice of `rows` and the addresses of the others; nonsense gives the first page, too far the last."""

    def __init__(self, rows: Sequence[Any], wanted: str | None, per_page: int, address: Callable[..., str]) -> None:
        self._address = address
        paginator = Paginator(rows, per_page)
        self.page = _Leaf.of(paginator.get_page(wanted))
        self.rows = list(self.page.object_list)
        self.count = paginator.count

    def page_url(self, number: int) -> str:
        return f"?{self._address(page=number if number > 1 else None)}"


class _Leaf(Page):
    @classmethod
    def of(cls, page: Page) -> "_Leaf":
        return cls(page.object_list, page.number, page.paginator)

    @property
    def numbers(self) -> list[int | None]:
        found = self.paginator.get_elided_page_range(self.number, on_each_side=1, on_ends=1)
        return [number if isinstance(number, int) else None for number in found]
