"""Everything that changes an application. One line each; the themes are modules of this package."""

from talentmap.casework.actions.drafts import (
    answer_item,
    attach,
    open_codes,
    open_items,
    remove_document,
    save_page,
    start_draft,
)
from talentmap.casework.actions.filters import delete_filter, save_filter
from talentmap.casework.actions.handling import BULK, MOST_AT_ONCE, Decided, decide_many, reassign, take
from talentmap.casework.actions.office_calendar import DayKind, confirm_year, set_day
from talentmap.casework.actions.parties import ask
from talentmap.casework.actions.public import answer_objection, end_notice, object_to
from talentmap.casework.actions.rating import call_back, mend, rate
from talentmap.casework.actions.reviewing import (
    Item,
    accept,
    approve,
    close,
    pass_stage,
    refuse,
    reject,
    reopen,
    return_for_correction,
    revoke,
)
from talentmap.casework.actions.sending import Incomplete, submit, withdraw
from talentmap.casework.duties import allowed, can_decide, possible_handlers

__all__ = [
    "BULK",
    "MOST_AT_ONCE",
    "DayKind",
    "Decided",
    "Incomplete",
    "Item",
    "accept",
    "allowed",
    "answer_item",
    "answer_objection",
    "approve",
    "ask",
    "attach",
    "call_back",
    "can_decide",
    "close",
    "confirm_year",
    "decide_many",
    "delete_filter",
    "end_notice",
    "mend",
    "object_to",
    "open_codes",
    "open_items",
    "pass_stage",
    "possible_handlers",
    "rate",
    "reassign",
    "refuse",
    "reject",
    "remove_document",
    "reopen",
    "return_for_correction",
    "revoke",
    "save_filter",
    "save_page",
    "set_day",
    "start_draft",
    "submit",
    "take",
    "withdraw",
]
