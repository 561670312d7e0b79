from django.urls import include, path

urlpatterns = [
    path("loans/", include("growth.loans.urls")),
    path("pathways/", include("growth.pathways.urls")),
    path("mentoring/", include("growth.mentoring.urls")),
]
