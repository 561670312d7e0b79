"""What mentoring stores about a person, for the copy that they may take along."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from growth.mentoring.models import Agreement, Assessment, Meeting, Mentor, MentoringApplication, Milestone, Pair
from talentmap.people.models import Talent
from talentmap.people.takeout import Entry, entries_of, numbered, taken_along


@taken_along
def mentoring(talent: Talent) -> Iterator[Entry]:
    for form in MentoringApplication.objects.filter(application__applicant=talent).select_related("application"):
        yield from entries_of(f"{_('Application')} {form.application} · {_('Mentoring')}", form)
    pairs = Pair.objects.filter(talent=talent)
    yield from numbered(_("Mentoring pair"), pairs.order_by("pk"))
    yield from numbered(_("Mentoring agreement"), Agreement.objects.filter(pair__in=pairs).order_by("pk"))
    yield from numbered(_("Step of the plan"), Milestone.objects.filter(pair__in=pairs).order_by("pk"))
    yield from numbered(_("Meeting"), Meeting.objects.filter(pair__in=pairs).order_by("pk"))
    own = Assessment.objects.filter(pair__in=pairs, side="talent").order_by("pk")
    yield from numbered(_("Assessment given"), own)
    if talent.user_id is not None:
        yield from numbered(
            _("Mentor's profile"), Mentor.objects.filter(user=talent.user_id), leave_out={"invite_token"}
        )
