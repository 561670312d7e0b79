"""What accounts leave behind: the code that proves a mobile number, and who came in or tried to."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.accounts.permissions import Permission
from talentmap.accounts.rules import CODE_TRIES
from talentmap.people.identifiers import MOBILE_PATTERN, MOBILE_WRONG


class MobileCode(models.Model):
    """The last code sent to a number, kept as a digest; one row a number, so that two at once wait for each other."""

    class Purpose(models.TextChoices):
        REGISTER = "register", _("Register")
        CHANGE = "change", _("Change one's own account")
        SURVEY = "survey", _("Answer a survey")

    mobile = models.CharField(_("mobile number"), max_length=11)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices)
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    sent_at = models.DateTimeField(_("sent at"))
    sent_that_day = models.PositiveSmallIntegerField(_("sent that day"), default=0)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)

    class Meta:
        verbose_name = _("code by text message")
        verbose_name_plural = _("codes by text message")
        constraints = [
            models.UniqueConstraint(
                fields=["mobile"],
                name="talentmap_mobilecode_one_a_number",
                violation_error_message=_("A code is already on its way to this number."),
            ),
            models.CheckConstraint(
                condition=Q(mobile__regex=MOBILE_PATTERN),
                name="talentmap_mobilecode_mobile_form",
                violation_error_message=MOBILE_WRONG,
            ),
            models.CheckConstraint(
                condition=Q(tries__lte=CODE_TRIES),
                name="talentmap_mobilecode_few_tries",
                violation_error_message=_("This code was tried too often."),
            ),
        ]
        indexes = [models.Index(fields=["sent_at"], name="talentmap_mobilecode_age")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class SignInQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "SignInQuerySet":
        return self if user.may(Permission.VIEW_AUDIT) else self.none()


class SignIn(models.Model):
    """Somebody came in, or tried to. Whatever was typed that is no account's name is not kept: it may be a password."""

    class Outcome(models.TextChoices):
        IN = "in", pgettext_lazy("sign-in", "Signed in")
        CODE = "code", pgettext_lazy("sign-in", "Second factor passed")
        WRONG = "wrong", pgettext_lazy("sign-in", "Wrong name or password")
        CODE_WRONG = "code_wrong", pgettext_lazy("sign-in", "Wrong second factor")
        LOCKED = "locked", pgettext_lazy("sign-in", "Locked after too many failures")

    at = models.DateTimeField(_("time"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("account"),
    )
    address = models.GenericIPAddressField(_("address"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        indexes = [
            models.Index("user", "at", name="talentmap_signin_user"),
            models.Index("at", "id", name="talentmap_signin_at"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.user_id} {self.outcome}"
