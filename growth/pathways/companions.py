"""Who accompanies a talent now: asked of the capability that keeps pairs of mentors and talents.

    companions.register(MentoringCompanions())      # in mentoring's hooks

A provider is asked both ways and for everybody, so that a list is one query.
"""

from collections.abc import Iterable
from itertools import chain
from typing import Any, Protocol

from django.db.models import Q


class Companions(Protocol):
    def mentors_of(self, talent: Any) -> Iterable[Any]:
        """The users who are this talent's mentors now."""
        ...

    def talents_of(self, user: Any) -> Iterable[int]:
        """The keys of the talents whom this user accompanies now: a list, or a queryset of them."""
        ...

    def accompanied(self) -> Iterable[int]:
        """The keys of all talents who have a mentor now, as `mentors_of` says of each: a queryset, best."""
        ...


_providers: list[Companions] = []


def register(provider: Companions) -> Companions:
    """Have `provider` asked too; the same one twice is asked once."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def forget(provider: Companions) -> None:
    """For tests, which bring companions of their own."""
    _providers.remove(provider)


def mentors_of(talent: Any) -> list[Any]:
    """Everybody who accompanies the talent now, each once."""
    return list(dict.fromkeys(chain.from_iterable(each.mentors_of(talent) for each in _providers)))


def talents_of(user: Any) -> list[int]:
    """The keys of everybody whom `user` accompanies now: a mentor has few."""
    return sorted(set(chain.from_iterable(each.talents_of(user) for each in _providers)))


def accompanied(path: str) -> Q:
    """A filter for rows whose talent, by this path, has a mentor now."""
    found = Q(pk__in=[])
    for each in _providers:
        found |= Q(**{f"{path}__in": each.accompanied()})
    return found


def accompanies(user: Any, talent: Any) -> bool:
    return any(talent.pk in set(each.talents_of(user)) for each in _providers)
