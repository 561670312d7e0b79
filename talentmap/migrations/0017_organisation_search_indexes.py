import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("talentmap", "0016_delivery_address"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="organisation",
            name="talentmap_org_name_part",
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("name"), name="gin_trgm_ops"
                ),
                name="talentmap_org_name_part",
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(models.F("credit_code"), name="varchar_pattern_ops"),
                name="talentmap_org_code",
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(models.F("name_pinyin"), name="varchar_pattern_ops"),
                name="talentmap_org_pinyin",
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(models.F("name_initials"), name="varchar_pattern_ops"),
                name="talentmap_org_initials",
            ),
        ),
    ]
