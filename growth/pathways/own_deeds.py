"""The deeds that the spine knows: applications, payments, certificates, a recognised category."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Max, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from growth.pathways import deeds
from growth.pathways.deeds import Deed
from talentmap.casework import registry
from talentmap.casework.models import Application
from talentmap.casework.states import State
from talentmap.money.models import BatchLine
from talentmap.ui.templatetags.ui import money

GRANTED = (State.APPROVED, State.CLOSED)


def _seen(talent: Any, reader: Any) -> Any:
    """What was sent: a draft is not yet anything done."""
    found = Application.objects.sent().filter(applicant=talent)
    return found.visible_to(reader) if reader is not None else found


def applications(talent: Any, reader: Any) -> Iterator[Deed]:
    own = reader is not None and talent.user_id == reader.pk
    for row in _seen(talent, reader):
        yield Deed(
            key=f"application:{row.pk}",
            kind="application",
            title=registry.title_of(row.scheme),
            day=timezone.localdate(row.submitted_at),
            state=row.state,
            state_label=row.applicant_label if own else row.staff_label,
            link=reverse("casework:application" if own else "casework:case", args=[row.pk]),
            icon="folder2-open",
            done=row.state in GRANTED,
            text=row.number or "",
        )


def payments(talent: Any, reader: Any) -> Iterator[Deed]:
    """What was paid to the person, a line for each case: for themselves and for who sees the case."""
    seen = _seen(talent, reader).values("pk")
    paid = BatchLine.objects.filter(outcome=BatchLine.Outcome.PAID, payable__application__in=seen, payable__payee=None)
    cases = paid.order_by("payable__application").values_list(
        "payable__application", "payable__application__scheme", "payable__application__number"
    )
    for pk, scheme, number, amount, last in cases.annotate(Sum("amount"), Max("returned_at")):
        named = {"service": registry.title_of(scheme), "amount": money(amount)}
        yield Deed(
            key=f"payment:{pk}",
            kind="payment",
            title=_("%(service)s: %(amount)s paid") % named,
            day=timezone.localdate(last) if last else None,
            state="paid",
            state_label=_("Paid"),
            icon="cash-coin",
            done=True,
            text=number or "",
        )


def certificates(talent: Any, reader: Any) -> Iterator[Deed]:
    for skill in talent.skills.all():
        yield Deed(
            key=f"certificate:{skill.pk}",
            kind="certificate",
            title=f"{skill.name} · {skill.get_level_display()}",
            day=skill.certified_on,
            icon="award",
            done=True,
        )


def recognition(talent: Any, reader: Any) -> Iterable[Deed]:
    if not talent.category:
        return ()
    valid = bool(talent.category_on(timezone.localdate()))
    return (
        Deed(
            key=f"recognition:{talent.pk}",
            kind="recognition",
            title=_("Talent category %(category)s") % {"category": talent.get_category_display()},
            day=talent.category_since,
            state="active" if valid else "ended",
            state_label=_("In force") if valid else _("Expired"),
            icon="patch-check",
            done=valid,
        ),
    )


def connect() -> None:
    deeds.register("application", gettext_lazy("Applications"), applications)
    deeds.register("payment", gettext_lazy("Payments"), payments)
    deeds.register("certificate", gettext_lazy("Certificates"), certificates)
    deeds.register("recognition", gettext_lazy("Talent category"), recognition)
