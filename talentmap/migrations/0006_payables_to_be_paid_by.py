from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("talentmap", "0005_budget_years"),
    ]

    operations = [
        migrations.AddField(
            model_name="payable",
            name="due_on",
            field=models.DateField(blank=True, null=True, verbose_name="to be paid by"),
        ),
        migrations.AddIndex(
            model_name="payable",
            index=models.Index(fields=["due_on", "state"], name="payable_due"),
        ),
    ]
