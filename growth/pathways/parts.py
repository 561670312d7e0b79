"""As whom somebody takes part in a journey: as its talent, as their mentor now, as the office that reaches them."""

from typing import Any

from growth.pathways import companions, rules
from growth.pathways.choices import Part
from growth.pathways.models import Journey, Tick
from talentmap.accounts.permissions import Permission


def is_own(user: Any, talent: Any) -> bool:
    return talent.user_id is not None and talent.user_id == user.pk


def parts_of(user: Any, journey: Journey) -> set[str]:
    """Nobody is their own office or mentor, whatever roles they hold."""
    if user.is_system:
        return {Part.RECORD, Part.OFFICE}
    if is_own(user, journey.talent):
        return {Part.TALENT}
    found: set[str] = set()
    if user.may(Permission.EDIT_PEOPLE, journey):
        found.add(Part.OFFICE)
    if user.may(Permission.MENTOR) and companions.accompanies(user, journey.talent):
        found.add(Part.MENTOR)
    return found


def ticking_part(parts: set[str], milestone: rules.Milestone) -> str | None:
    """As whom somebody ticks: the part that leaves nothing to confirm first. What the record meets is ticked by hand
    at the office alone, which knows what is on paper."""
    allowed = parts & {Part.OFFICE} if milestone.record else parts - {Part.RECORD}
    return min(allowed, key=lambda part: (bool(rules.still_needs(milestone.needs, part)), part), default=None)


def confirming_part(user: Any, parts: set[str], tick: Tick, *, has_mentor: bool) -> str | None:
    """As whom somebody may confirm or send back; None for a tick of their own."""
    if tick.by_id == user.pk:
        return None
    fitting = (part for part in sorted(parts) if rules.may_confirm(tick.needs, part, has_mentor=has_mentor))
    return next(fitting, None)


def withdrawal_says_why(user: Any, tick: Tick, state: rules.State) -> bool:
    """Another's tick is not taken back without a reason, nor one's own over the word of whoever confirmed it."""
    return tick.by_id != user.pk or (state == rules.State.MET and bool(tick.needs))


def may_withdraw(user: Any, parts: set[str], tick: Tick, state: rules.State) -> bool:
    """One's own tick until somebody has confirmed it; the office any, for a reason. The record speaks for itself."""
    if tick.part == Part.RECORD or state not in (rules.State.WAITING, rules.State.MET):
        return False
    own = tick.by_id == user.pk and (state == rules.State.WAITING or not tick.needs)
    return own or Part.OFFICE in parts
