from django.conf import settings
from django.contrib import admin
from django.urls import include, path

# Those with a word of their own first: the others are tried page by page.
urlpatterns = [
    path("needs/", include("needs.urls")),
    path("growth/", include("growth.urls")),
    path("support/", include("support.urls")),
    path("money/", include("talentmap.money.urls")),
    path("regions/", include("talentmap.regions.urls")),
    path("audit/", include("talentmap.audit.urls")),
    path("notices/", include("talentmap.notices.urls")),
    path("dashboards/", include("talentmap.dashboards.urls")),
    path("admin/", admin.site.urls),
    path("", include("talentmap.ui.urls")),
    path("", include("talentmap.accounts.urls")),
    path("", include("talentmap.people.urls")),
    path("", include("talentmap.casework.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("talentmap.demo.urls")))

handler400 = "talentmap.ui.errors.bad_request"
handler403 = "talentmap.ui.errors.permission_denied"
handler404 = "talentmap.ui.errors.page_not_found"
handler500 = "talentmap.ui.errors.server_error"
