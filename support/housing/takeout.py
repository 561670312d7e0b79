"""A person's housing subsidies, for the copy of everything that is stored about them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from support.housing.models import Entitlement, HousingApplication
from talentmap.people.models import Talent
from talentmap.people.takeout import Entry, entries_of, numbered, taken_along


@taken_along
def housing(talent: Talent) -> Iterator[Entry]:
    for form in HousingApplication.objects.filter(application__applicant=talent).select_related("application"):
        yield from entries_of(f"{_('Application')} {form.application} · {_('Housing')}", form)
    yield from numbered(_("Housing benefit"), Entitlement.objects.filter(talent=talent).order_by("pk"))
