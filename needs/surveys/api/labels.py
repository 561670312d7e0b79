"""What the audit history calls the actions of the API."""

from django.utils.translation import pgettext_lazy

from talentmap.audit.labels import label_actions

label_actions(
    {
        "needs.surveys.api.claim": pgettext_lazy("action", "Take a webhook delivery in hand"),
        "needs.surveys.api.end_webhook": pgettext_lazy("action", "End a webhook"),
        "needs.surveys.api.make_token": pgettext_lazy("action", "Make an API token"),
        "needs.surveys.api.make_webhook": pgettext_lazy("action", "Add a webhook"),
        "needs.surveys.api.note": pgettext_lazy("action", "Note a webhook's answer"),
        "needs.surveys.api.note_use": pgettext_lazy("action", "Note the use of an API token"),
        "needs.surveys.api.revoke_token": pgettext_lazy("action", "Revoke an API token"),
        "needs.surveys.api.tell": pgettext_lazy("action", "Tell webhooks of an approved response"),
        "needs.surveys.api.try_again": pgettext_lazy("action", "Send a webhook delivery again"),
    }
)
