"""System checks: an incomplete scheme does not start."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.db.models import OneToOneField

from talentmap.accounts.permissions import Permission
from talentmap.casework import registry
from talentmap.casework.page_form import SchemePageForm
from talentmap.casework.scheme import Scheme
from talentmap.money import tariffs
from talentmap.people.choices import Purpose

MAPS = ("needs", "growth", "support")
PARTIES = ("", "organisation", "person")
DECIDED_BY = ("director", "last_stage")
MUST_SAY = ("facts", "conditions", "offer")


@register()
def schemes_are_complete(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    schemes = registry.all()
    faults = [(scheme, fault) for scheme in schemes for fault in scheme_faults(scheme)]
    prefixes = Counter(scheme.prefix for scheme in schemes)
    faults += [(s, f"shares the prefix {s.prefix} with another scheme") for s in schemes if prefixes[s.prefix] > 1]
    return [
        Error(f"scheme {scheme.code or type(scheme).__name__}: {fault}", id="casework.E001") for scheme, fault in faults
    ]


def scheme_faults(scheme: Scheme) -> Iterator[str]:
    """Everything that a scheme lacks, in plain words for who writes it."""
    yield from _faults_of_identity(scheme)
    yield from _faults_of_stages(scheme)
    yield from _faults_of_parties(scheme)
    yield from _faults_of_forms(scheme)
    for name in MUST_SAY:
        if getattr(type(scheme), name) is getattr(Scheme, name):
            yield f"does not say its {name}"
    if scheme.tariff_code and scheme.tariff_code not in {d.code for d in tariffs.definitions()}:
        yield f"names the tariff {scheme.tariff_code}, which is not defined"
    if unknown := set(scheme.consent_purposes) - set(Purpose.values):
        yield f"asks for consent to {', '.join(sorted(unknown))}, which is no purpose"


def _faults_of_identity(scheme: Scheme) -> Iterator[str]:
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", scheme.code):
        yield "its code is not a short name of small letters"
    if not re.fullmatch(r"[A-Z]{2,6}", scheme.prefix):
        yield "its prefix is not two to six capital letters"
    if scheme.map not in MAPS:
        yield f"belongs to no map ({', '.join(MAPS)})"
    for name in ("title", "summary"):
        if not getattr(scheme, name):
            yield f"has no {name}"
    guide = getattr(scheme, "guide", None)
    if guide is None:
        yield "has no guide"
    else:
        yield from (
            f"its guide has no {part}" for part in ("who", "what", "basis", "contact") if not getattr(guide, part)
        )


def _faults_of_stages(scheme: Scheme) -> Iterator[str]:
    if not scheme.stages:
        yield "has no review stage"
    yield from _repeated("stage", (stage.code for stage in scheme.stages))
    for stage in scheme.stages:
        if stage.working_days < 1:
            yield f"stage {stage.code} allows no working day"
        if stage.permission not in Permission.values:
            yield f"stage {stage.code} names no permission"


def _faults_of_parties(scheme: Scheme) -> Iterator[str]:
    for stage in scheme.stages:
        if stage.party not in PARTIES:
            yield f"stage {stage.code} is decided by neither an organisation nor a person"
        if stage.passes_on and not stage.party:
            yield f"stage {stage.code} is the office's and passes nothing on"
    if scheme.decided_by not in DECIDED_BY:
        yield f"is decided by none of {', '.join(DECIDED_BY)}"
    if scheme.decided_by == "last_stage" and scheme.public_notice:
        yield "has a public notice after which nobody decides"
    for rule in scheme.documents:
        if unknown := set(rule.stages) - {stage.code for stage in scheme.stages if stage.party}:
            yield f"shows document {rule.code} to {', '.join(sorted(unknown))}, which is no party's stage"


def _faults_of_forms(scheme: Scheme) -> Iterator[str]:
    detail = getattr(scheme, "detail_model", None)
    if detail is None:
        yield "has no detail model"
        return
    link = next((f for f in detail._meta.get_fields() if f.name == "application"), None)
    if not isinstance(link, OneToOneField):
        yield "its detail model has no one-to-one field `application`"
    for page in scheme.form_pages:
        if not issubclass(page.form_class, SchemePageForm) or page.form_class._meta.model is not detail:
            yield f"the form of page {page.code} is no SchemePageForm over the detail model"
    fields = [name for page in scheme.form_pages for name in page.form_class.base_fields]
    yield from _repeated("page", (page.code for page in scheme.form_pages))
    yield from _repeated("field or document", [*fields, *(rule.code for rule in scheme.documents)])


def _repeated(what: str, codes: Iterable[str]) -> Iterator[str]:
    yield from (f"{what} {code} is there twice" for code, count in Counter(codes).items() if count > 1)
