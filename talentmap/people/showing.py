"""What a page shows of a file: its sections as facts, sensitive values masked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from talentmap.people import rules
from talentmap.people.choices import Purpose
from talentmap.people.consents import wording
from talentmap.people.models import FamilyMember, Talent
from talentmap.people.writing import filled_entries


@dataclass(frozen=True)
class Secret:
    """A masked value; `field` is what `unmask` takes, `there` says whether anything is hidden at all."""

    field: str
    masked: str

    @property
    def there(self) -> bool:
        return bool(self.masked)

    @property
    def element(self) -> str:
        return f"secret-{self.field.replace(':', '-')}"


@dataclass(frozen=True)
class Fact:
    label: Any
    value: Any = ""
    secret: Secret | None = None


@dataclass(frozen=True)
class Section:
    code: str
    title: Any
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class ConsentLine:
    purpose: str
    label: Any
    wording: str
    consent: Any

    @property
    def can_withdraw(self) -> bool:
        return self.consent is not None and self.purpose != Purpose.REGISTER


def sections(talent: Talent, *, own: bool) -> list[Section]:
    """The file in sections; the health note is there for the person alone."""
    shown = [
        Section("identity", _("Identity"), tuple(_identity(talent))),
        Section("contact", _("Contact"), tuple(_contact(talent))),
        Section("education", _("Education"), tuple(_plain(talent, "education", "school", "major", "graduated_on"))),
        Section("work", _("Work and enterprise"), tuple(_work(talent))),
        Section("bank", _("Bank account"), tuple(_bank(talent))),
    ]
    if own:
        hidden = Secret("health_note", "••••••" if talent.health_note else "")
        shown.append(Section("health", _("Health note"), (Fact(_("Health note"), secret=hidden),)))
    return shown


def _label(name: str) -> str:
    text = str(getattr(Talent._meta.get_field(name), "verbose_name", name))
    return text[:1].upper() + text[1:]


def _plain(talent: Talent, *names: str) -> Iterator[Fact]:
    for name in names:
        shown = getattr(talent, f"get_{name}_display", None)
        yield Fact(_label(name), shown() if shown else getattr(talent, name))


def _identity(talent: Talent) -> Iterator[Fact]:
    yield from _plain(talent, "name")
    yield Fact(_label("id_number"), secret=Secret("id_number", talent.masked_id_number))
    yield from _plain(talent, "sex", "birth_date", "marital_status")


def _contact(talent: Talent) -> Iterator[Fact]:
    yield Fact(_label("phone"), secret=Secret("phone", talent.masked_phone))
    yield from _plain(talent, "email")
    yield Fact(_label("region"), talent.region.full_name if talent.region else "")
    yield from _plain(talent, "address")


def _work(talent: Talent) -> Iterator[Fact]:
    yield Fact(_label("employer"), talent.employer_label)
    yield from _plain(talent, "position", "employed_since", "employed_until")
    yield Fact(_label("enterprise"), talent.enterprise or "")
    yield from _plain(talent, "enterprise_stage", "returned_on")


def _bank(talent: Talent) -> Iterator[Fact]:
    yield from _plain(talent, "bank_account_name", "bank_name")
    yield Fact(_label("bank_account"), secret=Secret("bank_account", talent.masked_bank_account))


def family(talent: Talent) -> list[tuple[FamilyMember, Secret]]:
    """Each family member with their masked ID number."""
    return [(each, Secret(f"family:{each.pk}", each.masked_id_number)) for each in talent.family.all()]


def category_facts(talent: Talent) -> list[tuple[str, Any]]:
    """What the office decides, as pairs for the facts component."""
    return [
        (_label("category"), talent.get_category_display()),
        (_label("category_since"), talent.category_since),
        (_label("category_until"), talent.category_until),
        (_label("team"), talent.get_team_display()),
        (_label("is_civil_servant"), _("yes") if talent.is_civil_servant else _("no")),
    ]


def consent_lines(talent: Talent) -> list[ConsentLine]:
    """Every purpose with the consent in force, if there is one."""
    given = {c.purpose: c for c in talent.consents.all() if c.withdrawn_at is None}
    return [
        ConsentLine(purpose.value, purpose.label, wording(purpose), given.get(purpose.value)) for purpose in Purpose
    ]


def progress(talent: Talent) -> dict[str, Any]:
    """How complete the file is, and what is missing where."""
    filled = filled_entries(talent)
    return {"percent": rules.completeness(filled), "gaps": rules.gaps(filled)}
