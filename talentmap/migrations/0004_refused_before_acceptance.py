from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("talentmap", "0003_notice_lines"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="transition",
            constraint=models.CheckConstraint(
                condition=Q(("action", "refuse"), _negated=True) | Q(stage=""),
                name="talentmap_transition_refused_before_acceptance",
                violation_error_message="What was accepted is reviewed: it can only be rejected.",
            ),
        ),
    ]
