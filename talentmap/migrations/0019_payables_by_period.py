from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("talentmap", "0018_logs_never_emptied"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="payable",
            index=models.Index(models.F("period_from"), models.F("id"), name="payable_by_period"),
        ),
    ]
