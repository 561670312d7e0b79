"""Reads from the database what the conditions of the service look at."""

from datetime import date

from growth.mentoring import matching
from growth.mentoring.models import MentoringApplication, Pair
from growth.mentoring.rules import MentoringFacts
from talentmap.people.models import Talent


def gather(talent: Talent, detail: MentoringApplication | None, today: date) -> MentoringFacts:
    """The facts of one person; `detail` is the form's row where there is an application already."""
    kind = detail.kind if detail else ""
    free = matching.open_mentors(today, kind)
    if talent.user_id is not None:
        free = free.exclude(user=talent.user_id)
    return MentoringFacts(
        talent_pk=talent.pk,
        kind=kind,
        lives_in_county=talent.region_id is not None,
        is_civil_servant=talent.is_civil_servant,
        kinds_running=frozenset(Pair.objects.active().filter(talent=talent).values_list("kind", flat=True)),
        mentors_free=free.count(),
    )
