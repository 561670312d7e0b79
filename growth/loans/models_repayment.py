"""What belongs to one loan: money paid out, schedules, repayments, the bank's files, the interest subsidy."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from growth.loans.models_loan import Loan, yuan
from growth.loans.querysets import OfLoanQuerySet, RepaymentFileQuerySet
from growth.loans.triggers import only_ever_finished
from talentmap.audit.triggers import AuditTrigger
from talentmap.casework.columns import append_only, person


class Disbursement(models.Model):
    """Money that the bank paid out to the borrower. A wrong one is never changed: a further row takes it back."""

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="disbursements", verbose_name=_("loan"))
    on = models.DateField(_("paid out on"))
    amount = yuan(_("amount (CNY)"))
    reference = models.CharField(_("the bank's reference"), max_length=60)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversal", verbose_name=_("takes back")
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    by = person(_("entered by"))
    at = models.DateTimeField(_("entered at"))

    objects = OfLoanQuerySet.as_manager()

    class Meta:
        verbose_name = _("disbursement")
        verbose_name_plural = _("disbursements")
        ordering = ("on", "id")
        triggers = (append_only(),)
        constraints = (
            models.UniqueConstraint(
                name="growth_disbursement_once",
                fields=["loan", "reference"],
                condition=Q(reverses__isnull=True),
                violation_error_message=_("This disbursement is entered already."),
            ),
            models.CheckConstraint(
                name="growth_disbursement_positive",
                condition=Q(reverses__isnull=True, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0),
                violation_error_message=_("The amount must be more than zero."),
            ),
        )

    def __str__(self) -> str:
        return self.reference


class Schedule(models.Model):
    """What is due and when, as it holds from `since`; a later one replaces what was to come after its own day. One
    that turns out to rest on an error is withdrawn, and the one before holds again."""

    class Reason(models.TextChoices):
        DISBURSED = "disbursed", _("Paid out")
        FURTHER = "further", _("A further part paid out")
        EARLY = "early", _("Repaid early")
        EXTENDED = "extended", _("Extended")

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="schedules", verbose_name=_("loan"))
    version = models.PositiveSmallIntegerField(_("version"))
    since = models.DateField(_("in force since"))
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    by = person(_("made by"))
    at = models.DateTimeField(_("made at"))
    # Of an extension: how long, and why.
    months = models.PositiveSmallIntegerField(_("further months"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_note = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)

    objects = OfLoanQuerySet.as_manager()

    class Meta:
        verbose_name = _("repayment schedule")
        verbose_name_plural = _("repayment schedules")
        ordering = ("version",)
        triggers = (AuditTrigger(),)
        constraints = (
            models.UniqueConstraint(
                name="growth_schedule_one_a_version",
                fields=["loan", "version"],
                violation_error_message=_("The schedules of a loan are numbered once each."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.loan_id}/{self.version}"


class Instalment(models.Model):
    """One row of a schedule."""

    schedule = models.ForeignKey(
        Schedule, models.PROTECT, related_name="instalments", verbose_name=_("repayment schedule")
    )
    number = models.PositiveSmallIntegerField(pgettext_lazy("instalment", "number"))
    begins = models.DateField(_("from"))
    due = models.DateField(_("due on"))
    days = models.PositiveSmallIntegerField(_("days"))
    opening = yuan(_("principal before"))
    principal = yuan(_("principal"))
    interest = yuan(_("interest"))
    total = yuan(_("instalment"))
    closing = yuan(_("principal after"))

    class Meta:
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        ordering = ("schedule", "due")
        triggers = (append_only(),)
        constraints = (
            models.UniqueConstraint(
                name="growth_instalment_one_a_day",
                fields=["schedule", "due"],
                violation_error_message=_("One instalment is due on a day."),
            ),
            models.CheckConstraint(
                name="growth_instalment_adds_up",
                condition=Q(
                    principal__gte=0,
                    interest__gte=0,
                    total=F("principal") + F("interest"),
                    closing=F("opening") - F("principal"),
                    due__gte=F("begins"),
                ),
                violation_error_message=_("Principal and interest add up to the instalment."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}: {self.due}"


class RepaymentFile(models.Model):
    """A file in which a bank lists what borrowers paid: as it was read, to be entered row by row in the background."""

    bank = models.ForeignKey(
        "talentmap.Organisation", models.PROTECT, related_name="repayment_files", verbose_name=_("lending bank")
    )
    name = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    # A file imported again has the rows that were not entered before.
    attempt = models.PositiveSmallIntegerField(_("which import of the file"), default=1)
    by = person(_("imported by"))
    at = models.DateTimeField(_("imported at"))
    # One a row: row, contract, reference, paid_on, principal, interest, penalty; dates and amounts as text.
    entries = models.JSONField(_("rows as read"), default=list)
    rows = models.PositiveIntegerField(pgettext_lazy("file", "rows"), default=0)
    finished_at = models.DateTimeField(pgettext_lazy("file", "entered at"), null=True, blank=True)
    counts = models.JSONField(_("counts"), default=dict)

    objects = RepaymentFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("repayment file")
        verbose_name_plural = _("repayment files")
        ordering = ("-id",)
        triggers = only_ever_finished()
        indexes = (
            models.Index(fields=["at"], name="growth_repaymentfile_open", condition=Q(finished_at__isnull=True)),
        )
        constraints = (
            models.UniqueConstraint(
                name="growth_repaymentfile_once",
                fields=["bank", "sha256", "attempt"],
                violation_error_message=_("This file has been imported before."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Some row was not tried yet."""
        return self.finished_at is None

    @property
    def booked(self) -> int:
        """The repayments that are new; 0 until it is finished, as are `known` and `odd`."""
        return self.counts.get(RepaymentLine.Verdict.BOOKED, 0)

    @property
    def known(self) -> int:
        return self.counts.get(RepaymentLine.Verdict.KNOWN, 0)

    @property
    def odd(self) -> int:
        """The rows that changed nothing and were not known."""
        return sum(self.counts.values()) - self.booked - self.known


class Repayment(models.Model):
    """What a borrower paid, as the bank parted it. A wrong one is never changed: a further row takes it back."""

    class Kind(models.TextChoices):
        REGULAR = "regular", pgettext_lazy("repayment", "As scheduled")
        EARLY = "early", pgettext_lazy("repayment", "Early")
        REVERSAL = "reversal", pgettext_lazy("repayment", "Taken back")

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="repayments", verbose_name=_("loan"))
    bank = models.ForeignKey("talentmap.Organisation", models.PROTECT, related_name="+", verbose_name=_("bank"))
    kind = models.CharField(_("kind of repayment"), max_length=10, choices=Kind.choices, default=Kind.REGULAR)
    paid_on = models.DateField(_("paid on"))
    principal = yuan(_("principal"), default=0)
    interest = yuan(_("interest"), default=0)
    penalty = yuan(_("penalty interest"), default=0)
    reference = models.CharField(_("the bank's reference"), max_length=60)
    schedule = models.ForeignKey(
        Schedule,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="repayments",
        verbose_name=_("schedule made by it"),
    )
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversal", verbose_name=_("takes back")
    )
    file = models.ForeignKey(
        RepaymentFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="repayments",
        verbose_name=_("repayment file"),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    by = person(_("entered by"))
    at = models.DateTimeField(_("entered at"))

    objects = OfLoanQuerySet.as_manager()

    class Meta:
        verbose_name = _("repayment")
        verbose_name_plural = _("repayments")
        ordering = ("paid_on", "id")
        triggers = (append_only(),)
        constraints = (
            models.UniqueConstraint(
                name="growth_repayment_once",
                fields=["bank", "reference"],
                condition=Q(reverses__isnull=True),
                violation_error_message=_("A repayment with this reference is entered already."),
            ),
            models.CheckConstraint(
                name="growth_repayment_amounts",
                condition=Q(reverses__isnull=True, principal__gte=0, interest__gte=0, penalty__gte=0)
                | Q(reverses__isnull=False, principal__lte=0, interest__lte=0, penalty__lte=0),
                violation_error_message=_("Amounts cannot be negative."),
            ),
            models.CheckConstraint(
                name="growth_repayment_kind",
                condition=Q(kind="reversal", reverses__isnull=False)
                | Q(kind__in=("regular", "early"), reverses__isnull=True),
                violation_error_message=_("Only a row that takes another back is of this kind."),
            ),
        )

    def __str__(self) -> str:
        return self.reference


class RepaymentLine(models.Model):
    """One row of a repayment file, and what was made of it."""

    class Verdict(models.TextChoices):
        BOOKED = "booked", pgettext_lazy("repayment line", "Booked")
        KNOWN = "known", _("Already known, nothing changed")
        UNKNOWN = "unknown", pgettext_lazy("repayment line", "No such contract")
        REFUSED = "refused", pgettext_lazy("repayment line", "Not possible")
        CONTRADICTION = "contradiction", _("The reference stands for another repayment")

    file = models.ForeignKey(RepaymentFile, models.PROTECT, related_name="lines", verbose_name=_("repayment file"))
    row = models.PositiveIntegerField(pgettext_lazy("file", "row"))
    contract_number = models.CharField(_("contract number"), max_length=60)
    reference = models.CharField(_("the bank's reference"), max_length=60)
    repayment = models.ForeignKey(
        Repayment, models.PROTECT, null=True, blank=True, related_name="lines", verbose_name=_("repayment")
    )
    verdict = models.CharField(_("what was made of it"), max_length=15, choices=Verdict.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("line of a repayment file")
        verbose_name_plural = _("lines of a repayment file")
        ordering = ("file", "row")
        triggers = (append_only(),)
        constraints = (
            models.UniqueConstraint(
                name="growth_repaymentline_one_a_row",
                fields=["file", "row"],
                violation_error_message=_("A file's rows are numbered once each."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.row}: {self.reference}"


class SubsidyBooking(models.Model):
    """The interest subsidy of one quarter of a loan, or what a later correction adds to or takes off it."""

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="subsidy_bookings", verbose_name=_("loan"))
    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    serial = models.PositiveSmallIntegerField(pgettext_lazy("booking", "number"))
    amount = yuan(_("amount (CNY)"))
    total = yuan(_("the quarter's subsidy after it (CNY)"))
    # How it comes about: each payment's interest by instalment, so that the sum can be checked by hand.
    lines = models.JSONField(_("computation"), default=list)
    by = person(_("booked by"))
    at = models.DateTimeField(_("booked at"))

    objects = OfLoanQuerySet.as_manager()

    class Meta:
        verbose_name = _("booked interest subsidy")
        verbose_name_plural = _("booked interest subsidies")
        ordering = ("year", "quarter", "serial")
        triggers = (append_only(),)
        indexes = (models.Index(fields=["year", "quarter"], name="growth_subsidy_quarter"),)
        constraints = (
            models.UniqueConstraint(
                name="growth_subsidybooking_once",
                fields=["loan", "year", "quarter", "serial"],
                violation_error_message=_("This booking is made already."),
            ),
            models.CheckConstraint(
                name="growth_subsidybooking_quarter",
                condition=Q(quarter__gte=1, quarter__lte=4, total__gte=0) & ~Q(amount=0),
                violation_error_message=_("A quarter is 1 to 4, and what is booked is not nothing."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.year}-Q{self.quarter}"
