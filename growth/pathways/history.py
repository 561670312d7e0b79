"""A journey's history, as the timeline component draws it."""

from typing import Any

from django.utils.translation import gettext as _

from growth.pathways.choices import Answer, Confirmation, Move, Part
from growth.pathways.models import Journey, Tick

_MOVE_LOOKS = {
    Move.STARTED: ("info", "flag-fill"),
    Move.REACHED: ("good", "signpost-split-fill"),
    Move.SET: ("wait", "sliders"),
    Move.VERSION: ("neutral", "arrow-repeat"),
    Move.FINISHED: ("good", "trophy-fill"),
    Move.ENDED: ("neutral", "stop-circle"),
}
_ANSWER_LOOKS = {
    Answer.CONFIRMED: ("good", "check-circle-fill"),
    Answer.SENT_BACK: ("bad", "arrow-return-left"),
    Answer.WITHDRAWN: ("neutral", "arrow-counterclockwise"),
}


def history(journey: Journey) -> list[dict[str, Any]]:
    """Every step with who took it, the latest first."""
    moves = journey.moves.select_related("by", "to_stage__version")
    ticks = journey.ticks.select_related("by").prefetch_related("answers__by")
    entries = [_moved(move) for move in moves]
    for tick in ticks:
        entries.append(_ticked(tick))
        entries += [_answered(tick, answer) for answer in tick.answers.all()]
    return sorted(entries, key=lambda entry: (entry["at"], entry["order"]), reverse=True)


def _moved(move: Any) -> dict[str, Any]:
    tone, icon = _MOVE_LOOKS[Move(move.kind)]
    where = _("Version %(number)s") % {"number": move.to_stage.version.number} if move.kind == Move.VERSION else ""
    title = f"{move.get_kind_display()} · {move.to_stage.title}"
    text = " · ".join(filter(None, (where, move.reason)))
    return {
        "title": title,
        "at": move.at,
        "by": move.by,
        "text": text,
        "tone": tone,
        "icon": icon,
        "order": (1, move.pk),
    }


def _ticked(tick: Tick) -> dict[str, Any]:
    waits = _("Waits for: %(who)s") % {"who": Confirmation(tick.needs).label} if tick.needs else ""
    title = _("Ticked: %(milestone)s") % {"milestone": tick.title}
    by = _("from the record") if tick.part == Part.RECORD else tick.by
    return {
        "title": title,
        "at": tick.at,
        "by": by,
        "text": waits,
        "tone": "info",
        "icon": "check2",
        "order": (0, tick.pk),
    }


def _answered(tick: Tick, answer: Any) -> dict[str, Any]:
    tone, icon = _ANSWER_LOOKS[Answer(answer.kind)]
    title = f"{answer.get_kind_display()} · {tick.title}"
    by = _("from the record") if answer.part == Part.RECORD else answer.by
    return {
        "title": title,
        "at": answer.at,
        "by": by,
        "text": answer.note,
        "tone": tone,
        "icon": icon,
        "order": (0, tick.pk),
    }
