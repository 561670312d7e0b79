"""The admin site holds reference data, so accounts are not in it; what libraries registered is tidied here."""

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from unfold.admin import ModelAdmin

from talentmap.accounts.access import send_to

# Groups have no meaning here, and second-factor pages would show an administrator everybody's keys.
for model in (Group, TOTPDevice, StaticDevice, AccessFailureLog, AccessLog, AccessAttempt):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


@admin.register(AccessAttempt)
class FailedSignInAdmin(ModelAdmin):
    """Failed sign-ins; deleting one lifts its lock."""

    list_display = ("attempt_time", "username", "ip_address", "failures_since_start")
    search_fields = ("username", "ip_address")
    readonly_fields = ("attempt_time", "username", "ip_address", "user_agent", "failures_since_start")
    fields = readonly_fields
    ordering = ("-attempt_time",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


def _sign_in_here(request: HttpRequest, extra_context: object = None) -> HttpResponseBase:
    """One sign-in for everything, with its lock and second factor."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return send_to(request, reverse("sign_in"))


admin.site.login = _sign_in_here  # type: ignore[method-assign, assignment]
