from django.urls import path, register_converter

from needs.surveys.filling import views, views_desk, views_public


class TokenConverter:
    """A public link's token: longer than any word that stands in its place below."""

    regex = r"[A-Za-z0-9_-]{16,32}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TokenConverter, "survey_token")

urlpatterns = [
    path("f/", views.fill_home, name="fill_home"),
    path("f/c/<int:campaign_pk>/", views.fill_form, name="fill_form"),
    path("f/state/", views.device_state, name="device_state"),
    path("f/versions/<int:version_pk>/", views.version, name="fill_version"),
    path("f/responses/<uuid:response_uuid>/", views.returned, name="returned_response"),
    path("f/sync/", views.sync, name="sync"),
    path("f/files/", views.upload, name="upload"),
    path("f/sw.js", views.worker, name="service_worker"),
    path("f/manifest.webmanifest", views.manifest, name="manifest"),
    path("f/desk/import/", views_desk.desk_import, name="desk_import"),
    path("f/<survey_token:token>/", views_public.public_form, name="public_form"),
    path("f/<survey_token:token>/state/", views_public.public_state, name="public_state"),
    path("f/<survey_token:token>/versions/<int:version_pk>/", views_public.public_version, name="public_version"),
    path("f/<survey_token:token>/sync/", views_public.public_sync, name="public_sync"),
    path("f/<survey_token:token>/files/", views_public.public_upload, name="public_upload"),
    path("f/<survey_token:token>/code/", views_public.public_code, name="public_code"),
]
