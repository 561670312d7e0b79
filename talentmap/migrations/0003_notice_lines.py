from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("talentmap", "0002_claims_withdrawn"),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="notice_lines",
            field=models.JSONField(blank=True, default=dict, verbose_name="published lines"),
        ),
    ]
