from django.db import migrations

import talentmap.people.fields


class Migration(migrations.Migration):
    dependencies = [
        ("talentmap", "0015_hide_contact_and_family_in_history"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="address",
            field=talentmap.people.fields.EncryptedTextField(blank=True, verbose_name="last address"),
        ),
    ]
