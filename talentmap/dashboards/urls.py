from django.urls import path

from talentmap.dashboards import views

app_name = "dashboards"

urlpatterns = [
    path("support/", views.support, name="support"),
    path("service-quality/", views.service_quality, name="service_quality"),
    path("<slug:page>/export/", views.export_page, name="export_page"),
    path("figures/<str:code>/", views.figure, name="figure"),
    path("figures/<str:code>/export/", views.export_figure, name="export_figure"),
]
