import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import talentmap.people.fields


class Migration(migrations.Migration):
    dependencies = [
        ("growth", "0004_mentoring"),
    ]

    operations = [
        migrations.CreateModel(
            name="Borrowing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_borrower", models.BooleanField(verbose_name="signs as the borrower")),
                ("ordinal", models.PositiveSmallIntegerField(verbose_name="which loan of the person")),
                ("is_open", models.BooleanField(default=True, verbose_name="not over")),
                ("is_counted", models.BooleanField(default=True, verbose_name="counts among the person's loans")),
                ("consent_text", models.TextField(blank=True, verbose_name="wording of the consent")),
                ("consented_at", models.DateTimeField(blank=True, null=True, verbose_name="consented at")),
            ],
            options={
                "verbose_name": "part in a loan",
                "verbose_name_plural": "parts in a loan",
                "ordering": ("loan", "-is_borrower", "pk"),
            },
        ),
        migrations.CreateModel(
            name="BorrowingPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=100, verbose_name="name")),
                ("id_number", talentmap.people.fields.EncryptedTextField(blank=True, verbose_name="ID number")),
                ("id_number_index", models.CharField(editable=False, max_length=64, verbose_name="ID number index")),
            ],
            options={
                "verbose_name": "person who borrows",
                "verbose_name_plural": "persons who borrow",
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="loanapplication",
            name="audit",
        ),
        migrations.AddField(
            model_name="loanapplication",
            name="partner_list",
            field=talentmap.people.fields.EncryptedTextField(blank=True, verbose_name="the other partners"),
        ),
        migrations.AddField(
            model_name="loanapplication",
            name="partners_agree",
            field=models.BooleanField(default=False, verbose_name="the partners agree"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="loanapplication",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _old jsonb := '{}'; _new jsonb := '{}'; _changes jsonb;",
                    func="IF TG_OP <> 'INSERT' THEN _old := to_jsonb(OLD); END IF; IF TG_OP <> 'DELETE' THEN _new := to_jsonb(NEW); END IF; SELECT jsonb_object_agg( key, CASE WHEN key = ANY (ARRAY['partner_list']::text[]) THEN to_jsonb('•••changed•••'::text) ELSE jsonb_build_array(o.value, n.value) END) INTO _changes FROM jsonb_each(_old) AS o FULL JOIN jsonb_each(_new) AS n USING (key) WHERE coalesce(o.value, 'null') IS DISTINCT FROM coalesce(n.value, 'null') AND NOT key = ANY (ARRAY[]::text[]); IF TG_OP <> 'UPDATE' OR _changes IS NOT NULL THEN INSERT INTO talentmap_auditentry (at, actor_id, action, reason, table_name, row_id, operation, changes) VALUES (clock_timestamp(), nullif(current_setting('talentmap.actor', true), '')::bigint, coalesce(current_setting('talentmap.action', true), ''), coalesce(current_setting('talentmap.reason', true), ''), TG_TABLE_NAME, CASE WHEN TG_OP = 'DELETE' THEN _old ELSE _new END ->> 'application_id', lower(TG_OP), coalesce(_changes, '{}')); END IF; RETURN NULL;",
                    hash="aad0526803dbd4b16036274bb186d5d4c91e1861",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_7a542",
                    table="growth_loanapplication",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="borrowing",
            name="loan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="borrowings",
                to="growth.loan",
                verbose_name="loan",
            ),
        ),
        migrations.AddConstraint(
            model_name="borrowingperson",
            constraint=models.UniqueConstraint(
                fields=("id_number_index",),
                name="growth_borrowingperson_once",
                violation_error_message="A person with this ID number is already registered.",
            ),
        ),
        migrations.AddConstraint(
            model_name="borrowingperson",
            constraint=models.CheckConstraint(
                condition=models.Q(("id_number_index", ""), _negated=True),
                name="growth_borrowingperson_indexed",
                violation_error_message="An ID number is stored together with its index.",
            ),
        ),
        migrations.AddField(
            model_name="borrowing",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="borrowings",
                to="growth.borrowingperson",
                verbose_name="person who borrows",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="borrowingperson",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _old jsonb := '{}'; _new jsonb := '{}'; _changes jsonb;",
                    func="IF TG_OP <> 'INSERT' THEN _old := to_jsonb(OLD); END IF; IF TG_OP <> 'DELETE' THEN _new := to_jsonb(NEW); END IF; SELECT jsonb_object_agg( key, CASE WHEN key = ANY (ARRAY['id_number', 'id_number_index', 'name']::text[]) THEN to_jsonb('•••changed•••'::text) ELSE jsonb_build_array(o.value, n.value) END) INTO _changes FROM jsonb_each(_old) AS o FULL JOIN jsonb_each(_new) AS n USING (key) WHERE coalesce(o.value, 'null') IS DISTINCT FROM coalesce(n.value, 'null') AND NOT key = ANY (ARRAY[]::text[]); IF TG_OP <> 'UPDATE' OR _changes IS NOT NULL THEN INSERT INTO talentmap_auditentry (at, actor_id, action, reason, table_name, row_id, operation, changes) VALUES (clock_timestamp(), nullif(current_setting('talentmap.actor', true), '')::bigint, coalesce(current_setting('talentmap.action', true), ''), coalesce(current_setting('talentmap.reason', true), ''), TG_TABLE_NAME, CASE WHEN TG_OP = 'DELETE' THEN _old ELSE _new END ->> 'id', lower(TG_OP), coalesce(_changes, '{}')); END IF; RETURN NULL;",
                    hash="8410e2f0fb1f7b1c431883792ed454cdbd106c87",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_3496b",
                    table="growth_borrowingperson",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="borrowing",
            constraint=models.UniqueConstraint(
                fields=("loan", "person"),
                name="growth_borrowing_once_a_loan",
                violation_error_message="This person is named in the loan already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="borrowing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_open", True)),
                fields=("person",),
                name="growth_borrowing_one_at_a_time",
                violation_error_message="This person has a loan already that is not over.",
            ),
        ),
        migrations.AddConstraint(
            model_name="borrowing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_counted", True)),
                fields=("person", "ordinal"),
                name="growth_borrowing_each_counted_once",
                violation_error_message="This loan of the person is granted already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="borrowing",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_counted", True), ("is_open", False), _connector="OR"),
                name="growth_borrowing_open_ones_count",
                violation_error_message="A loan that is not over counts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="borrowing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_borrower", True),
                    models.Q(("consented_at__isnull", False), models.Q(("consent_text", ""), _negated=True)),
                    _connector="OR",
                ),
                name="growth_borrowing_partners_consent",
                violation_error_message="A partner's consent has a time and a wording.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="borrowing",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _old jsonb := '{}'; _new jsonb := '{}'; _changes jsonb;",
                    func="IF TG_OP <> 'INSERT' THEN _old := to_jsonb(OLD); END IF; IF TG_OP <> 'DELETE' THEN _new := to_jsonb(NEW); END IF; SELECT jsonb_object_agg( key, CASE WHEN key = ANY (ARRAY[]::text[]) THEN to_jsonb('•••changed•••'::text) ELSE jsonb_build_array(o.value, n.value) END) INTO _changes FROM jsonb_each(_old) AS o FULL JOIN jsonb_each(_new) AS n USING (key) WHERE coalesce(o.value, 'null') IS DISTINCT FROM coalesce(n.value, 'null') AND NOT key = ANY (ARRAY[]::text[]); IF TG_OP <> 'UPDATE' OR _changes IS NOT NULL THEN INSERT INTO talentmap_auditentry (at, actor_id, action, reason, table_name, row_id, operation, changes) VALUES (clock_timestamp(), nullif(current_setting('talentmap.actor', true), '')::bigint, coalesce(current_setting('talentmap.action', true), ''), coalesce(current_setting('talentmap.reason', true), ''), TG_TABLE_NAME, CASE WHEN TG_OP = 'DELETE' THEN _old ELSE _new END ->> 'id', lower(TG_OP), coalesce(_changes, '{}')); END IF; RETURN NULL;",
                    hash="c1b24d79f55dacb4c331faf5e632e5a2f9e741b9",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_6c76a",
                    table="growth_borrowing",
                    when="AFTER",
                ),
            ),
        ),
    ]
