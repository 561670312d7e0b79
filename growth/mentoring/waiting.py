"""Which pairs wait for an agreement or for the office's assessment: one condition each, for the office's list and for
its daily reminder."""

from datetime import date

from django.db.models import DateField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from growth.mentoring.choices import Side
from growth.mentoring.models import Agreement, Assessment, Pair

LAST_DAY = ExpressionWrapper(F("starts_on") + (F("weeks") * 7 - 1), output_field=DateField())


def to_agree(today: date) -> Q:
    """Running pairs that have agreed on nothing yet, or whose term is over while only one side wants the next."""
    proposed = Agreement.objects.filter(pair=OuterRef("pk")).exclude(_in_force())
    nothing_runs = Q(term_ends_on=None) | Q(Exists(proposed), term_ends_on__lt=today)
    return nothing_runs & Q(state=Pair.State.ACTIVE)


def to_assess(today: date) -> Q:
    """Pairs with a term that the office may assess finally and has not, as `rules.phases_open` says: each term by its
    own last day, or by the end of the pair where that came first; one that never began, not at all."""
    is_over = Q(pair__ended_on=None, last_day__lte=today) | Q(pair__ended_on__gte=F("starts_on"))
    terms = unassessed().filter(pair=OuterRef("pk")).alias(last_day=LAST_DAY)
    return Q(Exists(terms.filter(is_over)))


def unassessed() -> QuerySet[Agreement]:
    """Agreements in force that the office has not assessed finally."""
    given = Assessment.objects.filter(agreement=OuterRef("pk"), side=Side.OFFICE, phase=Assessment.Phase.FINAL)
    return Agreement.objects.filter(_in_force(), ~Exists(given))


def _in_force() -> Q:
    return Q(talent_confirmed_at__isnull=False, mentor_confirmed_at__isnull=False)
