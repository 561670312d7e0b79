"""The roadmap on other pages: on a person's file for staff, and where a talent's day starts."""

from typing import Any

from django.utils import timezone

from growth.pathways import presentation
from growth.pathways.models import Journey
from growth.pathways.queries import offered, with_counts
from talentmap.accounts.permissions import Permission
from talentmap.ui.panels import Panel


def _journeys(user: Any, talent: Any) -> list[Any]:
    found = with_counts(Journey.objects.visible_to(user).filter(talent=talent), user)
    return list(found.select_related("pathway", "stage").order_by("ended_at", "-moved_at"))


def of_person(user: Any, talent: Any) -> Panel | None:
    """For staff on the person's file."""
    if talent.is_erased:
        return None
    context = {
        "talent": talent,
        "journeys": _journeys(user, talent),
        "may_start": user.may(Permission.EDIT_PEOPLE, talent) and talent.user_id != user.pk,
    }
    return Panel("pathways/panels/person.html", context)


def of_home(user: Any, talent: Any) -> Panel | None:
    """For the talent: how far they are, or the pathway that fits, to be started with one click."""
    if talent is None:
        return None
    journeys = [each for each in _journeys(user, talent) if each.is_active]
    fitting, others = ([], []) if journeys else presentation.offers(talent, offered(), timezone.now())
    if not (journeys or fitting or others):
        return None
    offer = next(iter([*fitting, *others]), None)
    return Panel("pathways/panels/home.html", {"journeys": journeys, "offer": offer, "is_fitting": bool(fitting)})
