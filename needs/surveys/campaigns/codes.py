"""Invitation codes: easy to type, hard to guess, never stored."""

import secrets
import unicodedata

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from needs.surveys.campaigns.models import InvitationCode, PublicLink
from talentmap.people.fields import blind_index

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without what is mistaken for something else on paper: 0 and O, 1, I and L, U and V."""
LENGTH, GROUP = 12, 4


def new_codes(count: int) -> list[str]:
    """Distinct codes of 58 bits, in groups of four: 7K2M-…"""
    made: set[str] = set()
    while len(made) < count:
        made.add("".join(secrets.choice(ALPHABET) for _each in range(LENGTH)))
    return ["-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP)) for code in sorted(made)]


def typed(code: str) -> str:
    """What was typed, without dashes, spaces and the difference of case or width."""
    plain = unicodedata.normalize("NFKC", code).upper()
    return "".join(letter for letter in plain if letter in ALPHABET)


def digest_of(link: PublicLink, code: str) -> str:
    """The keyed digest under which a code of this link is kept; of the empty code it is ""."""
    plain = typed(code)
    return blind_index(f"invitation:{link.pk}:{plain}") if plain else ""


def find_code(link: PublicLink, code: str) -> InvitationCode | None:
    """The invitation that `code` belongs to, used or not."""
    digest = digest_of(link, code)
    return link.codes.filter(digest=digest).first() if digest else None


def public_path(link: PublicLink) -> str:
    try:
        return reverse("surveys:public_form", args=[link.token])
    except NoReverseMatch:
        return f"/needs/surveys/f/{link.token}/"


def public_address(link: PublicLink) -> str:
    """The whole address, as it is printed and scanned."""
    return settings.SITE_URL.rstrip("/") + public_path(link)
