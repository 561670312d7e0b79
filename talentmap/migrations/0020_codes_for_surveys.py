from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("talentmap", "0019_payables_by_period"),
    ]

    operations = [
        migrations.AlterField(
            model_name="mobilecode",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("register", "Register"),
                    ("change", "Change one's own account"),
                    ("survey", "Answer a survey"),
                ],
                max_length=10,
                verbose_name="purpose",
            ),
        ),
    ]
