"""What reviewers do with responses."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from needs.surveys.campaigns.models import Campaign
from needs.surveys.responses import hooks, kinds
from needs.surveys.responses.flags import flags_of
from needs.surveys.responses.models import Response, ReviewEvent
from needs.surveys.responses.states import BULK, CHOICES, may_move
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission as P
from talentmap.audit.action import action
from talentmap.audit.actions import log_access
from talentmap.notices.actions import notify
from talentmap.people.writing import checked_reason
from talentmap.ui.errors import Refused

S = Response.State
MOST_AT_ONCE = 200
CHECKED_AT_ONCE = 500


@dataclass(frozen=True)
class Seen:
    """What a reviewer had before them when they decided."""

    state: str
    revision: int


@dataclass(frozen=True)
class Outcome:
    """What became of one response in a decision on many; `reason` says why it was left out."""

    response: int
    ok: bool
    reason: str = ""


@action
def review(
    *, by: User, at: datetime, response: Response, to: str, comment: str = "", seen: Seen | None = None
) -> Response:
    """Approve, return, reject, or take a decision back; every one but approving says why.

    Raises PermissionDenied for one's own response or outside one's reach; Refused where the table has no such move,
    the comment is missing, or the response is not what `seen` says any more: then nothing is overwritten.
    """
    response = _locked(response.pk)
    _check_reviewer(by, response)
    if seen is not None and seen != Seen(response.state, response.revision):
        raise Refused(_stale(response))
    return _move(by, at, response, to, comment.strip())


def _locked(pk: int) -> Response:
    rows = Response.objects.select_for_update(of=("self",)).select_related("township", "campaign", "interviewer")
    return rows.without_answers().get(pk=pk)  # type: ignore[attr-defined, no-any-return]


def _check_reviewer(by: User, response: Response) -> None:
    if response.interviewer_id == by.pk:
        raise PermissionDenied(_("Nobody reviews a response that they entered themselves."))
    if not by.may(P.REVIEW_RESPONSES, response):
        raise PermissionDenied


def _move(by: User, at: datetime, response: Response, to: str, comment: str) -> Response:
    source = response.state
    _check_move(response, to, comment)
    response.state = to
    response.save(update_fields=["state"])
    event = ReviewEvent.objects.create(response=response, at=at, by=by, from_state=source, to_state=to, comment=comment)
    if to == S.APPROVED:
        hooks.tell_approved(by=by, at=at, response=response)
    if to == S.RETURNED:
        _tell_interviewer(by, at, response, event)
    return response


def _check_move(response: Response, to: str, comment: str) -> None:
    if not may_move(response.state, to):
        raise Refused(
            _("“%(action)s” is not possible: response %(number)s is “%(state)s”.")
            % {
                "action": CHOICES[to].label if to in CHOICES else to,
                "number": response.short_id,
                "state": response.get_state_display(),
            }
        )
    if to == S.RETURNED and response.interviewer_id is None:
        raise Refused(_("Somebody answered through a link and cannot be asked to correct it: approve or reject it."))
    if CHOICES[to].needs_comment and not comment:
        raise Refused(_("“%(action)s” needs a comment.") % {"action": CHOICES[to].label})


def _stale(response: Response) -> str:
    last = response.reviews.select_related("by").last()
    return _(
        "Response %(number)s has changed meanwhile: it is “%(state)s” now (%(name)s). Nothing was overwritten; please"
        " look at it again."
    ) % {
        "number": response.short_id,
        "state": response.get_state_display(),
        "name": (last and last.by) or "—",
    }


def _tell_interviewer(by: User, at: datetime, response: Response, event: ReviewEvent) -> None:
    notify(
        recipient=response.interviewer,
        by=by,
        at=at,
        kind=kinds.RETURNED,
        params={"number": response.short_id, "service": response.campaign.title},
        link=reverse("surveys:response", args=[response.pk]),
        key=f"survey-response-returned-{event.pk}",
    )


@action
def review_many(
    *, by: User, at: datetime, campaign: Campaign, to: str, seen: Mapping[int, Seen], comment: str = ""
) -> list[Outcome]:
    """Approve or reject many of a campaign at once; what is not allowed is left out and named with its reason.

    `seen` maps a response's id to what the list showed of it. Raises Refused for anything that concerns all of them.
    """
    if to not in BULK:
        raise Refused(_("Choose what to decide."))
    if CHOICES[to].needs_comment and not comment.strip():
        raise Refused(_("“%(action)s” needs a comment.") % {"action": CHOICES[to].label})
    if len(seen) > MOST_AT_ONCE:
        raise Refused(_("At most %(count)s responses at once.") % {"count": MOST_AT_ONCE})
    visible = Response.objects.visible_to(by, P.REVIEW_RESPONSES).filter(campaign=campaign, pk__in=seen)
    found = sorted(visible.values_list("pk", flat=True))
    return [_outcome(by, at, pk, to, seen[pk], comment) for pk in found]


def _outcome(by: User, at: datetime, pk: int, to: str, seen: Seen, comment: str) -> Outcome:
    try:
        review(by=by, at=at, response=Response(pk=pk), to=to, comment=comment, seen=seen)
    except (Refused, PermissionDenied) as refusal:
        return Outcome(pk, False, str(refusal) or _("This is not yours to decide."))
    return Outcome(pk, True)


@action
def read_personal(*, by: User, at: datetime, response: Response, reason: str) -> dict[str, Any]:
    """Give the answers that name the respondent, and log who read them and why. Raises PermissionDenied, Refused."""
    if not by.may(P.READ_RESPONDENTS, response):
        raise PermissionDenied
    log_access(by=by, at=at, subject=response, field="personal", reason=checked_reason(reason))
    return personal_of(response.personal)


def personal_of(stored: str) -> dict[str, Any]:
    found = json.loads(stored) if stored else {}
    return found if isinstance(found, dict) else {}


@action
def check_again(*, by: User | None, at: datetime, campaign: Campaign, after: int = 0) -> tuple[int, int]:
    """Look at up to 500 pending responses of the campaign with an id above `after` for suspicions once more.

    For when what they are judged by has changed: the shortest duration, a township's centre, later twins. Returns
    the last id looked at (0: there is none left) and how many have other flags now.
    """
    if by is None or not by.may(P.REVIEW_RESPONSES):
        raise PermissionDenied
    waiting = Response.objects.select_for_update(of=("self",)).filter(campaign=campaign, state=S.PENDING)
    batch = list(waiting.filter(pk__gt=after).order_by("pk").defer("personal", "tallied")[:CHECKED_AT_ONCE])
    changed = [response for response in batch if _differs(response, campaign)]
    Response.objects.bulk_update(changed, ["flags"])
    return (batch[-1].pk if batch else 0), len(changed)


def _differs(response: Response, campaign: Campaign) -> bool:
    response.campaign = campaign
    before, response.flags = response.flags, flags_of(response)
    return before != response.flags


def ask_to_check_again(campaign: Campaign, by: User) -> None:
    """Have it done in the background, batch after batch."""
    from needs.surveys.responses.tasks import check_campaign_again

    transaction.on_commit(lambda: check_campaign_again.delay(campaign.pk, by.pk))


def seen_of(ticked: Iterable[str]) -> dict[int, Seen]:
    """What the list showed of each ticked response, as its boxes send it ("12:pending:0"); anything else is dropped."""
    found: dict[int, Seen] = {}
    for tick in ticked:
        parts: Sequence[str] = tick.split(":") if tick.isascii() and len(tick) < 50 else ()
        if len(parts) == 3 and parts[0].isdigit() and parts[2].isdigit() and len(parts[0]) < 18 > len(parts[2]):
            found[int(parts[0])] = Seen(parts[1], int(parts[2]))
    return found
