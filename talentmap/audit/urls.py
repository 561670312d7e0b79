from django.urls import path

from talentmap.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.history, name="history"),
    path("export/", views.export, name="export"),
    path("accesses/", views.accesses, name="accesses"),
    path("sign-ins/", views.sign_ins, name="sign_ins"),
    path("seals/", views.seals, name="seals"),
    path("seals/check/", views.check_seals, name="check_seals"),
]
