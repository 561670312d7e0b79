import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("talentmap", "0013_region_version"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="region",
            trigger=pgtrigger.compiler.Trigger(
                name="below_its_parent",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="\n        IF EXISTS (\n            SELECT 1 FROM talentmap_region child JOIN talentmap_region parent ON parent.id = child.parent_id\n             WHERE NEW.id IN (child.id, parent.id)\n               AND NOT starts_with(child.code, regexp_replace(parent.code, '(000){1,2}$', '')))\n        THEN\n            RAISE EXCEPTION 'region % does not lie below its parent', NEW.code\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'talentmap_region_code_below_parent';\n        END IF;\n        RETURN NULL;\n    ",
                    hash="7e5dd413468ae59ff2f8466f13269ea21d2f9331",
                    operation='INSERT OR UPDATE OF "code", "parent_id"',
                    pgid="pgtrigger_below_its_parent_45ff9",
                    table="talentmap_region",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
    ]
