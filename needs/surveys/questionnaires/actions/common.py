"""What several actions of questionnaires do. A questionnaire is always locked before one of its versions."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from needs.surveys.questionnaires.documents import Document
from needs.surveys.questionnaires.models import Questionnaire, Version
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.ui.errors import Refused


class Stale(Refused):
    """Somebody else changed the draft meanwhile; `version` is how it stands now."""

    def __init__(self, version: Version) -> None:
        words = {"name": str(version.published_by or version.edited_by), "number": version.number}
        text = (
            _("%(name)s has published version %(number)s meanwhile; it does not change any more.")
            if version.is_published
            else _("%(name)s has changed this draft meanwhile. Nothing of theirs was overwritten.")
        )
        super().__init__(text % words)
        self.version = version


def demand(by: User) -> None:
    if not by.may(Permission.EDIT_QUESTIONNAIRES):
        raise PermissionDenied


def lock_questionnaire(questionnaire: Questionnaire) -> Questionnaire:
    return Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)


def lock_version(version: Version) -> Version:
    """The version as it stands now; Refused where somebody deleted it.

    Without joins: after waiting for the lock, PostgreSQL would hold the new row against the person who edited the old
    one, and find nothing.
    """
    found = Version.objects.select_for_update().filter(pk=version.pk).order_by("pk").first()
    if found is None:
        raise Refused(_("Somebody has deleted this draft."))
    return found


def lock_draft(version: Version, revision: int) -> Version:
    """The draft, if it is still the one that was looked at."""
    row = lock_version(version)
    if row.is_published or row.revision != revision:
        raise Stale(row)
    return row


def newest(questionnaire: Questionnaire) -> Version | None:
    return questionnaire.versions.order_by("-number").first()


def newest_published(questionnaire: Questionnaire) -> Version | None:
    return questionnaire.versions.published().order_by("-number").first()


def titled(document: Document, title: str, form_id: str) -> Document:
    """A document under its own title and form id, so that two questionnaires are never taken for one."""
    settings = {**document.get("settings", {}), "title": title, "form_id": form_id}
    return {**document, "settings": settings}


def form_id_of(questionnaire: Questionnaire) -> str:
    return f"questionnaire_{questionnaire.pk}"
