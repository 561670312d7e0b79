"""What the audit history calls the actions of the housing subsidy."""

from django.utils.translation import pgettext_lazy

from talentmap.audit.labels import label_actions

label_actions(
    {
        "support.housing.accrue": pgettext_lazy("action", "Accrue a month's rent subsidy"),
        "support.housing.after_failure": pgettext_lazy("action", "Follow up a failed payment of the housing subsidy"),
        "support.housing.after_payment": pgettext_lazy("action", "Follow up a payment of the housing subsidy"),
        "support.housing.close_when_done": pgettext_lazy("action", "Close a finished housing subsidy"),
        "support.housing.correct_end": pgettext_lazy("action", "Correct the end of a rent subsidy"),
        "support.housing.end": pgettext_lazy("action", "End a housing subsidy"),
        "support.housing.end_stay": pgettext_lazy("action", "End an apartment stay whose time is over"),
        "support.housing.grant_purchase": pgettext_lazy("action", "Grant a purchase subsidy"),
        "support.housing.grant_rent": pgettext_lazy("action", "Grant a rent subsidy"),
        "support.housing.record_apartment": pgettext_lazy("action", "Record a turnover apartment"),
        "support.housing.revoke_grant": pgettext_lazy("action", "Revoke a housing subsidy"),
    }
)
