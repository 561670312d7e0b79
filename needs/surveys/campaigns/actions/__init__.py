"""Every write about campaigns: running them, quotas, interviewers, public links, reminders."""

from needs.surveys.campaigns.actions.linking import close_link, make_codes, make_link, reopen_link
from needs.surveys.campaigns.actions.planning import Copied, copy_quotas, set_quotas
from needs.surveys.campaigns.actions.reminding import remind
from needs.surveys.campaigns.actions.running import (
    change_last_day,
    change_state,
    change_version,
    edit_campaign,
    make_campaign,
)
from needs.surveys.campaigns.actions.staffing import assign, assign_cadres, end_assignment

__all__ = [
    "Copied",
    "assign",
    "assign_cadres",
    "change_last_day",
    "change_state",
    "change_version",
    "close_link",
    "copy_quotas",
    "edit_campaign",
    "end_assignment",
    "make_campaign",
    "make_codes",
    "make_link",
    "remind",
    "reopen_link",
    "set_quotas",
]
