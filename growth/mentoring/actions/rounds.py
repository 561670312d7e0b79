"""The assignment round: mentors for everybody who waits at once, adjusted by the office before anybody is asked."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from growth.mentoring import inputs, matching, rules
from growth.mentoring.actions.asking import ask
from growth.mentoring.actions.common import check_place, demand, lock_application, today_of
from growth.mentoring.models import Mentor, Proposal, Round
from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.money.actions.ledger import lock_applications
from talentmap.ui.errors import Refused, given

Outcome = Proposal.Outcome


@action
def compute_round(*, by: User, at: datetime) -> Round:
    """Propose a mentor for each application that waits: as many as possible, then the best total fit. Kept with what
    it was computed from. Refused while another round is being adjusted, and when nobody waits."""
    demand(by)
    if Round.objects.select_for_update().filter(state=Round.State.DRAFT).exists():
        raise Refused(_("Another assignment round is being adjusted: confirm or discard it first."))
    today = today_of(at)
    details = list(matching.waiting())
    if not details:
        raise Refused(_("Nobody waits for a mentor."))
    weights, mentors = matching.weights_on(today), list(matching.open_mentors(today))
    refused = matching.said_no(detail.pk for detail in details)
    seekers = [matching.seeker(detail, refused.get(detail.pk, ())) for detail in details]
    candidates = [matching.candidate(mentor) for mentor in mentors]
    found = rules.assign(seekers, candidates, weights)
    row = Round.objects.create(
        computed_at=at,
        computed_by=by,
        weights={key: str(value) for key, value in weights.items()},
        inputs=inputs.as_json(seekers, candidates),
        places={str(mentor.pk): mentor.free for mentor in mentors},
    )
    Proposal.objects.bulk_create(_proposal(row, detail.pk, found[detail.pk]) for detail in details)
    return row


def _proposal(row: Round, application_id: int, fit: rules.Fit | None) -> Proposal:
    mentor = fit.mentor if fit else None
    return Proposal(
        round=row,
        application_id=application_id,
        computed_id=mentor,
        mentor_id=mentor,
        fit=fit.as_json() if fit else {},
        outcome=Outcome.OPEN if fit else Outcome.LEFT_OUT,
        note="" if fit else _("No mentor with a free place may be proposed."),
    )


@action
def adjust_proposal(*, by: User, at: datetime, proposal: Proposal, mentor: Mentor | None) -> Proposal:
    """Propose another mentor on one line, or leave the application out (None). The places of the whole round are
    counted: no line takes a place that another has. The fit is by the weights of the round, like that of every line.
    The mentor who is proposed already changes nothing."""
    row, locked = _draft(by, proposal)
    if row.mentor == mentor:
        return row
    if mentor is None:
        row.mentor, row.fit, row.outcome, row.note = None, {}, Outcome.LEFT_OUT, ""
    else:
        detail = matching.details().get(pk=row.application_id)
        _check_room(locked, row, mentor)
        check_place(mentor, detail.kind, detail.application.applicant.user_id, today_of(at))
        weights = inputs.weights_from_json(locked.weights)
        fit = rules.fit_in_round(matching.seeker(detail), matching.candidate(mentor), weights)
        row.mentor, row.fit, row.outcome, row.note = mentor, fit.as_json(), Outcome.OPEN, ""
    row.changed_by = by
    row.save(update_fields=["mentor", "fit", "outcome", "note", "changed_by"])
    return row


def _draft(by: User, proposal: Proposal) -> tuple[Proposal, Round]:
    demand(by)
    locked = _lock(proposal.round_id)
    return Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk), locked


def _lock(pk: int) -> Round:
    row = Round.objects.select_for_update(of=("self",)).get(pk=pk)
    if not row.is_draft:
        raise Refused(_("This round is “%(state)s”.") % {"state": row.get_state_display()})
    return row


def _check_room(row: Round, proposal: Proposal, mentor: Mentor) -> None:
    others = row.proposals.filter(mentor=mentor).exclude(pk=proposal.pk).count()
    if others >= mentor.free:
        raise Refused(
            _("%(name)s has %(count)s free places, and other lines of this round have them.")
            % {"name": mentor.name, "count": mentor.free}
        )


@action
def confirm_round(*, by: User, at: datetime, round: Round) -> Round:
    """Ask every proposed mentor; still each of them may decline. A line that is no longer possible, such as a place
    that was taken meanwhile, says why and asks nobody."""
    demand(by)
    row = _lock(round.pk)
    proposed = list(row.proposals.filter(mentor__isnull=False).select_related("mentor").order_by("pk"))
    # All of them before the first mentor: whoever has one of these applications may be waiting for that mentor.
    lock_applications([proposal.application_id for proposal in proposed])
    for proposal in proposed:
        _ask(by, at, proposal)
    return _decide(row, Round.State.CONFIRMED, by, at)


def _ask(by: User, at: datetime, proposal: Proposal) -> None:
    assert proposal.mentor_id is not None
    try:
        with transaction.atomic():
            application = lock_application(proposal.application_id)
            proposal.request = ask(by, at, application, proposal.mentor_id, "round")
            proposal.outcome = Outcome.ASKED
    except Refused as refusal:
        proposal.request, proposal.outcome, proposal.note = None, Outcome.NOT_POSSIBLE, str(refusal)[:300]
    proposal.save(update_fields=["request", "outcome", "note"])


@action
def discard_round(*, by: User, at: datetime, round: Round, reason: str) -> Round:
    """Forget a round that nobody was asked by; everybody in it goes on waiting."""
    demand(by)
    given(reason)
    return _decide(_lock(round.pk), Round.State.DISCARDED, by, at)


def _decide(row: Round, state: str, by: User, at: datetime) -> Round:
    row.state, row.decided_at, row.decided_by = state, at, by
    row.save(update_fields=["state", "decided_at", "decided_by"])
    return row
