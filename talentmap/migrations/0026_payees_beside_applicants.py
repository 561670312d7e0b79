import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("talentmap", "0025_reopened_cases"),
    ]

    operations = [
        migrations.AddField(
            model_name="payable",
            name="payee",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="payee who is not the applicant",
            ),
        ),
    ]
