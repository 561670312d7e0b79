from django.urls import path

from growth.pathways.views import editor, journeys, lists, own, templates, ticks

app_name = "pathways"

urlpatterns = [
    path("", lists.journey_list, name="list"),
    path("export/", lists.export, name="export"),
    path("start/", lists.start_for, name="start_for"),
    path("mentees/", lists.mentees, name="mentees"),
    path("my/", own.my, name="my"),
    path("my/start/<int:pathway_pk>/", own.start, name="start"),
    path("<int:pk>/", journeys.journey, name="journey"),
    path("<int:pk>/history/", journeys.history, name="history"),
    path("<int:pk>/stage/", journeys.stage, name="stage"),
    path("<int:pk>/level/", journeys.level, name="level"),
    path("<int:pk>/end/", journeys.end, name="end"),
    path("<int:pk>/version/", journeys.version, name="version"),
    path("<int:pk>/milestones/<slug:code>/tick/", ticks.tick, name="tick"),
    path("<int:pk>/ticks/<int:tick_pk>/file/", ticks.file, name="file"),
    path("<int:pk>/ticks/<int:tick_pk>/<slug:what>/", ticks.answer, name="answer"),
    path("templates/", templates.template_list, name="template_list"),
    path("templates/new/", templates.template_new, name="template_new"),
    path("templates/<int:pk>/", templates.template, name="template"),
    path("templates/<int:pk>/copy/", templates.template_copy, name="template_copy"),
    path("templates/<int:pk>/rename/", templates.template_rename, name="template_rename"),
    path("templates/<int:pk>/retire/", templates.template_retire, name="template_retire"),
    path("templates/<int:pk>/draft/", templates.template_draft, name="template_draft"),
    path("templates/<int:pk>/move/", templates.template_move, name="template_move"),
    path("versions/<int:pk>/", editor.editor, name="editor"),
    path("versions/<int:pk>/preview/", editor.preview, name="preview"),
    path("versions/<int:pk>/summary/", editor.summary, name="summary"),
    path("versions/<int:pk>/publish/", editor.publish, name="publish"),
    path("versions/<int:pk>/delete/", editor.delete_draft, name="delete_draft"),
    path("versions/<int:pk>/stages/new/", editor.stage, name="stage_new"),
    path("versions/<int:pk>/stages/<slug:code>/", editor.stage, name="stage_edit"),
    path("versions/<int:pk>/milestones/new/", editor.milestone, name="milestone_new"),
    path("versions/<int:pk>/milestones/<slug:code>/", editor.milestone, name="milestone_edit"),
    path("versions/<int:pk>/<slug:what>/<slug:code>/<slug:way>/move/", editor.move, name="part_move"),
    path("versions/<int:pk>/<slug:what>/<slug:code>/delete/", editor.delete, name="part_delete"),
]
