"""The forms of the editor of pathway templates."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from growth.pathways import deeds
from growth.pathways.choices import RECORDS_WITH_VALUE, STANDINGS, Audience, Record, RuralLevel
from growth.pathways.models import Pathway, PathwayMilestone, PathwayStage, PathwayVersion
from talentmap.casework import registry
from talentmap.people.choices import EnterpriseStage, SkillLevel
from talentmap.ui.forms import PageForm, PageModelForm


class PathwayForm(PageForm):
    title = forms.CharField(label=pgettext_lazy("pathway", "Title"), max_length=80)
    audience = forms.ChoiceField(label=_("For whom"), choices=Audience.choices, widget=forms.RadioSelect)
    summary = forms.CharField(label=_("In short"), max_length=500, required=False, widget=forms.Textarea)


class TitleForm(PageForm):
    title = forms.CharField(label=pgettext_lazy("pathway", "Title"), max_length=80)


class _OfDraft(PageForm):
    """What is typed over a draft goes back to the draft that was looked at."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class SummaryForm(_OfDraft):
    summary = forms.CharField(label=_("In short"), max_length=500, required=False, widget=forms.Textarea)


class PublishForm(_OfDraft):
    note = forms.CharField(
        label=_("What is new"), max_length=300, required=False, widget=forms.Textarea,
        help_text=_("People on an older version read this before they move."),
    )  # fmt: skip


class StageForm(PageModelForm):
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = PathwayStage
        fields = ("title", "description", "standing")
        help_texts: ClassVar = {
            "standing": _("Who is there by their file begins at this stage, or comes to it once the file says so."),
        }

    def __init__(self, *args: Any, version: PathwayVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = STANDINGS.get(version.pathway.audience)
        if kind is None:
            del self.fields["standing"]
        else:
            nobody = [("", _("Nobody in particular"))]
            self.fields["standing"] = forms.ChoiceField(
                label=_("Who begins here"), choices=nobody + list(kind.choices), required=False,
                help_text=self.Meta.help_texts["standing"],
            )  # fmt: skip

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}


class MilestoneForm(PageModelForm):
    fieldsets: ClassVar = (
        (_("The milestone"), ("stage_code", "title", "evidence", "required")),
        (_("How it is met"), ("needs", "record", "skill", "enterprise", "rural", "application", "deed")),
        (_("What helps"), ("services",)),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    stage_code = forms.ChoiceField(label=_("Stage"))
    services = forms.MultipleChoiceField(
        label=_("Services that help"), required=False, widget=forms.CheckboxSelectMultiple
    )
    application = forms.ChoiceField(label=_("Which service"), required=False)
    deed = forms.ChoiceField(label=_("What was done"), required=False)
    skill = forms.ChoiceField(label=_("At least this skill level"), choices=SkillLevel.choices, required=False)
    enterprise = forms.ChoiceField(
        label=_("At least this stage of the enterprise"), choices=EnterpriseStage.choices, required=False
    )
    rural = forms.ChoiceField(
        label=_("At least this level as rural talent"), choices=RuralLevel.choices, required=False
    )

    class Meta:
        model = PathwayMilestone
        fields = ("title", "evidence", "required", "needs", "record")

    def __init__(self, *args: Any, version: PathwayVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held: PathwayMilestone = self.instance
        if version.pathway.audience != Audience.RURAL:
            self._leave_out_rural_level()
        self._choose("stage_code", [(row.code, row.title) for row in version.stages.order_by("position")])
        self._choose("services", _with_unknown(_services(), held.services))
        self._choose("application", _with_unknown(_services(), [held.record_value] * (held.record == "application")))
        kinds = [(kind.code, kind.label) for kind in deeds.kinds()]
        self._choose("deed", _with_unknown(kinds, [held.record_value] * (held.record == "deed")))
        self.fields["services"].initial = held.services
        if held.record in RECORDS_WITH_VALUE:
            self.fields[held.record].initial = held.record_value

    def _leave_out_rural_level(self) -> None:
        """On other pathways nobody enters it: the milestone would never be met."""
        field: Any = self.fields["record"]
        field.choices = [(value, label) for value, label in field.choices if value != Record.RURAL]
        del self.fields["rural"]

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        record = cleaned.get("record", "")
        if record in RECORDS_WITH_VALUE and not cleaned.get(record):
            self.add_error(record, _("Choose which."))
        if not record and not cleaned.get("evidence", "").strip():
            self.add_error("evidence", _("Say what counts as evidence, or what on record meets the milestone."))
        return cleaned

    def _post_clean(self) -> None:
        """The row is made by the action; here nothing of it is complete enough to be judged by the database's rules."""

    def values(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        record = cleaned["record"]
        named = {name: cleaned[name] for name in self.Meta.fields}
        value = cleaned[record] if record in RECORDS_WITH_VALUE else ""
        needs = "" if record else cleaned["needs"]
        return {**named, "needs": needs, "record_value": value, "services": cleaned["services"]}


def _services() -> list[tuple[str, Any]]:
    return [(scheme.code, scheme.title) for scheme in registry.all_schemes()]


def _with_unknown(choices: list[tuple[str, Any]], held: list[str]) -> list[tuple[str, Any]]:
    """What no app offers at present stays as it was chosen, by its code."""
    known = {code for code, _label in choices}
    return choices + [(code, code) for code in held if code not in known]


def copied_title(pathway: Pathway) -> str:
    from django.utils.translation import gettext

    return gettext("%(title)s (copy)") % {"title": pathway.title}
