from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from needs.surveys.filling.imports import MOST_BYTES
from talentmap.ui.forms import PageForm


class QueueFileForm(PageForm):
    file = forms.FileField(
        label=gettext_lazy("File of a device's queue"),
        help_text=gettext_lazy("Made by “Export the queue to a file” on the phone. At most 500 responses and 100 MB."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("The file has %(size)s; at most %(most)s are possible.")
                % {"size": filesizeformat(file.size), "most": filesizeformat(MOST_BYTES)}
            )
        return file
