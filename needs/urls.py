from django.urls import include, path

urlpatterns = [
    path("surveys/", include("needs.surveys.urls")),
]
