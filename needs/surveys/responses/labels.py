"""What the audit history calls the actions on responses and tallies."""

from django.utils.translation import pgettext_lazy

from talentmap.audit.labels import label_actions

label_actions(
    {
        "needs.surveys.responses.check_again": pgettext_lazy("action", "Look at survey responses for suspicions again"),
        "needs.surveys.responses.read_personal": pgettext_lazy("action", "Read a respondent's personal answers"),
        "needs.surveys.responses.review": pgettext_lazy("action", "Review a survey response"),
        "needs.surveys.responses.review_many": pgettext_lazy("action", "Review several survey responses"),
        "needs.surveys.tallies.fold": pgettext_lazy("action", "Count new survey responses"),
        "needs.surveys.tallies.rebuild": pgettext_lazy("action", "Count a survey anew"),
    }
)
