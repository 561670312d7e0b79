from django.db import migrations

PERSONS = """
    INSERT INTO growth_borrowingperson (name, id_number, id_number_index)
    SELECT DISTINCT t.name, t.id_number, t.id_number_index
      FROM growth_loan l JOIN talentmap_talent t ON t.id = l.talent_id
     WHERE t.id_number_index <> ''
    ON CONFLICT DO NOTHING
"""
PARTS = """
    INSERT INTO growth_borrowing (loan_id, person_id, is_borrower, ordinal, is_open, is_counted, consent_text)
    SELECT l.id, p.id, TRUE, l.ordinal, l.state IN ('approved', 'signed', 'running'), l.state <> 'cancelled', ''
      FROM growth_loan l
      JOIN talentmap_talent t ON t.id = l.talent_id
      JOIN growth_borrowingperson p ON p.id_number_index = t.id_number_index
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    """Whoever has borrowed before is known as a person who borrows; partners were only counted until now."""

    dependencies = [
        ("growth", "0005_borrowing_persons"),
    ]

    operations = [
        migrations.RunSQL(PERSONS, migrations.RunSQL.noop),
        migrations.RunSQL(PARTS, migrations.RunSQL.noop),
    ]
