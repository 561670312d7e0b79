import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("talentmap", "0008_return_before_the_decision"),
    ]

    operations = [
        migrations.CreateModel(
            name="DemoDate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("days_ahead", models.PositiveIntegerField(default=0, verbose_name="days ahead")),
            ],
            options={
                "verbose_name": "demo date",
                "verbose_name_plural": "demo dates",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)),
                        name="talentmap_demodate_only_one",
                        violation_error_message="A demo has one date.",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="demodate",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _old jsonb := '{}'; _new jsonb := '{}'; _changes jsonb;",
                    func="IF TG_OP <> 'INSERT' THEN _old := to_jsonb(OLD); END IF; IF TG_OP <> 'DELETE' THEN _new := to_jsonb(NEW); END IF; SELECT jsonb_object_agg( key, CASE WHEN key = ANY (ARRAY[]::text[]) THEN to_jsonb('•••changed•••'::text) ELSE jsonb_build_array(o.value, n.value) END) INTO _changes FROM jsonb_each(_old) AS o FULL JOIN jsonb_each(_new) AS n USING (key) WHERE coalesce(o.value, 'null') IS DISTINCT FROM coalesce(n.value, 'null') AND NOT key = ANY (ARRAY[]::text[]); IF TG_OP <> 'UPDATE' OR _changes IS NOT NULL THEN INSERT INTO talentmap_auditentry (at, actor_id, action, reason, table_name, row_id, operation, changes) VALUES (clock_timestamp(), nullif(current_setting('talentmap.actor', true), '')::bigint, coalesce(current_setting('talentmap.action', true), ''), coalesce(current_setting('talentmap.reason', true), ''), TG_TABLE_NAME, CASE WHEN TG_OP = 'DELETE' THEN _old ELSE _new END ->> 'id', lower(TG_OP), coalesce(_changes, '{}')); END IF; RETURN NULL;",
                    hash="6f88af918a0105dacc851184e773dceeed25b3e1",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_775a1",
                    table="talentmap_demodate",
                    when="AFTER",
                ),
            ),
        ),
    ]
