"""What a service declares. A new service subclasses `Scheme`, registers it, and has the whole of casework.

    class TrainingGrant(Scheme):
        code = "training_grant"
        prefix = "PX"
        ...

    registry.register(TrainingGrant())

`facts`, `conditions` and `offer` say who gets what; `on_approved` makes it so, inside the approval's own transaction:
what it raises undoes the approval.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from talentmap.accounts.permissions import Permission
from talentmap.casework.page_form import FormContext, SchemePageForm
from talentmap.casework.rules import Assessment, Condition, Offer, Words
from talentmap.money import tariffs
from talentmap.ui.errors import Refused

if TYPE_CHECKING:
    from talentmap.casework.models import Application, Document
    from talentmap.people.models import Talent


@dataclass(frozen=True)
class Guide:
    """What the public reads about a service before applying."""

    who: Words
    what: Words
    basis: Words
    contact: Words
    documents: Words = ""


@dataclass(frozen=True)
class Stage:
    """One review: who holds `permission` over the application decides within `working_days`.

    Of a party's stage only the party that is asked decides, and sees the application from then on.
    """

    code: str
    label: Words
    permission: Permission
    working_days: int
    # Who outside the office decides here: "organisation" or "person", named for each application by `Scheme.party_of`.
    party: str = ""
    # Whoever declines is followed by the next who is asked: no party rejects or returns here, only the office does.
    passes_on: bool = False


@dataclass(frozen=True)
class FormPage:
    """One thing a page: `form_class` is built as `form_class(data, instance=detail, context=FormContext(...))`."""

    code: str
    title: Words
    form_class: type[SchemePageForm]
    hint: Words = ""


@dataclass(frozen=True)
class DocumentRule:
    """A document and when it is required; `required` is asked with the scheme's facts. Of the parties outside the
    office only those of `stages` may read it."""

    code: str
    label: Words
    hint: Words = ""
    required: Callable[[Any], bool] = lambda facts: True
    stages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gap:
    """Something that is still missing or wrong before the application can be submitted."""

    page: str  # a form page's code; "" for a document
    code: str  # a field's name or a document's code; "" for a page as a whole
    label: Words
    message: Words


@dataclass(frozen=True)
class Panel:
    """A piece of the case page and of the applicant's own page that only this service has: the money it moves."""

    template: str
    context: Mapping[str, Any]


class Scheme:
    code: str = ""
    prefix: str = ""
    title: Words = ""
    summary: Words = ""
    map: str = ""  # "needs", "growth" or "support": decides its hue
    guide: Guide
    stages: tuple[Stage, ...] = ()
    public_notice: bool = True
    decided_by: str = "director"  # or "last_stage": who passes the last stage approves, there is no further decision
    tariff_code: str = ""
    consent_purposes: tuple[str, ...] = ()
    form_pages: tuple[FormPage, ...] = ()
    documents: tuple[DocumentRule, ...] = ()
    detail_model: Any
    is_open: bool = True  # a paused service stays listed, says so, and takes no new applications

    # What a service must say -------------------------------------------------------------------------------------

    def facts(self, talent: "Talent", *, application: "Application | None", at: datetime) -> Any:
        """Everything the rules need, read once, as a frozen dataclass. Without an application: from the file only."""
        raise NotImplementedError

    def conditions(self, facts: Any, tariff: Mapping[str, Decimal]) -> tuple[Condition, ...]:
        """Every condition with its outcome, met ones too. Pure."""
        raise NotImplementedError

    def offer(self, facts: Any, tariff: Mapping[str, Decimal]) -> Offer:
        """What the person would get. Pure."""
        raise NotImplementedError

    # What a service may say --------------------------------------------------------------------------------------

    def party_of(self, application: "Application", stage: Stage) -> Any:
        """The organisation or the user who decides a party's stage, asked when the application comes to it; None
        where nobody is known yet: `casework.actions.ask` names them later."""
        return None

    def party_url(self, application: "Application") -> str:
        """Where a party that is asked finds what to decide."""
        return reverse("casework:case", args=[application.pk])

    def stage_days(self, on: date) -> dict[str, int]:
        """The working days of each stage under the rules in force on a day."""
        return {stage.code: stage.working_days for stage in self.stages}

    def overview(self, application: "Application") -> list[tuple[Words, Any]]:
        """The few lines that say what this application asks for."""
        return []

    def notice_lines(self, application: "Application") -> list[tuple[Words, Any]]:
        """What the public notice shows beside the masked name; nothing that identifies a person. Asked once, when the
        notice begins."""
        return []

    def guide_amounts(self, tariff: Mapping[str, Decimal]) -> tuple[tuple[Words, Words], ...]:
        """What the guide says of the amounts, under the tariff in force today. Pure."""
        return ()

    def case_panels(self, application: "Application", reader: Any) -> list[Panel]:
        return []

    def decision_letter(self, application: "Application") -> bytes | None:
        """The decision as PDF, once there is one."""
        return None

    @property
    def writes_letters(self) -> bool:
        """Whether this service has a decision letter at all; without one nobody is promised it."""
        return type(self).decision_letter is not Scheme.decision_letter

    def before_approval(self, application: "Application") -> Words:
        """What has to be done before an approval can be given; "" where nothing has."""
        return ""

    def on_submitted(self, *, by: Any, at: datetime, application: "Application") -> None: ...

    def on_stage(self, *, by: Any, at: datetime, application: "Application", stage: Stage) -> None:
        """The application has come to a stage, whose party is named as far as `party_of` knows one."""

    def on_returned(self, *, by: Any, at: datetime, application: "Application") -> None: ...

    def on_rejected(self, *, by: Any, at: datetime, application: "Application") -> None: ...

    def on_approved(self, *, by: Any, at: datetime, application: "Application", assessment: Assessment) -> None: ...

    def on_revoked(self, *, by: Any, at: datetime, application: "Application") -> None: ...

    def on_withdrawn(self, *, by: Any, at: datetime, application: "Application") -> None: ...

    def on_closed(self, *, by: Any, at: datetime, application: "Application") -> None: ...

    def reference_date(self, talent: "Talent", *, application: "Application", at: datetime) -> date:
        """The day whose tariff the case keeps; by default the day of submission."""
        return timezone.localdate(at)

    def check_approval(self, application: "Application", at: datetime) -> Assessment:
        """Judge the case once more at the moment of approval; raises Refused with every reason against it."""
        assessment = self.assess(application.applicant, at=at, application=application)
        if assessment.unmet:
            refuse_unmet(assessment)
        if assessment.unknown:
            listed = pgettext("list", ", ").join(str(condition.label) for condition in assessment.unknown)
            raise Refused(_("This must be known before the approval: %(conditions)s") % {"conditions": listed})
        return assessment

    # What casework asks of every service -------------------------------------------------------------------------

    def tariff(self, on: date) -> Mapping[str, Decimal]:
        return tariffs.in_force(self.tariff_code, on) if self.tariff_code else {}

    def assess(self, talent: "Talent", *, at: datetime, application: "Application | None" = None) -> Assessment:
        """Facts, conditions and offer under the tariff of the case's reference date, or of today."""
        kept = application.requested_reference_date if application else None
        tariff = self.tariff(kept or timezone.localdate(at))
        facts = self.facts(talent, application=application, at=at)
        return Assessment(facts, self.conditions(facts, tariff), self.offer(facts, tariff), tariff)

    def published_lines(self, application: "Application") -> dict[str, list[tuple[str, str]]]:
        """The lines of the notice in every language, to be kept as they are published."""
        lines = {}
        for language, _name in settings.LANGUAGES:
            with override(language):
                lines[language] = [(str(label), str(value)) for label, value in self.notice_lines(application)]
        return lines

    def detail(self, application: "Application") -> Any:
        """The one-to-one row with what only this service asks."""
        return self.detail_model._default_manager.get(application=application)

    def create_detail(self, application: "Application") -> Any:
        return self.detail_model._default_manager.create(application=application)

    def stage(self, code: str) -> Stage:
        """A stage that the service no longer has is decided by who approves: no case is stuck in the past."""
        for stage in self.stages:
            if stage.code == code:
                return stage
        return Stage(code, code, Permission.APPROVE, 1)

    def skips(self, application: "Application", stage: Stage) -> bool:
        """Whether this application needs no such stage."""
        return False

    def stage_after(self, application: "Application") -> Stage | None:
        """The stage that follows the one the application is in, or None after the last or an unknown one."""
        codes = [stage.code for stage in self.stages]
        following = self.stages[codes.index(application.stage) + 1 :] if application.stage in codes else ()
        return next((stage for stage in following if not self.skips(application, stage)), None)

    def page(self, code: str) -> FormPage:
        """Raises StopIteration for an unknown page; a view answers 404 to `page_codes` it does not find."""
        return next(page for page in self.form_pages if page.code == code)

    def approves_at(self, code: str) -> bool:
        """Whether whoever decides this stage gives the approval itself."""
        return self.decided_by == "last_stage" and bool(self.stages) and code == self.stages[-1].code

    @property
    def page_codes(self) -> tuple[str, ...]:
        return tuple(page.code for page in self.form_pages)

    @property
    def field_labels(self) -> dict[str, Words]:
        """The label of every form field, whatever page it is on."""
        return {
            name: field.label or name for page in self.form_pages for name, field in page.form_class.base_fields.items()
        }

    @property
    def document_labels(self) -> dict[str, Words]:
        return {rule.code: rule.label for rule in self.documents}

    def label_of(self, code: str) -> Words:
        """What a field or a document is called."""
        return {**self.field_labels, **self.document_labels}.get(code) or _("Whole application")

    def form(
        self, page: FormPage, application: "Application", facts: Any, data: Any = None, detail: Any = None
    ) -> SchemePageForm:
        """The page's form over the detail row; `data` as from `request.POST`."""
        context = FormContext(application.applicant, application, facts)
        return page.form_class(data, instance=detail or self.detail(application), context=context)

    def required_documents(self, facts: Any) -> tuple[DocumentRule, ...]:
        return tuple(rule for rule in self.documents if rule.required(facts))

    def gaps(self, application: "Application", facts: Any, documents: "list[Document]") -> tuple[Gap, ...]:
        """Everything that is missing, all told at once."""
        detail = self.detail(application)
        form_gaps = [gap for page in self.form_pages for gap in self._page_gaps(page, application, facts, detail)]
        there = {document.kind for document in documents}
        document_gaps = [
            Gap("", rule.code, rule.label, _("This document is missing."))
            for rule in self.required_documents(facts)
            if rule.code not in there
        ]
        return (*form_gaps, *document_gaps)

    def _page_gaps(self, page: FormPage, application: "Application", facts: Any, detail: Any) -> list[Gap]:
        """Send the page what is stored, as if it were typed: whatever the form refuses is a gap."""
        blank = self.form(page, application, facts, detail=detail)
        stored = {
            blank.add_prefix(name): blank.get_initial_for_field(field, name) for name, field in blank.fields.items()
        }
        form = self.form(page, application, facts, data=stored, detail=detail)
        return [
            Gap(page.code, name if name in form.fields else "", self.label_of(name), str(message))
            for name, messages in form.errors.items()
            for message in messages
        ]


def refuse_unmet(assessment: Assessment) -> None:
    """Raise Refused naming every unmet condition."""
    listed = "; ".join(str(c.reason or c.label) for c in assessment.unmet)
    raise Refused(_("These conditions are not met: %(conditions)s") % {"conditions": listed})
