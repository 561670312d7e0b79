import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0004_accrual_talent"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="entitlement",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("kind__in", ("rent", "purchase")), models.Q(("state", "revoked"), _negated=True)),
                expressions=[
                    ("talent", "="),
                    (
                        models.Case(
                            models.When(
                                kind="purchase",
                                then=models.Func(
                                    models.F("starts_on"),
                                    models.Value(None),
                                    models.Value("()"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                            ),
                            default=models.Func(
                                models.F("starts_on"),
                                django.db.models.functions.comparison.Coalesce(
                                    models.F("ended_on"), models.F("ends_on")
                                ),
                                models.Value("[]"),
                                function="daterange",
                                output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                            ),
                        ),
                        "&&",
                    ),
                ],
                name="support_entitlement_no_rent_after_purchase",
                violation_error_message="There is no rent subsidy after a purchase subsidy.",
            ),
        ),
    ]
