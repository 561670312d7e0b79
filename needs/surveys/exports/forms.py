"""What is to be exported: format, columns, words, filters."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crispy_forms.layout import Layout as FormLayout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from needs.surveys.campaigns.models import Campaign
from needs.surveys.exports.columns import Question, Table
from needs.surveys.exports.models import ExportJob
from needs.surveys.exports.options import CODES, EACH, FLAGGED, LABELS, ONE, UNFLAGGED, Filters, Options
from needs.surveys.exports.queries import layout_of, versions_of, weight_runs
from needs.surveys.exports.selecting import TITLES, UUID
from needs.surveys.responses.models import Response
from talentmap.accounts.permissions import Permission as P
from talentmap.regions.models import Region
from talentmap.ui.forms import PageForm


@dataclass(frozen=True)
class Leaf:
    code: str
    label: str
    hint: str
    is_personal: bool
    is_chosen: bool


@dataclass(frozen=True)
class Branch:
    label: str
    leaves: tuple[Leaf, ...]


class ExportForm(PageForm):
    format = forms.ChoiceField(
        label=gettext_lazy("Format"), choices=ExportJob.Format.choices, widget=forms.RadioSelect, initial="xlsx"
    )
    words = forms.ChoiceField(
        label=gettext_lazy("Headings and choices"),
        choices=[
            (LABELS, gettext_lazy("Labels, as people read them")),
            (CODES, gettext_lazy("Codes, for statistics programs")),
        ],
        widget=forms.RadioSelect,
        initial=LABELS,
        help_text=gettext_lazy("An SPSS file always has both."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the labels"), required=False)
    version = forms.TypedChoiceField(
        label=gettext_lazy("Questionnaire version"), coerce=int, empty_value=None, required=False
    )
    multiple = forms.ChoiceField(
        label=gettext_lazy("Questions with several choices"),
        choices=[(ONE, gettext_lazy("One column")), (EACH, gettext_lazy("A column for each choice"))],
        widget=forms.RadioSelect,
        initial=ONE,
    )
    weights = forms.TypedChoiceField(label=gettext_lazy("Weights"), coerce=int, empty_value=None, required=False)
    states = forms.MultipleChoiceField(
        label=gettext_lazy("Review state"),
        choices=Response.State.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen means all."),
    )
    townships = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Townships"),
        queryset=Region.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen means all."),
    )
    since = forms.DateField(label=gettext_lazy("Finished from"), required=False)
    until = forms.DateField(label=gettext_lazy("Finished until"), required=False)
    flags = forms.ChoiceField(
        label=gettext_lazy("Suspicions"),
        choices=[
            ("", gettext_lazy("All responses")),
            (FLAGGED, gettext_lazy("Only suspicious ones")),
            (UNFLAGGED, gettext_lazy("Only those without suspicion")),
        ],
        required=False,
    )
    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Columns"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one column.")},
    )
    with_personal = forms.BooleanField(
        label=gettext_lazy("With answers that name a person"),
        required=False,
        help_text=gettext_lazy("The access log records that you exported them, and why."),
    )
    reason = forms.CharField(label=pgettext_lazy("for reading", "Reason"), max_length=200, required=False)

    fieldsets = (
        (pgettext_lazy("export", "File"), ("format", "words", "language", "multiple", "weights")),
        (gettext_lazy("Whose answers"), ("states", "townships", "since", "until", "flags", "version")),
        (gettext_lazy("Answers that name a person"), ("with_personal", "reason")),
    )

    def __init__(self, *args: Any, campaign: Campaign, user: Any, **kwargs: Any) -> None:
        self.campaign, self.user = campaign, user
        self.versions = versions_of(campaign)
        self.questions = layout_of(self.versions)
        self.may_read_personal = user.may(P.READ_RESPONDENTS) and self.questions.has_personal
        super().__init__(*args, **kwargs)
        self._offer()

    def _offer(self) -> None:
        fields: dict[str, Any] = self.fields
        if not self.may_read_personal:
            del fields["with_personal"], fields["reason"]
        languages = [(name, name or _("without a language")) for name in self.questions.languages]
        fields["language"].choices = [("", _("As the questionnaire has it")), *languages]
        numbers = [(each.pk, _("Version %(number)s") % {"number": each.number}) for each in self.versions]
        fields["version"].choices = [("", _("All versions, merged question by question")), *reversed(numbers)]
        runs = [
            (run.pk, f"#{run.number} · {timezone.localtime(run.made_at):%Y-%m-%d}")
            for run in weight_runs(self.campaign)
        ]
        fields["weights"].choices = [("", _("None")), *runs]
        fields["townships"].queryset = self._townships()
        codes = [code for code in TITLES if code != UUID] + [q.code for q in self._offered()]
        fields["columns"].choices = [(code, code) for code in codes]
        fields["columns"].initial = codes

    def _townships(self) -> QuerySet[Region]:
        within = self.user.reach(P.EXPORT_RESPONSES).q(region="region")
        taking_part = self.campaign.townships.filter(within).order_by().values("region")
        return Region.objects.filter(pk__in=taking_part).order_by("code")

    def _offered(self) -> Iterator[Question]:
        for table in self.questions:
            yield from (q for q in table.questions if self.may_read_personal or not q.personal)

    def layout(self) -> FormLayout:
        """The columns have a tree of their own below the other fields."""
        whole = super().layout()
        return FormLayout(*(field for field in whole.fields if field != "columns"))

    @cached_property
    def tree(self) -> list[Branch]:
        """All columns, by the groups in which they are asked."""
        chosen = set(self["columns"].value() or ())
        about = [Leaf(code, str(title), "", False, code in chosen) for code, title in TITLES.items() if code != UUID]
        branches: dict[str, list[Leaf]] = {_("About the response"): about}
        for table in self.questions:
            for question in table.questions:
                if self.may_read_personal or not question.personal:
                    branches.setdefault(self._branch(table, question), []).append(self._leaf(question, chosen))
        return [Branch(label, tuple(leaves)) for label, leaves in branches.items()]

    def _branch(self, table: Table, question: Question) -> str:
        labels = [self.questions.said(texts, "", "") for texts in question.groups]
        if table.path:
            repeat = self.questions.said(table.label, "", table.code)
            labels.insert(0, _("Repeat: %(label)s") % {"label": repeat})
        return " / ".join(label for label in labels if label) or _("Questions")

    def _leaf(self, question: Question, chosen: set[str]) -> Leaf:
        label = self.questions.said(question.label, "", question.id)
        return Leaf(question.code, label, question.code, question.personal, question.code in chosen)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", ValidationError(_("The last day comes before the first.")))
        if data.get("with_personal") and not data.get("reason", "").strip():
            self.add_error("reason", ValidationError(_("Say why you need to read this.")))
        return data

    def options(self) -> Options:
        data = self.cleaned_data
        filters = Filters(
            states=tuple(data["states"]),
            townships=tuple(region.pk for region in data["townships"]),
            since=data["since"].isoformat() if data["since"] else "",
            until=data["until"].isoformat() if data["until"] else "",
            flags=data["flags"],
        )
        return Options(
            columns=tuple(data["columns"]),
            words=data["words"],
            language=data["language"],
            version=data["version"],
            multiple=data["multiple"],
            weights=data["weights"],
            filters=filters,
        )
