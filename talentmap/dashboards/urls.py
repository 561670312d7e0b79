from django.urls import path

from talentmap.dashboards import views, views_board, views_briefs, views_compare, views_overview

app_name = "dashboards"

urlpatterns = [
    path("", views_overview.index, name="overview"),
    path("board/", views_board.board_page, name="board"),
    path("board.json", views_board.board_data, name="board_data"),
    path("briefs/", views_briefs.brief_list, name="brief_list"),
    path("briefs/new/", views_briefs.brief_new, name="brief_new"),
    path("briefs/<int:pk>/", views_briefs.brief, name="brief"),
    path("briefs/<int:pk>/brief.<slug:ending>", views_briefs.brief_file, name="brief_file"),
    path("needs/", views.needs, name="needs"),
    path("growth/", views.growth, name="growth"),
    path("support/", views.support, name="support"),
    path("service-quality/", views.service_quality, name="service_quality"),
    path("<slug:page>/compare/", views_compare.compare, name="compare"),
    path("<slug:page>/compare/export/", views_compare.export_comparison, name="export_comparison"),
    path("<slug:page>/export/", views.export_page, name="export_page"),
    path("figures/<str:code>/", views.figure, name="figure"),
    path("figures/<str:code>/export/", views.export_figure, name="export_figure"),
]
