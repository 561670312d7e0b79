from django.urls import include, path

urlpatterns = [
    path("housing/", include("support.housing.urls")),
]
