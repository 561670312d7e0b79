"""The decisions as the case page and the inbox offer them: their order, their words, which of them ends a case."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.casework import actions, registry
from talentmap.casework.duties import Duties, current_party
from talentmap.casework.models import Application
from talentmap.casework.rules import Words
from talentmap.casework.states import REASON_REQUIRED, Action, State


@dataclass(frozen=True)
class Choice:
    """One thing that can be decided. `effect` says beforehand what happens then, `waits_for` what is done first."""

    action: Action
    label: Words
    icon: str
    effect: Words = ""
    danger: bool = False
    waits_for: Words = ""

    @property
    def needs_reason(self) -> bool:
        return self.action in REASON_REQUIRED


TAKEN_BY: dict[str, Callable[..., Any]] = {
    Action.ACCEPT: actions.accept,
    Action.PASS_STAGE: actions.pass_stage,
    Action.APPROVE: actions.approve,
    Action.REFUSE: actions.refuse,
    Action.REJECT: actions.reject,
    Action.REVOKE: actions.revoke,
}

_CHOICES: tuple[Choice, ...] = (
    Choice(
        Action.ACCEPT,
        _("Accept for review"),
        "check2-circle",
        _("The promised time begins, and the applicant is told the date."),
    ),
    Choice(Action.PASS_STAGE, _("Pass the review"), "check2-circle"),
    Choice(
        Action.APPROVE,
        _("Approve"),
        "check2-circle",
        _("The decision takes effect at once, and the applicant is told."),
    ),
    Choice(
        Action.RETURN,
        _("Return for correction"),
        "arrow-return-left",
        _("The applicant corrects these items; the deadline waits."),
    ),
    Choice(
        Action.REFUSE,
        _("Do not accept"),
        "x-circle",
        _("The application ends here. The applicant reads the reason."),
        danger=True,
    ),
    Choice(
        Action.REJECT,
        _("Reject"),
        "x-circle",
        _("The application ends here. The applicant reads the reason."),
        danger=True,
    ),
    Choice(
        Action.REVOKE,
        _("Revoke the approval"),
        "slash-circle",
        _("Payments stop, and what was paid is claimed back."),
        danger=True,
    ),
)


def choices(user: User, application: Application) -> list[Choice]:
    """What this person may decide now, the ordinary first."""
    allowed = actions.allowed(user, application)
    return [_in_words(choice, application) for choice in _CHOICES if choice.action in allowed]


def _in_words(choice: Choice, application: Application) -> Choice:
    if choice.action == Action.APPROVE:
        return replace(choice, waits_for=application.service.before_approval(application))
    if choice.action != Action.PASS_STAGE:
        return choice
    label = _("Pass: %(stage)s") % {"stage": application.stage_label}
    return Choice(choice.action, label, choice.icon, _after_stage(application))


def _after_stage(application: Application) -> Words:
    following = application.service.stage_after(application)
    if following and following.party:
        return _("It is put to whoever decides the next stage: %(stage)s") % {"stage": following.label}
    if following:
        return _("It goes on to: %(stage)s") % {"stage": following.label}
    if application.service.public_notice:
        return _("It goes on public notice, with the name masked.")
    return _("It goes on to the decision.")


def bulk_choices(user: User) -> list[Choice]:
    """What the inbox offers for many cases at once: whatever the person may do to any of them."""
    return [choice for choice in _CHOICES if choice.action in actions.BULK and _may_somewhere(user, choice.action)]


def _may_somewhere(user: User, action: Action) -> bool:
    if action == Action.ACCEPT:
        return user.may(Permission.ACCEPT_CASE)
    if action == Action.APPROVE:
        return user.may(Permission.APPROVE) or _may_at_stages(user, approving=True)
    return _may_at_stages(user, approving=False)


def _may_at_stages(user: User, *, approving: bool) -> bool:
    """Whether this person decides a stage that ends with the approval, or one that leads on."""
    return any(
        user.may(stage.permission) and scheme.approves_at(stage.code) == approving
        for scheme in registry.all_schemes()
        for stage in scheme.stages
    )


def why_nothing(user: User, application: Application) -> Words:
    """What to say where this person has nothing to decide."""
    duties = Duties(user, application)
    if duties.is_own_case:
        return _("This is your own application: somebody else decides on it.")
    if application.state in (State.IN_REVIEW, State.AWAITING_DECISION) and duties.reviewed_another_stage:
        return _("You reviewed another stage of this case, so a second person decides here.")
    if application.state == State.ON_NOTICE:
        return _("On public notice until %(date)s; the decision follows.") % {"date": application.notice_until}
    if application.state == State.RETURNED:
        return _("Waiting for the applicant's correction. The deadline stands still.")
    if not application.is_open:
        return _("This case is decided.")
    return _who_decides(application)


def _who_decides(application: Application) -> Words:
    if application.state != State.IN_REVIEW or not application.service.stage(application.stage).party:
        return _("Somebody else decides at this stage.")
    party = current_party(application)
    if party is None:
        return _("Nobody is asked at this stage yet.")
    return _("%(party)s decides at this stage, by %(date)s.") % {"party": party, "date": application.stage_due_on}
