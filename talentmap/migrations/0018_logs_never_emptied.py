import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("talentmap", "0017_organisation_search_indexes"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="accesslog",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n        IF coalesce(current_setting('talentmap.emptying', true), '') <> 'on' THEN\n            RAISE EXCEPTION 'cannot empty %: its rows are only ever added', TG_TABLE_NAME;\n        END IF;\n        RETURN NULL;\n    ",
                    hash="278dffe065c797d4f9f552253d9d48c922b3adea",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_888de",
                    table="talentmap_accesslog",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditentry",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n        IF coalesce(current_setting('talentmap.emptying', true), '') <> 'on' THEN\n            RAISE EXCEPTION 'cannot empty %: its rows are only ever added', TG_TABLE_NAME;\n        END IF;\n        RETURN NULL;\n    ",
                    hash="4086eca5922e5755e4bf68de3a5f235e13867874",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_81bf8",
                    table="talentmap_auditentry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dayseal",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n        IF coalesce(current_setting('talentmap.emptying', true), '') <> 'on' THEN\n            RAISE EXCEPTION 'cannot empty %: its rows are only ever added', TG_TABLE_NAME;\n        END IF;\n        RETURN NULL;\n    ",
                    hash="5b4fca151264113785b44e31d4adf844b030d251",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_89c54",
                    table="talentmap_dayseal",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sealcheck",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n        IF coalesce(current_setting('talentmap.emptying', true), '') <> 'on' THEN\n            RAISE EXCEPTION 'cannot empty %: its rows are only ever added', TG_TABLE_NAME;\n        END IF;\n        RETURN NULL;\n    ",
                    hash="06f6bce13467996f4bf61f40d3dc945cdb3b54b0",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_60195",
                    table="talentmap_sealcheck",
                    when="BEFORE",
                ),
            ),
        ),
    ]
