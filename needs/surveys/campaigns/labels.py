"""What the audit history calls the actions of survey campaigns."""

from django.utils.translation import pgettext_lazy

from talentmap.audit.labels import label_actions

label_actions(
    {
        "needs.surveys.campaigns.assign": pgettext_lazy("action", "Assign an interviewer"),
        "needs.surveys.campaigns.assign_cadres": pgettext_lazy("action", "Assign the cadres of every township"),
        "needs.surveys.campaigns.change_last_day": pgettext_lazy("action", "Change a survey campaign's last day"),
        "needs.surveys.campaigns.change_state": pgettext_lazy("action", "Change a survey campaign's state"),
        "needs.surveys.campaigns.change_version": pgettext_lazy("action", "Change a survey campaign's version"),
        "needs.surveys.campaigns.close_link": pgettext_lazy("action", "Close a survey's public link"),
        "needs.surveys.campaigns.copy_quotas": pgettext_lazy("action", "Copy quotas from another campaign"),
        "needs.surveys.campaigns.edit_campaign": pgettext_lazy("action", "Edit a survey campaign"),
        "needs.surveys.campaigns.end_assignment": pgettext_lazy("action", "End an interviewer's assignment"),
        "needs.surveys.campaigns.make_campaign": pgettext_lazy("action", "Make a survey campaign"),
        "needs.surveys.campaigns.make_codes": pgettext_lazy("action", "Make invitation codes"),
        "needs.surveys.campaigns.make_link": pgettext_lazy("action", "Make a survey's public link"),
        "needs.surveys.campaigns.remind": pgettext_lazy("action", "Remind a township of a survey"),
        "needs.surveys.campaigns.reopen_link": pgettext_lazy("action", "Open a survey's public link again"),
        "needs.surveys.campaigns.set_quotas": pgettext_lazy("action", "Set quotas of a survey campaign"),
    }
)
