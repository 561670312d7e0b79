from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("talentmap", "0009_demo_date"),
    ]

    operations = [
        migrations.CreateModel(
            name="MobileCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mobile", models.CharField(max_length=11, verbose_name="mobile number")),
                (
                    "purpose",
                    models.CharField(
                        choices=[("register", "Register"), ("change", "Change one's own account")],
                        max_length=10,
                        verbose_name="purpose",
                    ),
                ),
                ("digest", models.CharField(blank=True, max_length=64, verbose_name="digest")),
                ("sent_at", models.DateTimeField(verbose_name="sent at")),
                ("sent_that_day", models.PositiveSmallIntegerField(default=0, verbose_name="sent that day")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
            ],
            options={
                "verbose_name": "code by text message",
                "verbose_name_plural": "codes by text message",
            },
        ),
        migrations.RemoveConstraint(
            model_name="user",
            name="talentmap_user_mobile_form",
        ),
        migrations.AddField(
            model_name="user",
            name="mobile_verified_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="mobile number confirmed at"
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("mobile", ""), ("mobile__regex", "^1[3-9][0-9]{9}$"), _connector="OR"),
                name="talentmap_user_mobile_form",
                violation_error_message="A mobile phone number has 11 digits and begins with 13 to 19.",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("mobile_verified_at__isnull", True), models.Q(("mobile", ""), _negated=True), _connector="OR"
                ),
                name="talentmap_user_mobile_confirmed_is_there",
                violation_error_message="Only a mobile number that is there can be confirmed.",
            ),
        ),
        migrations.AddIndex(
            model_name="mobilecode",
            index=models.Index(fields=["sent_at"], name="talentmap_mobilecode_age"),
        ),
        migrations.AddConstraint(
            model_name="mobilecode",
            constraint=models.UniqueConstraint(
                fields=("mobile",),
                name="talentmap_mobilecode_one_a_number",
                violation_error_message="A code is already on its way to this number.",
            ),
        ),
        migrations.AddConstraint(
            model_name="mobilecode",
            constraint=models.CheckConstraint(
                condition=models.Q(("mobile__regex", "^1[3-9][0-9]{9}$")),
                name="talentmap_mobilecode_mobile_form",
                violation_error_message="A mobile phone number has 11 digits and begins with 13 to 19.",
            ),
        ),
        migrations.AddConstraint(
            model_name="mobilecode",
            constraint=models.CheckConstraint(
                condition=models.Q(("tries__lte", 5)),
                name="talentmap_mobilecode_few_tries",
                violation_error_message="This code was tried too often.",
            ),
        ),
    ]
