from django.urls import path

from talentmap.demo import views

app_name = "demo"

urlpatterns = [path("date/", views.date, name="date")]
