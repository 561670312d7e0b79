import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("talentmap", "0014_region_below_its_parent"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="datarequest",
            name="audit",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="familymember",
            name="audit",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="talent",
            name="audit",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="datarequest",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _old jsonb := '{}'; _new jsonb := '{}'; _changes jsonb;",
                    func="IF TG_OP <> 'INSERT' THEN _old := to_jsonb(OLD); END IF; IF TG_OP <> 'DELETE' THEN _new := to_jsonb(NEW); END IF; SELECT jsonb_object_agg( key, CASE WHEN key = ANY (ARRAY['text', 'wanted_value']::text[]) THEN to_jsonb('•••changed•••'::text) ELSE jsonb_build_array(o.value, n.value) END) INTO _changes FROM jsonb_each(_old) AS o FULL JOIN jsonb_each(_new) AS n USING (key) WHERE coalesce(o.value, 'null') IS DISTINCT FROM coalesce(n.value, 'null') AND NOT key = ANY (ARRAY[]::text[]); IF TG_OP <> 'UPDATE' OR _changes IS NOT NULL THEN INSERT INTO talentmap_auditentry (at, actor_id, action, reason, table_name, row_id, operation, changes) VALUES (clock_timestamp(), nullif(current_setting('talentmap.actor', true), '')::bigint, coalesce(current_setting('talentmap.action', true), ''), coalesce(current_setting('talentmap.reason', true), ''), TG_TABLE_NAME, CASE WHEN TG_OP = 'DELETE' THEN _old ELSE _new END ->> 'id', lower(TG_OP), coalesce(_changes, '{}')); END IF; RETURN NULL;",
                    hash="406250ed84f961b0b75266238ff34153e61b08f5",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_eeacd",
                    table="talentmap_datarequest",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="familymember",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _old jsonb := '{}'; _new jsonb := '{}'; _changes jsonb;",
                    func="IF TG_OP <> 'INSERT' THEN _old := to_jsonb(OLD); END IF; IF TG_OP <> 'DELETE' THEN _new := to_jsonb(NEW); END IF; SELECT jsonb_object_agg( key, CASE WHEN key = ANY (ARRAY['birth_date', 'id_number', 'id_number_index', 'name']::text[]) THEN to_jsonb('•••changed•••'::text) ELSE jsonb_build_array(o.value, n.value) END) INTO _changes FROM jsonb_each(_old) AS o FULL JOIN jsonb_each(_new) AS n USING (key) WHERE coalesce(o.value, 'null') IS DISTINCT FROM coalesce(n.value, 'null') AND NOT key = ANY (ARRAY[]::text[]); IF TG_OP <> 'UPDATE' OR _changes IS NOT NULL THEN INSERT INTO talentmap_auditentry (at, actor_id, action, reason, table_name, row_id, operation, changes) VALUES (clock_timestamp(), nullif(current_setting('talentmap.actor', true), '')::bigint, coalesce(current_setting('talentmap.action', true), ''), coalesce(current_setting('talentmap.reason', true), ''), TG_TABLE_NAME, CASE WHEN TG_OP = 'DELETE' THEN _old ELSE _new END ->> 'id', lower(TG_OP), coalesce(_changes, '{}')); END IF; RETURN NULL;",
                    hash="76fd304b6701e9fedb5f9e0164ac1e8de8bd005d",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_5b64d",
                    table="talentmap_familymember",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="talent",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _old jsonb := '{}'; _new jsonb := '{}'; _changes jsonb;",
                    func="IF TG_OP <> 'INSERT' THEN _old := to_jsonb(OLD); END IF; IF TG_OP <> 'DELETE' THEN _new := to_jsonb(NEW); END IF; SELECT jsonb_object_agg( key, CASE WHEN key = ANY (ARRAY['address', 'bank_account', 'email', 'health_note', 'id_number', 'id_number_index', 'phone']::text[]) THEN to_jsonb('•••changed•••'::text) ELSE jsonb_build_array(o.value, n.value) END) INTO _changes FROM jsonb_each(_old) AS o FULL JOIN jsonb_each(_new) AS n USING (key) WHERE coalesce(o.value, 'null') IS DISTINCT FROM coalesce(n.value, 'null') AND NOT key = ANY (ARRAY[]::text[]); IF TG_OP <> 'UPDATE' OR _changes IS NOT NULL THEN INSERT INTO talentmap_auditentry (at, actor_id, action, reason, table_name, row_id, operation, changes) VALUES (clock_timestamp(), nullif(current_setting('talentmap.actor', true), '')::bigint, coalesce(current_setting('talentmap.action', true), ''), coalesce(current_setting('talentmap.reason', true), ''), TG_TABLE_NAME, CASE WHEN TG_OP = 'DELETE' THEN _old ELSE _new END ->> 'id', lower(TG_OP), coalesce(_changes, '{}')); END IF; RETURN NULL;",
                    hash="d9452e279e33a7d587a85c88c60b1be04c1f6dae",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_cfee6",
                    table="talentmap_talent",
                    when="AFTER",
                ),
            ),
        ),
    ]
