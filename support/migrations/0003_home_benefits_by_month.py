import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0002_housing_relations"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="entitlement",
            name="support_entitlement_one_home_benefit",
        ),
        migrations.AddConstraint(
            model_name="entitlement",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("kind__in", ("rent", "apartment")), models.Q(("state", "revoked"), _negated=True)),
                expressions=[
                    ("talent", "="),
                    (
                        models.Case(
                            models.When(
                                kind="rent",
                                then=models.Func(
                                    models.Func(
                                        models.F("starts_on"),
                                        template="date_trunc('month', %(expressions)s::timestamp)::date",
                                    ),
                                    models.Func(
                                        django.db.models.functions.comparison.Coalesce(
                                            models.F("ended_on"), models.F("ends_on")
                                        ),
                                        template="(date_trunc('month', %(expressions)s::timestamp) + interval '1 month')::date",
                                    ),
                                    models.Value("[)"),
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
                name="support_entitlement_one_home_benefit",
                violation_error_message="A rent subsidy and an apartment exclude each other at the same time.",
            ),
        ),
    ]
