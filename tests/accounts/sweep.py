"""The objects that the URL sweep opens. An area adds one `@sample` for the URLs of its own that take ids.

@sample("people:talent_detail", "people:talent_edit")
def talent(world):
    return Sample(here={"talent_pk": world.talent_here.pk}, elsewhere={"talent_pk": world.talent_elsewhere.pk})
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.test import Client

from talentmap.accounts.models import User
from talentmap.accounts.permissions import ORGANISATION_ROLES, REGION_ROLES, Role
from tests.factories.accounts import CountyFactory, TownshipFactory, user_with
from tests.factories.people import OrganisationFactory, TalentFactory

COUNTY_ROLES = frozenset(REGION_ROLES - {Role.TOWNSHIP_CADRE})
NEIGHBOURS = frozenset({Role.TALENT, Role.TOWNSHIP_CADRE}) | COUNTY_ROLES
"""Who reaches a thing of the talent in the world's township, unless the sample says otherwise."""


@dataclass(frozen=True)
class Sample:
    """URL arguments of a thing that `reached_by` reach, and of the like in another township or organisation.

    `here_for` gives arguments to single roles instead of `here`; `elsewhere` of None says that such things belong
    to nobody; what is `private` is elsewhere for the county's own roles too. `refused` are roles that reach the
    thing but are told 403: the rule forbids them this one.
    """

    here: dict[str, Any]
    elsewhere: dict[str, Any] | None = None
    reached_by: frozenset[str] = NEIGHBOURS
    here_for: dict[str, dict[str, Any]] = field(default_factory=dict)
    private: bool = False
    refused: frozenset[str] = frozenset()


class World:
    """One person of each role in and around one township, and a talent in another."""

    def __init__(self) -> None:
        self.county: Any = CountyFactory()
        self.township: Any = TownshipFactory(parent=self.county)
        self.other_township: Any = TownshipFactory(parent=self.county)
        self.organisation: Any = OrganisationFactory(region=self.township)
        self.other_organisation: Any = OrganisationFactory(region=self.other_township)
        self.people: dict[str, User] = {role: self._person(role) for role in Role.values}
        self.talent_here: Any = TalentFactory(user=self.people[Role.TALENT], region=self.township)
        self.talent_elsewhere: Any = TalentFactory(user=user_with(Role.TALENT), region=self.other_township)

    def _person(self, role: str) -> User:
        if role == Role.TALENT:
            return user_with(role)
        if role in ORGANISATION_ROLES:
            return user_with(role, organisation=self.organisation)
        return user_with(role, region=self.township if role == Role.TOWNSHIP_CADRE else self.county)

    @cached_property
    def sessions(self) -> dict[str, str]:
        """Everybody signed in once: a sign-in costs more than most pages."""
        return {role: signed_in(person) for role, person in self.people.items()}


def signed_in(person: User) -> str:
    client = Client()
    client.force_login(person)
    return str(client.session.session_key)


Factory = Callable[[World], Sample]
SAMPLES: dict[str, Factory] = {}


def sample(*url_names: str) -> Callable[[Factory], Factory]:
    """Register the function that makes the objects which these URLs take."""

    def register(factory: Factory) -> Factory:
        for name in url_names:
            assert name not in SAMPLES, f"{name} has two samples"
            SAMPLES[name] = factory
        return factory

    return register
