"""What other areas do when a file's ID number is another than before, or none any more."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from talentmap.people.models import Talent

if TYPE_CHECKING:
    from talentmap.accounts.models import User

Following = Callable[..., None]

FOLLOWING: list[Following] = []


def follows_number(following: Following) -> Following:
    """Register `following(by=, at=, talent=)`: it has an area's own records go by the number that the locked file has
    now; raises Refused where they cannot."""
    FOLLOWING.append(following)
    return following


def number_changed(*, by: "User", at: datetime, talent: Talent) -> None:
    for following in FOLLOWING:
        following(by=by, at=at, talent=talent)
