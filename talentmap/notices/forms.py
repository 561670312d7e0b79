"""Which groups of notices a person wants by which channel."""

from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from talentmap.accounts.permissions import Role
from talentmap.notices.kinds import ALWAYS_SENT, Group
from talentmap.notices.models import Channel
from talentmap.notices.queries import preferences_of
from talentmap.ui.forms import PageForm


class PreferencesForm(PageForm):
    """One checkbox a group and channel; those that cannot be turned off are shown checked and disabled."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = _groups_of(user)
        current = preferences_of(user)
        for group in self.groups:
            for channel in Channel:
                self.fields[_name(group, channel)] = forms.BooleanField(
                    label=channel.label,
                    required=False,
                    initial=current[group, channel] or group in ALWAYS_SENT,
                    disabled=group in ALWAYS_SENT,
                    help_text=_("Always sent, for your safety.") if group in ALWAYS_SENT else "",
                )

    def layout(self) -> Layout:
        return Layout(
            *(Fieldset(str(group.label), *(_name(group, channel) for channel in Channel)) for group in self.groups)
        )

    @property
    def wanted(self) -> dict[tuple[str, str], bool]:
        """The choices by (group, channel), once the form is valid."""
        return {
            (group, channel): self.cleaned_data[_name(group, channel)]
            for group in Group.values
            for channel in Channel.values
            if _name(group, channel) in self.fields and group not in ALWAYS_SENT
        }


def _name(group: str, channel: str) -> str:
    return f"{group}_{channel}"


def _groups_of(user: Any) -> list[Group]:
    """What can ever reach this person: no work waits for who holds no office, staff have no applications."""
    asked = {Group.ACCOUNT}
    if user.roles - {Role.TALENT}:
        asked.add(Group.WORK)
    if Role.TALENT in user.roles:
        asked |= {Group.CASES, Group.MONEY}
    return [group for group in Group if group in asked]
