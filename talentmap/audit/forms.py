from django import forms
from django.utils.translation import gettext_lazy as _

from talentmap.ui.forms import PageForm


class ExportForm(PageForm):
    """A copy of the history leaves the platform: somebody has to say what for."""

    reason = forms.CharField(label=_("What do you need the copy for?"), min_length=4, max_length=200)
