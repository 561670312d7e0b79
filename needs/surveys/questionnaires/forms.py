from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from needs.surveys.questionnaires import ready
from needs.surveys.questionnaires.models import BankQuestion, Questionnaire
from talentmap.ui.forms import PageForm, PageModelForm

EMPTY = "empty"


class DescribeForm(PageModelForm):
    class Meta:
        model = Questionnaire
        fields = ("title", "audience", "description")
        help_texts: ClassVar = {"title": _("Respondents see it on top of the first page; it can be worded anew there.")}


class NewForm(DescribeForm):
    """A questionnaire to begin with: empty, ready made, or a copy of another one."""

    source = forms.ChoiceField(label=_("Begin with"))
    field_order = ("source", "title", "audience", "description")

    def __init__(self, *args: Any, questionnaires: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["source"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(EMPTY, _("An empty questionnaire")), *self._ready(), *self._copies(questionnaires)]

    @staticmethod
    def _ready() -> list[tuple[Any, Any]]:
        choices = [(f"ready:{each.code}", f"{each.label} · {each.title}") for each in ready.offered()]
        return [(_("Ready questionnaires"), choices)] if choices else []

    @staticmethod
    def _copies(questionnaires: Any) -> list[tuple[Any, Any]]:
        choices = [(f"copy:{pk}", title) for pk, title in questionnaires.values_list("pk", "title")]
        return [(_("A copy of"), choices)] if choices else []


class UploadForm(PageForm):
    file = forms.FileField(
        label=_("XLSForm workbook"),
        help_text=_("Excel (.xlsx, .xls) or CSV, up to 10 MB. First you see what is in it; nothing is saved yet."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )


class AcceptForm(DescribeForm):
    """What was read of a workbook, signed, and how the new questionnaire is to be called."""

    payload = forms.CharField(widget=forms.HiddenInput)


class AcceptDraftForm(PageForm):
    payload = forms.CharField(widget=forms.HiddenInput)


class PublishForm(PageForm):
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    note = forms.CharField(
        label=pgettext_lazy("questionnaire version", "What is new"),
        max_length=300,
        required=False,
        widget=forms.Textarea,
        help_text=_("Colleagues read it in the list of versions. For example: two questions about training added."),
    )


class BankForm(PageModelForm):
    class Meta:
        model = BankQuestion
        fields = ("title", "topic")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].help_text = _("Questions of one topic stand together, for example: the person, training.")
