"""Milestones: ticked with evidence, confirmed, sent back, withdrawn. Each step is a further row."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from growth.pathways import companions, deeds, evidence, facts, rules
from growth.pathways.actions import telling
from growth.pathways.actions.common import lock_active
from growth.pathways.actions.settling import new_tick, settle, touch
from growth.pathways.choices import Answer, Part
from growth.pathways.models import Journey, Tick, TickAnswer
from growth.pathways.parts import confirming_part, may_withdraw, parts_of, ticking_part, withdrawal_says_why
from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.ui.errors import Refused, given

State = rules.State


@action
def tick(
    *, by: User, at: datetime, journey: Journey, code: str, text: str = "", deed: str = "", upload: Any = None
) -> Tick:
    """Say that a milestone is met, with what shows it: words, the key of a deed, or a file.

    It counts at once unless somebody else's word is wanted. Raises PermissionDenied; Refused where it is ticked
    already, nothing shows it, or the file is none that is taken.
    """
    row = lock_active(journey)
    milestone = facts.milestones_of(facts.plan_of(row.version)).get(code)
    if milestone is None:
        raise Refused(_("This pathway has no such milestone."))
    part = _part(by, row, milestone)
    ticks = list(row.ticks.filter(code=code).prefetch_related("answers"))
    _check_not_ticked(ticks)
    shown = _shown(by, row, text, deed, upload)
    made = new_tick(by, at, row, milestone, part=part, attempts={code: max((t.attempt for t in ticks), default=0)})
    evidence.keep(made, at=at, **shown)
    touch(row, at)
    if made.needs:
        telling.tell_waits(by, at, made)
    settle(by, at, row)
    return made


def _part(by: User, journey: Journey, milestone: rules.Milestone) -> str:
    parts = parts_of(by, journey)
    part = ticking_part(parts, milestone)
    if part:
        return part
    if parts:
        raise Refused(_("This milestone is met by what is on record; nobody ticks it."))
    raise PermissionDenied


def _check_not_ticked(ticks: list[Tick]) -> None:
    found = rules.states(facts.tick_lines(ticks))
    if set(found.values()) & {State.MET, State.WAITING}:
        raise Refused(_("This milestone is ticked already."))


def _shown(by: User, journey: Journey, text: str, deed: str, upload: Any) -> dict[str, Any]:
    """The evidence; a deed must be one that whoever ticks may know of."""
    known = {each.key: str(each.title) for each in deeds.of(journey.talent, by)} if deed else {}
    if deed and deed not in known:
        raise Refused(_("This is nothing that the person has done. Choose again."))
    if not (text.strip() or deed or upload):
        raise Refused(_("Write a few words, choose something that was done, or attach a file."))
    return {"text": text.strip(), "deed_key": deed, "deed_title": known.get(deed, "")[:150], "upload": upload}


def _standing(tick: Tick) -> tuple[Journey, Tick, State]:
    """The journey, locked, and the tick with how it stands now."""
    row = lock_active(tick.journey)
    found = Tick.objects.prefetch_related("answers").get(pk=tick.pk)
    found.journey = row
    return row, found, facts.tick_lines([found])[0].state


@action
def confirm(*, by: User, at: datetime, tick: Tick, note: str = "") -> TickAnswer:
    """The word that a tick waits for. Raises PermissionDenied; Refused where somebody was faster."""
    row, found, state = _standing(tick)
    part = _confirming(by, row, found, state)
    made = _answer(by, at, found, Answer.CONFIRMED, part, note)
    touch(row, at)
    telling.tell_confirmed(by, at, found)
    settle(by, at, row)
    return made


@action
def send_back(*, by: User, at: datetime, tick: Tick, note: str) -> TickAnswer:
    """Not shown yet: `note` says what is missing, and the milestone can be ticked again."""
    row, found, state = _standing(tick)
    part = _confirming(by, row, found, state)
    made = _answer(by, at, found, Answer.SENT_BACK, part, note)
    touch(row, at)
    telling.tell_sent_back(by, at, found)
    return made


def _confirming(by: User, journey: Journey, tick: Tick, state: State) -> str:
    has_mentor = bool(companions.mentors_of(journey.talent))
    part = confirming_part(by, parts_of(by, journey), tick, has_mentor=has_mentor)
    if part is None:
        raise PermissionDenied
    if state != State.WAITING:
        raise Refused(_("Somebody else has answered this tick already."))
    return part


@action
def withdraw(*, by: User, at: datetime, tick: Tick, note: str = "") -> TickAnswer:
    """Take a tick back: one's own until it is confirmed; the office any, and says why. A reached stage stays."""
    row, found, state = _standing(tick)
    parts = parts_of(by, row)
    if not may_withdraw(by, parts, found, state):
        if state in (State.OPEN, State.SENT_BACK):
            raise Refused(_("This tick was already sent back or withdrawn."))
        raise PermissionDenied
    says_why = withdrawal_says_why(by, found, state)
    if says_why:
        given(note)
    made = _answer(by, at, found, Answer.WITHDRAWN, Part.OFFICE if says_why else found.part, note)
    touch(row, at)
    telling.tell_taken_back(by, at, found)
    return made


def _answer(by: User, at: datetime, tick: Tick, kind: str, part: str, note: str) -> TickAnswer:
    return TickAnswer.objects.create(tick=tick, kind=kind, part=part, by=by, at=at, note=note.strip())
