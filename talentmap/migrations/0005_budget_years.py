import django.db.models.expressions
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("talentmap", "0004_refused_before_acceptance"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="ledgerentry",
            name="talentmap_ledgerentry_names_its_application",
        ),
        migrations.AddField(
            model_name="ledgerentry",
            name="year",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.expressions.CombinedExpression(
                    django.db.models.functions.datetime.ExtractYear("at"),
                    "-",
                    models.Case(models.When(kind="carry_out", then=1), default=0),
                ),
                output_field=models.PositiveSmallIntegerField(),
                verbose_name="budget year",
            ),
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("budget", "Budget"),
                    ("top_up", "Top-up"),
                    ("carry_out", "Carried to the next year"),
                    ("carry_over", "Carried over"),
                    ("reduction", "Budget reduction"),
                    ("commitment", "Commitment"),
                    ("release", "Commitment released"),
                    ("payment", "Payment"),
                    ("payment_return", "Payment came back"),
                    ("recovery", "Recovery"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("application", None),
                        ("kind__in", ["budget", "top_up", "reduction", "carry_out", "carry_over"]),
                    ),
                    models.Q(
                        ("application__isnull", False),
                        ("kind__in", ["commitment", "release", "payment", "payment_return", "recovery"]),
                    ),
                    _connector="OR",
                ),
                name="talentmap_ledgerentry_names_its_application",
                violation_error_message="Commitments, payments and recoveries name their application.",
            ),
        ),
    ]
