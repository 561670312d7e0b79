"""The admin site holds reference data, so accounts are not in it; what libraries registered is tidied here."""

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy, gettext_noop
from django_celery_beat.models import ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from unfold.admin import ModelAdmin

from talentmap.accounts.access import send_to

# Groups have no meaning here, and second-factor pages would show an administrator everybody's keys. What is not
# recorded in the history cannot be changed here either.
for model in (
    Group,
    TOTPDevice,
    StaticDevice,
    AccessFailureLog,
    AccessLog,
    AccessAttempt,
    PeriodicTask,
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    SolarSchedule,
):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


# axes has no Chinese of its own; its words, said here, are translated with ours.
apps.get_app_config("axes").verbose_name = gettext_lazy("Failed sign-ins")
AXES_WORDS = (
    gettext_noop("access attempt"),
    gettext_noop("access attempts"),
    gettext_noop("Attempt Time"),
    gettext_noop("Failed Logins"),
    gettext_noop("IP Address"),
    gettext_noop("User Agent"),
    gettext_noop("Username"),
)


class ReadOnlyAdmin(ModelAdmin):
    """For looking: these tables have no place in the history."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(AccessAttempt)
class FailedSignInAdmin(ReadOnlyAdmin):
    """Failed sign-ins that still count; a new password lifts the lock of its account."""

    list_display = ("attempt_time", "username", "ip_address", "failures_since_start")
    search_fields = ("username", "ip_address")
    fields = ("attempt_time", "username", "ip_address", "user_agent", "failures_since_start")
    ordering = ("-attempt_time",)


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(ReadOnlyAdmin):
    """What runs by itself, and when it last did."""

    list_display = ("name", "task", "crontab", "enabled", "last_run_at", "total_run_count")
    list_select_related = ("crontab",)
    fields = list_display
    ordering = ("name",)


def _sign_in_here(request: HttpRequest, extra_context: object = None) -> HttpResponseBase:
    """One sign-in for everything, with its lock and second factor."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return send_to(request, reverse("sign_in"))


def _password_there(request: HttpRequest, extra_context: object = None) -> HttpResponseBase:
    """One page to change a password, whose change is an action."""
    return redirect("password_change")


admin.site.login = _sign_in_here  # type: ignore[method-assign, assignment]
admin.site.password_change = _password_there  # type: ignore[method-assign, assignment]
admin.site.password_change_done = _password_there  # type: ignore[method-assign, assignment]
