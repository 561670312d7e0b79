"""What the audit history calls the actions of exports."""

from django.utils.translation import pgettext_lazy

from talentmap.audit.labels import label_actions

label_actions(
    {
        "needs.surveys.exports.ask": pgettext_lazy("action", "Export survey responses"),
        "needs.surveys.exports.cancel": pgettext_lazy("action", "Cancel an export"),
        "needs.surveys.exports.discard": pgettext_lazy("action", "Delete an exported file"),
        "needs.surveys.exports.expect": pgettext_lazy("action", "Count the rows of an export"),
        "needs.surveys.exports.expire": pgettext_lazy("action", "Delete exported files whose time is over"),
        "needs.surveys.exports.fail": pgettext_lazy("action", "Give an export up"),
        "needs.surveys.exports.finish": pgettext_lazy("action", "Finish an export"),
        "needs.surveys.exports.progress": pgettext_lazy("action", "Note an export's progress"),
        "needs.surveys.exports.start": pgettext_lazy("action", "Start an export"),
    }
)
