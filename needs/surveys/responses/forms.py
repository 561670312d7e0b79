"""What a reviewer writes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from needs.surveys.responses.actions import Seen
from needs.surveys.responses.states import CHOICES

LONGEST_COMMENT = 500


class ReviewForm(forms.Form):
    """`seen` is what the page showed when it was opened."""

    to = forms.ChoiceField(choices=[(choice.to, choice.label) for choice in CHOICES.values()])
    comment = forms.CharField(
        label=_("Comment"), max_length=LONGEST_COMMENT, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    seen_state = forms.CharField(max_length=8, required=False, widget=forms.HiddenInput)
    seen_revision = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        choice = CHOICES.get(cleaned.get("to", ""))
        if choice and choice.needs_comment and not cleaned.get("comment") and "comment" not in self.errors:
            self.add_error("comment", _("Say why: it stays with the response."))
        return cleaned

    @property
    def seen(self) -> Seen | None:
        state, revision = self.cleaned_data.get("seen_state"), self.cleaned_data.get("seen_revision")
        return Seen(state, revision) if state and revision is not None else None
