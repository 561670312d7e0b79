"""How fits, mentors and pairs are put into words, the same on every page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from growth.mentoring import rules
from growth.mentoring.choices import Format, Language, Side, Skill
from growth.mentoring.models import Agreement, Assessment, Meeting, Mentor, MentoringApplication, Pair
from growth.mentoring.tariff import TARIFF
from talentmap.people.choices import EnterpriseStage, Industry


@dataclass(frozen=True)
class ReasonLine:
    """One criterion in words, with what it adds."""

    label: str
    text: str
    points: Decimal
    most: Decimal


@dataclass(frozen=True)
class Line:
    """A mentor with the fit, as talent and office read it. Without a fit: somebody who may not be asked now."""

    mentor: Mentor
    score: Decimal | None
    reasons: tuple[ReasonLine, ...]

    @property
    def short(self) -> str:
        """One line for a list to choose from."""
        parts = [self.mentor.name, self.mentor.organisation_label]
        if self.score is None:
            parts.append(_("cannot be asked at present"))
        else:
            parts.append(_("%(score)s of 100") % {"score": self.score})
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True)
class TermLook:
    """How the agreement of a term stands, for its pill."""

    tone: str
    word: str
    icon: str


def term_look(agreement: Agreement, pair: Pair, today: date) -> TermLook:
    """With the pair the agreement ends too; a term that had run by then is over, not ended early."""
    if not agreement.is_in_force:
        if pair.is_active:
            return TermLook("wait", _("Waits for both"), "hourglass-split")
        return TermLook("over", _("Never came into force"), "dash-circle")
    if agreement.ends_on < (pair.ended_on or today) or pair.state == Pair.State.COMPLETED:
        return TermLook("over", _("Term over"), "dash-circle")
    if not pair.is_active:
        return TermLook("over", pair.get_state_display(), "dash-circle")
    return TermLook("good", _("In force"), "check-circle-fill")


def line(mentor: Mentor, fit: rules.Fit | None) -> Line:
    return Line(mentor, fit.score if fit else None, reason_lines(fit))


def reason_lines(fit: rules.Fit | None) -> tuple[ReasonLine, ...]:
    """Every criterion of a fit, also those that add nothing: what speaks against is said, too."""
    if fit is None:
        return ()
    reasons = (*fit.reasons, fit.wish) if fit.wish else fit.reasons
    return tuple(ReasonLine(_label(r.criterion), _text(r), r.points, r.most) for r in reasons)


def _label(criterion: str) -> str:
    return {
        "industry": _("Industry"),
        "skills": _("Skill gap"),
        "stage": _("Stage of the enterprise"),
        "distance": _("Distance"),
        "language": _("Language"),
        "load": _("Load of the mentor"),
        "wish": _("Wish, beyond the fit"),
    }[criterion]


_WORDS: dict[str, Any] = {
    "industry": Industry,
    "skills": Skill,
    "stage": EnterpriseStage,
    "language": Language,
    "distance": Format,
}


def _text(reason: rules.Reason) -> str:
    if reason.finding == "not_stated":
        return _("not stated")
    found = _found(reason)
    texts = {
        ("industry", "same"): _("works in the same one: %(found)s"),
        ("industry", "other"): _("works in others, not in: %(found)s"),
        ("skills", "all"): _("can teach all that is asked for: %(found)s"),
        ("skills", "some"): _("can teach part of it: %(found)s"),
        ("skills", "none"): _("can teach nothing of what is asked for"),
        ("stage", "known"): _("knows it: %(found)s"),
        ("stage", "other"): _("knows other stages than: %(found)s"),
        ("distance", "remote"): _("does not matter, both are content to talk: %(found)s"),
        ("distance", "same_township"): _("in the same township"),
        ("distance", "kilometres"): _("about %(found)s km"),
        ("distance", "tiles"): _("%(found)s townships away on the map"),
        ("distance", "other_township"): _("in another township, how far is not on record"),
        ("language", "common"): _("in common: %(found)s"),
        ("language", "none"): _("none in common"),
        ("load", "free"): _("%(free)s of %(places)s places are free"),
        ("wish", "rank"): _("wish number %(found)s of the talent"),
        ("wish", "none"): _("not among the talent's wishes"),
    }
    words = {"found": found}
    if reason.criterion == "load":
        words = dict(zip(("free", "places"), reason.found, strict=True))
    return texts[reason.criterion, reason.finding] % words


def _found(reason: rules.Reason) -> str:
    choices = _WORDS.get(reason.criterion)
    labels = dict(choices.choices) if choices else {}
    return pgettext("list", ", ").join(str(labels.get(each, each)) for each in reason.found)


def listed(words: Any) -> str:
    return pgettext("list", ", ").join(str(word) for word in words)


def mentor_facts(mentor: Mentor) -> list[tuple[str, Any]]:
    """What a public profile says of a mentor; nothing by which they are reached."""
    return [
        (_("Kind of mentor"), mentor.get_kind_display()),
        (_("Organisation"), mentor.organisation_label),
        (_("Position"), mentor.position),
        (_("Township"), mentor.region.full_name if mentor.region else ""),
        (_("Mentors in"), listed(mentor.words("offers"))),
        (_("Industries"), listed(mentor.words("industries"))),
        (_("Can teach"), listed(mentor.words("skills"))),
        (_("Stages of enterprise"), listed(mentor.words("stages"))),
        (_("Languages"), listed(mentor.words("languages"))),
        (_("How to meet"), listed(mentor.words("formats"))),
    ]


def seeker_facts(detail: MentoringApplication, *, wishes: bool = True) -> list[tuple[str, Any]]:
    """What a talent looks for, as office and mentor read it; nothing by which the talent is reached. Whom else a
    talent wishes for is not for the mentors to know."""
    applicant = detail.application.applicant
    facts = [
        (_("Kind of mentor"), detail.get_kind_display()),
        (_("Wants to reach"), detail.goals),
        (_("Wants to learn"), listed(detail.words("skill_gaps"))),
        (_("Industry"), detail.get_industry_display()),
        (_("Stage of the enterprise"), detail.get_enterprise_stage_display()),
        (_("Can meet"), listed(detail.words("formats"))),
        (_("Languages"), listed(detail.words("languages"))),
        (_("Township"), detail.application.region.full_name),
        (_("Highest education"), applicant.get_education_display()),
    ]
    return [*facts, (_("Wishes"), listed(mentor.name for mentor in detail.wishes))] if wishes else facts


def pair_facts(pair: Pair, *, contact: bool) -> list[tuple[str, Any]]:
    """Who the two are; with `contact`, for the two themselves, how they reach each other."""
    mentor, talent = pair.mentor, pair.talent
    facts = [
        (_("Kind"), pair.get_kind_display()),
        (_("Talent"), talent.name),
        (_("Mentor"), f"{mentor.name} · {mentor.organisation_label}"),
        (_("Together since"), f"{pair.started_on:%Y-%m-%d}"),
        (_("Agreed until"), f"{pair.term_ends_on:%Y-%m-%d}" if pair.term_ends_on else _("no agreement in force yet")),
    ]
    if contact:
        facts += [(_("Talent's phone"), talent.phone), (_("Mentor's phone"), mentor.mobile)]
    if not pair.is_active:
        facts += [
            (_("Ended on"), f"{pair.ended_on:%Y-%m-%d}"),
            (_("Reason"), pair.get_end_reason_display()),
            (_("Note"), pair.end_note),
        ]
    return facts


def meeting_facts(meeting: Meeting) -> list[tuple[str, Any]]:
    local = timezone.localtime
    facts = [
        (_("When"), f"{local(meeting.starts_at):%Y-%m-%d %H:%M}"),
        (_("Minutes"), meeting.minutes),
        (_("How"), meeting.get_format_display()),
        (_("Place"), meeting.place),
    ]
    if meeting.logged_at:
        facts += [
            (pgettext("meeting", "What was done"), meeting.content),
            (pgettext("meeting", "Next steps"), meeting.next_steps),
            (_("Written by"), f"{meeting.logged_by} {local(meeting.logged_at):%Y-%m-%d %H:%M}"),
        ]
    if meeting.confirmed_at:
        label = _("Signed by the talent on paper, entered by") if meeting.paper_id else _("Confirmed by")
        facts.append((label, f"{meeting.confirmed_by} {local(meeting.confirmed_at):%Y-%m-%d %H:%M}"))
    if meeting.state == Meeting.State.CANCELLED:
        facts.append((_("Reason of the cancellation"), meeting.cancel_reason))
    return facts


def weight_facts(weights: Mapping[str, str]) -> list[tuple[str, str]]:
    labels = {key.key: key.label for key in TARIFF.keys}
    return [(str(labels.get(key, key)), value) for key, value in weights.items()]


@dataclass(frozen=True)
class Voice:
    """One side's assessment of a term, as far as the reader may see it."""

    side: str
    given: Assessment | None  # only where the reader may read it
    is_given: bool
    url: str  # where the reader gives it; "" where it is not theirs or not the time
    opens_on: date | None  # from which day this side may give it, where others may before


@dataclass(frozen=True)
class TermPhase:
    agreement: Agreement
    phase: str
    voices: tuple[Voice, ...]


def terms(
    pair: Pair, agreements: list[Agreement], assessments: list[Assessment], side: str, now: datetime, *, office: bool
) -> list[TermPhase]:
    """The assessments of every term, as `side` gives them. One of the two sees those of the others only after giving
    their own; `office` reads all, whether it may give one or not."""
    given = {(each.agreement_id, each.phase, each.side): each for each in assessments}
    today, found = timezone.localdate(now), []
    for agreement in agreements:
        if not agreement.is_in_force:
            continue
        first, last = agreement.starts_on, agreement.ends_on
        phases = {each: rules.phases_open(first, last, pair.ended_on, today, each) for each in Side}
        for phase in Assessment.Phase:
            rows = {each: given.get((agreement.pk, phase.value, each.value)) for each in Side}
            open_to = {each for each in Side if phase in phases[each]}
            if open_to or any(rows.values()):
                voices = _voices(agreement, phase, rows, side, office, open_to)
                found.append(TermPhase(agreement, str(phase.label), voices))
    return found


def papers_to_enter(
    pair: Pair, agreements: list[Agreement], assessments: list[Assessment], today: date
) -> list[tuple[Agreement, Assessment.Phase]]:
    """The assessments of a talent without an account whose time has come and that the office has not entered."""
    given = {(each.agreement_id, each.phase) for each in assessments if each.side == Side.TALENT}
    return [
        (agreement, phase)
        for agreement in agreements
        if agreement.is_in_force
        for phase in Assessment.Phase
        if phase in rules.phases_open(agreement.starts_on, agreement.ends_on, pair.ended_on, today, Side.TALENT)
        and (agreement.pk, phase.value) not in given
    ]


def _voices(
    agreement: Agreement,
    phase: Any,
    rows: Mapping[Side, Assessment | None],
    side: str,
    office: bool,
    open_to: set[Side],
) -> tuple[Voice, ...]:
    own = Side(side) if side else None
    reads_all = office or (own is not None and rows[own] is not None)
    address = reverse("mentoring:assess", args=[agreement.pk, phase.value])
    return tuple(
        Voice(
            str(each.label),
            rows[each] if reads_all or each == own else None,
            rows[each] is not None,
            address if each == own and each in open_to and rows[each] is None else "",
            agreement.ends_on if each not in open_to and rows[each] is None else None,
        )
        for each in Side
    )


def ends_with_draft(agreements: list[Agreement], assessments: list[Assessment]) -> bool:
    """Whether the proposal of the next term is all that keeps a pair: the office has assessed the term before."""
    final = (Side.OFFICE, Assessment.Phase.FINAL)
    closed = {each.agreement_id for each in assessments if (each.side, each.phase) == final}
    return len(agreements) > 1 and not agreements[-1].is_in_force and agreements[-2].pk in closed


def to_do(pairs: list[Pair], user: Any, now: datetime) -> dict[int, list[str]]:
    """What waits for a person in each of their pairs, in four questions for all of them; meetings of the time until
    the end of a pair are still written down, corrected and confirmed after it."""
    found: dict[int, list[str]] = {pair.pk: [] for pair in pairs}
    by_pk = {pair.pk: pair for pair in pairs}
    running = {pair.pk: pair for pair in pairs if pair.is_active}
    agreements = list(Agreement.objects.filter(pair__in=by_pk))
    for agreement in agreements:
        pair = by_pk[agreement.pair_id]
        if pair.is_active and not agreement.is_in_force and not agreement.confirmed_at(pair.side_of(user)):
            found[pair.pk].append(_("Read and confirm the agreement"))
    for agreement, phase in _to_assess(agreements, by_pk, user, timezone.localdate(now)):
        label = Assessment.Phase(phase).label
        found[agreement.pair_id].append(_("Give your assessment: %(phase)s") % {"phase": label})
    agreed = {agreement.pair_id for agreement in agreements}
    for pk in running:
        if pk not in agreed:
            found[pk].append(_("Write the agreement"))
    for meeting in Meeting.objects.filter(pair__in=found, state=Meeting.State.LOGGED):
        if bool(meeting.objection) == (meeting.logged_by_id == user.pk):
            text = _("Correct the meeting of %(day)s") if meeting.objection else _("Confirm the meeting of %(day)s")
            found[meeting.pair_id].append(text % {"day": _day(meeting.starts_at)})
    for meeting in Meeting.objects.filter(pair__in=found, state=Meeting.State.PLANNED, starts_at__lte=now):
        found[meeting.pair_id].append(_("Write down the meeting of %(day)s") % {"day": _day(meeting.starts_at)})
    return found


def _to_assess(
    agreements: list[Agreement], pairs: Mapping[int, Pair], user: Any, today: date
) -> Iterator[tuple[Agreement, str]]:
    """The assessments whose time has come and that the person has not given; those of a pair that ended early count
    until the office has closed it, those of a completed one no more."""
    given = set(Assessment.objects.filter(pair__in=pairs, by=user).values_list("agreement", "phase"))
    for agreement in agreements:
        pair = pairs[agreement.pair_id]
        if not agreement.is_in_force or pair.state == Pair.State.COMPLETED:
            continue
        first, last, side = agreement.starts_on, agreement.ends_on, pair.side_of(user)
        for phase in rules.phases_open(first, last, pair.ended_on, today, side):
            if (agreement.pk, phase) not in given and (pair.is_active or phase == Assessment.Phase.FINAL):
                yield agreement, phase


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}"
