"""Questions that pages ask about notices."""

from typing import Any

from talentmap.notices import kinds
from talentmap.notices.models import Channel, Notice, Preference


def unread_count(user: Any) -> int:
    """How many notices `user` has not read; one query over a partial index, none for who is not signed in."""
    return Notice.objects.visible_to(user).unread().count() if user.is_authenticated else 0


def preferences_of(user: Any) -> dict[tuple[str, str], bool]:
    """What `user` wants by (group, channel): their own choice, else whether any kind of the group goes that way."""
    chosen = {
        (group, channel): wanted
        for group, channel, wanted in Preference.objects.filter(user=user).values_list(
            "kind_group", "channel", "wanted"
        )
    }
    return {
        (group, channel): chosen.get((group, channel), _goes_by_itself(group, channel))
        for group in kinds.Group.values
        for channel in Channel.values
    }


def _goes_by_itself(group: str, channel: str) -> bool:
    return any(channel in kind.channels for kind in kinds.registered() if kind.group == group)
