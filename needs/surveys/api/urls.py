from django.urls import URLPattern, URLResolver, include, path

from needs.surveys.api import views
from needs.surveys.api.endpoints import patterns

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", views.api, name="api"),
    path("api/guide/", views.api_guide, name="api_guide"),
    path("api/tokens/new/", views.token_new, name="token_new"),
    path("api/tokens/<int:token_pk>/revoke/", views.token_revoke, name="token_revoke"),
    path("api/webhooks/new/", views.webhook_new, name="webhook_new"),
    path("api/webhooks/<int:webhook_pk>/", views.webhook, name="webhook"),
    path("api/webhooks/<int:webhook_pk>/end/", views.webhook_end, name="webhook_end"),
    path("api/deliveries/<int:delivery_pk>/again/", views.delivery_again, name="delivery_again"),
    path("api/v1/", include(patterns())),
]
