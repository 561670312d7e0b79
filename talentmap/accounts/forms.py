"""Forms of sign-in, registration, one's own account and the members' pages."""

import re
from typing import Any

import django_filters
from crispy_forms.layout import HTML, Layout
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.functional import lazy
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.accounts.backends import typed_name
from talentmap.accounts.models import (
    SYSTEM_USERNAME,
    USERNAME_PATTERN,
    USERNAME_WRONG,
    Membership,
    User,
)
from talentmap.accounts.permissions import ORGANISATION_ROLES, REGION_ROLES, Permission, Role
from talentmap.accounts.rules import assignable
from talentmap.people.form_fields import CheckedField
from talentmap.people.identifiers import parse_mobile
from talentmap.people.masks import mask_phone
from talentmap.people.models import Organisation
from talentmap.regions.forms import RegionField
from talentmap.regions.models import Level, Region
from talentmap.ui.forms import PageForm
from talentmap.ui.search import SearchFilter

_password_rules = lazy(lambda: mark_safe(password_validators_help_text_html()), SafeString)  # noqa: S308


class MobileField(CheckedField):
    """A mobile number, spaces, dashes and full-width digits forgiven."""

    def __init__(self, **kwargs: Any) -> None:
        tel = forms.TextInput(attrs={"inputmode": "tel"})
        super().__init__(
            parse_mobile, **{"label": _("Mobile number"), "max_length": 24, "widget": tel, "required": True} | kwargs
        )


class CodeField(forms.CharField):
    """The six digits of a text message, full-width ones and blanks forgiven."""

    def __init__(self, **kwargs: Any) -> None:
        digits = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"})
        kwargs.setdefault("label", _("Code from the text message"))
        super().__init__(max_length=20, widget=digits, **kwargs)

    def clean(self, value: Any) -> str:
        code = typed_name(super().clean(value))
        if code and not re.fullmatch(r"[0-9]{6}", code):
            raise ValidationError(_("The code has six digits."))
        return code


class _ProvenMobileMixin(PageForm):
    """The button that has a code sent stands between the number and the code."""

    def layout(self) -> Layout:
        layout = super().layout()
        place = list(layout.fields).index("mobile") + 1
        layout.fields.insert(place, HTML('{% include "accounts/send_code.html" %}'))
        return layout


def free_mobile(mobile: str, *, but: User | None = None) -> str:
    """Say at the field what the database would say of the whole account."""
    others = User.objects.exclude(pk=but.pk) if but else User.objects.all()
    if mobile and others.filter(mobile=mobile).exists():
        raise ValidationError(_("There is already an account with this mobile number."))
    return mobile


class SignInForm(PageForm):
    username = forms.CharField(label=_("User name or mobile number"), max_length=60)
    password = forms.CharField(label=_("Password"), max_length=200, strip=False, widget=forms.PasswordInput)
    autocomplete = {"username": "username", "password": "current-password"}


class RegisterForm(_ProvenMobileMixin):
    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("As on your identity card."))
    mobile = MobileField(help_text=_("You sign in with it, and the office reaches you on it."))
    code = CodeField()
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput,
        help_text=_password_rules(),
    )
    consent = forms.BooleanField(
        label=_("I have read the privacy notice and agree to it"),
        error_messages={"required": _("Without your consent the office may not keep a file for you.")},
    )
    autocomplete = {"name": "name", "mobile": "tel", "password": "new-password"}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if "password" in values:
            known = User(display_name=values.get("name", ""), mobile=values.get("mobile", ""))
            try:
                validate_password(values["password"], known)
            except ValidationError as error:
                self.add_error("password", error)
        return values


class PasswordForm(PageForm):
    old = forms.CharField(label=_("Current password"), max_length=200, strip=False, widget=forms.PasswordInput)
    new = forms.CharField(
        label=_("New password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput,
        help_text=_password_rules(),
    )
    again = forms.CharField(label=_("New password again"), max_length=200, strip=False, widget=forms.PasswordInput)
    autocomplete = {"old": "current-password", "new": "new-password", "again": "new-password"}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_new(self) -> str:
        validate_password(self.cleaned_data["new"], self.user)
        return str(self.cleaned_data["new"])

    def clean_again(self) -> str:
        if self.cleaned_data["again"] != self.data.get(self.add_prefix("new")):
            raise ValidationError(_("The two new passwords differ."))
        return str(self.cleaned_data["again"])


class AccountForm(_ProvenMobileMixin):
    mobile = MobileField(required=False)
    code = CodeField(required=False, help_text=_("Only for a number that is new or not confirmed yet."))
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    autocomplete = {"mobile": "tel", "email": "email"}


class TokenForm(PageForm):
    token = forms.CharField(
        label=pgettext_lazy("second factor", "Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "one-time-code", "autofocus": True}),
    )

    def clean_token(self) -> str:
        return typed_name(self.cleaned_data["token"]).replace("-", "")


class PasswordOnlyForm(PageForm):
    password = forms.CharField(label=_("Current password"), max_length=200, strip=False, widget=forms.PasswordInput)
    autocomplete = {"password": "current-password"}


class RoleForm(PageForm):
    """A role and its place; what may be chosen is what the giver may give."""

    role = forms.ChoiceField(label=_("Role"))
    region = RegionField(
        levels=(Level.COUNTY, Level.TOWNSHIP),
        required=False,
        help_text=_("For staff and leaders. A township cadre's is the township, everybody else's the county."),
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), required=False, help_text=_("For partners.")
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reach = by.reach(Permission.MANAGE_MEMBERS)
        labels = dict(Role.choices)
        fields: Any = self.fields
        fields["role"].choices = [
            ("", _("Please choose")),
            *((role, labels[role]) for role in assignable(by.grants)),
        ]
        fields["region"].queryset = fields["region"].queryset.filter(_inside(reach, "code"))
        fields["organisation"].queryset = Organisation.objects.filter(
            reach.q(region="region"), is_active=True
        ).order_by("name_sort_key", "pk")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        role = values.get("role", "")
        if role in REGION_ROLES:
            values["organisation"] = None
            if not values.get("region") and "region" not in self.errors:
                self.add_error("region", _("This role is held in a region: choose it."))
        if role in ORGANISATION_ROLES:
            values["region"] = None
            if not values.get("organisation") and "organisation" not in self.errors:
                self.add_error("organisation", _("This role is held in an organisation: choose it."))
        return values


def _inside(reach: Any, path: str) -> Q:
    inside = ~Q(pk__in=[]) if reach.everything else Q(pk__in=[])
    for prefix in () if reach.everything else reach.region_codes:
        inside |= Q(**{f"{path}__startswith": prefix})
    return inside


class MemberForm(RoleForm):
    """A new account with its first role."""

    display_name = forms.CharField(label=_("Name"), max_length=60)
    username = forms.CharField(
        label=_("User name"),
        max_length=40,
        help_text=_("Lower-case letters, digits, dots and dashes; begins with a letter."),
    )
    mobile = MobileField(required=False, help_text=_("May be used to sign in instead of the user name."))
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    fieldsets = (
        (_("Person"), ("display_name", "username", "mobile", "email")),
        (_("Role"), ("role", "region", "organisation")),
    )

    def clean_username(self) -> str:
        username = typed_name(self.cleaned_data["username"])
        if not re.match(USERNAME_PATTERN, username):
            raise ValidationError(USERNAME_WRONG)
        if username == SYSTEM_USERNAME or User.objects.filter(username=username).exists():
            raise ValidationError(_("This user name is taken."))
        return username

    def clean_mobile(self) -> str:
        return free_mobile(self.cleaned_data["mobile"])


class MemberEditForm(PageForm):
    display_name = forms.CharField(label=_("Name"), max_length=60)
    mobile = MobileField(required=False)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)

    def __init__(self, *args: Any, member: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        # A talent's number is read in their file, for a reason that is logged.
        self.kept_mobile = member.mobile if Role.TALENT in member.roles else ""
        if self.kept_mobile:
            self.initial["mobile"] = ""
            told = _("On file: %(masked)s. Leave this empty to keep it.")
            self.fields["mobile"].help_text = told % {"masked": mask_phone(self.kept_mobile)}

    def clean_mobile(self) -> str:
        return free_mobile(self.cleaned_data["mobile"], but=self.member) or self.kept_mobile


class ReasonForm(PageForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea,
        help_text=_("It is kept in the audit history."),
    )


class MemberFilter(django_filters.FilterSet):
    q = SearchFilter(label=_("Name, user name or the mobile number's last four digits"), method="search", max_length=50)
    role = django_filters.ChoiceFilter(
        label=_("Role"), choices=Role.choices, method="by_role", empty_label=_("All roles")
    )
    region = django_filters.ModelChoiceFilter(
        label=_("Township"), queryset=Region.objects.townships(), method="by_region", empty_label=_("All")
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=(("open", _("May sign in")), ("closed", _("Closed"))),
        method="by_state",
        empty_label=_("All"),
    )

    class Meta:
        model = User
        fields: tuple[str, ...] = ()

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        typed = typed_name(value)
        return queryset.filter(
            Q(display_name__icontains=value.strip())
            | Q(username__startswith=typed)
            | Q(mobile__startswith=typed) & ~Q(mobile="")
            | Q(mobile__endswith=typed)
        )

    def by_role(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(pk__in=Membership.objects.active().filter(role=value).values("user"))

    def by_region(self, queryset: QuerySet, name: str, value: Region) -> QuerySet:
        held = Membership.objects.active().filter(
            Q(region__code__startswith=value.prefix) | Q(organisation__region__code__startswith=value.prefix)
        )
        return queryset.filter(Q(pk__in=held.values("user")) | Q(talent__region__code__startswith=value.prefix))

    def by_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(is_active=value == "open")
