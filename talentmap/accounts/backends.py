"""Sign-in by user name or by mobile number."""

import unicodedata
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Q
from django.http import HttpRequest

from talentmap.accounts.models import User


def typed_name(text: str | None) -> str:
    """What was typed into the user-name field, full-width letters and stray blanks forgiven."""
    plain = unicodedata.normalize("NFKC", text or "").replace("\x00", "")
    return "".join(plain.split()).lower()[:40]


def find(text: str | None) -> User | None:
    """The account of this user name or mobile number; a user name begins with a letter, so the two never mix."""
    name = typed_name(text)
    return User.objects.people().filter(Q(username=name) | Q(mobile=name) & ~Q(mobile="")).first()


def counted_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The name under which failures are counted: the same whether the user name or the mobile number was typed."""
    text = (credentials or {}).get("username") or request.POST.get("username", "")
    user = find(text)
    return user.username if user else typed_name(text)


class NameOrMobileBackend(ModelBackend):
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        user = find(username)
        if user is None:
            User().set_password(password)  # as slow as for an account that exists, so that nobody can tell
            return None
        return user if user.check_password(password or "") and self.user_can_authenticate(user) else None
