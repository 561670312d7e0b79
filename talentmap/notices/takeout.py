"""What a person was told, for the copy of everything that is stored about them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from talentmap.notices.models import Notice, Preference
from talentmap.people.models import Talent
from talentmap.people.takeout import Entry, numbered, readable, taken_along


@taken_along
def notices(talent: Talent) -> Iterator[Entry]:
    if talent.user is None:
        return
    for number, notice in enumerate(Notice.objects.filter(recipient=talent.user).order_by("pk"), start=1):
        part = f"{_('Notice')} {number}"
        yield part, _("created at"), readable(notice.created_at)
        yield part, pgettext("stored data", "Subject"), notice.subject
        yield part, pgettext("stored data", "Text"), notice.text
    yield from numbered(_("Notice preference"), Preference.objects.filter(user=talent.user).order_by("pk"))
