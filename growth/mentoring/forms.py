from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from growth.mentoring.actions.agreements import check_weeks, first_days
from growth.mentoring.actions.meetings import check_ahead, check_held
from growth.mentoring.actions.pairing import EARLY
from growth.mentoring.application_forms import several_field
from growth.mentoring.choices import Format, Grade, Language, MentoringKind, MentorKind, Side, Skill
from growth.mentoring.models import Agreement, Meeting, Mentor, Pair
from growth.mentoring.tariff import in_force, term_weeks
from talentmap.accounts.forms import MobileField
from talentmap.casework.documents import ACCEPT, MOST_DOCUMENTS, most_bytes
from talentmap.people.choices import EnterpriseStage, Industry
from talentmap.people.form_fields import OrganisationField, PlainFileInput
from talentmap.people.models import Organisation
from talentmap.regions.forms import RegionField
from talentmap.regions.models import Level
from talentmap.ui.errors import Refused
from talentmap.ui.forms import PageForm, PageModelForm

LONG = forms.Textarea


@contextmanager
def at_the_field() -> Iterator[None]:
    """Say what the action would refuse at the field, together with what else is wrong in the form."""
    try:
        yield
    except Refused as refusal:
        raise forms.ValidationError(str(refusal)) from refusal


class MentorForm(PageForm):
    """What somebody says who wishes to be a mentor."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=60)
    mobile = MobileField(help_text=_("Only the office and the talents whom you accompany see it."))
    kind = forms.ChoiceField(label=_("You are a"), choices=MentorKind.choices, widget=forms.RadioSelect)
    organisation = OrganisationField(label=_("Organisation"), required=True)
    position = forms.CharField(label=_("Position"), max_length=60)
    region = RegionField(label=_("Township or village"), levels=(Level.TOWNSHIP, Level.VILLAGE))
    offers = several_field(_("You can accompany in"), MentoringKind)
    industries = several_field(_("Industries that you know"), Industry)
    skills = several_field(_("What you can teach"), Skill)
    stages = several_field(_("Stages of enterprise that you know"), EnterpriseStage, required=False)
    languages = several_field(_("Languages"), Language)
    formats = several_field(_("How you can meet"), Format)
    capacity = forms.IntegerField(label=_("How many talents at the same time"), min_value=1, max_value=50)
    bio = forms.CharField(
        label=_("About you"),
        max_length=1000,
        widget=LONG,
        help_text=_("What you have done, and what you like to pass on. Everybody may read it; leave numbers out."),
    )
    autocomplete: ClassVar = {"name": "name", "mobile": "tel"}
    fieldsets: ClassVar[Any] = (
        (_("Person"), ("name", "mobile", "kind", "organisation", "position", "region")),
        (_("What you offer"), ("offers", "industries", "skills", "stages")),
        (_("How you meet"), ("languages", "formats", "capacity")),
        (_("About you"), ("bio",)),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = int(in_force(timezone.localdate())["mentor.places_most"])
        self.fields["capacity"].help_text = _("At most %(count)s.") % {"count": most}

    @property
    def values(self) -> dict[str, Any]:
        """What the action takes: an organisation of the register, or its name as typed."""
        values = dict(self.cleaned_data)
        if "organisation" in values:
            found = values["organisation"]
            is_known = isinstance(found, Organisation)
            values["organisation"] = found if is_known else None
            values["organisation_name"] = found.name if is_known else found
        return values


class ProfileForm(MentorForm):
    """What a verified mentor changes by themselves: neither the name nor the organisation that was verified."""

    fieldsets: ClassVar[Any] = (
        (_("Person"), ("mobile", "position", "region")),
        (_("What you offer"), ("offers", "industries", "skills", "stages")),
        (_("How you meet"), ("languages", "formats", "capacity")),
        (_("About you"), ("bio",)),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "kind", "organisation"):
            del self.fields[name]


def initial_of(mentor: Mentor) -> dict[str, Any]:
    """What a form begins with: the mentor as it is."""
    names = ("name", "mobile", "kind", "position", "region", "offers", "industries", "skills", "stages", "languages",
             "formats", "capacity", "bio")  # fmt: skip
    return {name: getattr(mentor, name) for name in names} | {"organisation": mentor.organisation_label}


# Said to the office itself, which nobody needs to ask.
TO_THE_OFFICE = {
    "not_registered": _(
        "No organisation of this name is registered: choose one of the list, or enter it under Organisations first."
    )
}


class InviteForm(PageForm):
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=60)
    mobile = MobileField()
    organisation = OrganisationField(label=_("Organisation"), only_registered=True, error_messages=TO_THE_OFFICE)


class VerifyForm(PageForm):
    organisation = OrganisationField(
        label=_("Organisation in the register"),
        required=True,
        only_registered=True,
        error_messages=TO_THE_OFFICE,
        help_text=_("The role of a mentor is held there. One that is missing is entered under Organisations first."),
    )
    region = RegionField(label=_("Township or village"), levels=(Level.TOWNSHIP, Level.VILLAGE))


class ReasonForm(PageForm):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=LONG)


class WishForm(ReasonForm):
    """What the office enters when one of the two has told it that they wish another mentor."""

    whose = forms.ChoiceField(
        label=_("Whose wish is it?"), choices=[(each, each.label) for each in (Side.TALENT, Side.MENTOR)],
        widget=forms.RadioSelect,
    )  # fmt: skip
    field_order = ("whose", "reason")


class PauseForm(PageForm):
    starts_on = forms.DateField(label=pgettext_lazy("date", "From"))
    until = forms.DateField(label=_("Until"), required=False, help_text=_("Leave empty: until you end the pause."))
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Shown on your public profile, for example: abroad until May.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("until")
        if first and last and last < first:
            self.add_error("until", _("The pause ends before it begins."))
        return cleaned


class AccountForm(PageForm):
    bank_name = forms.CharField(label=_("Bank"), max_length=100)
    bank_account = forms.CharField(
        label=_("Account number"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Kept encrypted; shown to nobody but for its last four digits."),
    )

    def clean_bank_account(self) -> str:
        digits = "".join(self.cleaned_data["bank_account"].split())
        if not digits.isdigit() or not 8 <= len(digits) <= 30:
            raise forms.ValidationError(_("An account number has 8 to 30 digits."))
        return digits


class AgreementForm(PageModelForm):
    class Meta:
        model = Agreement
        fields = ("starts_on", "weeks", "aims", "content", "duties")
        labels: ClassVar = {"starts_on": _("First day")}
        widgets: ClassVar = {"aims": LONG, "content": LONG, "duties": LONG}
        help_texts: ClassVar = {
            "aims": _("What shall be reached by the end of the term, so that both can tell."),
            "content": _("What you work on, and how often you meet."),
            "duties": _("What the mentor does, and what the talent does."),
        }

    def __init__(self, *args: Any, pair: Pair, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.first_days = first_days(pair, today)
        self.fields["starts_on"].help_text = self._between(_("Between %(first)s and %(last)s."))
        least, most = term_weeks(in_force(today))
        weeks: Any = self.fields["weeks"]
        weeks.help_text = _("Between %(least)s and %(most)s.") % {"least": least, "most": most}

    def clean_starts_on(self) -> date:
        found: date = self.cleaned_data["starts_on"]
        first, last = self.first_days
        if not first <= found <= last:
            raise forms.ValidationError(self._between(_("This term begins between %(first)s and %(last)s.")))
        return found

    def clean_weeks(self) -> int:
        found: int = self.cleaned_data["weeks"]
        with at_the_field():
            check_weeks(found, timezone.localdate())
        return found

    def _between(self, text: Any) -> Any:
        first, last = self.first_days
        return text % {"first": first, "last": last}


class StepForm(PageForm):
    title = forms.CharField(label=pgettext_lazy("mentoring plan", "Step"), max_length=120)
    due_on = forms.DateField(label=_("By"))


class DoneForm(PageForm):
    evidence = forms.CharField(
        label=_("What shows that it is done?"),
        max_length=500,
        widget=LONG,
        help_text=_("For example: shop opened, first 30 orders on 12 May; a file can be added on the pair's page."),
    )


class PlanMeetingForm(PageModelForm):
    class Meta:
        model = Meeting
        fields: Any = ("topic", "starts_at", "minutes", "format", "place")
        labels: Any = {"topic": pgettext_lazy("meeting", "Topic")}
        widgets: Any = {"format": forms.RadioSelect}

    check_time: ClassVar[Any] = staticmethod(check_ahead)

    def __init__(self, *args: Any, pair: Pair, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pair = pair

    def clean_starts_at(self) -> datetime:
        found: datetime = self.cleaned_data["starts_at"]
        with at_the_field():
            self.check_time(self.pair, found, timezone.now())
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("format") == Format.ON_SITE and not cleaned.get("place"):
            self.add_error("place", _("Say where you meet."))
        return cleaned


class LogMeetingForm(PlanMeetingForm):
    class Meta(PlanMeetingForm.Meta):
        fields: Any = (*PlanMeetingForm.Meta.fields, "content", "next_steps")
        widgets: Any = {**PlanMeetingForm.Meta.widgets, "content": LONG, "next_steps": LONG}

    check_time: ClassVar[Any] = staticmethod(check_held)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["content"].required = True


def file_limits() -> str:
    """What may be shared, to be said before somebody tries."""
    words = _(
        "JPEG, PNG, WebP or PDF, at most %(size)s a file; %(count)s files for each meeting, for each step, and for the "
        "pair besides"
    )
    return str(words % {"size": filesizeformat(most_bytes()), "count": MOST_DOCUMENTS})


class FileForm(PageForm):
    upload = forms.FileField(label=_("File"), widget=PlainFileInput(ACCEPT))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upload"].help_text = file_limits()


class PaperForm(PageForm):
    """A picture or PDF of what a talent without an account has signed."""

    upload = forms.FileField(label=_("The signed paper"), widget=PlainFileInput(ACCEPT))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = _("JPEG, PNG, WebP or PDF, at most %(size)s; every page in one file")
        self.fields["upload"].help_text = words % {"size": filesizeformat(most_bytes())}


class AssessmentForm(PageForm):
    grade = forms.ChoiceField(
        label=pgettext_lazy("mentoring", "Grade"), choices=Grade.choices, widget=forms.RadioSelect
    )
    comment = forms.CharField(
        label=_("Feedback"),
        max_length=1000,
        widget=LONG,
        help_text=_("The other side reads it after giving their own assessment, and it cannot be changed later."),
    )


class PaperAssessmentForm(PaperForm, AssessmentForm):
    """What a talent without an account says of a term, with the paper that they have signed."""

    field_order = ("grade", "comment", "upload")


class EndForm(PageForm):
    reason = forms.ChoiceField(label=_("Why does it end?"), widget=forms.RadioSelect)
    note = forms.CharField(label=_("In your words"), max_length=300, widget=LONG)

    def __init__(self, *args: Any, side: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        not_theirs = {Side.TALENT: Pair.EndReason.MENTOR, Side.MENTOR: Pair.EndReason.TALENT}.get(Side(side))
        reason: Any = self.fields["reason"]
        reason.choices = [(each.value, each.label) for each in EARLY if each != not_theirs]


class ProposalForm(PageForm):
    """Another mentor on a line of a round, out of those who may be asked; or nobody."""

    mentor = forms.ModelChoiceField(
        Mentor.objects.none(), label=_("Mentor"), required=False, empty_label=_("Leave this application out")
    )

    def __init__(self, *args: Any, lines: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mentor: Any = self.fields["mentor"]
        mentor.queryset = Mentor.objects.filter(pk__in=[line.mentor.pk for line in lines])
        mentor.choices = [("", mentor.empty_label), *((line.mentor.pk, line.short) for line in lines)]


def first_agreement(pair: Pair, today: date) -> dict[str, Any]:
    """Where an agreement begins: after the one in force, or today; half a year unless the two say otherwise."""
    return {"starts_on": first_days(pair, today)[0] if pair.term_ends_on else today, "weeks": 26}
