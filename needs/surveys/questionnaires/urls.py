from django.urls import URLPattern, URLResolver, path

from needs.surveys.questionnaires.views import bank, builder, publishing, questionnaires, uploads, versions

urlpatterns: list[URLPattern | URLResolver] = [
    path("questionnaires/", questionnaires.questionnaire_list, name="questionnaire_list"),
    path("questionnaires/new/", questionnaires.questionnaire_new, name="questionnaire_new"),
    path("questionnaires/upload/", uploads.questionnaire_upload, name="questionnaire_upload"),
    path("questionnaires/upload/accept/", uploads.upload_accept, name="upload_accept"),
    path("questionnaires/bank/", bank.question_bank, name="question_bank"),
    path("questionnaires/bank/items/", bank.bank_items, name="bank_items"),
    path("questionnaires/bank/keep/", bank.bank_keep, name="bank_keep"),
    path("questionnaires/bank/<int:pk>/", bank.bank_edit, name="bank_edit"),
    path("questionnaires/bank/<int:pk>/delete/", bank.bank_delete, name="bank_delete"),
    path("questionnaires/versions/<int:pk>/", versions.version, name="version"),
    path("questionnaires/versions/<int:pk>/logic/", versions.version_logic, name="version_logic"),
    path("questionnaires/versions/<int:pk>/preview/", versions.version_preview, name="version_preview"),
    path("questionnaires/versions/<int:pk>/xlsform/", uploads.version_xlsform, name="version_xlsform"),
    path("questionnaires/versions/<int:pk>/builder/", builder.builder, name="builder"),
    path("questionnaires/versions/<int:pk>/save/", builder.draft_save, name="draft_save"),
    path("questionnaires/versions/<int:pk>/delete/", builder.draft_delete, name="draft_delete"),
    path("questionnaires/versions/<int:pk>/publish/", publishing.version_publish, name="version_publish"),
    path("questionnaires/<int:pk>/", questionnaires.questionnaire, name="questionnaire"),
    path("questionnaires/<int:pk>/edit/", questionnaires.questionnaire_edit, name="questionnaire_edit"),
    path("questionnaires/<int:pk>/archive/", questionnaires.questionnaire_archive, name="questionnaire_archive"),
    path(
        "questionnaires/<int:pk>/bring-back/", questionnaires.questionnaire_bring_back, name="questionnaire_bring_back"
    ),
    path("questionnaires/<int:pk>/draft/", questionnaires.draft_start, name="draft_start"),
    path("questionnaires/<int:pk>/upload/", uploads.draft_upload, name="draft_upload"),
    path("questionnaires/<int:pk>/upload/accept/", uploads.draft_upload_accept, name="draft_upload_accept"),
    path("questionnaires/<int:pk>/compare/", versions.compare, name="compare"),
]
