"""`AuditTrigger`: records every change of a table's rows, whoever makes it and by whatever statement."""

from typing import Any

import pgtrigger
from django.db import models

HIDDEN = "•••changed•••"

_RECORD = """
    IF TG_OP <> 'INSERT' THEN _old := to_jsonb(OLD); END IF;
    IF TG_OP <> 'DELETE' THEN _new := to_jsonb(NEW); END IF;
    SELECT jsonb_object_agg(
               key,
               CASE WHEN key = ANY ({hidden}) THEN to_jsonb('{mark}'::text)
                    ELSE jsonb_build_array(o.value, n.value) END)
      INTO _changes
      FROM jsonb_each(_old) AS o FULL JOIN jsonb_each(_new) AS n USING (key)
     WHERE coalesce(o.value, 'null') IS DISTINCT FROM coalesce(n.value, 'null') AND NOT key = ANY ({skipped});
    IF TG_OP <> 'UPDATE' OR _changes IS NOT NULL THEN
        INSERT INTO talentmap_auditentry (at, actor_id, action, reason, table_name, row_id, operation, changes)
        VALUES (clock_timestamp(),
                nullif(current_setting('talentmap.actor', true), '')::bigint,
                coalesce(current_setting('talentmap.action', true), ''),
                coalesce(current_setting('talentmap.reason', true), ''),
                TG_TABLE_NAME,
                CASE WHEN TG_OP = 'DELETE' THEN _old ELSE _new END ->> '{key}',
                lower(TG_OP),
                coalesce(_changes, '{{}}'));
    END IF;
    RETURN NULL;
"""


class AuditTrigger(pgtrigger.Trigger):
    """Write one `AuditEntry` for each inserted, changed or deleted row, in the same transaction.

    It is a row trigger, so it also sees `QuerySet.update()`, cascades and SQL typed by hand. `hide` names fields
    of which only the fact of a change is kept, never a value; fields with a true `sensitive` attribute (the
    encrypted ones) are hidden unasked. `skip` names fields that are not worth an entry, such as `last_login`.
    """

    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    declare = [("_old", "jsonb := '{}'"), ("_new", "jsonb := '{}'"), ("_changes", "jsonb")]

    def __init__(self, *, hide: tuple[str, ...] = (), skip: tuple[str, ...] = (), name: str = "audit") -> None:
        self.hide = hide
        self.skip = skip
        super().__init__(name=name)

    def get_func(self, model: Any) -> str:
        return self.format_sql(
            _RECORD.format(
                hidden=_text_array(self.hidden_columns(model)),
                skipped=_text_array(_columns(model, self.skip)),
                mark=HIDDEN,
                key=model._meta.pk.column,
            )
        )

    def hidden_columns(self, model: type[models.Model]) -> list[str]:
        """The columns of `model` whose values never reach the history."""
        sensitive = [field.name for field in model._meta.concrete_fields if getattr(field, "sensitive", False)]
        return _columns(model, (*self.hide, *sensitive))


class NeverEmptied(pgtrigger.Trigger):
    """Refuse TRUNCATE, which row triggers do not see.

    Who empties a whole database between tests says so beforehand: `set talentmap.emptying = 'on'`.
    """

    level = pgtrigger.Statement
    when = pgtrigger.Before
    operation = pgtrigger.Truncate
    func = """
        IF coalesce(current_setting('talentmap.emptying', true), '') <> 'on' THEN
            RAISE EXCEPTION 'cannot empty %: its rows are only ever added', TG_TABLE_NAME;
        END IF;
        RETURN NULL;
    """

    def __init__(self, *, name: str = "never_emptied") -> None:
        super().__init__(name=name)


def _columns(model: type[models.Model], names: tuple[str, ...]) -> list[str]:
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    return sorted({field.column for field in fields})


def _text_array(values: list[str]) -> str:
    return "ARRAY[" + ", ".join(f"'{value}'" for value in values) + "]::text[]"
