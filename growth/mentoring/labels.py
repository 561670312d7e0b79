"""What the audit history calls the actions of mentoring."""

from django.utils.translation import pgettext_lazy

from talentmap.audit.labels import label_actions

label_actions(
    {
        f"growth.mentoring.{name}": label
        for name, label in {
            "accept_request": pgettext_lazy("action", "Accept a talent as mentor"),
            "add_step": pgettext_lazy("action", "Add a step to a mentoring plan"),
            "adjust_proposal": pgettext_lazy("action", "Adjust a line of an assignment round"),
            "apply_as_mentor": pgettext_lazy("action", "Apply to be a mentor"),
            "ask_for_change": pgettext_lazy("action", "Wish another mentor"),
            "assess_pair": pgettext_lazy("action", "Assess a mentoring pair"),
            "cancel_meeting": pgettext_lazy("action", "Cancel a mentoring meeting"),
            "compute_round": pgettext_lazy("action", "Compute an assignment round"),
            "confirm_agreement": pgettext_lazy("action", "Confirm a mentoring agreement"),
            "confirm_agreement_on_paper": pgettext_lazy("action", "Enter a mentoring agreement signed on paper"),
            "confirm_meeting": pgettext_lazy("action", "Confirm the log of a mentoring meeting"),
            "confirm_meeting_on_paper": pgettext_lazy("action", "Enter the log of a meeting signed on paper"),
            "confirm_round": pgettext_lazy("action", "Confirm an assignment round"),
            "decline_request": pgettext_lazy("action", "Decline a talent as mentor"),
            "discard_round": pgettext_lazy("action", "Discard an assignment round"),
            "end_pair": pgettext_lazy("action", "End a mentoring pair early"),
            "end_revoked": pgettext_lazy("action", "End a mentoring pair whose approval was revoked"),
            "finish_step": pgettext_lazy("action", "Tick a step of a mentoring plan"),
            "invite_mentor": pgettext_lazy("action", "Invite a mentor"),
            "lapse_request": pgettext_lazy("action", "End a request to a mentor that was not answered"),
            "leave_mentoring": pgettext_lazy("action", "Leave as a mentor"),
            "log_meeting": pgettext_lazy("action", "Write a mentoring meeting down"),
            "object_to_meeting": pgettext_lazy("action", "Object to the log of a mentoring meeting"),
            "pair_up": pgettext_lazy("action", "Make a mentoring pair"),
            "pause_mentor": pgettext_lazy("action", "Pause as a mentor"),
            "plan_meeting": pgettext_lazy("action", "Plan a mentoring meeting"),
            "propose_change": pgettext_lazy("action", "Ask another mentor to take over"),
            "propose_mentor": pgettext_lazy("action", "Ask a mentor for a talent"),
            "refuse_change": pgettext_lazy("action", "Keep the mentor in spite of a wish"),
            "refuse_mentor": pgettext_lazy("action", "Refuse a mentor"),
            "remind_of_meeting": pgettext_lazy("action", "Remind of a mentoring meeting"),
            "remind_office": pgettext_lazy("action", "Remind the office of assessments"),
            "remind_to_assess": pgettext_lazy("action", "Remind a mentoring pair of the assessment"),
            "remove_file": pgettext_lazy("action", "Remove a file of a mentoring pair"),
            "remove_step": pgettext_lazy("action", "Remove a step of a mentoring plan"),
            "renew_invitation": pgettext_lazy("action", "Renew a mentor's invitation"),
            "reopen_step": pgettext_lazy("action", "Reopen a step of a mentoring plan"),
            "resume_mentor": pgettext_lazy("action", "End a mentor's pause"),
            "set_account": pgettext_lazy("action", "Enter a mentor's bank account"),
            "share_file": pgettext_lazy("action", "Share a file in a mentoring pair"),
            "take_agreement_back": pgettext_lazy("action", "Take a proposed mentoring agreement back"),
            "update_profile": pgettext_lazy("action", "Change a mentor's profile"),
            "verify_mentor": pgettext_lazy("action", "Verify a mentor"),
            "withdraw_invitation": pgettext_lazy("action", "Take a mentor's invitation back"),
            "withdraw_request": pgettext_lazy("action", "Take a request to a mentor back"),
            "write_agreement": pgettext_lazy("action", "Write a mentoring agreement"),
        }.items()
    }
)
