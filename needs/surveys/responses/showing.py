"""Everything that the page of one response shows, with a fixed number of questions to the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from needs.surveys.questionnaires.models import Version
from needs.surveys.responses import presentation, rules
from needs.surveys.responses.actions import personal_of
from needs.surveys.responses.models import Response, ResponseFile, ResponseRevision, ReviewEvent
from needs.surveys.responses.presentation import Change, Layout, Section
from needs.surveys.responses.queries import twins
from needs.surveys.responses.rules import Flag
from talentmap.ui.tones import look


@dataclass(frozen=True)
class Suspicion:
    label: Any
    why: str


@dataclass(frozen=True)
class Correction:
    """What changed with one correction."""

    number: int
    at: datetime
    by: Any
    changes: list[Change]


def page_of(response: Response, user: Any, language: str, *, personal: Mapping[str, Any] | None) -> dict[str, Any]:
    """`personal` are the personal answers that the reader gave a reason for; None masks them."""
    revisions = list(response.revisions.select_related("replaced_by"))
    layouts = _layouts(response, revisions, language)
    mine = layouts[response.version_id]
    named = personal_of(response.personal)
    answered = presentation.sections(mine, response.answers, named, shown=personal is not None)
    duration = (response.finished_at - response.started_at).total_seconds()
    return {
        "sections": presentation.with_files(answered, {str(each.uuid): each for each in response.files.all()}),
        "has_personal": bool(named),
        "is_shown": personal is not None,
        "suspicions": [
            Suspicion(Flag(flag).label, _why(Flag(flag), response)) for flag in response.flags if flag in Flag
        ],
        "twins": list(twins(user, response)[:10]) if Flag.DUPLICATE in response.flags else [],
        "duration": presentation.duration_words(duration),
        "facts": _facts(response, mine, duration),
        "corrections": _corrections(response, revisions, layouts),
        "history": _history(response),
    }


def _layouts(response: Response, revisions: Sequence[ResponseRevision], language: str) -> dict[int, Layout]:
    wanted = {response.version_id, *(each.version_id for each in revisions)}
    found = Version.objects.filter(pk__in=wanted).values_list("pk", "compiled")
    return {pk: Layout(compiled or {}, language) for pk, compiled in found}


def _facts(response: Response, layout: Layout, duration: float) -> list[tuple[Any, Any]]:
    place = presentation.place_words([response.latitude, response.longitude]) if response.latitude is not None else ""
    occupation = next((node for node in layout.nodes if node.get("role") == "occupation"), {})
    return [
        (_("Township"), response.township.name),
        (_("Village"), response.village.name if response.village else ""),
        (_("Interviewer"), response.interviewer or ""),
        (_("Channel"), response.get_channel_display()),
        (_("Age band"), response.get_age_band_display()),
        (pgettext("person", "Sex"), response.get_sex_display()),
        (pgettext("respondent", "Occupation"), layout.choice(occupation, response.occupation)),
        (_("Begun"), _moment(response.started_at)),
        (_("Finished"), _moment(response.finished_at)),
        (_("Duration"), presentation.duration_words(duration)),
        (pgettext("survey response", "Received"), _moment(response.received_at)),
        (_("Place"), place),
    ]


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _why(flag: Flag, response: Response) -> str:
    """What the suspicion rests on, as far as a sentence can say."""
    said = {
        Flag.TOO_FAST: _("It took less than %(minutes)s minutes.") % {"minutes": response.campaign.shortest_minutes},
        Flag.STRAIGHT_LINING: _("At least %(count)s questions in a row have the same answer.")
        % {"count": rules.FEWEST_ALIKE},
        Flag.DUPLICATE: _("Another response of this campaign says exactly the same."),
        Flag.OUTSIDE: _outside(response),
        Flag.ODD_HOURS: _("The interview was between 23:00 and 6:00 by the device's clock."),
        Flag.ONE_DEVICE: _("At least %(count)s others were sent from the same device through a link.")
        % {"count": rules.MOST_BY_DEVICE},
    }
    return said[flag]


def _outside(response: Response) -> str:
    village, town = response.village, response.township
    if village is not None and village.parent_id != town.pk:
        return _("%(village)s does not belong to %(township)s.") % {"village": village, "township": town}
    if response.latitude is None or response.longitude is None or town.latitude is None or town.longitude is None:
        return _("More than %(km)d km from the township's centre.") % {"km": rules.FAR_KM}
    away = rules.distance_km((response.latitude, response.longitude), (float(town.latitude), float(town.longitude)))
    return _("%(km).1f km from the centre of %(township)s.") % {"km": away, "township": town}


def _corrections(
    response: Response, revisions: Sequence[ResponseRevision], layouts: Mapping[int, Layout]
) -> list[Correction]:
    """The newest first; answers that name a person are left masked on both sides."""
    said = [_masked(layouts[each.version_id], each.answers, each.personal) for each in revisions]
    said.append(_masked(layouts[response.version_id], response.answers, response.personal))
    found = [
        Correction(each.number + 1, each.replaced_at, each.replaced_by, presentation.changes(*said[i : i + 2]))
        for i, each in enumerate(revisions)
    ]
    return found[::-1]


def _masked(layout: Layout, answers: Mapping[str, Any], personal: str) -> list[Section]:
    return presentation.sections(layout, answers, personal_of(personal), shown=False)


def _history(response: Response) -> list[dict[str, Any]]:
    entries = [_entry(event) for event in response.reviews.select_related("by")]
    received = {
        "title": pgettext("survey response", "Received"),
        "at": response.received_at,
        "by": response.interviewer or "",
        "icon": "inbox",
    }
    return [*reversed(entries), received]


def _entry(event: ReviewEvent) -> dict[str, Any]:
    shown = look(event.to_state)
    corrected = (
        event.from_state == Response.State.RETURNED and event.to_state == Response.State.PENDING and not event.comment
    )
    title = _("Corrected and sent again") if corrected else event.get_to_state_display()
    return {
        "title": title, "at": event.at, "by": event.by or "", "text": event.comment, "tone": shown.tone,
        "icon": shown.icon,
    }  # fmt: skip


def names_a_person(response: Response, kept: ResponseFile) -> bool:
    """Whether the file answers a question that names a person: its id stands among the encrypted answers."""
    return str(kept.uuid) in response.personal
