"""Counts of answers that follow the responses."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from needs.surveys.columns import AgeBand, ResponseState, Sex, occupation

__all__ = ["Tally"]


class Tally(models.Model):
    """How many responses of one cell say one thing. Written by folding only; `manage.py verify_tallies` proves it.

    `question` is a stable id, or "" for the responses themselves; `value` a choice, a bin of a number or date, or ""
    for "answered at all". `total` and `total_squares` sum the numbers behind `n`, where there are any.
    """

    campaign = models.ForeignKey(
        "needs.Campaign",
        models.CASCADE,
        related_name="tallies",
        db_index=False,
        db_constraint=False,
        verbose_name=_("survey campaign"),
    )
    question = models.CharField(_("question"), max_length=80, blank=True)
    version = models.ForeignKey(
        "needs.Version",
        models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("questionnaire version"),
    )
    township = models.ForeignKey(
        "talentmap.Region",
        models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("township"),
    )
    age_band = models.CharField(_("age band"), max_length=6, choices=AgeBand.choices, blank=True, default="")
    occupation = occupation()
    sex = models.CharField(_("sex"), max_length=6, choices=Sex.choices, blank=True, default="")
    state = models.CharField(pgettext_lazy("survey response", "state"), max_length=8, choices=ResponseState.choices)
    value = models.CharField(pgettext_lazy("answer", "value"), max_length=120, blank=True)
    n = models.BigIntegerField(_("count"))
    total = models.DecimalField(_("sum"), max_digits=60, decimal_places=12, default=0)
    total_squares = models.DecimalField(_("sum of squares"), max_digits=80, decimal_places=12, default=0)

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints = (
            models.UniqueConstraint(
                name="needs_tally_cell_unique",
                fields=(
                    "campaign",
                    "question",
                    "state",
                    "township",
                    "version",
                    "age_band",
                    "occupation",
                    "sex",
                    "value",
                ),
                violation_error_message=_("This cell is counted already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.question}={self.value}: {self.n}"
