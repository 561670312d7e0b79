from django.urls import path

from talentmap.demo import views

app_name = "demo"

urlpatterns = [
    path("date/", views.date, name="date"),
    path("batches/<int:pk>/return-file/", views.return_file, name="return_file"),
]
