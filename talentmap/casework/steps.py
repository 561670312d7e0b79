"""The steps of filling in an application: its form pages, the documents, the check at the end."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.casework.models import Application
from talentmap.casework.rules import Words
from talentmap.casework.scheme import Gap, Scheme

DOCUMENTS, CHECK = "documents", "check"


@dataclass(frozen=True)
class Step:
    code: str
    title: Words
    url: str
    done: bool = False
    current: bool = False


@dataclass(frozen=True)
class Steps:
    """Where the person is: the whole row of steps, which one is open, what comes before and after."""

    all: tuple[Step, ...]
    position: int

    @property
    def number(self) -> int:
        return self.position + 1

    @property
    def count(self) -> int:
        return len(self.all)

    @property
    def percent(self) -> int:
        return round(100 * self.number / self.count)

    @property
    def current(self) -> Step:
        return self.all[self.position]

    @property
    def previous(self) -> Step | None:
        return self.all[self.position - 1] if self.position else None

    @property
    def following(self) -> Step | None:
        return self.all[self.position + 1] if self.number < self.count else None


def step_codes(scheme: Scheme) -> tuple[str, ...]:
    """A service that asks for no document has no documents page."""
    return (*scheme.page_codes, *((DOCUMENTS,) if scheme.documents else ()), CHECK)


def steps(application: Application, current: str, gaps: tuple[Gap, ...]) -> Steps:
    scheme = application.service
    codes = step_codes(scheme)
    open_pages = {gap.page or DOCUMENTS for gap in gaps}
    made = tuple(
        Step(
            code,
            _title(scheme, code),
            step_url(application, code),
            done=code not in open_pages and code != CHECK,
            current=code == current,
        )
        for code in codes
    )
    return Steps(made, codes.index(current))


def step_url(application: Application, code: str) -> str:
    if code in (DOCUMENTS, CHECK):
        return reverse(f"casework:{code}", args=[application.pk])
    return reverse("casework:form_page", args=[application.pk, code])


def first_open_step(application: Application, gaps: tuple[Gap, ...]) -> str:
    """Where to go on: the first step with something missing, else the check."""
    open_pages = {gap.page or DOCUMENTS for gap in gaps}
    return next((code for code in step_codes(application.service) if code in open_pages), CHECK)


def _title(scheme: Scheme, code: str) -> Words:
    if code == DOCUMENTS:
        return pgettext_lazy("step", "Documents")
    if code == CHECK:
        return _("Check and send")
    return scheme.page(code).title
