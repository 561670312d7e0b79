"""Assessments by the two and by the office, and the stipend that follows from the office's."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from growth.mentoring import kinds, rules
from growth.mentoring.actions.common import lock_pair, lock_without_account, side_of, today_of
from growth.mentoring.actions.pairing import complete
from growth.mentoring.actions.plan import keep_file
from growth.mentoring.choices import Side
from growth.mentoring.models import Agreement, Assessment, Pair, Stipend
from growth.mentoring.tariff import FUND_CODE, in_force
from growth.mentoring.telling import tell_office, tell_pair
from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.money import actions as money
from talentmap.money.models import Fund
from talentmap.money.tariffs import TariffVersion
from talentmap.ui.errors import Refused

Phase = Assessment.Phase


def mentoring_fund() -> Fund:
    return Fund.objects.get(code=FUND_CODE)


@action
def assess_pair(
    *,
    by: User,
    at: datetime,
    agreement: Agreement,
    phase: str,
    grade: str,
    comment: str,
    paper: UploadedFile | None = None,
) -> Assessment:
    """Give one side's assessment of a term, once. The office's final one pays the mentor's stipend and completes the
    pair, unless its next term is written; raises Shortfall when the fund cannot bear the stipend.
    With `paper` the office enters what a talent without an account has signed."""
    pair = lock_without_account(by, agreement.pair) if paper else lock_pair(agreement.pair)
    side = Side.TALENT if paper else side_of(by, pair)
    if not side:
        raise PermissionDenied
    _check_time(pair, agreement, phase, side, at)
    if Assessment.objects.filter(agreement=agreement, phase=phase, side=side).exists():
        raise Refused(_("This assessment is given already."))
    row = Assessment.objects.create(
        pair=pair,
        agreement=agreement,
        phase=phase,
        side=side,
        grade=grade,
        comment=comment,
        by=by,
        at=at,
        paper=keep_file(by, at, pair, paper) if paper else None,
    )
    if (side, phase) == (Side.OFFICE, Phase.FINAL):
        _pay(by, at, pair, row)
        if ends_with(pair, agreement):
            complete(by, at, pair)
    return row


def _check_time(pair: Pair, agreement: Agreement, phase: str, side: str, at: datetime) -> None:
    if not agreement.is_in_force:
        raise Refused(_("Only an agreement that both have confirmed is assessed."))
    first, last = agreement.starts_on, agreement.ends_on
    if phase in rules.phases_open(first, last, pair.ended_on, today_of(at), side):
        return
    if not pair.is_active:
        raise Refused(_("The pair ended before this term began."))
    if (side, phase) == (Side.OFFICE, Phase.FINAL):
        raise Refused(
            _("The office's final assessment pays the whole term: it is given on the last day, %(day)s, or later.")
            % {"day": last}
        )
    raise Refused(_("It is too early for this assessment."))


def stipend_basis(pair: Pair, agreement: Agreement) -> tuple[TariffVersion, date, int]:
    """By what a term is paid: the tariff in force on its first day, which it keeps however late the office assesses;
    the last day that counts, and the weeks until then."""
    last_day = min(agreement.ends_on, pair.ended_on or agreement.ends_on)
    return in_force(agreement.starts_on), last_day, rules.weeks_together(agreement.starts_on, last_day)


def _pay(by: User, at: datetime, pair: Pair, row: Assessment) -> None:
    agreement = row.agreement
    tariff, last_day, weeks = stipend_basis(pair, agreement)
    amount = rules.stipend(row.grade, weeks, tariff)
    if not amount:
        return
    key, application = f"mentoring:stipend:{agreement.pk}", pair.application
    money.commit(
        by=by, at=at, fund=mentoring_fund(), amount=amount, application=application, key=f"{key}:commitment",
        memo=str(application),
    )  # fmt: skip
    payable = money.owe(
        by=by,
        at=at,
        fund=mentoring_fund(),
        application=application,
        entitlement_ref=_("Mentor's stipend"),
        period_from=agreement.starts_on,
        period_to=last_day,
        amount=amount,
        key=key,
        payee=pair.mentor.user,
    )
    Stipend.objects.create(
        pair=pair, agreement=agreement, assessment=row, tariff_id=tariff.id, weeks=weeks, amount=amount,
        payable=payable, decided_at=at,
    )  # fmt: skip


def ends_with(pair: Pair, agreement: Agreement) -> bool:
    """Whether the office's final assessment of a term completes the pair. It goes on where the next term is agreed, or
    waits for the other side: a renewal that one has confirmed does not end by the office's pen."""
    return pair.is_active and not pair.agreements.filter(number__gt=agreement.number).exists()


@action
def remind_to_assess(*, by: User, at: datetime, agreement: Agreement, phase: str) -> None:
    """Tell those of the two who have not given an assessment that its time has come; once each."""
    pair = Pair.objects.select_related("talent__user", "mentor__user").get(pk=agreement.pair_id)
    given = set(Assessment.objects.filter(agreement=agreement, phase=phase).values_list("side", flat=True))
    if not {Side.TALENT, Side.MENTOR} <= given:
        tell_pair(by, at, pair, kinds.TO_ASSESS, f"to_assess:{agreement.pk}:{phase}")


@action
def remind_office(*, by: User, at: datetime, count: int, link: str) -> None:
    """Tell the office once a day how many pairs wait for its assessment."""
    today = today_of(at)
    tell_office(
        by, at, kinds.OFFICE_TO_ASSESS, f"mentoring:office_to_assess:{today}", link=link, count=count, date=today
    )
