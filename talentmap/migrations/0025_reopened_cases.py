from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("talentmap", "0024_briefs"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="transition",
            name="talentmap_transition_in_table",
        ),
        migrations.AlterField(
            model_name="transition",
            name="action",
            field=models.CharField(
                choices=[
                    ("submit", "Submit"),
                    ("resubmit", "Submit again"),
                    ("withdraw", "Withdraw"),
                    ("accept", "Accept"),
                    ("refuse", "Refuse to accept"),
                    ("return", "Return for correction"),
                    ("pass_stage", "Pass the review"),
                    ("reject", "Reject"),
                    ("end_notice", "End the public notice"),
                    ("approve", "Approve"),
                    ("revoke", "Revoke"),
                    ("close", "Close"),
                    ("reopen", "Reopen"),
                    ("reassign", "Reassign"),
                    ("take", "Take"),
                ],
                max_length=20,
                verbose_name="action",
            ),
        ),
        migrations.AddConstraint(
            model_name="transition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("action", "submit"), ("from_state", "draft"), ("to_state", "submitted")),
                    models.Q(("action", "resubmit"), ("from_state", "returned"), ("to_state", "submitted")),
                    models.Q(("action", "resubmit"), ("from_state", "returned"), ("to_state", "in_review")),
                    models.Q(("action", "resubmit"), ("from_state", "returned"), ("to_state", "awaiting_decision")),
                    models.Q(("action", "withdraw"), ("from_state", "draft"), ("to_state", "withdrawn")),
                    models.Q(("action", "withdraw"), ("from_state", "submitted"), ("to_state", "withdrawn")),
                    models.Q(("action", "withdraw"), ("from_state", "returned"), ("to_state", "withdrawn")),
                    models.Q(("action", "withdraw"), ("from_state", "in_review"), ("to_state", "withdrawn")),
                    models.Q(("action", "withdraw"), ("from_state", "on_notice"), ("to_state", "withdrawn")),
                    models.Q(("action", "withdraw"), ("from_state", "awaiting_decision"), ("to_state", "withdrawn")),
                    models.Q(("action", "accept"), ("from_state", "submitted"), ("to_state", "in_review")),
                    models.Q(("action", "refuse"), ("from_state", "submitted"), ("to_state", "refused")),
                    models.Q(("action", "return"), ("from_state", "submitted"), ("to_state", "returned")),
                    models.Q(("action", "refuse"), ("from_state", "returned"), ("to_state", "refused")),
                    models.Q(("action", "reject"), ("from_state", "returned"), ("to_state", "rejected")),
                    models.Q(("action", "return"), ("from_state", "in_review"), ("to_state", "returned")),
                    models.Q(("action", "reject"), ("from_state", "in_review"), ("to_state", "rejected")),
                    models.Q(("action", "approve"), ("from_state", "in_review"), ("to_state", "approved")),
                    models.Q(("action", "pass_stage"), ("from_state", "in_review"), ("to_state", "in_review")),
                    models.Q(("action", "pass_stage"), ("from_state", "in_review"), ("to_state", "on_notice")),
                    models.Q(("action", "pass_stage"), ("from_state", "in_review"), ("to_state", "awaiting_decision")),
                    models.Q(("action", "end_notice"), ("from_state", "on_notice"), ("to_state", "awaiting_decision")),
                    models.Q(("action", "reject"), ("from_state", "on_notice"), ("to_state", "rejected")),
                    models.Q(("action", "return"), ("from_state", "awaiting_decision"), ("to_state", "returned")),
                    models.Q(("action", "approve"), ("from_state", "awaiting_decision"), ("to_state", "approved")),
                    models.Q(("action", "reject"), ("from_state", "awaiting_decision"), ("to_state", "rejected")),
                    models.Q(("action", "close"), ("from_state", "approved"), ("to_state", "closed")),
                    models.Q(("action", "reopen"), ("from_state", "closed"), ("to_state", "approved")),
                    models.Q(("action", "revoke"), ("from_state", "approved"), ("to_state", "revoked")),
                    models.Q(("action", "revoke"), ("from_state", "closed"), ("to_state", "revoked")),
                    models.Q(("action", "reassign"), ("from_state", "submitted"), ("to_state", "submitted")),
                    models.Q(("action", "reassign"), ("from_state", "returned"), ("to_state", "returned")),
                    models.Q(("action", "reassign"), ("from_state", "in_review"), ("to_state", "in_review")),
                    models.Q(("action", "reassign"), ("from_state", "on_notice"), ("to_state", "on_notice")),
                    models.Q(
                        ("action", "reassign"), ("from_state", "awaiting_decision"), ("to_state", "awaiting_decision")
                    ),
                    models.Q(("action", "take"), ("from_state", "submitted"), ("to_state", "submitted")),
                    models.Q(("action", "take"), ("from_state", "in_review"), ("to_state", "in_review")),
                    models.Q(
                        ("action", "take"), ("from_state", "awaiting_decision"), ("to_state", "awaiting_decision")
                    ),
                    _connector="OR",
                ),
                name="talentmap_transition_in_table",
                violation_error_message="The application cannot move like this.",
            ),
        ),
    ]
