"""The agreement of a term: written by one of the two, in force when both have confirmed the same words."""

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from growth.mentoring import kinds, letter, rules
from growth.mentoring.actions.common import check_version, lock_running, lock_without_account, today_of
from growth.mentoring.actions.pairing import complete
from growth.mentoring.actions.plan import keep_document, keep_file
from growth.mentoring.choices import Side
from growth.mentoring.models import Agreement, Assessment, Pair
from growth.mentoring.tariff import in_force, term_weeks
from growth.mentoring.telling import tell_of_paper, tell_pair
from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.ui.errors import Refused

Phase = Assessment.Phase


@action
def write_agreement(
    *,
    by: User,
    at: datetime,
    pair: Pair,
    starts_on: date,
    weeks: int,
    aims: str,
    content: str,
    duties: str,
    version: int | None = None,
) -> Agreement:
    """Write the agreement of the next term, or change what is not in force yet; what was confirmed of the old words
    counts no more, and the other side is told. `weeks` within the tariff in force, `starts_on` within `first_days`;
    whoever writes it confirms it."""
    locked, side = lock_running(by, pair)
    _check_term(locked, starts_on, weeks, at)
    row = (
        locked.agreements.filter(talent_confirmed_at=None).first()
        or locked.agreements.filter(mentor_confirmed_at=None).first()
    )
    if row is None:
        row = Agreement(pair=locked, number=locked.agreements.count() + 1, version=0)
    elif version != row.version:
        check_version(row, version if version is not None else -1)
    row.starts_on, row.weeks, row.aims, row.content, row.duties = starts_on, weeks, aims, content, duties
    row.drafted_by, row.drafted_at, row.version = by, at, row.version + 1
    row.talent_confirmed_at = at if side == Side.TALENT else None
    row.mentor_confirmed_at = at if side == Side.MENTOR else None
    row.paper = None
    row.save()
    tell_pair(by, at, locked, kinds.AGREEMENT, f"agreement:{row.pk}:{row.version}")
    tell_of_paper(by, at, locked, f"agreement:{row.pk}:{row.version}")
    return row


def _check_term(pair: Pair, starts_on: date, weeks: int, at: datetime) -> None:
    check_weeks(weeks, today_of(at))
    first, last = first_days(pair, today_of(at))
    if not first <= starts_on <= last:
        raise Refused(_("This term begins between %(first)s and %(last)s.") % {"first": first, "last": last})


def check_weeks(weeks: int, today: date) -> None:
    """Refuse a term that the tariff in force does not know; the form asks too, to say it at the field."""
    least, most = term_weeks(in_force(today))
    if not least <= weeks <= most:
        raise Refused(_("A term lasts between %(least)s and %(most)s weeks.") % {"least": least, "most": most})


def first_days(pair: Pair, today: date) -> tuple[date, date]:
    """The first and the last day on which the next term of a pair may begin."""
    earliest = pair.term_ends_on + timedelta(days=1) if pair.term_ends_on else pair.started_on
    return earliest, rules.last_first_day(earliest, today)


@action
def confirm_agreement(*, by: User, at: datetime, agreement: Agreement, version: int) -> Agreement:
    """Confirm the words of a `version`; with both confirmations the agreement is in force, kept as a document, and
    nobody changes it."""
    locked, side = lock_running(by, agreement.pair)
    row = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    if row.is_in_force or row.confirmed_at(side):
        return row
    check_version(row, version)
    return _confirm(by, at, locked, row, side)


def _confirm(by: User, at: datetime, pair: Pair, row: Agreement, side: str) -> Agreement:
    setattr(row, f"{side}_confirmed_at", at)
    if row.is_in_force:  # what the two have agreed on is not written anew from what they are called later
        row.pair = pair
        row.document = keep_document(at, pair, letter.agreement(row), letter.name_of(row))
    row.save(update_fields=[f"{side}_confirmed_at", "paper", "document"])
    if row.is_in_force:
        pair.term_ends_on = row.ends_on
        pair.save(update_fields=["term_ends_on"])
        tell_pair(by, at, pair, kinds.IN_FORCE, f"in_force:{row.pk}")
    return row


@action
def confirm_agreement_on_paper(
    *, by: User, at: datetime, agreement: Agreement, version: int, upload: UploadedFile
) -> Agreement:
    """The office enters that a talent without an account has signed the words of a `version`, with the paper."""
    locked = lock_without_account(by, agreement.pair)
    if not locked.is_active:
        raise Refused(_("This pair has ended on %(day)s.") % {"day": locked.ended_on})
    row = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    if row.talent_confirmed_at:
        raise Refused(_("The talent has confirmed this agreement already."))
    check_version(row, version)
    row.paper = keep_file(by, at, locked, upload)
    return _confirm(by, at, locked, row, Side.TALENT)


@action
def take_agreement_back(*, by: User, at: datetime, agreement: Agreement) -> None:
    """Remove a proposal of one's own that the other has not confirmed: a renewal that is not wanted after all. Where
    the office has assessed the term before, nothing is left to come and the pair is completed."""
    locked, _side = lock_running(by, agreement.pair)
    row = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    if row.is_in_force:
        raise Refused(_("This agreement is in force."))
    if row.drafted_by_id != by.pk:
        raise PermissionDenied
    row.delete()
    if locked.assessments.filter(agreement__number=row.number - 1, side=Side.OFFICE, phase=Phase.FINAL).exists():
        complete(by, at, locked)
