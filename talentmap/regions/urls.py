from django.urls import path

from talentmap.regions import views, views_boundaries

app_name = "regions"

urlpatterns = [
    path("", views.region_list, name="list"),
    path("download/", views.download, name="download"),
    path("import/", views.import_preview, name="import"),
    path("import/confirm/", views.import_confirm, name="import_confirm"),
    path("boundaries/", views_boundaries.boundary_list, name="boundary_list"),
    path("boundaries/upload/", views_boundaries.boundary_upload, name="boundary_upload"),
    path("boundaries/<int:pk>/", views_boundaries.boundary_detail, name="boundary_detail"),
    path("boundaries/<int:pk>/use/", views_boundaries.boundary_confirm, name="boundary_confirm"),
    path("boundaries/<int:pk>/remove/", views_boundaries.boundary_remove, name="boundary_remove"),
    path("boundaries/<int:pk>/boundaries.json", views_boundaries.boundaries_json, name="boundaries_json"),
    path("<int:region_pk>/edit/", views.region_edit, name="edit"),
]
