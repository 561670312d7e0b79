import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

FINISHED = """
    UPDATE growth_repaymentfile f
       SET finished_at = f.at, rows = (SELECT count(*) FROM growth_repaymentline l WHERE l.file_id = f.id)
"""


class Migration(migrations.Migration):
    """A bank's file is kept as read and entered in the background; those there are were entered as they came."""

    dependencies = [
        ("growth", "0014_loan_due_day"),
        ("talentmap", "0026_payees_beside_applicants"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="repaymentfile",
            name="append_only",
        ),
        migrations.AddField(
            model_name="repaymentfile",
            name="entries",
            field=models.JSONField(default=list, verbose_name="rows as read"),
        ),
        migrations.AddField(
            model_name="repaymentfile",
            name="finished_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="entered at"),
        ),
        migrations.AddField(
            model_name="repaymentfile",
            name="rows",
            field=models.PositiveIntegerField(default=0, verbose_name="rows"),
        ),
        migrations.RunSQL(FINISHED, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="repaymentfile",
            index=models.Index(
                condition=models.Q(("finished_at__isnull", True)), fields=["at"], name="growth_repaymentfile_open"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="repaymentfile",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="6b9430fde4397eca3b4cd77832993f6db8e58a07",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_eb330",
                    table="growth_repaymentfile",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="repaymentfile",
            trigger=pgtrigger.compiler.Trigger(
                name="only_finished",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.finished_at IS NOT NULL OR to_jsonb(NEW) - ARRAY['finished_at', 'counts'] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['finished_at', 'counts'])",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="8deeddc528cb8a44c19fc3924f776677b1ce257f",
                    operation="UPDATE",
                    pgid="pgtrigger_only_finished_5d36f",
                    table="growth_repaymentfile",
                    when="BEFORE",
                ),
            ),
        ),
    ]
