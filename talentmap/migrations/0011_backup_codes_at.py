from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("talentmap", "0010_mobile_codes"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="backup_codes_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="backup codes made at"),
        ),
    ]
