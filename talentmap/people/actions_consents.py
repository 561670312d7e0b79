"""Consents given and withdrawn; withdrawing deletes what rested on the consent alone."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from talentmap.audit.action import action
from talentmap.people.choices import Purpose
from talentmap.people.consents import wording
from talentmap.people.models import Talent
from talentmap.people.records import Consent
from talentmap.people.writing import assign_changed, check_may_write, children_of, locked, save
from talentmap.ui.errors import Refused

if TYPE_CHECKING:
    from talentmap.accounts.models import User


@action
def give_consent(*, by: "User", at: datetime, talent: Talent, purpose: str) -> Consent:
    """Record the person's consent in the words shown; giving it again while in force changes nothing."""
    talent = locked(talent)
    check_may_write(by, talent)
    in_force = Consent.objects.filter(talent=talent, purpose=purpose, withdrawn_at__isnull=True).first()
    if in_force:
        return in_force
    if purpose not in Purpose.values:
        raise Refused(_("There is no such consent."))
    consent = Consent(talent=talent, purpose=purpose, wording=wording(purpose), given_at=at, given_by=by)
    save(consent)
    return consent


@action
def withdraw_consent(*, by: "User", at: datetime, consent: Consent) -> Consent:
    """End a consent and delete what was stored on its ground.

    The consent to the file itself is ended by asking for deletion, so that the person knows what follows.
    """
    talent = locked(consent.talent)
    check_may_write(by, talent)
    consent = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
    if consent.withdrawn_at is not None:
        return consent
    if consent.purpose == Purpose.REGISTER:
        raise Refused(_("This consent carries the whole file: please ask for the deletion of your file instead."))
    consent.withdrawn_at, consent.withdrawn_by = at, by
    save(consent, ["withdrawn_at", "withdrawn_by"])
    _delete_what_rested_on(consent.purpose, talent)
    return consent


def _delete_what_rested_on(purpose: str, talent: Talent) -> None:
    if purpose == Purpose.CHILD:
        children_of(talent).delete()
        return
    emptied = {
        Purpose.BANK_ACCOUNT: ("bank_name", "bank_account", "bank_account_last4", "bank_account_name"),
        Purpose.HEALTH: ("health_note",),
    }.get(Purpose(purpose), ())
    changed = assign_changed(talent, dict.fromkeys(emptied, ""))
    if changed:
        talent.version += 1
        save(talent, [*changed, "version"])
