from django.urls import path

from needs.surveys.exports import views

urlpatterns = [
    path("exports/campaigns/<int:campaign_pk>/", views.exports, name="exports"),
    path("exports/campaigns/<int:campaign_pk>/new/", views.export_new, name="export_new"),
    path("exports/<int:job_pk>/cancel/", views.export_cancel, name="export_cancel"),
    path("exports/<int:job_pk>/discard/", views.export_discard, name="export_discard"),
    path("exports/<int:job_pk>/download/", views.export_download, name="export_download"),
]
