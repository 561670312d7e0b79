"""The product's mark in the admin site, and the same figures on its index."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone

from talentmap.accounts.permissions import Permission
from talentmap.dashboards import presentation, registry
from talentmap.dashboards.scope import Scope, period


def mark(request: HttpRequest) -> str:
    return static("img/mark.svg")


def figures(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold calls this for the index; whoever may read no dashboards sees none here."""
    reader: Any = request.user
    if not reader.may(Permission.VIEW_DASHBOARDS):
        return context
    scope = Scope(*period("year", timezone.localdate()))
    pages = [
        {
            "title": title,
            "url": reverse(f"dashboards:{code}"),
            "tiles": [
                presentation.tile(figure, reader, scope, {})
                for figure in registry.seen_by(reader, registry.of_page(code))
            ],
        }
        for code, title in registry.PAGES.items()
    ]
    return {**context, "figure_pages": pages, "scope": scope, "now": timezone.now()}
