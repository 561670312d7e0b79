from django.urls import path

from needs.surveys.results.views import answers, browsing, files, margins, themes, weights

MARGINS = "results/margins/"
CAMPAIGN = "results/<int:pk>/"
QUESTION = f"{CAMPAIGN}questions/<str:key>/"
RUNS = f"{CAMPAIGN}weights/"

urlpatterns = [
    path("results/", browsing.result_list, name="result_list"),
    path(MARGINS, margins.margin_list, name="margin_list"),
    path(f"{MARGINS}new/", margins.margins_new, name="margins_new"),
    path(f"{MARGINS}upload/", margins.margins_upload, name="margins_upload"),
    path(f"{MARGINS}template/", margins.margins_template, name="margins_template"),
    path(f"{MARGINS}<int:margins_pk>/", margins.margins, name="margins"),
    path(f"{MARGINS}<int:margins_pk>/edit/", margins.margins_edit, name="margins_edit"),
    path(f"{MARGINS}<int:margins_pk>/file/", margins.margins_file, name="margins_file"),
    path(f"{MARGINS}<int:margins_pk>/copy/", margins.margins_copy, name="margins_copy"),
    path(f"{MARGINS}<int:margins_pk>/archive/", margins.margins_archive, name="margins_archive"),
    path(CAMPAIGN, browsing.campaign_results, name="results"),
    path(f"{CAMPAIGN}file/", files.results_file, name="results_file"),
    path(RUNS, weights.weight_runs, name="weight_runs"),
    path(f"{RUNS}new/", weights.weight_run_new, name="weight_run_new"),
    path(f"{RUNS}<int:number>/", weights.weight_run, name="weight_run"),
    path(f"{RUNS}<int:number>/file/", weights.weight_run_file, name="weight_run_file"),
    path(f"{RUNS}<int:number>/<int:other>/", weights.weight_compare, name="weight_compare"),
    path(QUESTION, browsing.question_result, name="question_result"),
    path(f"{QUESTION}file/", files.question_file, name="question_file"),
    path(f"{QUESTION}answers/", answers.open_answers, name="open_answers"),
    path(f"{QUESTION}answers/code/", answers.code_answers, name="code_answers"),
    path(f"{QUESTION}themes/", themes.theme_list, name="theme_list"),
    path(f"{QUESTION}themes/new/", themes.theme_new, name="theme_new"),
    path(f"{QUESTION}themes/<int:theme_pk>/rename/", themes.theme_rename, name="theme_rename"),
    path(f"{QUESTION}themes/<int:theme_pk>/merge/", themes.theme_merge, name="theme_merge"),
    path(f"{QUESTION}themes/<int:theme_pk>/delete/", themes.theme_delete, name="theme_delete"),
]
