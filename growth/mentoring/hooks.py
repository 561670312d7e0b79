"""What mentoring says when a person asks to be deleted, what it forgets then, what it tells a person's roadmap, and
where the accounts of mentors stand."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from growth.mentoring.models import Mentor, MentoringApplication, Pair
from growth.pathways import companions, deeds, following
from talentmap.accounts.models import Membership, User
from talentmap.accounts.permissions import Role
from talentmap.money.payees import keeps_accounts
from talentmap.people.erasure import ERASED_NAME, clears_on_erasure, guards_erasure
from talentmap.people.models import Talent


@guards_erasure
def running_pair(talent: Talent) -> str:
    running = Pair.objects.active().filter(talent=talent).select_related("mentor").first()
    return _("A mentor accompanies this person: %(name)s") % {"name": running.mentor.name} if running else ""


@guards_erasure
def accompanies_others(talent: Talent) -> str:
    if talent.user_id is None:
        return ""
    taken = Pair.objects.active().filter(mentor__user=talent.user_id).count()
    return _("This person accompanies others as a mentor.") if taken else ""


@clears_on_erasure
def forget_goals(*, by: User, at: datetime, talent: Talent) -> None:
    """What the person wrote about themselves; the pairs stay, as records of what public money was spent on,
    and with them the agreements as both have confirmed them."""
    MentoringApplication.objects.filter(application__applicant=talent).update(goals="")
    if talent.user_id is not None:
        _forget_mentor(by, at, talent.user_id)


def _forget_mentor(by: User, at: datetime, user_id: int) -> None:
    for mentor in Mentor.objects.filter(user=user_id).select_for_update(of=("self",)):
        mentor.state, mentor.decided_at, mentor.decided_by = Mentor.State.LEFT, at, by
        mentor.name, mentor.decision_reason, mentor.pause_reason = ERASED_NAME, "", ""
        mentor.mobile = mentor.bio = mentor.position = mentor.bank_name = ""
        mentor.bank_account = mentor.bank_account_last4 = ""
        mentor.paused_from = mentor.paused_until = None
        mentor.save()


class PairedMentors:
    """Whoever is in a running pair accompanies the talent on the roadmap too, as long as they hold the role: for a
    mentor who lost it the office stands in."""

    def mentors_of(self, talent: Talent) -> Iterable[User]:
        held = Membership.objects.active().filter(user=OuterRef("pk"), role=Role.MENTOR)
        paired = Pair.objects.active().filter(talent=talent, mentor__user=OuterRef("pk"))
        return User.objects.filter(Exists(paired), Exists(held), is_active=True)

    def talents_of(self, user: User) -> Iterable[int]:
        return Pair.objects.active().filter(mentor__user=user).values_list("talent", flat=True)

    def accompanied(self) -> Iterable[int]:
        held = Membership.objects.active().filter(user=OuterRef("mentor__user"), role=Role.MENTOR)
        paired = Pair.objects.active().filter(Exists(held), mentor__user__is_active=True)
        return paired.values_list("talent", flat=True)


def pairs_of(talent: Talent, reader: Any) -> Iterator[deeds.Deed]:
    """A person's pairs, linked where the reader may open them; a completed one counts as done."""
    rows = Pair.objects.filter(talent=talent).without_secrets().select_related("mentor").order_by("started_on", "pk")
    seen = set(rows.visible_to(reader).values_list("pk", flat=True)) if reader is not None and rows else set()
    for pair in rows:
        yield deeds.Deed(
            key=f"mentoring:{pair.pk}",
            kind="mentoring",
            title=_("%(kind)s: %(name)s") % {"kind": pair.get_kind_display(), "name": pair.mentor.name},
            day=pair.started_on,
            state=pair.state,
            state_label=pair.get_state_display(),
            link=pair.get_absolute_url() if pair.pk in seen else "",
            icon="people",
            done=pair.state == Pair.State.COMPLETED,
        )


keeps_accounts("mentor", page="mentoring:own")
companions.register(PairedMentors())
deeds.register("mentoring", gettext_lazy("Mentoring pairs"), pairs_of)
following.follow(Pair, talent="talent_id", when="state")
