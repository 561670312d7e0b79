"""The inbox filters that one person keeps."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.casework.models import SavedFilter
from talentmap.ui.errors import Refused


@action
def save_filter(*, by: User, at: datetime, name: str, query: str) -> SavedFilter:
    """Keep an inbox filter; the same name again replaces it."""
    if not name.strip():
        raise Refused(_("Give the filter a name."))
    return SavedFilter.objects.update_or_create(user=by, name=name.strip(), defaults={"query": query})[0]


@action
def delete_filter(*, by: User, at: datetime, saved: SavedFilter) -> None:
    if saved.user_id != by.pk:
        raise PermissionDenied
    saved.delete()
