"""Publishing: a draft becomes a version that never changes again."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from growth.pathways import facts, rules
from growth.pathways.actions.common import demand, lock_draft, lock_pathway, newest_published
from growth.pathways.models import PathwayVersion
from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.ui.errors import Refused


@action
def publish(*, by: User, at: datetime, version: PathwayVersion, revision: int, note: str = "") -> PathwayVersion:
    """Publish the draft that the person looked at: who starts from now on is on it, others stay until they are moved.

    Raises Stale when it changed meanwhile, Refused when it has problems or says nothing new.
    """
    demand(by)
    pathway = lock_pathway(version.pathway)
    row = lock_draft(version, revision)
    if pathway.retired_at:
        raise Refused(_("The pathway is retired. Bring it back first."))
    stages = facts.plan_of(row)
    count = len(rules.problems(stages))
    if count:
        raise Refused(
            ngettext("The draft has %(count)s problem.", "The draft has %(count)s problems.", count) % {"count": count}
        )
    before = newest_published(pathway)
    if before and (before.summary, facts.content_of(before)) == (row.summary, facts.content_of(row)):
        raise Refused(_("Nothing has changed since version %(number)s.") % {"number": before.number})
    row.note, row.published_at, row.published_by = note.strip(), at, by
    row.save(update_fields=["note", "published_at", "published_by"])
    return row
