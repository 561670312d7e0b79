from django.urls import path

from support.housing import views

app_name = "housing"

urlpatterns = [
    path("", views.entitlement_list, name="entitlement_list"),
    path("export/", views.export, name="export"),
    path("apartments/new/", views.record_apartment, name="record_apartment"),
    path("<int:pk>/", views.entitlement, name="entitlement"),
    path("<int:pk>/end/", views.end, name="end"),
    path("<int:pk>/end/correct/", views.correct_end, name="correct_end"),
    path("<int:pk>/revoke/", views.revoke, name="revoke"),
]
