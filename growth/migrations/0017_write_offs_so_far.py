from django.db import migrations

# Who decided and when is known from the history; where that says nothing, it was the system, on the loan's last day.
DECISIONS = """
    INSERT INTO growth_writeoff (loan_id, "on", amount, reason, by_id, at)
    SELECT l.id, l.ended_on, l.outstanding, COALESCE(NULLIF(l.end_note, ''), '-'), COALESCE(u.id, s.id),
           COALESCE(h.at, l.ended_on::timestamp AT TIME ZONE 'Asia/Shanghai')
      FROM growth_loan l
      LEFT JOIN LATERAL (
           SELECT a.actor_id, a.at FROM talentmap_auditentry a
            WHERE a.table_name = 'growth_loan' AND a.row_id = l.id::text AND a.changes #>> '{state,1}' = 'written_off'
            ORDER BY a.id DESC LIMIT 1
           ) h ON TRUE
      LEFT JOIN talentmap_user u ON u.id = h.actor_id
      LEFT JOIN talentmap_user s ON s.username = 'system'
     WHERE l.state = 'written_off'
       AND NOT EXISTS (SELECT 1 FROM growth_writeoff w WHERE w.loan_id = l.id)
"""


class Migration(migrations.Migration):
    """Loans that were given up before decisions were kept have theirs, too."""

    dependencies = [
        ("growth", "0016_write_offs"),
    ]

    operations = [
        migrations.RunSQL(DECISIONS, migrations.RunSQL.noop),
    ]
