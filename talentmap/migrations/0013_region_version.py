from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("talentmap", "0012_sign_ins"),
    ]

    operations = [
        migrations.AddField(
            model_name="region",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
        ),
    ]
