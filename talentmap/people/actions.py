"""Every write on the talent register; the writes themselves stand in the `actions_*` files."""

from talentmap.people.actions_accounts import link_account
from talentmap.people.actions_consents import give_consent, withdraw_consent
from talentmap.people.actions_files import (
    add_family_member,
    add_skill,
    clear_id_number,
    create_talent,
    note_collision,
    register_self,
    remove_family_member,
    remove_skill,
    unmask,
    update_talent,
    verify_identity,
)
from talentmap.people.actions_import import Imported, discard_import, drop_old_previews, import_rows, preview_import
from talentmap.people.actions_organisations import create_organisation, update_organisation
from talentmap.people.actions_requests import answer_data_request, ask_data_request, erase
from talentmap.people.writing import has_consent

__all__ = [
    "Imported",
    "add_family_member",
    "add_skill",
    "answer_data_request",
    "ask_data_request",
    "clear_id_number",
    "create_organisation",
    "create_talent",
    "discard_import",
    "drop_old_previews",
    "erase",
    "give_consent",
    "has_consent",
    "import_rows",
    "link_account",
    "note_collision",
    "preview_import",
    "register_self",
    "remove_family_member",
    "remove_skill",
    "unmask",
    "update_organisation",
    "update_talent",
    "verify_identity",
    "withdraw_consent",
]
