from needs.surveys.questionnaires.actions.banking import delete_from_bank, keep_in_bank, rename_in_bank
from needs.surveys.questionnaires.actions.common import Stale
from needs.surveys.questionnaires.actions.drafting import delete_draft, save_draft, start_draft, take_upload
from needs.surveys.questionnaires.actions.making import archive, bring_back, describe, make_questionnaire
from needs.surveys.questionnaires.actions.publishing import publish

__all__ = [
    "Stale",
    "archive",
    "bring_back",
    "delete_draft",
    "delete_from_bank",
    "describe",
    "keep_in_bank",
    "make_questionnaire",
    "publish",
    "rename_in_bank",
    "save_draft",
    "start_draft",
    "take_upload",
]
