"""Taking in what a device sends: a response arrives once, however often it is sent."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError
from django.utils.translation import gettext as _

from needs.surveys import engine
from needs.surveys.campaigns.models import Campaign, InvitationCode, PublicLink
from needs.surveys.filling import files, rules
from needs.surveys.filling.places import Place, about, may_answer_in
from needs.surveys.filling.refusals import Conflict, Mistaken, NotTaken, Reason
from needs.surveys.filling.versions import Runnable, Unpublished, runnable
from needs.surveys.filling.wire import Sent
from needs.surveys.responses.flags import flags_of
from needs.surveys.responses.models import Response, ResponseFile, ResponseRevision, ReviewEvent
from talentmap.accounts.actions_mobile import use_code
from talentmap.accounts.models import User
from talentmap.accounts.permissions import Permission
from talentmap.accounts.records import MobileCode
from talentmap.audit.action import action

State = Response.State
ONE_EACH = "needs_response_one_each"


@dataclass(frozen=True)
class Respondent:
    """Who answers by themselves: through which link, and the digest by which they answer only once ("" where they may
    answer as often as they like)."""

    link: PublicLink
    digest: str = ""
    invitation: InvitationCode | None = None


@dataclass(frozen=True)
class Taken:
    uuid: uuid.UUID
    state: str
    is_new: bool


def accept(
    *,
    by: User | None,
    at: datetime,
    sent: Sent,
    respondent: Respondent | None = None,
    interviewer: User | None = None,
) -> Taken:
    """Keep a response, or say that it is kept already, or replace what a reviewer returned.

    `interviewer` is who asked, where `by` enters it for them from a file of their device. Raises Conflict (another
    response has this id, or the campaign does not take it) and Mistaken (answers that the questionnaire does not
    allow): the device keeps the response with the reasons.

    Most responses are new, so that is tried first. What is known already, or comes twice at the same moment, fails on
    its id at the latest, and is answered after that.
    """
    try:
        return take_in(by=by, at=at, sent=sent, respondent=respondent, interviewer=interviewer)
    except NotTaken:
        if not _is_known(sent):
            raise
    except IntegrityError as error:
        if not _is_known(sent):
            raise _answered_before(error) from error
    return take_again(by=by, at=at, sent=sent, respondent=respondent)


def _is_known(sent: Sent) -> bool:
    return Response.objects.filter(uuid=sent.uuid).exists()


def _answered_before(error: IntegrityError) -> Conflict:
    """The same respondent, by another response; any other constraint that fails is our own mistake."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if getattr(diagnosis, "constraint_name", "") != ONE_EACH:
        raise error
    return Conflict(Reason("answered", _("You have answered this survey already. Thank you.")))


@action
def take_again(*, by: User | None, at: datetime, sent: Sent, respondent: Respondent | None) -> Taken:
    """A response whose id is known: the same again, or a correction of what a reviewer returned."""
    known = Response.objects.select_for_update(of=("self",)).order_by().get(uuid=sent.uuid)
    return _again(known, by=by, at=at, sent=sent, respondent=respondent)


@action
def take_in(
    *, by: User | None, at: datetime, sent: Sent, respondent: Respondent | None, interviewer: User | None
) -> Taken:
    """A new response; raises IntegrityError when its id, or its respondent of this link, is there already."""
    asked_by = interviewer or by
    campaign, place = about(sent, asked_by)
    if campaign is None:
        raise Conflict(Reason("no_campaign", _("There is no such campaign, or you do not take part in it.")))
    _check_window(campaign, sent, at, respondent)
    _check_place(place, sent, asked_by, respondent)
    response = Response(uuid=sent.uuid, campaign=campaign, received_at=at, state=State.PENDING)
    response.started_at, response.finished_at = sent.started_at, sent.finished_at
    _say_who(response, sent, asked_by, respondent)
    named = _fill(response, sent, asked_by)
    return _insert(response, named, respondent, at)


def _again(known: Response, *, by: User | None, at: datetime, sent: Sent, respondent: Respondent | None) -> Taken:
    if not _is_ones_own(known, by, respondent):
        raise Conflict(Reason("taken_id", _("Another response has this id.")))
    if known.digest == sent.digest:
        return Taken(known.uuid, "accepted", is_new=False)
    if known.state != State.RETURNED:
        raise Conflict(Reason("other_content", _("This response was sent before with other answers, which were kept.")))
    if sent.revises != known.revision:
        raise Conflict(
            Reason("corrected_elsewhere", _("This response was corrected from another device in the meantime."))
        )
    return _correct(known, by=by, at=at, sent=sent, respondent=respondent)


def _is_ones_own(known: Response, by: User | None, respondent: Respondent | None) -> bool:
    """Its interviewer's, the office's at a desk, or of the same respondent through the same link."""
    if by is None:
        return respondent is not None and known.link_id == respondent.link.pk and known.respondent == respondent.digest
    return known.interviewer_id == by.pk or by.may(Permission.REVIEW_RESPONSES, known)


def _correct(known: Response, *, by: User | None, at: datetime, sent: Sent, respondent: Respondent | None) -> Taken:
    """Keep what it said before, and have it reviewed again. When and by whom it was asked stays as it was."""
    if sent.campaign != known.campaign_id:
        raise Conflict(Reason("other_campaign", _("This response belongs to another campaign.")))
    _check_window(known.campaign, sent, at, respondent, is_correction=True)
    if (sent.township, sent.village) != (known.township_id, known.village_id):
        _check_place(about(sent, by)[1], sent, by, respondent)
    ResponseRevision.objects.create(
        response=known,
        number=known.revision,
        version_id=known.version_id,
        answers=known.answers,
        personal=known.personal,
        replaced_at=at,
        replaced_by=by,
    )
    before, known.state, known.revision = known.state, State.PENDING, known.revision + 1
    named = _fill(known, sent, known.interviewer)
    known.save()
    files.attach(named, known)
    ReviewEvent.objects.create(response=known, at=at, by=by, from_state=before, to_state=State.PENDING)
    return Taken(known.uuid, "accepted", is_new=True)


def _check_window(
    campaign: Campaign, sent: Sent, at: datetime, respondent: Respondent | None, *, is_correction: bool = False
) -> None:
    window = rules.Window(
        state=campaign.state,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        closed_at=campaign.closed_at,
        link_closed_at=respondent.link.closed_at if respondent else None,
    )
    if code := rules.refusal(window, sent.finished_at, at, is_correction=is_correction):
        raise Conflict(Reason(code, _told(code)))


def _told(code: str) -> str:
    return {
        "not_open": _("The campaign is not open yet."),
        "paused": _("The campaign is paused. Your answers are taken as soon as it goes on."),
        "too_late": _("The campaign ended more than 14 days ago."),
        "too_early": _("The response was finished before the campaign began."),
        "over": _("The response was finished after the campaign had ended."),
        "clock": _("The device's clock is ahead. Set it right, then open the response and finish it again."),
    }[code]


def _check_place(place: Place | None, sent: Sent, by: User | None, respondent: Respondent | None) -> None:
    if respondent is not None:
        fits = respondent.link.region_id in (None, sent.township) and sent.channel == "interview"
        is_of_link = place is not None and place.is_of_campaign and respondent.link.campaign_id == sent.campaign
        if not fits or not is_of_link:
            raise Conflict(Reason("wrong_place", _("This link does not take answers for that township.")))
    elif by is None or not may_answer_in(by, place):
        raise Conflict(Reason("wrong_place", _("You do not enter answers for that place in this campaign.")))


def _say_who(response: Response, sent: Sent, by: User | None, respondent: Respondent | None) -> None:
    response.device = sent.device
    if respondent is None:
        response.interviewer, response.channel = by, sent.channel
    else:
        response.link, response.respondent = respondent.link, respondent.digest
        response.channel = Response.Channel.SELF


def _fill(response: Response, sent: Sent, owner: User | None) -> list[ResponseFile]:
    """Check the answers and write what they say into `response`; give the files that they name, which `owner` sent."""
    ready = _runnable(sent, response.campaign)
    context = engine.Context(
        now=sent.finished_at.isoformat(timespec="milliseconds"),
        today=sent.finished_at.date().isoformat(),
        username=sent.username,
        device_id=sent.device,
        language=sent.language,
    )
    checked = engine.check(ready.compiled, sent.answers, context)
    if checked.mistakes:
        raise Mistaken(checked.mistakes)
    named = files.named(checked.answers, response.campaign_id, response if response.pk else None, owner)
    public, private = rules.split(checked.answers, ready.marked.personal)
    response.version_id, response.township_id, response.village_id = sent.version, sent.township, sent.village
    response.language, response.digest = sent.language, sent.digest
    response.answers = public
    response.personal = json.dumps(private, ensure_ascii=False) if private else ""
    response.fingerprint = rules.fingerprint(public, ready.marked.not_said)
    facts = checked.facts
    response.age_band, response.sex, response.occupation = facts.age_band, facts.sex, facts.occupation
    response.latitude, response.longitude = rules.place(public, ready.marked.places)
    response.flags = flags_of(response)
    return named


def _runnable(sent: Sent, campaign: Campaign) -> Runnable:
    """Any published version of the campaign's questionnaire: it may have changed while the device was away."""
    try:
        ready = runnable(sent.version)
    except Unpublished:
        ready = None
    if ready is None or ready.questionnaire_id != campaign.questionnaire_id:
        raise Conflict(Reason("wrong_version", _("The campaign does not use this questionnaire version.")))
    return ready


def _insert(response: Response, named: list[ResponseFile], respondent: Respondent | None, at: datetime) -> Taken:
    response.save(force_insert=True)
    files.attach(named, response)
    if respondent and respondent.invitation:
        InvitationCode.objects.filter(pk=respondent.invitation.pk, used_at=None).update(used_at=at)
    return Taken(response.uuid, "accepted", is_new=True)


@action
def keep_file(
    *,
    by: User | None,
    at: datetime,
    campaign: Campaign,
    key: uuid.UUID,
    upload: UploadedFile,
    interviewer: User | None = None,
) -> tuple[ResponseFile, bool]:
    """Keep a picture or file that a response will name; (the row, whether it is new). See `files.keep`."""
    return files.keep(campaign_id=campaign.pk, key=key, upload=upload, by=interviewer or by, at=at)


@action
def confirm_mobile(*, by: None, at: datetime, mobile: str, code: str) -> bool:
    """Whether `code` is the one that was sent to `mobile` for a survey. A wrong one costs a try, so it is no error."""
    return use_code(purpose=MobileCode.Purpose.SURVEY, mobile=mobile, code=code, at=at)
