"""What a demo keeps about itself. Outside a demo the table stays empty."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talentmap.audit.triggers import AuditTrigger

THE_ONE = 1


class DemoDate(models.Model):
    """By how many days this demo's date runs ahead of the machine's: one row, and none before it was first moved.

    In the database, because the cases are: a flushed cache must not put them into the future, and a backup brings
    both back together.
    """

    days_ahead = models.PositiveIntegerField(_("days ahead"), default=0)

    class Meta:
        verbose_name = _("demo date")
        verbose_name_plural = _("demo dates")
        triggers = (AuditTrigger(),)
        constraints = (
            models.CheckConstraint(
                condition=Q(pk=THE_ONE),
                name="talentmap_demodate_only_one",
                violation_error_message=_("A demo has one date."),
            ),
        )

    def __str__(self) -> str:
        return f"+{self.days_ahead}"
