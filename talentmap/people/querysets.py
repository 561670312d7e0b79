"""Who sees whom, and how people are found by name, pinyin, initials or phone."""

import re
import unicodedata
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Reverse

from talentmap.accounts.permissions import Permission
from talentmap.people.fields import blind_index

models.CharField.register_lookup(Reverse)

SENSITIVE_COLUMNS = ("id_number", "bank_account", "health_note")
_PHONE_TAIL = 4


def normalised(text: str) -> str:
    """Give what was typed with full-width letters and odd blanks made plain."""
    plain = unicodedata.normalize("NFKC", text).replace("\x00", "")
    return " ".join(plain.split())[:50]


def person_matches(text: str, path: str = "") -> Q:
    """Give the condition that finds a person by name, pinyin, initials, phone or the phone's last digits.

    `path` leads from the searched model to the person (`"applicant__"`). Each alternative is the beginning or
    the end of an indexed column, so that the search stays fast at any size; nothing typed finds everybody.
    """
    wanted = normalised(text)
    if not wanted:
        return Q()
    if re.fullmatch(r"[\d\s*-]+", wanted):
        return _phone_matches(re.sub(r"\D", "", wanted), path)
    if wanted.isascii():
        letters = re.sub(r"[^a-z]", "", wanted.lower())
        latin = Q(**{f"{path}name__startswith": wanted})
        if not letters:
            return latin
        return (
            latin
            | Q(**{f"{path}name_pinyin__startswith": letters})
            | Q(**{f"{path}name_initials__startswith": letters})
        )
    name = wanted.replace(" ", "")
    return Q(**{f"{path}name__startswith": name}) | Q(**{f"{path}name__reverse__startswith": name[::-1]})


def _phone_matches(digits: str, path: str) -> Q:
    if not digits:
        return Q(**{f"{path}pk__in": []})
    found = Q(**{f"{path}phone__startswith": digits})
    if len(digits) >= _PHONE_TAIL:
        found |= Q(**{f"{path}phone__reverse__startswith": digits[::-1]})
    return found


class TalentQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Their own file, and those inside the reach in which they may see files."""
        if not user.is_authenticated:
            return self.none()
        reached = user.reach(Permission.VIEW_PEOPLE).q(region="region", organisation="employer")
        return self.filter(reached | Q(user=user))

    def registered(self) -> Self:
        """Everyone whose file has not been erased on request."""
        return self.filter(erased_at__isnull=True)

    def search(self, text: str) -> Self:
        return self.filter(person_matches(text))

    def with_id_number(self, id_number: str) -> Self:
        return self.filter(id_number_index=blind_index(id_number) or "none")

    def without_sensitive(self) -> Self:
        """Leave the encrypted columns in the database: lists need none of them."""
        return self.defer(*SENSITIVE_COLUMNS)


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Organisations inside the reach in which the user may see them."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(user.reach(Permission.VIEW_ORGANISATIONS).q(region="region", organisation="pk"))

    def search(self, text: str) -> Self:
        """Find by any part of the name, pinyin or its initials from the beginning, or the credit code."""
        wanted = normalised(text)
        if not wanted:
            return self
        found = Q(name__icontains=wanted)
        if not wanted.isascii():
            return self.filter(found)
        found |= Q(credit_code__startswith=wanted.upper())
        letters = re.sub(r"[^a-z]", "", wanted.lower())
        if letters:
            found |= Q(name_pinyin__startswith=letters) | Q(name_initials__startswith=letters)
        return self.filter(found)
