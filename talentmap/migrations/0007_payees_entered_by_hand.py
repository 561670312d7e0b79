from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("talentmap", "0006_payables_to_be_paid_by"),
    ]

    operations = [
        migrations.AddField(
            model_name="payable",
            name="entered_by_hand",
            field=models.BooleanField(default=False, verbose_name="account differs from the person's file"),
        ),
    ]
