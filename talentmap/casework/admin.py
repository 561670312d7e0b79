"""The office calendar in the admin site, every change named in the history."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from talentmap.audit.action import acting
from talentmap.casework.models import CalendarDay, CalendarYear


class AuditedAdmin(ModelAdmin):
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with acting(by=request.user, name="casework.calendar_admin"):
            return super().changeform_view(request, *args, **kwargs)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        with acting(by=request.user, name="casework.calendar_admin"):
            super().delete_queryset(request, queryset)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        with acting(by=request.user, name="casework.calendar_admin"):
            super().delete_model(request, obj)


@admin.register(CalendarYear)
class CalendarYearAdmin(AuditedAdmin):
    list_display = ("year", "source", "confirmed")
    list_filter = ("confirmed",)


@admin.register(CalendarDay)
class CalendarDayAdmin(AuditedAdmin):
    list_display = ("date", "is_workday", "name", "source")
    list_filter = ("is_workday",)
    search_fields = ("name",)
    date_hierarchy = "date"
