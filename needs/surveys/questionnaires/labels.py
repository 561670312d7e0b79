"""What the audit history calls the actions on questionnaires."""

from django.utils.translation import pgettext_lazy

from talentmap.audit.labels import label_actions

label_actions(
    {
        "needs.surveys.questionnaires.archive": pgettext_lazy("action", "Archive a questionnaire"),
        "needs.surveys.questionnaires.bring_back": pgettext_lazy("action", "Bring a questionnaire back"),
        "needs.surveys.questionnaires.delete_draft": pgettext_lazy("action", "Delete a questionnaire's draft"),
        "needs.surveys.questionnaires.delete_from_bank": pgettext_lazy("action", "Delete a question of the bank"),
        "needs.surveys.questionnaires.describe": pgettext_lazy("action", "Describe a questionnaire"),
        "needs.surveys.questionnaires.keep_in_bank": pgettext_lazy("action", "Keep a question in the bank"),
        "needs.surveys.questionnaires.make_questionnaire": pgettext_lazy("action", "Make a questionnaire"),
        "needs.surveys.questionnaires.publish": pgettext_lazy("action", "Publish a questionnaire"),
        "needs.surveys.questionnaires.rename_in_bank": pgettext_lazy("action", "Rename a question of the bank"),
        "needs.surveys.questionnaires.save_draft": pgettext_lazy("action", "Edit a questionnaire's draft"),
        "needs.surveys.questionnaires.start_draft": pgettext_lazy("action", "Begin a questionnaire's draft"),
        "needs.surveys.questionnaires.take_upload": pgettext_lazy("action", "Upload a questionnaire"),
    }
)
