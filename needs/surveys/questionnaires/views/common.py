from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from needs.surveys.questionnaires.models import Questionnaire, Version
from talentmap.accounts.access import SignedInRequest

Crumbs = list[tuple[Any, str]]


def questionnaire_of(request: SignedInRequest, pk: int) -> Questionnaire:
    return get_object_or_404(Questionnaire.objects.visible_to(request.user), pk=pk)


def version_of(request: SignedInRequest, pk: int) -> Version:
    found = Version.objects.visible_to(request.user).select_related("questionnaire", "edited_by", "published_by")
    return get_object_or_404(found, pk=pk)


def draft_of(request: SignedInRequest, pk: int) -> Version:
    """A draft is edited; what is published has no such page any more."""
    found = Version.objects.visible_to(request.user).select_related("questionnaire", "edited_by")
    return get_object_or_404(found, pk=pk, published_at=None)


def crumbs(*more: tuple[Any, str]) -> Crumbs:
    return [(_("Questionnaires"), reverse("surveys:questionnaire_list")), *more]


def of_questionnaire(row: Questionnaire, title: str) -> Crumbs:
    return crumbs((row.title, reverse("surveys:questionnaire", args=[row.pk])), (title, ""))


def name_of(version: Version) -> str:
    text = _("Version %(number)s") if version.is_published else _("Draft of version %(number)s")
    return text % {"number": version.number}
