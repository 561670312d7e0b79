"""Lets the reference data pages of `/admin/` name their user in the history."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from talentmap.audit.action import acting


class AuditedAdmin:
    """Mix into a ModelAdmin, in front of it: whatever its pages write is told to the audit triggers."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with acting(by=request.user, name="admin.edit"):
            return super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with acting(by=request.user, name="admin.edit"):
            return super().changelist_view(request, *args, **kwargs)  # type: ignore[misc]

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with acting(by=request.user, name="admin.edit"):
            return super().delete_view(request, *args, **kwargs)  # type: ignore[misc]
