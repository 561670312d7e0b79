"""A person's applications, for the copy of everything that is stored about them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from talentmap.audit.takeout import readings_of
from talentmap.casework.models import Application, Document, Rating
from talentmap.people.models import Talent
from talentmap.people.takeout import Entry, entries_of, numbered, taken_along


@taken_along
def applications(talent: Talent) -> Iterator[Entry]:
    """Each with its steps, corrections, documents and rating; the files themselves stand on the application's page."""
    for application in Application.objects.filter(applicant=talent).order_by("pk"):
        title = f"{_('Application')} {application}"
        yield title, _("service"), str(application.service.title)
        yield from entries_of(title, application, leave_out=("scheme", "number"))
        yield from numbered(f"{title} · {pgettext('stored data', 'Step')}", application.transitions.all())
        yield from numbered(f"{title} · {_('Correction')}", application.returnitems.all())
        yield from numbered(f"{title} · {pgettext('upload', 'document')}", application.documents.all())
        yield from numbered(f"{title} · {_('Rating')}", Rating.objects.filter(application=application))
    yield from readings_of(Document, Document.objects.filter(application__applicant=talent))
