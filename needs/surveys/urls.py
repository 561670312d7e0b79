"""Gathers the addresses of all parts under the one namespace `surveys`."""

from django.urls import URLPattern, URLResolver

from needs.surveys.api import urls as api
from needs.surveys.campaigns import urls as campaigns
from needs.surveys.exports import urls as exports
from needs.surveys.filling import urls as filling
from needs.surveys.questionnaires import urls as questionnaires
from needs.surveys.responses import urls as responses
from needs.surveys.results import urls as results

app_name = "surveys"

urlpatterns: list[URLPattern | URLResolver] = [
    *filling.urlpatterns,
    *campaigns.urlpatterns,
    *questionnaires.urlpatterns,
    *responses.urlpatterns,
    *results.urlpatterns,
    *exports.urlpatterns,
    *api.urlpatterns,
]
