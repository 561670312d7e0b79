"""The forms of campaigns, interviewers and links; quotas have their own file."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from needs.surveys.campaigns.actions.linking import MOST_CODES
from needs.surveys.campaigns.models import Assignment, Campaign, PublicLink
from needs.surveys.campaigns.queries import TOWNSHIP_DIGITS, interviewers_in
from needs.surveys.campaigns.states import Step
from needs.surveys.questionnaires.models import Version
from talentmap.accounts.models import User
from talentmap.regions.models import Level, Region
from talentmap.ui.forms import PageForm, PageModelForm

ALL, CHOSEN = "all", "chosen"


class VersionChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        number = _("version %(number)s") % {"number": obj.number}
        day = f"{timezone.localtime(obj.published_at):%Y-%m-%d}"
        return " · ".join(filter(None, (obj.questionnaire.title, number, day, obj.note)))


def usable_versions() -> QuerySet[Version]:
    found = Version.objects.published().filter(questionnaire__archived_at=None).select_related("questionnaire")
    return found.defer("document", "compiled").order_by("questionnaire__title", "-number")


class CampaignForm(PageModelForm):
    """Questionnaire and period can be chosen while the campaign is being prepared only."""

    version = VersionChoice(label=gettext_lazy("Questionnaire"), queryset=Version.objects.none())
    where = forms.ChoiceField(
        label=gettext_lazy("Townships"),
        choices=[
            (ALL, gettext_lazy("All townships of the county")),
            (CHOSEN, gettext_lazy("Those that are ticked here")),
        ],
        widget=forms.RadioSelect,
        initial=ALL,
    )
    townships = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Chosen townships"),
        queryset=Region.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Townships can be added later; one with answers cannot be taken out."),
    )
    fieldsets = (
        (gettext_lazy("What is asked"), ("title", "version", "shortest_minutes")),
        (pgettext_lazy("fieldset", "When"), ("starts_on", "ends_on")),
        (pgettext_lazy("fieldset", "Where"), ("where", "townships")),
    )

    class Meta:
        model = Campaign
        fields = ("title", "version", "shortest_minutes", "starts_on", "ends_on")
        help_texts = {
            "title": gettext_lazy("As interviewers will see it, for example: 2026 villagers' survey"),
            "shortest_minutes": gettext_lazy("An interview that took less time is flagged for the reviewer."),
            "ends_on": gettext_lazy("Answers are taken up to and including this day; it can be extended later."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._townships = Region.objects.townships().active().order_by("code")
        self.fields["townships"].queryset = self._townships  # type: ignore[attr-defined]
        if self.instance.pk:
            present = {row.region_id for row in self.instance.townships.all()}
            everywhere = present and not self._townships.exclude(pk__in=present).exists()
            self.initial.update(townships=present, where=ALL if everywhere else CHOSEN)
        if self.instance.pk and self.instance.state != Campaign.State.DRAFT:
            for name in ("version", "starts_on", "ends_on"):
                del self.fields[name]
        else:
            self.fields["version"].queryset = usable_versions()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.pop("where", "") == ALL:
            values["townships"] = self._townships
        starts_on, ends_on = values.get("starts_on"), values.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The campaign ends before it begins."))
        return values

    def _post_clean(self) -> None:
        """The action fills the model: here it would overwrite what the page shows besides the form."""


class StepForm(PageForm):
    """Confirms a step; to open a closed campaign again takes a reason and a last day that is not over."""

    ends_on = forms.DateField(label=gettext_lazy("New last day"))
    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea, max_length=300)

    def __init__(self, *args: Any, step: Step, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if step.needs_reason:
            self.fields["ends_on"].initial = campaign.ends_on
        else:
            del self.fields["ends_on"], self.fields["reason"]


class LastDayForm(PageForm):
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"), help_text=gettext_lazy("Answers are taken up to and including this day.")
    )


class VersionForm(PageForm):
    version = VersionChoice(label=gettext_lazy("Questionnaire version"), queryset=Version.objects.none())

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = usable_versions().filter(questionnaire=campaign.questionnaire_id).exclude(pk=campaign.version_id)
        self.fields["version"].queryset = others  # type: ignore[attr-defined]


# interviewers --------------------------------------------------------------------------------------------


class PlaceChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        whole = _("%(township)s (all of it)") % {"township": obj.name}
        return whole if obj.level == Level.TOWNSHIP else obj.short_name


class AssignmentForm(PageModelForm):
    """One interviewer, one place. The places offered are those of one township, chosen on the page before."""

    region = PlaceChoice(label=gettext_lazy("Place"), queryset=Region.objects.none())
    interviewer = forms.ModelChoiceField(
        label=gettext_lazy("Interviewer"),
        queryset=User.objects.none(),
        help_text=gettext_lazy("Cadres of the township, and people of the office"),
    )

    class Meta:
        model = Assignment
        fields = ("interviewer", "region", "target")
        help_texts = {"target": gettext_lazy("How many answers are expected of this person there; may stay empty")}

    def __init__(self, *args: Any, township: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = Region.objects.active().filter(code__startswith=township.code[:TOWNSHIP_DIGITS])
        self.fields["region"].queryset = inside.select_related("parent").order_by("code")  # type: ignore[attr-defined]
        self.fields["region"].initial = township.pk
        self.fields["interviewer"].queryset = interviewers_in(township)  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """The action makes the assignment."""

    def clean_target(self) -> int | None:
        target = self.cleaned_data["target"]
        if target is not None and target > 100_000:
            raise forms.ValidationError(_("That is more than anybody can interview."))
        return target


# links ---------------------------------------------------------------------------------------------------


class LinkForm(PageForm):
    region = forms.ModelChoiceField(
        label=gettext_lazy("Township"),
        queryset=Region.objects.none(),
        required=False,
        empty_label=gettext_lazy("All townships of the campaign: people choose theirs"),
    )
    one_each = forms.ChoiceField(
        label=gettext_lazy("A person may answer"),
        choices=PublicLink.OneEach.choices,
        initial=PublicLink.OneEach.DEVICE,
        widget=forms.RadioSelect,
    )
    per_hour = forms.IntegerField(
        label=gettext_lazy("Most answers an hour from one address"),
        min_value=1,
        max_value=1000,
        initial=30,
        help_text=gettext_lazy("A village with one shared connection needs more than a single household."),
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taking_part = campaign.townships.values("region")
        self.fields["region"].queryset = Region.objects.filter(pk__in=taking_part).order_by("code")  # type: ignore[attr-defined]


class CodesForm(PageForm):
    count = forms.IntegerField(
        label=gettext_lazy("How many codes"),
        min_value=1,
        max_value=MOST_CODES,
        initial=50,
        help_text=gettext_lazy("They are downloaded once, as an Excel file: afterwards nobody can read them again."),
    )
