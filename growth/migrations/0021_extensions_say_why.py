from django.db import migrations, models


class Migration(migrations.Migration):
    """An extension keeps its months and its reason, and the reason for which it was taken back; of those of before
    the history tells the reason."""

    dependencies = [
        ("growth", "0020_invitations_taken_back"),
    ]

    operations = [
        migrations.AddField(
            model_name="schedule",
            name="months",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="further months"),
        ),
        migrations.AddField(
            model_name="schedule",
            name="note",
            field=models.CharField(blank=True, max_length=300, verbose_name="note"),
        ),
        migrations.AddField(
            model_name="schedule",
            name="withdrawn_note",
            field=models.CharField(blank=True, max_length=300, verbose_name="why it was withdrawn"),
        ),
    ]
