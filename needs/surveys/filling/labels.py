"""What the audit history calls the actions of filling in."""

from django.utils.translation import pgettext_lazy

from talentmap.audit.labels import label_actions

label_actions(
    {
        "needs.surveys.filling.take_in": pgettext_lazy("action", "Send in a survey response"),
        "needs.surveys.filling.take_again": pgettext_lazy("action", "Send in a survey response again"),
        "needs.surveys.filling.confirm_mobile": pgettext_lazy("action", "Confirm a mobile number for a survey"),
        "needs.surveys.filling.keep_file": pgettext_lazy("action", "Send in a file of a survey response"),
    }
)
