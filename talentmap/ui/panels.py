"""Pieces that apps add to pages of the spine, which knows none of them.

    register("person", roadmap_of)          # in an app's hooks; `roadmap_of(user, talent)` gives a Panel or None

Places: "person", beside a talent's file for staff; "home", above a talent's own applications.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string


@dataclass(frozen=True)
class Panel:
    template: str
    context: Mapping[str, Any]


Provider = Callable[[Any, Any], Panel | None]
_providers: dict[str, list[Provider]] = {"person": [], "home": []}


def register(place: str, provider: Provider) -> None:
    """Have `provider(user, talent)` asked wherever `place` is drawn."""
    if provider not in _providers[place]:
        _providers[place].append(provider)


def drawn(place: str, request: HttpRequest, talent: Any) -> list[str]:
    """The panels of a place as they are for this reader and this person."""
    panels = (provider(request.user, talent) for provider in _providers[place])
    return [render_to_string(panel.template, dict(panel.context), request) for panel in panels if panel]
