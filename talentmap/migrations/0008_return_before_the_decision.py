from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("talentmap", "0007_payees_entered_by_hand"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="transition",
            name="talentmap_transition_in_table",
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
                    models.Q(("action", "pass_stage"), ("from_state", "in_review"), ("to_state", "in_review")),
                    models.Q(("action", "pass_stage"), ("from_state", "in_review"), ("to_state", "on_notice")),
                    models.Q(("action", "pass_stage"), ("from_state", "in_review"), ("to_state", "awaiting_decision")),
                    models.Q(("action", "end_notice"), ("from_state", "on_notice"), ("to_state", "awaiting_decision")),
                    models.Q(("action", "reject"), ("from_state", "on_notice"), ("to_state", "rejected")),
                    models.Q(("action", "return"), ("from_state", "awaiting_decision"), ("to_state", "returned")),
                    models.Q(("action", "approve"), ("from_state", "awaiting_decision"), ("to_state", "approved")),
                    models.Q(("action", "reject"), ("from_state", "awaiting_decision"), ("to_state", "rejected")),
                    models.Q(("action", "close"), ("from_state", "approved"), ("to_state", "closed")),
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
