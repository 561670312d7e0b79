from django.db import migrations

WAITING = """
    UPDATE growth_loan l SET subsidy_waiting = w.amount
      FROM (SELECT x.id,
                   (SELECT sum(b.amount) FROM growth_subsidybooking b WHERE b.loan_id = x.id)
                   - (SELECT coalesce(sum(p.amount), 0) FROM talentmap_payable p
                       WHERE p.application_id = x.application_id AND p.state <> 'cancelled')
                   + (SELECT coalesce(sum(r.received), 0) FROM talentmap_recovery r
                       WHERE r.application_id = x.application_id) AS amount
              FROM growth_loan x) w
     WHERE w.id = l.id AND w.amount > 0
"""


class Migration(migrations.Migration):
    """What is booked but not payable has been waiting until now as well; the next night settles it to the fen."""

    dependencies = [
        ("growth", "0011_subsidy_waiting"),
    ]

    operations = [
        migrations.RunSQL(WAITING, migrations.RunSQL.noop),
    ]
