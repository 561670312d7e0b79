import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("talentmap", "0011_backup_codes_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="time")),
                ("address", models.GenericIPAddressField(verbose_name="address")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("in", "Signed in"),
                            ("code", "Second factor passed"),
                            ("wrong", "Wrong name or password"),
                            ("code_wrong", "Wrong second factor"),
                            ("locked", "Locked after too many failures"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "sign-in",
                "verbose_name_plural": "sign-ins",
                "indexes": [
                    models.Index(models.F("user"), models.F("at"), name="talentmap_signin_user"),
                    models.Index(models.F("at"), models.F("id"), name="talentmap_signin_at"),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="signin",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="5ce40b07c6a6230b2735d45392950222ddd93b82",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b2974",
                    table="talentmap_signin",
                    when="BEFORE",
                ),
            ),
        ),
    ]
