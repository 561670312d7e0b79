"""The readable names of actions, as the history shows them.

The spine's are below; an app adds its own where its actions are: `label_actions({"support.housing.accrue": _("…")})`.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

_labels: dict[str, Any] = {}


def label_actions(labels: Mapping[str, Any]) -> None:
    """Give actions, by the name their audit entries carry, words in the reader's language."""
    _labels.update(labels)


def action_label(name: str) -> str:
    """The words for `name`; the name itself where nobody gave any; empty stays a statement about its absence."""
    return str(_labels.get(name, name)) if name else str(_("Outside the platform"))


def action_choices() -> list[tuple[str, str]]:
    """All labelled actions, sorted by their words, for a filter."""
    return sorted(((name, str(label)) for name, label in _labels.items()), key=lambda pair: pair[1])


label_actions(
    {
        "accounts.add_member": pgettext_lazy("action", "Add a member"),
        "accounts.ask_code": pgettext_lazy("action", "Send a code by text message"),
        "accounts.change_password": pgettext_lazy("action", "Change the password"),
        "accounts.choose_language": pgettext_lazy("action", "Choose a language"),
        "accounts.confirm_second_factor": pgettext_lazy("action", "Set up the second factor"),
        "accounts.end_role": pgettext_lazy("action", "End a role"),
        "accounts.forget_codes": pgettext_lazy("action", "Delete old codes by text message"),
        "accounts.free_mobile": pgettext_lazy("action", "Take an unconfirmed number from an account"),
        "accounts.give_role": pgettext_lazy("action", "Give a role"),
        "accounts.let_in": pgettext_lazy("action", "Let a person sign in again"),
        "accounts.note_sign_in": pgettext_lazy("action", "Record a sign-in"),
        "accounts.open_account": pgettext_lazy("action", "Open an account"),
        "accounts.register": pgettext_lazy("action", "Register"),
        "accounts.renew_backup_codes": pgettext_lazy("action", "Make new backup codes"),
        "accounts.reset_password": pgettext_lazy("action", "Reset a password"),
        "accounts.reset_second_factor": pgettext_lazy("action", "Reset a second factor"),
        "accounts.turn_second_factor_off": pgettext_lazy("action", "Turn the second factor off"),
        "accounts.update_account": pgettext_lazy("action", "Change one's own account"),
        "accounts.update_member": pgettext_lazy("action", "Change a member"),
        "admin.edit": pgettext_lazy("action", "Reference data page"),
        "audit.check_seals": pgettext_lazy("action", "Verify the seals"),
        "audit.log_access": pgettext_lazy("action", "Read sensitive data"),
        "audit.log_accesses": pgettext_lazy("action", "Read sensitive data of many"),
        "audit.log_export": pgettext_lazy("action", "Export the audit history"),
        "audit.seal_until": pgettext_lazy("action", "Seal the history"),
        "casework.accept": pgettext_lazy("action", "Accept an application"),
        "casework.answer_item": pgettext_lazy("action", "Answer a correction"),
        "casework.answer_objection": pgettext_lazy("action", "Answer an objection"),
        "casework.approve": pgettext_lazy("action", "Approve an application"),
        "casework.ask": pgettext_lazy("action", "Put a stage to a party outside the office"),
        "casework.attach": pgettext_lazy("action", "Attach a document"),
        "casework.call_back": pgettext_lazy("action", "Call back after a poor rating"),
        "casework.close": pgettext_lazy("action", "Close a case"),
        "casework.confirm_year": pgettext_lazy("action", "Confirm the calendar of a year"),
        "casework.delete_filter": pgettext_lazy("action", "Delete a saved filter"),
        "casework.end_notice": pgettext_lazy("action", "End a public notice"),
        "casework.mend": pgettext_lazy("action", "Mend what was rated poorly"),
        "casework.object_to": pgettext_lazy("action", "Object to an application"),
        "casework.pass_stage": pgettext_lazy("action", "Pass a review stage"),
        "casework.rate": pgettext_lazy("action", "Rate the service"),
        "casework.reassign": pgettext_lazy("action", "Give a case to another handler"),
        "casework.refuse": pgettext_lazy("action", "Refuse to accept"),
        "casework.reject": pgettext_lazy("action", "Reject an application"),
        "casework.reopen": pgettext_lazy("action", "Reopen a closed case"),
        "casework.remove_document": pgettext_lazy("action", "Remove a document"),
        "casework.return_for_correction": pgettext_lazy("action", "Return for correction"),
        "casework.revoke": pgettext_lazy("action", "Revoke an approval"),
        "casework.save_filter": pgettext_lazy("action", "Save a filter"),
        "casework.save_page": pgettext_lazy("action", "Save a page of the form"),
        "casework.set_day": pgettext_lazy("action", "Change a day of the calendar"),
        "casework.start_draft": pgettext_lazy("action", "Begin an application"),
        "casework.submit": pgettext_lazy("action", "Submit an application"),
        "casework.take": pgettext_lazy("action", "Take a case"),
        "casework.withdraw": pgettext_lazy("action", "Withdraw an application"),
        "demo.next_day": pgettext_lazy("action", "Move the demo's date on by a day"),
        "money.add_version": pgettext_lazy("action", "Add a tariff version"),
        "money.cancel_batch": pgettext_lazy("action", "Cancel a payment batch"),
        "money.cancel_payable": pgettext_lazy("action", "Cancel a payment"),
        "money.cancel_payables": pgettext_lazy("action", "Cancel payments that are due"),
        "money.carry_over": pgettext_lazy("action", "Carry over what a year left"),
        "money.commit": pgettext_lazy("action", "Reserve money"),
        "money.correct_payee": pgettext_lazy("action", "Correct a payee's account"),
        "money.export_batch": pgettext_lazy("action", "Export a bank file"),
        "money.import_return": pgettext_lazy("action", "Import a bank's return file"),
        "money.load_defaults": pgettext_lazy("action", "Load the default tariffs"),
        "money.open_fund": pgettext_lazy("action", "Open a fund"),
        "money.open_recovery": pgettext_lazy("action", "Claim money back"),
        "money.owe": pgettext_lazy("action", "Record a payment that is due"),
        "money.prepare_batch": pgettext_lazy("action", "Prepare a payment batch"),
        "money.receive": pgettext_lazy("action", "Record money received"),
        "money.record_answer": pgettext_lazy("action", "Record a bank's answer"),
        "money.recover": pgettext_lazy("action", "Recover money"),
        "money.release": pgettext_lazy("action", "Set reserved money free"),
        "money.release_batch": pgettext_lazy("action", "Release a payment batch"),
        "money.release_rest": pgettext_lazy("action", "Set the rest of reserved money free"),
        "money.top_up": pgettext_lazy("action", "Top up a fund"),
        "money.withdraw_claim": pgettext_lazy("action", "Withdraw a claim"),
        "money.write_off": pgettext_lazy("action", "Write off a claim"),
        "notices.mark_all_read": pgettext_lazy("action", "Mark all notices as read"),
        "notices.mark_read": pgettext_lazy("action", "Read a notice"),
        "notices.notify": pgettext_lazy("action", "Tell a person"),
        "notices.set_preferences": pgettext_lazy("action", "Choose notice channels"),
        "notices.try_again": pgettext_lazy("action", "Send a failed message again"),
        "people.add_family_member": pgettext_lazy("action", "Add a family member"),
        "people.add_skill": pgettext_lazy("action", "Add a skill"),
        "people.answer_data_request": pgettext_lazy("action", "Answer a data request"),
        "people.ask_data_request": pgettext_lazy("action", "Ask to correct or delete data"),
        "people.clear_id_number": pgettext_lazy("action", "Take out an ID number that was not verified"),
        "people.create_organisation": pgettext_lazy("action", "Create an organisation"),
        "people.create_talent": pgettext_lazy("action", "Create a talent file"),
        "people.discard_import": pgettext_lazy("action", "Discard an import"),
        "people.drop_old_previews": pgettext_lazy("action", "Drop unconfirmed imports"),
        "people.erase": pgettext_lazy("action", "Erase a person's data"),
        "people.exporting.full_rows": pgettext_lazy("action", "Export talent files"),
        "people.give_consent": pgettext_lazy("action", "Give consent"),
        "people.import_rows": pgettext_lazy("action", "Import talent files"),
        "people.link_account": pgettext_lazy("action", "Link a file to an account"),
        "people.note_collision": pgettext_lazy("action", "Type an ID number of another file"),
        "people.preview_import": pgettext_lazy("action", "Preview an import"),
        "people.register_self": pgettext_lazy("action", "Register oneself as a talent"),
        "people.remove_family_member": pgettext_lazy("action", "Remove a family member"),
        "people.remove_skill": pgettext_lazy("action", "Remove a skill"),
        "people.unmask": pgettext_lazy("action", "Uncover sensitive data"),
        "people.update_organisation": pgettext_lazy("action", "Change an organisation"),
        "people.update_talent": pgettext_lazy("action", "Change a talent file"),
        "people.verify_identity": pgettext_lazy("action", "Verify an identity"),
        "people.withdraw_consent": pgettext_lazy("action", "Withdraw consent"),
        "dashboards.ask_brief": pgettext_lazy("action", "Have a monthly brief made"),
        "dashboards.ask_brief_again": pgettext_lazy("action", "Try a monthly brief again"),
        "dashboards.fail_brief": pgettext_lazy("action", "Give up a monthly brief"),
        "dashboards.finish_brief": pgettext_lazy("action", "Finish a monthly brief"),
        "dashboards.keep_figures": pgettext_lazy("action", "Keep the figures of a monthly brief"),
        "dashboards.note_progress": pgettext_lazy("action", "Note the progress of a monthly brief"),
        "dashboards.start_brief": pgettext_lazy("action", "Begin a monthly brief"),
        "regions.import_regions": pgettext_lazy("action", "Import regions"),
        "regions.remove_boundaries": pgettext_lazy("action", "Remove the boundaries"),
        "regions.save_region": pgettext_lazy("action", "Change a region"),
        "regions.upload_boundaries": pgettext_lazy("action", "Upload boundaries"),
        "regions.use_boundaries": pgettext_lazy("action", "Put boundaries in use"),
    }
)
