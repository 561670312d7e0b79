from django.urls import path

from talentmap.regions import views

app_name = "regions"

urlpatterns = [
    path("", views.region_list, name="list"),
    path("download/", views.download, name="download"),
    path("import/", views.import_preview, name="import"),
    path("import/confirm/", views.import_confirm, name="import_confirm"),
    path("<int:region_pk>/edit/", views.region_edit, name="edit"),
]
