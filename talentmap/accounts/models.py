"""Who signs in, and the roles they hold where."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.utils import timezone
from django.utils.functional import cached_property  # not functools': prefetching into it knows Django's only
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.accounts.permissions import (
    ADMIN_SITE_MODELS,
    GRANTS,
    ORGANISATION_ROLES,
    REGION_ROLES,
    SECOND_FACTOR_ROLES,
    Permission,
    Role,
    granted,
)
from talentmap.accounts.reach import Holding, Reach
from talentmap.accounts.rules import Grant, Held, grants_of
from talentmap.audit.triggers import AuditTrigger
from talentmap.people.identifiers import MOBILE_PATTERN, MOBILE_WRONG
from talentmap.people.pinyin import name_keys
from talentmap.regions.codes import prefix_of

if TYPE_CHECKING:
    from talentmap.people.models import Talent

SYSTEM_USERNAME = "system"
USERNAME_PATTERN = r"^[a-z][a-z0-9._-]{1,39}$"
USERNAME_WRONG = _("A user name begins with a letter and has 2 to 40 lower-case letters, digits, dots, dashes.")


class UserQuerySet(models.QuerySet["User"]):
    def people(self) -> "UserQuerySet":
        """Without the actor that sweeps run as."""
        return self.exclude(username=SYSTEM_USERNAME)

    def with_memberships(self) -> "UserQuerySet":
        """Each account's active roles and places, in one query more."""
        held = Membership.objects.active().with_places()
        return self.prefetch_related(Prefetch("memberships", held, to_attr="active_memberships"))

    def visible_to(self, user: "User") -> "UserQuerySet":
        """Accounts with a role, or a talent's home, inside the reach in which `user` manages members."""
        reach = user.reach(Permission.MANAGE_MEMBERS)
        if reach.everything:
            return self.people()
        held = Membership.objects.active().filter(user=OuterRef("pk"))
        return self.people().filter(
            Exists(held.filter(reach.q(region="region") | reach.q(region="organisation__region")))
            | Q(reach.q(region="talent__region"))
        )


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    use_in_migrations = False

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=username.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """The first person of a new installation, who appoints everybody else."""
        return self.create_user(username, password, **{"display_name": username, "is_superuser": True, **fields})

    def system(self) -> "User":
        """The actor of sweeps and accruals; nobody can sign in as it."""
        fields = {"display_name": str(_("System")), "password": "!"}
        return self.get_or_create(username=SYSTEM_USERNAME, defaults=fields)[0]


class User(AbstractBaseUser, PermissionsMixin):
    """`may` and `reach` answer from the active memberships, which are fetched once an instance.

    An object that `may` is asked about says where it belongs by any of the properties `reach_region`
    (a Region or None), `reach_organisation_id` and `reach_user_id`.
    """

    username = models.CharField(_("user name"), max_length=40)
    display_name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    name_sort_key = models.CharField(_("sort key"), max_length=500, editable=False, default="")
    mobile = models.CharField(_("mobile number"), max_length=11, blank=True, default="")
    mobile_verified_at = models.DateTimeField(_("mobile number confirmed at"), null=True, blank=True, editable=False)
    email = models.EmailField(_("e-mail"), blank=True, default="")
    is_active = models.BooleanField(_("may sign in"), default=True)
    second_factor_since = models.DateTimeField(_("second factor since"), null=True, blank=True, editable=False)
    backup_codes_at = models.DateTimeField(_("backup codes made at"), null=True, blank=True, editable=False)
    must_change_password = models.BooleanField(_("must choose a new password"), default=False)
    date_joined = models.DateTimeField(_("registered at"), default=timezone.now)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    if TYPE_CHECKING:
        talent: Talent

        def is_verified(self) -> bool: ...  # the second factor's middleware adds it

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(
                fields=["username"],
                name="talentmap_user_username_unique",
                violation_error_message=_("This user name is taken."),
            ),
            models.CheckConstraint(
                condition=Q(username__regex=USERNAME_PATTERN),
                name="talentmap_user_username_plain",
                violation_error_message=USERNAME_WRONG,
            ),
            models.CheckConstraint(
                condition=Q(mobile="") | Q(mobile__regex=MOBILE_PATTERN),
                name="talentmap_user_mobile_form",
                violation_error_message=MOBILE_WRONG,
            ),
            models.UniqueConstraint(
                fields=["mobile"],
                condition=~Q(mobile=""),
                name="talentmap_user_mobile_unique",
                violation_error_message=_("There is already an account with this mobile number."),
            ),
            models.CheckConstraint(
                condition=Q(mobile_verified_at__isnull=True) | ~Q(mobile=""),
                name="talentmap_user_mobile_confirmed_is_there",
                violation_error_message=_("Only a mobile number that is there can be confirmed."),
            ),
        ]
        indexes = [models.Index(fields=["name_sort_key", "id"], name="talentmap_user_by_name")]
        triggers = [AuditTrigger(hide=("password", "mobile"), skip=("last_login", "name_sort_key"))]

    def __str__(self) -> str:
        return self.display_name or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_sort_key = name_keys(self.display_name).sort_key[:500]
        if not self.mobile:
            self.mobile_verified_at = None
        if fields := kwargs.get("update_fields"):
            follow = {"display_name": "name_sort_key", "mobile": "mobile_verified_at"}
            kwargs["update_fields"] = {*fields, *(follow[name] for name in fields if name in follow)}
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    @property
    def is_system(self) -> bool:
        return self.username == SYSTEM_USERNAME

    @cached_property
    def active_memberships(self) -> list["Membership"]:
        """The roles held, with their places, to be shown."""
        return list(self.memberships.active().with_places())

    @cached_property
    def roles_held(self) -> list[Holding]:
        """The same for permissions, which every page asks: three columns and no objects."""
        found = self.memberships.active().order_by().values_list("role", "region__code", "organisation_id")
        return [Holding(*row) for row in found]

    def forget_memberships(self) -> None:
        """Have the next question answered from the database."""
        self.__dict__.pop("active_memberships", None)
        self.__dict__.pop("roles_held", None)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self.forget_memberships()
        super().refresh_from_db(*args, **kwargs)

    @property
    def roles(self) -> set[Role]:
        held = {Role(each.role) for each in self.roles_held}
        return held | {Role.ADMINISTRATOR} if self.is_superuser else held

    @property
    def permissions(self) -> frozenset[str]:
        return granted(self.roles) if self.is_active else frozenset()

    @property
    def needs_second_factor(self) -> bool:
        return settings.SECOND_FACTOR_REQUIRED and bool(self.roles & SECOND_FACTOR_ROLES)

    def may(self, permission: str, obj: Any = None) -> bool:
        """Whether a role of this person grants `permission`, and over `obj` where one is given."""
        if self.is_system or not self.is_active or obj is None:
            return self.is_system or permission in self.permissions
        if permission not in self.permissions:
            return False
        if self.reach(permission).covers(obj):
            return True
        holds_for_self = permission in GRANTS[Role.TALENT] and Role.TALENT in self.roles
        return holds_for_self and getattr(obj, "reach_user_id", None) == self.pk

    def reach(self, permission: str) -> Reach:
        """Where this person holds `permission`; what is their own is not part of it."""
        if self.is_system:
            return Reach(everything=True)
        if not self.is_active:
            return Reach()
        if self.is_superuser and permission in GRANTS[Role.ADMINISTRATOR]:
            return Reach(everything=True)
        return self._reach_of([each for each in self.roles_held if permission in GRANTS[each.role]])

    @staticmethod
    def _reach_of(held: list[Holding]) -> Reach:
        """A role in the installation's own county reaches everything: also people who have not said where they live."""
        codes = {each.region_code for each in held if each.region_code}
        return Reach(
            everything=settings.COUNTY_CODE in codes,
            region_codes=tuple(sorted({prefix_of(code) for code in codes})),
            organisation_ids=tuple(sorted({each.organisation_id for each in held if each.organisation_id})),
        )

    @property
    def grants(self) -> tuple[Grant, ...]:
        """The roles this person may give to others, and where."""
        own = [(each.role, self._reach_of([each])) for each in self.roles_held]
        return grants_of([*own, (Role.ADMINISTRATOR, Reach(everything=True))] if self.is_superuser else own)

    @property
    def is_staff(self) -> bool:
        """Django's word for who may open the admin site."""
        return self.is_active and any(self.may(permission) for permission in ADMIN_SITE_MODELS.values())

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's permission names are asked by the admin site only; its models are reference data."""
        model = perm.rpartition("_")[2]
        needed = ADMIN_SITE_MODELS.get(model)
        return self.may(needed) if needed else self.is_active and Role.ADMINISTRATOR in self.roles

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> "MembershipQuerySet":
        return self.filter(ended_at__isnull=True)

    def with_places(self) -> "MembershipQuerySet":
        """With as much of region and organisation as lists of roles show, and no more."""
        return self.select_related("region", "organisation__region").only(
            "user", "role", "region__code", "region__name", "organisation__name", "organisation__region__code"
        )


MembershipManager = models.Manager.from_queryset(MembershipQuerySet)


class Membership(models.Model):
    """One role of one person in one region (staff, leaders) or organisation (partners)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name=_("account"))
    role = models.CharField(_("role"), max_length=30, choices=Role.choices)
    region = models.ForeignKey(
        "talentmap.Region", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    organisation = models.ForeignKey(
        "talentmap.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("organisation"),
    )
    granted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("given by")
    )
    valid_from = models.DateTimeField(_("valid from"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )

    objects = MembershipManager()

    class Meta:
        verbose_name = _("role held")
        verbose_name_plural = _("roles held")
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "region", "organisation"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="talentmap_membership_active_once",
                violation_error_message=_("This person holds this role there already."),
            ),
            models.CheckConstraint(
                condition=Q(role=Role.TALENT, region__isnull=True, organisation__isnull=True)
                | Q(role__in=sorted(REGION_ROLES), region__isnull=False, organisation__isnull=True)
                | Q(role__in=sorted(ORGANISATION_ROLES), region__isnull=True, organisation__isnull=False),
                name="talentmap_membership_place",
                violation_error_message=_(
                    "Staff and leaders hold a role in a region, partners in an organisation, talents in neither."
                ),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="talentmap_membership_end_paired",
                violation_error_message=_("An end needs its time and who ended it."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("valid_from")),
                name="talentmap_membership_end_after_start",
                violation_error_message=_("A role cannot end before it began."),
            ),
        ]
        triggers = [AuditTrigger()]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.place}" if self.place else self.get_role_display()

    @property
    def place(self) -> str:
        return str(self.region or self.organisation or "")

    @property
    def reach_region(self) -> Any:
        """Where the membership lies for those who manage members."""
        if self.role == Role.TALENT:
            talent = getattr(self.user, "talent", None)
            return talent.region if talent else None
        return self.region or (self.organisation.region if self.organisation else None)

    @property
    def held(self) -> Held:
        place = self.reach_region
        return Held(self.role, place.code if place else "", self.organisation_id)
