"""Who read a person's sensitive data, for the copy of everything that is stored about them."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from talentmap.audit import readable
from talentmap.audit.models import AccessLog
from talentmap.people import takeout
from talentmap.people.models import Talent


@takeout.taken_along
def readings(talent: Talent) -> Iterator[takeout.Entry]:
    yield from readings_of(Talent, [talent])


def readings_of(model: type[models.Model], rows: Any) -> Iterator[takeout.Entry]:
    """Who read something sensitive of the person's `rows` of `model`, when and why."""
    keys = [str(row.pk) for row in rows]
    found = AccessLog.objects.filter(subject_type=model._meta.label_lower, subject_id__in=keys)
    for reading in readable.readings(list(found.select_related("user").order_by("pk"))):
        part = f"{pgettext('stored data', 'Reading')} {reading.access.pk}"
        yield part, _("Time"), takeout.readable(reading.access.at)
        yield part, _("Who read it"), reading.access.user.display_name
        yield part, _("What was read"), f"{reading.kind}: {reading.field}"
        yield part, _("Reason"), reading.access.reason
