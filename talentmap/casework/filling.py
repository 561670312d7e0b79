"""An application while it is being filled in, each fact about it read once a page."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.casework.actions.drafts import open_codes
from talentmap.casework.models import Application, Document, ReturnItem
from talentmap.casework.page_form import SchemePageForm
from talentmap.casework.rules import Assessment
from talentmap.casework.scheme import DocumentRule, FormPage, Gap, Scheme
from talentmap.casework.steps import Steps, steps
from talentmap.people.models import Talent
from talentmap.ui.errors import Refused

Fact = tuple[str | Promise, Any]


class Filling:
    def __init__(self, application: Application, at: datetime) -> None:
        self.application = application
        self.at = at

    @property
    def scheme(self) -> Scheme:
        return self.application.service

    @cached_property
    def assessment(self) -> Assessment | None:
        """None where the office has set no amounts for the day yet."""
        try:
            return self.scheme.assess(self.application.applicant, at=self.at, application=self.application)
        except Refused:
            return None

    @cached_property
    def facts(self) -> Any:
        if self.assessment:
            return self.assessment.facts
        return self.scheme.facts(self.application.applicant, application=self.application, at=self.at)

    @cached_property
    def detail(self) -> Any:
        return self.scheme.detail(self.application)

    @cached_property
    def documents(self) -> list[Document]:
        return list(self.application.documents.current())

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        return self.scheme.gaps(self.application, self.facts, self.documents)

    @cached_property
    def open_codes(self) -> frozenset[str] | None:
        """The fields and documents that may change now; None means all."""
        return open_codes(self.application, self.at)

    @cached_property
    def items(self) -> list[ReturnItem]:
        """What the last return asked for."""
        return list(self.application.returnitems.filter(round=self.application.round))

    def steps(self, current: str) -> Steps:
        return steps(self.application, current, self.gaps)

    def may_change(self, code: str) -> bool:
        return self.open_codes is None or code in self.open_codes

    def form(self, page: FormPage, data: Mapping[str, Any] | None = None) -> SchemePageForm:
        """The page's form; while correcting, what was not asked about is shown but stays as it is."""
        form = self.scheme.form(page, self.application, self.facts, data=data, detail=self.detail)
        for name, field in form.fields.items():
            field.disabled = field.disabled or not self.may_change(name)
        return form

    def document_rows(self) -> list["DocumentRow"]:
        required = {rule.code for rule in self.scheme.required_documents(self.facts)}
        return [
            DocumentRow(
                rule,
                rule.code in required,
                [d for d in self.documents if d.kind == rule.code],
                self.may_change(rule.code),
            )
            for rule in self.scheme.documents
        ]


class DocumentRow:
    """One kind of document: what is asked, what is there, whether it may change."""

    def __init__(self, rule: DocumentRule, required: bool, files: list[Document], editable: bool) -> None:
        self.rule, self.required, self.files, self.editable = rule, required, files, editable

    @property
    def missing(self) -> bool:
        return self.required and not self.files


def file_facts(talent: Talent) -> list[Fact]:
    """What the office already holds and so never asks for again; sensitive columns only as far as they are masked."""
    account = f"**** {talent.bank_account_last4}" if talent.bank_account_last4 else ""
    return [
        (_("Name"), talent.name),
        (_("ID number"), talent.masked_id_number),
        *_plain_facts(talent),
        (pgettext_lazy("bank", "Bank account"), " ".join(filter(None, (talent.bank_name, account)))),
    ]


def party_facts(talent: Talent) -> list[Fact]:
    """What a party outside the office reads of a person: nothing that is encrypted, masked or not."""
    return [(_("Name"), talent.name), *_plain_facts(talent)]


def _plain_facts(talent: Talent) -> list[Fact]:
    return [
        (_("Mobile phone"), talent.masked_phone),
        (_("Township or village"), talent.region.full_name if talent.region else ""),
        (_("Highest education"), talent.get_education_display()),
        (_("Talent category"), talent.get_category_display()),
        (_("Employer"), talent.employer_label),
    ]


def file_url(talent: Talent, for_another: bool) -> str:
    """Where a fact of the file is corrected: by the person, or by the counter in the register."""
    return reverse("people:talent_detail", args=[talent.pk]) if for_another else reverse("people:my_file")
