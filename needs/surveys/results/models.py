"""Population margins, weights made from them, and themes into which open answers are coded."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from needs.surveys.columns import AgeBand, Sex, append_only, occupation, person
from talentmap.audit.triggers import AuditTrigger

__all__ = ["Coding", "Margin", "MarginSet", "Theme", "WeightCell", "WeightRun"]


class MarginSet(models.Model):
    """Where the population's numbers come from and of which day they are."""

    title = models.CharField(pgettext_lazy("margins", "title"), max_length=120)
    source = models.CharField(pgettext_lazy("margins", "source"), max_length=300)
    as_of = models.DateField(_("as of"))
    made_at = models.DateTimeField(_("made at"))
    made_by = person(_("made by"))
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)

    class Meta:
        verbose_name = _("population margins")
        verbose_name_plural = _("population margins")
        ordering = ("-as_of", "-pk")
        triggers = (AuditTrigger(),)

    def __str__(self) -> str:
        return f"{self.title} ({self.as_of})"


class Margin(models.Model):
    """The population of one category of one margin, such as all women, or one township's."""

    class Dimension(models.TextChoices):
        TOWNSHIP = "township", _("Township")
        AGE_BAND = "age_band", _("Age band")
        SEX = "sex", _("Sex")
        OCCUPATION = "occupation", pgettext_lazy("respondent", "Occupation")

    margin_set = models.ForeignKey(
        MarginSet, models.CASCADE, related_name="margins", verbose_name=_("population margins")
    )
    dimension = models.CharField(_("dimension"), max_length=10, choices=Dimension.choices)
    category = models.CharField(_("category"), max_length=60)
    population = models.PositiveIntegerField(_("population"))

    class Meta:
        verbose_name = _("margin")
        verbose_name_plural = _("margins")
        ordering = ("dimension", "pk")
        triggers = (AuditTrigger(),)
        constraints = (
            models.UniqueConstraint(
                name="needs_margin_category_unique",
                fields=("margin_set", "dimension", "category"),
                violation_error_message=_("This category stands there already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.dimension} {self.category}: {self.population}"


class WeightRun(models.Model):
    """Weights as they were computed once. Never overwritten: new answers or margins make a new run."""

    campaign = models.ForeignKey(
        "needs.Campaign", models.PROTECT, related_name="weight_runs", verbose_name=_("survey campaign")
    )
    number = models.PositiveIntegerField(_("run"))
    made_at = models.DateTimeField(_("made at"))
    made_by = person(_("made by"))
    margins = models.JSONField(_("margins used"))
    options = models.JSONField(_("options"))
    n = models.PositiveIntegerField(_("responses"))
    n_eff = models.FloatField(_("effective sample size"))
    design_effect = models.FloatField(_("design effect"))
    iterations = models.PositiveIntegerField(_("iterations"))
    note = models.CharField(_("note"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("weighting run")
        verbose_name_plural = _("weighting runs")
        ordering = ("-number",)
        triggers = (append_only(),)
        constraints = (
            models.UniqueConstraint(
                name="needs_weightrun_number_unique",
                fields=("campaign", "number"),
                violation_error_message=_("This run exists already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.campaign} #{self.number}"


class WeightCell(models.Model):
    """The weight of each response of one cell in one run, and how many there were."""

    run = models.ForeignKey(WeightRun, models.CASCADE, related_name="cells", verbose_name=_("weighting run"))
    township = models.ForeignKey("talentmap.Region", models.PROTECT, related_name="+", verbose_name=_("township"))
    age_band = models.CharField(_("age band"), max_length=6, choices=AgeBand.choices, blank=True, default="")
    occupation = occupation()
    sex = models.CharField(_("sex"), max_length=6, choices=Sex.choices, blank=True, default="")
    n = models.PositiveIntegerField(_("responses"))
    weight = models.FloatField(_("weight"))

    class Meta:
        verbose_name = _("weight")
        verbose_name_plural = _("weights")
        triggers = (append_only(),)
        constraints = (
            models.UniqueConstraint(
                name="needs_weightcell_unique",
                fields=("run", "township", "age_band", "occupation", "sex"),
                violation_error_message=_("This cell has a weight already."),
            ),
            models.CheckConstraint(
                name="needs_weightcell_positive",
                condition=Q(weight__gt=0),
                violation_error_message=_("A weight is more than zero."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.run_id}: {self.weight}"


class Theme(models.Model):
    """What several open answers to one question have in common."""

    campaign = models.ForeignKey(
        "needs.Campaign", models.CASCADE, related_name="themes", verbose_name=_("survey campaign")
    )
    question = models.CharField(_("question"), max_length=80)
    name = models.CharField(pgettext_lazy("theme", "name"), max_length=60)
    made_at = models.DateTimeField(_("made at"))
    made_by = person(_("made by"))

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ("question", "name")
        triggers = (AuditTrigger(),)
        constraints = (
            models.UniqueConstraint(
                name="needs_theme_name_unique",
                fields=("campaign", "question", "name"),
                violation_error_message=_("There is a theme of this name already."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Coding(models.Model):
    """That one response's answer belongs to a theme."""

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="codings", verbose_name=_("theme"))
    response = models.ForeignKey(
        "needs.Response", models.CASCADE, related_name="codings", verbose_name=_("survey response")
    )
    coded_at = models.DateTimeField(_("coded at"))
    coded_by = person(_("coded by"))

    class Meta:
        verbose_name = _("coding")
        verbose_name_plural = _("codings")
        triggers = (AuditTrigger(),)
        constraints = (
            models.UniqueConstraint(
                name="needs_coding_once",
                fields=("theme", "response"),
                violation_error_message=_("The answer has this theme already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.theme_id}/{self.response_id}"
