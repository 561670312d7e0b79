"""What every page's frame shows, computed only when a template asks: a fragment pays for nothing."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property

from talentmap.accounts.middleware import NOTED_EVERY
from talentmap.accounts.permissions import Role
from talentmap.demo import clock
from talentmap.notices.queries import unread_count
from talentmap.ui import navigation

LARGE_TEXT_COOKIE = "large_text"


class PageFrame:
    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def user(self) -> Any:
        return self.request.user

    @cached_property
    def layout(self) -> str:
        return navigation.layout_of(self.user)

    @cached_property
    def sections(self) -> tuple[navigation.Section, ...]:
        return navigation.staff_sections(self.user, self.request.path)

    @cached_property
    def entries(self) -> tuple[navigation.Entry, ...]:
        """The few entries of an applicant or a visitor: a row on the desk."""
        items = navigation.APPLICANT if self.user.is_authenticated else navigation.PUBLIC
        return navigation.flat_entries(items, self.user, self.request.path)

    @cached_property
    def bar(self) -> navigation.Bar:
        """The same on the phone of an applicant or a visitor."""
        return navigation.bar(self.user, self.request.path)

    @cached_property
    def own_entries(self) -> tuple[navigation.Entry, ...]:
        """An official who is also a talent reaches their own affairs through the menu under their name."""
        return navigation.flat_entries(navigation.OWN, self.user, self.request.path)

    @property
    def role_labels(self) -> list[Any]:
        return [Role(role).label for role in sorted(self.user.roles)]

    @property
    def goes_out_with_surveys(self) -> bool:
        """Who asks at doors wants the form under the thumb, not in a menu."""
        return Role.TOWNSHIP_CADRE in self.user.roles

    @cached_property
    def unread(self) -> int:
        return unread_count(self.user) if self.user.is_authenticated else 0

    @property
    def large_text(self) -> bool:
        return self.request.COOKIES.get(LARGE_TEXT_COOKIE) == "1"

    @property
    def languages(self) -> list[tuple[str, Any]]:
        return list(settings.LANGUAGES)

    @property
    def idle_seconds(self) -> int:
        """When the page must warn: the session may have noted the last request up to `NOTED_EVERY` too early."""
        return int(settings.SESSION_COOKIE_AGE) - NOTED_EVERY

    @property
    def office(self) -> Any:
        return settings.OFFICE_NAME

    @property
    def is_demo(self) -> bool:
        return settings.DEMO

    @property
    def today(self) -> date:
        return timezone.localdate()

    @property
    def demo_days_ahead(self) -> int:
        return clock.days_ahead()

    @property
    def here(self) -> str:
        """Where to come back to after a switch of language or text size: never a form's target."""
        return self.request.get_full_path() if self.request.method == "GET" else "/"


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `page` is the frame around the content."""
    return {"page": PageFrame(request)}
