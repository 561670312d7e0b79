"""Pathways: made, copied, renamed, retired and brought back."""

from datetime import datetime

from django.utils.translation import gettext as _

from growth.pathways.actions.common import demand, lock_pathway, newest
from growth.pathways.actions.drafting import copy_parts
from growth.pathways.models import Pathway, PathwayVersion
from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.ui.errors import Refused


@action
def make(*, by: User, at: datetime, title: str, audience: str, summary: str = "", code: str = "") -> Pathway:
    """A pathway with an empty first draft."""
    demand(by)
    made = Pathway.objects.create(code=code, title=title.strip(), audience=audience, made_at=at, made_by=by)
    _first_draft(by, at, made, summary.strip())
    return made


def _first_draft(by: User, at: datetime, pathway: Pathway, summary: str) -> PathwayVersion:
    return PathwayVersion.objects.create(pathway=pathway, number=1, summary=summary, edited_at=at, edited_by=by)


@action
def copy(*, by: User, at: datetime, pathway: Pathway, title: str) -> Pathway:
    """Another pathway whose first draft says what the newest version of this one says."""
    demand(by)
    source = newest(pathway)
    if source is None:
        raise Refused(_("There is nothing to copy."))
    made = Pathway.objects.create(title=title.strip(), audience=pathway.audience, made_at=at, made_by=by)
    copy_parts(source, _first_draft(by, at, made, source.summary))
    return made


@action
def describe(*, by: User, at: datetime, pathway: Pathway, title: str) -> Pathway:
    demand(by)
    row = lock_pathway(pathway)
    row.title = title.strip()
    row.save(update_fields=["title"])
    return row


@action
def retire(*, by: User, at: datetime, pathway: Pathway) -> Pathway:
    """Nobody starts it any more; who is on it goes on."""
    demand(by)
    row = lock_pathway(pathway)
    if row.retired_at is None:
        row.retired_at, row.retired_by = at, by
        row.save(update_fields=["retired_at", "retired_by"])
    return row


@action
def bring_back(*, by: User, at: datetime, pathway: Pathway) -> Pathway:
    """Refused by the database where another pathway has taken the title meanwhile."""
    demand(by)
    row = lock_pathway(pathway)
    row.retired_at = row.retired_by = None
    row.save(update_fields=["retired_at", "retired_by"])
    return row
