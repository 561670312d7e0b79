from django.db import migrations, models


class Migration(migrations.Migration):
    """A file may be imported again for the rows that were not entered."""

    dependencies = [
        ("growth", "0012_subsidy_waiting_so_far"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="repaymentfile",
            name="growth_repaymentfile_once",
        ),
        migrations.AddField(
            model_name="repaymentfile",
            name="attempt",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="which import of the file"),
        ),
        migrations.AddConstraint(
            model_name="repaymentfile",
            constraint=models.UniqueConstraint(
                fields=("bank", "sha256", "attempt"),
                name="growth_repaymentfile_once",
                violation_error_message="This file has been imported before.",
            ),
        ),
    ]
