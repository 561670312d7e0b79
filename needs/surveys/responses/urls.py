from django.urls import path

from needs.surveys.responses.views import listing, single

urlpatterns = [
    path("responses/of/<int:campaign_pk>/", listing.response_list, name="response_list"),
    path("responses/of/<int:campaign_pk>/decide/", listing.decide_many, name="response_decide_many"),
    path("responses/of/<int:campaign_pk>/decided/", listing.decided, name="response_decided"),
    path("responses/of/<int:campaign_pk>/check/", listing.check_again, name="response_check_again"),
    path("responses/<int:pk>/", single.response, name="response"),
    path("responses/<int:pk>/review/", single.review, name="response_review"),
    path("responses/<int:pk>/personal/", single.personal, name="response_personal"),
    path("responses/<int:pk>/files/<int:file_pk>/", single.file, name="response_file"),
]
