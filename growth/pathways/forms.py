"""What people type about roadmaps: ticks with evidence, answers, stages, the start. Templates have their own forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from growth.pathways.choices import RuralLevel
from talentmap.casework.documents import ACCEPT
from talentmap.ui.forms import PageForm


class TickForm(PageForm):
    """`choices` are the deeds that the person can point to."""

    text = forms.CharField(
        label=_("In words"), max_length=1000, required=False, widget=forms.Textarea,
        help_text=_("What was done, when and where."),
    )  # fmt: skip
    deed = forms.ChoiceField(label=_("Something already on record"), required=False)
    file = forms.FileField(
        label=_("Picture or PDF"), required=False, widget=forms.ClearableFileInput(attrs={"accept": ACCEPT})
    )

    def __init__(self, *args: Any, choices: list[tuple[str, Any]], limits: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["deed"]
        field.choices = [("", _("Nothing of it")), *choices]
        self.fields["file"].help_text = limits
        if not choices:
            del self.fields["deed"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        shown = (cleaned.get("text", "").strip(), cleaned.get("deed"), cleaned.get("file"))
        if not any(shown) and not self.errors:
            raise forms.ValidationError(_("Write a few words, choose something that was done, or attach a file."))
        return cleaned


class ConfirmForm(PageForm):
    note = forms.CharField(label=_("A word to the talent"), max_length=300, required=False, widget=forms.Textarea)


class SendBackForm(PageForm):
    note = forms.CharField(label=_("What is missing"), max_length=300, widget=forms.Textarea)


class WithdrawForm(PageForm):
    """One's own tick that nobody confirmed is taken back without a word; any other needs a reason."""

    note = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea)

    def __init__(self, *args: Any, says_why: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = says_why


class StageForm(PageForm):
    stage = forms.ChoiceField(label=_("Stage"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea)

    def __init__(self, *args: Any, stages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["stage"]
        field.choices = stages


class LevelForm(PageForm):
    level = forms.ChoiceField(
        label=_("Level as practical rural talent"),
        choices=[("", _("Not recognised")), *RuralLevel.choices],
        required=False,
        widget=forms.RadioSelect,
    )


class EndForm(PageForm):
    reason = forms.CharField(label=_("Why"), max_length=200, widget=forms.Textarea)
