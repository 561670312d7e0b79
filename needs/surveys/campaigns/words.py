"""What people read about a campaign's readiness."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from needs.surveys.campaigns.rules import Readiness

OBSTACLES = {
    "no_township": gettext_lazy("No township takes part yet: choose at least one."),
    "period_over": gettext_lazy("The last day is over: choose a later one."),
}


def doubts(ready: Readiness) -> list[str]:
    """A sentence for each doubt."""
    names = pgettext("between items of a list", ", ").join(ready.townships_without_interviewer)
    said = {
        "nobody_asks": _("No interviewer is assigned, no township has a cadre with an account, and there is no link."),
        "townships_without_interviewer": _("Nobody can interview in %(names)s: no assignment, no cadre, no link.")
        % {"names": names},
        "no_quota": _("There are no quotas: the coverage will show counts, but nothing that is missing."),
    }
    return [said[code] for code in ready.doubts]
