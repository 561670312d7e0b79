"""Regions in the admin site: for looking; changes go through the import and the region's own page."""

from typing import Any

from django.contrib import admin
from unfold.admin import ModelAdmin

from talentmap.regions.models import Region


@admin.register(Region)
class RegionAdmin(ModelAdmin):
    list_display = ("code", "name", "level", "parent", "population", "population_as_of", "is_active")
    list_filter = ("level", "is_active")
    list_select_related = ("parent",)
    search_fields = ("name", "code", "alt_code")
    ordering = ("code",)

    def has_add_permission(self, request: Any) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False
