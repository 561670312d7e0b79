from django.urls import path

from talentmap.ui import views

urlpatterns = [
    path("", views.home, name="home"),
    path("display/language/", views.choose_language, name="choose_language"),
    path("display/text-size/", views.choose_text_size, name="choose_text_size"),
    path("session/", views.stay_signed_in, name="stay_signed_in"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("health/", views.ready, name="health"),
    path("health/live", views.live, name="health_live"),
    path("health/ready", views.ready, name="health_ready"),
]
