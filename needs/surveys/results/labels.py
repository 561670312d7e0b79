"""What the audit history calls the actions of survey results."""

from django.utils.translation import pgettext_lazy

from talentmap.audit.labels import label_actions

label_actions(
    {
        "needs.surveys.results.add_theme": pgettext_lazy("action", "Add a theme of open answers"),
        "needs.surveys.results.archive_margins": pgettext_lazy("action", "Archive or take back population margins"),
        "needs.surveys.results.code_answers": pgettext_lazy("action", "Code open answers into a theme"),
        "needs.surveys.results.copy_margins": pgettext_lazy("action", "Copy population margins"),
        "needs.surveys.results.delete_theme": pgettext_lazy("action", "Delete a theme of open answers"),
        "needs.surveys.results.edit_margins": pgettext_lazy("action", "Change population margins"),
        "needs.surveys.results.make_margins": pgettext_lazy("action", "Enter population margins"),
        "needs.surveys.results.make_run": pgettext_lazy("action", "Weight the responses of a survey"),
        "needs.surveys.results.merge_theme": pgettext_lazy("action", "Merge themes of open answers"),
        "needs.surveys.results.rename_theme": pgettext_lazy("action", "Rename a theme of open answers"),
        "needs.surveys.results.uncode_answers": pgettext_lazy("action", "Take a theme from open answers"),
    }
)
