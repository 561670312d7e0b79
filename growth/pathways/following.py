"""Roadmaps follow the record as soon as it changes: each capability names the rows that a milestone may ask for.

    following.follow(Loan, talent="talent_id", when="state")      # in loans' hooks

The record is read again by a task after the commit, so that whoever decides does not wait for somebody's roadmap; the
hourly reading stays for what follows from the calendar alone, and for when the broker was away.
"""

from functools import partial
from operator import attrgetter
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from growth.pathways.models import Journey


def follow(model: type[Model], *, talent: str, when: str = "") -> None:
    """Read the roadmaps of the person at the path `talent` again whenever a row is stored or goes away; with `when`
    not for a save that leaves that column alone."""

    def stored(sender: Any, instance: Any, update_fields: Any = None, raw: bool = False, **_more: Any) -> None:
        if not raw and (update_fields is None or not when or when in update_fields):
            changed(attrgetter(talent)(instance))

    for signal in (post_save, post_delete):
        signal.connect(stored, sender=model, weak=False, dispatch_uid=f"pathways: {model._meta.label}")


def changed(talent_id: int | None) -> None:
    """The record of this person has changed in the transaction that runs."""
    if talent_id is not None:
        transaction.on_commit(partial(_enqueue, talent_id), robust=True)


def _enqueue(talent_id: int) -> None:
    from growth.pathways.tasks import catch_up_talent

    if Journey.objects.active().filter(talent=talent_id).exists():
        # One try only: where the broker is away, the hourly reading follows later and nobody waits now.
        catch_up_talent.apply_async((talent_id,), retry=False)
