from django.db import migrations, models


class Migration(migrations.Migration):
    """A loan keeps the day of the month on which its instalments are due; one of before goes on with that of its first
    due date."""

    dependencies = [
        ("growth", "0013_repayment_file_again"),
    ]

    operations = [
        migrations.AddField(
            model_name="loan",
            name="due_day",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="due on this day of the month"),
        ),
    ]
