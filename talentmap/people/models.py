"""The talent register: organisations, and a person's file with skills and family."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Reverse, Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.audit.triggers import AuditTrigger
from talentmap.people import masks, rules
from talentmap.people.choices import (
    Category,
    Education,
    EnterpriseStage,
    Industry,
    MaritalStatus,
    OrganisationKind,
    Relation,
    Sex,
    SkillLevel,
    Team,
)
from talentmap.people.fields import EncryptedTextField
from talentmap.people.identifiers import MOBILE_PATTERN, MOBILE_WRONG
from talentmap.people.querysets import OrganisationQuerySet, TalentQuerySet
from talentmap.people.records import Consent, DataRequest, ImportPreview

__all__ = ["Consent", "DataRequest", "FamilyMember", "ImportPreview", "Organisation", "Skill", "Talent"]

# The history cannot be emptied when a person is: it keeps that these changed, and no value.
HIDDEN_IN_HISTORY = ("id_number", "id_number_index", "phone", "email", "address", "bank_account", "health_note")
CREDIT_CODE_PATTERN = r"^[0-9A-HJ-NPQRTUWXY]{18}$"


class Named(models.Model):
    """Something with a Chinese name that sorts and is found by pinyin; `pinyin.name_keys` fills the keys."""

    name_sort_key = models.CharField(_("sort key"), max_length=1000, editable=False)
    name_pinyin = models.CharField(_("pinyin"), max_length=700, editable=False)
    name_initials = models.CharField(_("pinyin initials"), max_length=100, editable=False)

    class Meta:
        abstract = True


class Organisation(Named):
    name = models.CharField(pgettext_lazy("organisation", "name"), max_length=100)
    kind = models.CharField(pgettext_lazy("organisation", "kind"), max_length=20, choices=OrganisationKind)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    # Real firms with a wrong check digit exist, so a mismatch warns and never blocks.
    credit_code_warning = models.BooleanField(_("check digit does not match"), default=False, editable=False)
    industry = models.CharField(_("industry"), max_length=20, choices=Industry, blank=True)
    region = models.ForeignKey(
        "talentmap.Region",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("township or village"),
    )
    contact_name = models.CharField(_("contact person"), max_length=50, blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=20, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name_sort_key", "pk"]
        indexes = [
            models.Index(fields=["name_sort_key", "id"], name="talentmap_org_sorted"),
            # Upper, because that is what `icontains` searches.
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="talentmap_org_name_part"),
            models.Index(OpClass(F("credit_code"), name="varchar_pattern_ops"), name="talentmap_org_code"),
            models.Index(OpClass(F("name_pinyin"), name="varchar_pattern_ops"), name="talentmap_org_pinyin"),
            models.Index(OpClass(F("name_initials"), name="varchar_pattern_ops"), name="talentmap_org_initials"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=~Q(credit_code=""),
                name="talentmap_organisation_credit_code_once",
                violation_error_message=_("An organisation with this credit code is already registered."),
            ),
            models.CheckConstraint(
                condition=Q(credit_code="") | Q(credit_code__regex=CREDIT_CODE_PATTERN),
                name="talentmap_organisation_credit_code_form",
                violation_error_message=_("A credit code has 18 digits and capital letters (not I, O, S, V, Z)."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="talentmap_organisation_named",
                violation_error_message=_("An organisation has a name."),
            ),
        ]
        triggers = [AuditTrigger()]

    def __str__(self) -> str:
        return self.name

    @property
    def reach_region(self) -> Any:
        return self.region

    @property
    def reach_organisation_id(self) -> int:
        return self.pk


class Talent(Named):
    name = models.CharField(pgettext_lazy("person", "name"), max_length=100)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("account")
    )
    sex = models.CharField(_("sex"), max_length=6, choices=Sex, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    id_number = EncryptedTextField(_("ID number"), blank=True)
    id_number_index = models.CharField(max_length=64, blank=True, editable=False, verbose_name=_("ID number index"))
    identity_verified_at = models.DateTimeField(_("identity verified at"), null=True, blank=True, editable=False)
    identity_verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("identity verified by"),
    )
    marital_status = models.CharField(_("marital status"), max_length=10, choices=MaritalStatus, blank=True)

    phone = models.CharField(_("mobile phone"), max_length=11, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    region = models.ForeignKey(
        "talentmap.Region",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("township or village"),
    )
    address = models.CharField(_("address"), max_length=200, blank=True)

    education = models.CharField(_("highest education"), max_length=20, choices=Education, blank=True)
    school = models.CharField(_("school"), max_length=100, blank=True)
    major = models.CharField(_("major"), max_length=100, blank=True)
    graduated_on = models.DateField(_("graduated on"), null=True, blank=True)

    category = models.CharField(_("talent category"), max_length=1, choices=Category, blank=True)
    category_since = models.DateField(_("recognised since"), null=True, blank=True)
    category_until = models.DateField(_("recognised until"), null=True, blank=True)
    team = models.CharField(_("team"), max_length=20, choices=Team, blank=True)
    is_civil_servant = models.BooleanField(_("civil servant or equal"), default=False)

    employer = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="employees",
        verbose_name=_("employer"),
    )
    # What the person typed when the employer is not registered yet; the office links it later.
    employer_name = models.CharField(_("employer's name"), max_length=100, blank=True)
    position = models.CharField(_("position"), max_length=100, blank=True)
    employed_since = models.DateField(_("employed since"), null=True, blank=True)
    employed_until = models.DateField(_("employed until"), null=True, blank=True)
    enterprise = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="founders",
        verbose_name=_("own enterprise"),
    )
    enterprise_stage = models.CharField(
        _("stage of the enterprise"), max_length=12, choices=EnterpriseStage, blank=True
    )
    returned_on = models.DateField(_("returned to the county on"), null=True, blank=True)

    bank_name = models.CharField(_("bank"), max_length=100, blank=True)
    bank_account = EncryptedTextField(_("bank account"), blank=True)
    bank_account_last4 = models.CharField(_("last four digits"), max_length=4, blank=True, editable=False)
    bank_account_name = models.CharField(_("account holder"), max_length=100, blank=True)
    health_note = EncryptedTextField(_("health note"), blank=True)

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("file opened by")
    )
    created_at = models.DateTimeField(_("file opened at"))
    is_active = models.BooleanField(_("active"), default=True)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)

    objects = TalentQuerySet.as_manager()

    class Meta:
        verbose_name = _("talent")
        verbose_name_plural = _("talents")
        ordering = ["name_sort_key", "pk"]
        indexes = [
            models.Index(fields=["name_sort_key", "id"], name="talentmap_talent_sorted"),
            models.Index(OpClass(F("name"), name="varchar_pattern_ops"), name="talentmap_talent_name"),
            models.Index(OpClass(Reverse("name"), name="text_pattern_ops"), name="talentmap_talent_name_end"),
            models.Index(OpClass(F("name_pinyin"), name="varchar_pattern_ops"), name="talentmap_talent_pinyin"),
            models.Index(OpClass(F("name_initials"), name="varchar_pattern_ops"), name="talentmap_talent_initials"),
            models.Index(OpClass(F("phone"), name="varchar_pattern_ops"), name="talentmap_talent_phone"),
            models.Index(OpClass(Reverse("phone"), name="text_pattern_ops"), name="talentmap_talent_phone_end"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["id_number_index"],
                condition=~Q(id_number_index=""),
                name="talentmap_talent_id_number_once",
                violation_error_message=_("A person with this ID number is already registered."),
            ),
            models.CheckConstraint(
                condition=Q(id_number="", id_number_index="") | ~Q(id_number="") & ~Q(id_number_index=""),
                name="talentmap_talent_id_number_indexed",
                violation_error_message=_("An ID number is stored together with its index."),
            ),
            models.CheckConstraint(
                condition=Q(phone="") | Q(phone__regex=MOBILE_PATTERN),
                name="talentmap_talent_phone_form",
                violation_error_message=MOBILE_WRONG,
            ),
            models.CheckConstraint(
                condition=Q(category="", category_since__isnull=True, category_until__isnull=True)
                | Q(
                    category__in=Category.values,
                    category_since__isnull=False,
                    category_until__gt=F("category_since"),
                ),
                name="talentmap_talent_category_term",
                violation_error_message=_("A category has a first and a last day of recognition."),
            ),
            models.CheckConstraint(
                condition=Q(employed_until__isnull=True) | Q(employed_until__gte=F("employed_since")),
                name="talentmap_talent_employment_term",
                violation_error_message=_("Employment ends after it began."),
            ),
            models.CheckConstraint(
                condition=Q(bank_account="", bank_account_last4="") | ~Q(bank_account="") & ~Q(bank_account_last4=""),
                name="talentmap_talent_bank_account_last4",
                violation_error_message=_("A bank account is stored together with its last four digits."),
            ),
            models.CheckConstraint(
                condition=Q(identity_verified_at__isnull=True, identity_verified_by__isnull=True)
                | Q(identity_verified_at__isnull=False, identity_verified_by__isnull=False),
                name="talentmap_talent_identity_verified",
                violation_error_message=_("A verification has a time and a person."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="talentmap_talent_named",
                violation_error_message=_("A person has a name."),
            ),
        ]
        triggers = [AuditTrigger(hide=HIDDEN_IN_HISTORY)]

    def __str__(self) -> str:
        return self.name

    @property
    def reach_region(self) -> Any:
        return self.region

    @property
    def reach_organisation_id(self) -> int | None:
        return self.employer_id

    @property
    def reach_user_id(self) -> int | None:
        return self.user_id

    @property
    def masked_name(self) -> str:
        return masks.mask_name(self.name)

    @property
    def masked_phone(self) -> str:
        return masks.mask_phone(self.phone)

    @property
    def masked_id_number(self) -> str:
        return masks.mask_id(self.id_number)

    @property
    def masked_bank_account(self) -> str:
        return masks.mask_account(self.bank_account_last4)

    @property
    def employer_label(self) -> str:
        return self.employer.name if self.employer else self.employer_name

    @property
    def is_erased(self) -> bool:
        return self.erased_at is not None

    def category_on(self, day: date) -> str:
        """Give the category in force on `day`, "" when none or its term is over."""
        if not self.category or self.category_since is None or self.category_until is None:
            return ""
        return self.category if self.category_since <= day <= self.category_until else ""

    def category_renewable_on(self, day: date) -> bool:
        """Recognition can be renewed in the last three months of its term."""
        if not self.category_on(day) or self.category_until is None:
            return False
        return rules.renewable_from(self.category_until) <= day


class Skill(models.Model):
    talent = models.ForeignKey(Talent, on_delete=models.CASCADE, related_name="skills", verbose_name=_("talent"))
    name = models.CharField(_("occupation"), max_length=100)
    level = models.CharField(_("level"), max_length=20, choices=SkillLevel)
    certified_on = models.DateField(_("certified on"), null=True, blank=True)
    certificate_number = models.CharField(_("certificate number"), max_length=50, blank=True)

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["talent", "name", "level"],
                name="talentmap_skill_level_once",
                violation_error_message=_("This occupation and level are already in the file."),
            ),
        ]
        triggers = [AuditTrigger()]

    def __str__(self) -> str:
        return f"{self.name} {self.get_level_display()}"


class FamilyMember(models.Model):
    talent = models.ForeignKey(Talent, on_delete=models.CASCADE, related_name="family", verbose_name=_("talent"))
    relation = models.CharField(_("relation"), max_length=10, choices=Relation)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=100)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    id_number = EncryptedTextField(_("ID number"), blank=True)
    id_number_index = models.CharField(max_length=64, blank=True, editable=False, verbose_name=_("ID number index"))

    name_in_history = staticmethod(masks.mask_name)

    class Meta:
        verbose_name = _("family member")
        verbose_name_plural = _("family members")
        ordering = ["-relation", "birth_date", "pk"]
        indexes = [models.Index(fields=["id_number_index"], name="talentmap_family_id_number")]
        constraints = [
            models.UniqueConstraint(
                fields=["talent"],
                condition=Q(relation=Relation.SPOUSE),
                name="talentmap_familymember_one_spouse",
                violation_error_message=_("A spouse is already in the file."),
            ),
            models.UniqueConstraint(
                fields=["talent", "id_number_index"],
                condition=~Q(id_number_index=""),
                name="talentmap_familymember_id_number_once",
                violation_error_message=_("This family member is already in the file."),
            ),
            models.CheckConstraint(
                condition=Q(id_number="", id_number_index="") | ~Q(id_number="") & ~Q(id_number_index=""),
                name="talentmap_familymember_id_number_indexed",
                violation_error_message=_("An ID number is stored together with its index."),
            ),
        ]
        triggers = [AuditTrigger(hide=("name", "id_number", "id_number_index", "birth_date"))]

    def __str__(self) -> str:
        return masks.mask_name(self.name)

    @property
    def masked_id_number(self) -> str:
        return masks.mask_id(self.id_number)
