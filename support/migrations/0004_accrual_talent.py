import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# What was revoked counts no month any more; else it would stand in the way of the same month granted anew.
FILL = """
    DELETE FROM support_accrual a USING support_entitlement e WHERE e.id = a.entitlement_id AND e.state = 'revoked';
    UPDATE support_accrual a SET talent_id = e.talent_id FROM support_entitlement e WHERE e.id = a.entitlement_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0003_home_benefits_by_month"),
        ("talentmap", "0001_spine"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="accrual",
            name="support_accrual_one_a_month",
        ),
        migrations.AddField(
            model_name="accrual",
            name="talent",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="talentmap.talent",
                verbose_name="talent",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="accrual",
            name="talent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="talentmap.talent",
                verbose_name="talent",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="accrual",
            trigger=pgtrigger.compiler.Trigger(
                name="keep_talent",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="SELECT talent_id INTO NEW.talent_id FROM support_entitlement WHERE id = NEW.entitlement_id; RETURN NEW;",
                    hash="10033158bfcae76c261c76e05898e2f09110d6a0",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_keep_talent_ab645",
                    table="support_accrual",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="accrual",
            constraint=models.UniqueConstraint(
                fields=("talent", "month"),
                name="support_accrual_one_a_month",
                violation_error_message="A month accrues once.",
            ),
        ),
    ]
