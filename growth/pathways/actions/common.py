"""What the actions share. Locks go pathway, then version; a journey is locked before anything that hangs on it."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from growth.pathways.models import Journey, Pathway, PathwayVersion
from growth.pathways.parts import parts_of
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.ui.errors import Refused


class Stale(Refused):
    """Somebody else changed the draft meanwhile."""

    def __init__(self, version: PathwayVersion) -> None:
        words = {"name": str(version.published_by or version.edited_by), "number": version.number}
        text = (
            _("%(name)s has published version %(number)s meanwhile; it does not change any more.")
            if version.is_published
            else _("%(name)s has changed this draft meanwhile. Nothing of theirs was overwritten: look at it again.")
        )
        super().__init__(text % words)


def demand(by: User) -> None:
    if not by.may(Permission.EDIT_PATHWAYS):
        raise PermissionDenied


def lock_pathway(pathway: Pathway) -> Pathway:
    return Pathway.objects.select_for_update(of=("self",)).get(pk=pathway.pk)


def lock_draft(version: PathwayVersion, revision: int | None = None) -> PathwayVersion:
    """The draft, if it is still the one that was looked at; `revision` None takes it as it is.

    Without joins: after waiting for the lock, PostgreSQL would hold the new row against the person who edited the old
    one, and find nothing.
    """
    found = PathwayVersion.objects.select_for_update().filter(pk=version.pk).order_by("pk").first()
    if found is None:
        raise Refused(_("Somebody has deleted this draft."))
    if found.is_published or revision not in (None, found.revision):
        raise Stale(found)
    return found


def lock(journey: Journey) -> Journey:
    """Whoever ticks, confirms or moves waits here, then looks at what stands."""
    return Journey.objects.select_for_update(of=("self",)).get(pk=journey.pk)


def lock_active(journey: Journey) -> Journey:
    row = lock(journey)
    if not row.is_active:
        raise Refused(_("This roadmap is not under way any more."))
    return row


def demand_part(by: User, journey: Journey, *allowed: str) -> None:
    """Raise PermissionDenied unless `by` takes one of these parts in the journey."""
    if not parts_of(by, journey) & set(allowed):
        raise PermissionDenied


def newest(pathway: Pathway) -> PathwayVersion | None:
    return pathway.versions.order_by("-number").first()


def newest_published(pathway: Pathway) -> PathwayVersion | None:
    return pathway.versions.published().order_by("-number").first()
