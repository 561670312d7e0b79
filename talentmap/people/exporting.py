"""The register as a table: masked for everybody who may export, in full for a logged reason."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from talentmap.accounts.permissions import Permission
from talentmap.audit.action import action
from talentmap.audit.actions import log_accesses
from talentmap.people.models import Talent
from talentmap.people.writing import checked_reason
from talentmap.ui.errors import Refused

FULL_LIMIT = 2000
_CHUNK = 500

# The headings are those of the import, so that a table can be corrected in Excel and imported again.
HEADER = (
    pgettext_lazy("person", "Name"),
    gettext_lazy("ID number"),
    gettext_lazy("Sex"),
    gettext_lazy("Date of birth"),
    gettext_lazy("Mobile phone"),
    gettext_lazy("E-mail address"),
    gettext_lazy("Township or village"),
    gettext_lazy("Address"),
    gettext_lazy("Highest education"),
    pgettext_lazy("education", "School"),
    gettext_lazy("Major"),
    gettext_lazy("Graduated on"),
    gettext_lazy("Talent category"),
    gettext_lazy("Recognised since"),
    gettext_lazy("Team"),
    gettext_lazy("Civil servant"),
    gettext_lazy("Employer"),
    gettext_lazy("Position"),
    gettext_lazy("Employed since"),
    gettext_lazy("Returned on"),
)


def masked_rows(people: QuerySet) -> Iterator[list[Any]]:
    for talent in people.order_by("name_sort_key", "pk").iterator(chunk_size=_CHUNK):
        yield _row(talent, talent.masked_id_number, talent.masked_phone)


@action
def full_rows(*, by: Any, at: datetime, people: QuerySet, reason: str) -> list[list[Any]]:
    """Give the rows with ID number and phone, and log the reading of each person's."""
    if not (by.may(Permission.EXPORT_PEOPLE) and by.may(Permission.UNMASK)):
        raise PermissionDenied
    reason = checked_reason(reason)
    chosen = list(people.order_by("name_sort_key", "pk")[: FULL_LIMIT + 1])
    if len(chosen) > FULL_LIMIT:
        raise Refused(_("More than %(limit)s people: please filter the list first.") % {"limit": FULL_LIMIT})
    log_accesses(by=by, at=at, subjects=chosen, field="export", reason=reason)
    return [_row(talent, talent.id_number, talent.phone) for talent in chosen]


def _row(talent: Talent, id_number: str, phone: str) -> list[Any]:
    return [
        talent.name, id_number, talent.get_sex_display(), talent.birth_date, phone, talent.email,
        talent.region.full_name if talent.region else "", talent.address, talent.get_education_display(),
        talent.school, talent.major, talent.graduated_on, talent.category, talent.category_since,
        talent.get_team_display(), _("yes") if talent.is_civil_servant else _("no"), talent.employer_label,
        talent.position, talent.employed_since, talent.returned_on,
    ]  # fmt: skip
