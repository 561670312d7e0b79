from django.urls import URLPattern, URLResolver, path

from benchmarks.bare import bare
from benchmarks.surveys import bare as bare_survey
from talentmap import urls
from talentmap.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns: list[URLPattern | URLResolver] = [
    path("bare/", bare),
    path("bare/accept/", bare_survey.accept),
    path("bare/form/", bare_survey.page),
    *urls.urlpatterns,
]
