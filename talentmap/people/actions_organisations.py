"""Writing organisations."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.people.identifiers import BadIdentifier, parse_credit_code
from talentmap.people.models import Organisation, Talent
from talentmap.people.writing import assign_changed, keys_of, save
from talentmap.ui.errors import Refused

if TYPE_CHECKING:
    from talentmap.accounts.models import User

FIELDS = frozenset({"name", "kind", "credit_code", "industry", "region", "contact_name", "contact_phone", "is_active"})


@action
def create_organisation(*, by: "User", at: datetime, data: Mapping[str, Any]) -> Organisation:
    """Register an organisation and link the people who had named it as their employer.

    Raises Refused for a malformed or registered credit code; a wrong check digit is stored as a warning.
    """
    organisation = Organisation(**_prepared(data))
    if not by.may(Permission.EDIT_ORGANISATIONS, organisation):
        raise PermissionDenied
    save(organisation)
    _link_employees(organisation)
    return organisation


@action
def update_organisation(
    *, by: "User", at: datetime, organisation: Organisation, changes: Mapping[str, Any]
) -> Organisation:
    """Change entries of an organisation, which stays inside the writer's reach."""
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if not by.may(Permission.EDIT_ORGANISATIONS, organisation):
        raise PermissionDenied
    changed = assign_changed(organisation, _prepared(changes))
    if not by.may(Permission.EDIT_ORGANISATIONS, organisation):
        raise Refused(_("You cannot move an organisation to a place outside your reach."))
    if changed:
        save(organisation, changed)
    if "name" in changed:
        _link_employees(organisation)
    return organisation


def _prepared(data: Mapping[str, Any]) -> dict[str, Any]:
    if set(data) - FIELDS:
        raise PermissionDenied
    values = dict(data)
    if "name" in values:
        values |= keys_of(values["name"], person=False)
    if "credit_code" in values:
        values |= _credit_code(values["credit_code"])
    return values


def _credit_code(text: str) -> dict[str, Any]:
    if not text:
        return {"credit_code": "", "credit_code_warning": False}
    try:
        read = parse_credit_code(text)
    except BadIdentifier as error:
        raise Refused(error.args[0]) from error
    return {"credit_code": read.value, "credit_code_warning": not read.check_matches}


def _link_employees(organisation: Organisation) -> None:
    waiting = Talent.objects.filter(employer__isnull=True, employer_name=organisation.name)
    waiting.update(employer=organisation, employer_name="")
