"""Which state of a campaign follows which, by whose decision: the one table of it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from needs.surveys.campaigns.models import Campaign
from talentmap.accounts.permissions import Permission

State = Campaign.State
RUNNING = (State.OPEN, State.PAUSED)


@dataclass(frozen=True)
class Step:
    """`told` says beforehand what will happen, `done` afterwards that it has."""

    code: str
    before: tuple[State, ...]
    after: State
    permission: Permission
    label: Any
    icon: str
    told: Any
    done: Any
    is_grave: bool = False
    needs_reason: bool = False


STEPS: dict[str, Step] = {
    step.code: step
    for step in (
        Step(
            "open",
            (State.DRAFT,),
            State.OPEN,
            Permission.MANAGE_CAMPAIGNS,
            pgettext_lazy("campaign", "Open"),
            "play-circle",
            _("From the first day on, interviewers can fill in the questionnaire and public links take answers."),
            _("The campaign is in the field."),
        ),
        Step(
            "pause",
            (State.OPEN,),
            State.PAUSED,
            Permission.MANAGE_CAMPAIGNS,
            pgettext_lazy("campaign", "Pause"),
            "pause-circle",
            _(
                "No answers are taken until the campaign goes on. What interviewers have on their phones stays there "
                "and can be sent then."
            ),
            _("The campaign is paused."),
        ),
        Step(
            "resume",
            (State.PAUSED,),
            State.OPEN,
            Permission.MANAGE_CAMPAIGNS,
            pgettext_lazy("campaign", "Go on"),
            "play-circle",
            _("Answers are taken again at once."),
            _("The campaign is in the field again."),
        ),
        Step(
            "close",
            RUNNING,
            State.CLOSED,
            Permission.MANAGE_CAMPAIGNS,
            pgettext_lazy("campaign", "Close"),
            "archive",
            _(
                "No new interviews are taken. What was finished before and is still on a phone is taken for 14 more "
                "days. Only the director can open a closed campaign again."
            ),
            _("The campaign is closed."),
            is_grave=True,
        ),
        Step(
            "reopen",
            (State.CLOSED,),
            State.OPEN,
            Permission.REOPEN_CAMPAIGN,
            pgettext_lazy("campaign", "Open again"),
            "arrow-counterclockwise",
            _("Answers are taken again. Results that were read in the meantime will change."),
            _("The campaign is in the field again."),
            needs_reason=True,
        ),
    )
}


def steps_from(state: str) -> list[Step]:
    return [step for step in STEPS.values() if state in step.before]
