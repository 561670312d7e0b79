"""Gathers the addresses of all parts under the one namespace `surveys`."""

from django.urls import URLPattern, URLResolver

app_name = "surveys"

urlpatterns: list[URLPattern | URLResolver] = []
