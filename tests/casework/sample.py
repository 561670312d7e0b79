"""A service that exists in tests only: small, but with everything that casework must handle."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models

from talentmap.accounts.permissions import Permission
from talentmap.casework import registry
from talentmap.casework.page_form import SchemePageForm
from talentmap.casework.rules import Condition, Offer, Outcome
from talentmap.casework.scheme import DocumentRule, FormPage, Guide, Scheme, Stage
from talentmap.ui.errors import Refused


class SampleDetail(models.Model):
    """Unmanaged, so that no migration ever knows it; the test database gets its table by a fixture."""

    application = models.OneToOneField("talentmap.Application", models.CASCADE, related_name="+", db_constraint=False)
    purpose = models.CharField("purpose", max_length=100, blank=True, default="")
    cost = models.DecimalField("cost", max_digits=14, decimal_places=2, null=True, blank=True)
    starts_on = models.DateField("starts on", null=True, blank=True)

    class Meta:
        app_label = "talentmap"
        managed = False
        db_table = "tests_sampledetail"

    def __str__(self) -> str:
        return self.purpose


class PurposeForm(SchemePageForm):
    class Meta:
        model = SampleDetail
        fields = ("purpose",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].required = True


class CostForm(SchemePageForm):
    class Meta:
        model = SampleDetail
        fields = ("cost", "starts_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cost"].required = True


@dataclass(frozen=True)
class SampleFacts:
    is_civil_servant: bool
    education: str
    cost: Decimal | None


class SampleScheme(Scheme):
    code = "sample"
    prefix = "YB"
    title = "Sample grant"
    summary = "A grant for samples"
    map = "growth"
    guide = Guide(who="Anybody", what="Money", basis="None", contact="The office")
    stages = (
        Stage("township", "Township review", Permission.FIRST_REVIEW, 5),
        Stage("office", "Office review", Permission.OFFICE_REVIEW, 5),
        Stage("director", "Second review", Permission.SECOND_REVIEW, 5),
    )
    public_notice = True
    form_pages = (FormPage("purpose", "Purpose", PurposeForm), FormPage("cost", "Cost", CostForm))
    documents = (
        DocumentRule("plan", "Plan", required=lambda facts: (facts.cost or 0) >= 1000),
        DocumentRule("photo", "Photo", required=lambda facts: False),
    )
    detail_model = SampleDetail

    def facts(self, talent: Any, *, application: Any, at: datetime) -> SampleFacts:
        detail = self.detail(application) if application else None
        return SampleFacts(talent.is_civil_servant, talent.education, detail.cost if detail else None)

    def conditions(self, facts: SampleFacts, tariff: Mapping[str, Decimal]) -> tuple[Condition, ...]:
        eligible = Outcome.NOT_MET if facts.is_civil_servant else Outcome.MET
        return (
            Condition("not_civil_servant", "No civil servant", eligible, "Civil servants are not eligible."),
            Condition("education", "Education is known", Outcome.MET if facts.education else Outcome.UNKNOWN),
        )

    def offer(self, facts: SampleFacts, tariff: Mapping[str, Decimal]) -> Offer:
        return Offer(amount=facts.cost, text="Half of it")

    def on_approved(self, *, by: Any, at: datetime, application: Any, assessment: Any) -> None:
        """Stands for the reservation of money: a detail that costs too much is refused, one that is cheap leaves a
        mark that a second approval would make twice."""
        detail = self.detail(application)
        if detail.cost > 10_000:
            raise Refused("The fund lacks 1.00.")
        with connection.cursor() as cursor:
            cursor.execute("insert into tests_sampleeffect (application_id) values (%s)", [application.pk])


def effects(application: Any) -> int:
    """How many times the approval took effect."""
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from tests_sampleeffect where application_id = %s", [application.pk])
        return cursor.fetchone()[0]


def create_tables() -> None:
    """Make the sample's tables in the test database, afresh."""
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists tests_sampledetail, tests_sampleeffect")
        cursor.execute("create table tests_sampleeffect (application_id bigint not null)")
    with connection.schema_editor() as editor:
        editor.create_model(SampleDetail)


SAMPLE = registry.register(SampleScheme())
