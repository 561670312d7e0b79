"""Columns and querysets that the models of money share."""

from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from talentmap.accounts.permissions import Permission

ZERO = Decimal("0.00")


def money(label: Any, **options: Any) -> models.DecimalField:
    """A column of yuan and fen."""
    return models.DecimalField(label, max_digits=14, decimal_places=2, **options)


def person(label: Any, **options: Any) -> models.ForeignKey:
    """Who did something; a person with records is never deleted."""
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=label, related_name="+", **options)


class OfApplications(models.QuerySet):
    """Rows of applications: seen as far as a reader's reach in regions goes."""

    permission = Permission.VIEW_FUNDS

    def visible_to(self, user: Any) -> Self:
        if not user.may(self.permission):
            return self.none()
        reach = user.reach(self.permission)
        if reach.everything:
            return self
        within = Q(pk__in=[])
        for code in reach.region_codes:
            within |= Q(application__region__code__startswith=code)
        return self.filter(within)


class OfOffice(models.QuerySet):
    """Rows of the office as a whole: seen by whoever may look into the funds."""

    def visible_to(self, user: Any) -> Self:
        return self if user.may(Permission.VIEW_FUNDS) else self.none()
