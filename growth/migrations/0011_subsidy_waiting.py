from django.db import migrations, models


class Migration(migrations.Migration):
    """A loan says what of its booked subsidy waits for money in the fund."""

    dependencies = [
        ("growth", "0010_disbursements_taken_back"),
        ("talentmap", "0026_payees_beside_applicants"),
    ]

    operations = [
        migrations.AddField(
            model_name="loan",
            name="subsidy_waiting",
            field=models.DecimalField(
                decimal_places=2,
                default=0,
                max_digits=14,
                verbose_name="subsidy booked that the fund cannot pay yet (CNY)",
            ),
        ),
        migrations.AddIndex(
            model_name="loan",
            index=models.Index(
                condition=models.Q(("subsidy_waiting__gt", 0)), fields=["id"], name="growth_loan_subsidy_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="loan",
            constraint=models.CheckConstraint(
                condition=models.Q(("subsidy_waiting__gte", 0)),
                name="growth_loan_subsidy_waits",
                violation_error_message="What waits for money is not negative.",
            ),
        ),
    ]
