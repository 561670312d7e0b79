"""The form in which a talent asks for a mentor, one thing a page."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, ClassVar

from crispy_forms.layout import HTML, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from growth.mentoring import matching, presentation
from growth.mentoring.choices import Format, Language, Skill
from growth.mentoring.models import Mentor, MentoringApplication
from growth.mentoring.models_matching import WISHES
from talentmap.casework.page_form import SchemePageForm


def several_field(label: Any, choices: Any, **options: Any) -> forms.MultipleChoiceField:
    """Boxes to tick."""
    return forms.MultipleChoiceField(
        label=label, choices=choices.choices, widget=forms.CheckboxSelectMultiple, **options
    )


class GoalsForm(SchemePageForm):
    class Meta:
        model = MentoringApplication
        fields = ("kind", "goals", "enterprise_stage", "industry")
        widgets: ClassVar = {"kind": forms.RadioSelect}
        help_texts: ClassVar = {
            "goals": _("For example: sell the tea of twenty households under a brand of our own within a year."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("kind", "goals"):
            self.fields[name].required = True


class NeedsForm(SchemePageForm):
    skill_gaps = several_field(_("What do you want to learn?"), Skill)
    formats = several_field(_("How can you meet?"), Format)
    languages = several_field(_("Which languages do you speak?"), Language)

    class Meta:
        model = MentoringApplication
        fields = ("skill_gaps", "formats", "languages")

    class Media:
        css: ClassVar = {"all": ["css/mentoring.css"]}


class _Ranked(forms.models.ModelChoiceIterator):
    """The mentors in the order of the ranking, each with what it found; read when they are shown, not before."""

    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label)
        field: Any = self.field
        for line in field.form.lines:
            yield (line.mentor.pk, line.short)


class WishField(forms.ModelChoiceField):
    iterator = _Ranked
    form: "WishesForm"

    def label_from_instance(self, mentor: Any) -> str:
        return f"{mentor.name} · {mentor.organisation_label}"


class WishesForm(SchemePageForm):
    """Up to three wishes, out of the ranked candidates that the page lists with the reasons."""

    first_wish = WishField(Mentor.objects.none(), label=_("First wish"), required=False)
    second_wish = WishField(Mentor.objects.none(), label=_("Second wish"), required=False)
    third_wish = WishField(Mentor.objects.none(), label=_("Third wish"), required=False)

    class Meta:
        model = MentoringApplication
        fields = WISHES

    class Media:
        css: ClassVar = {"all": ["css/mentoring.css"]}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        public = Mentor.objects.public().without_secrets().select_related("organisation")
        for name in WISHES:
            field: Any = self.fields[name]
            field.form, field.empty_label = self, _("No wish")
            field.queryset = public

    @cached_property
    def lines(self) -> "list[presentation.Line]":
        """Who may be asked now, the best first; and whoever was chosen before and may not."""
        today, detail = timezone.localdate(), self.instance
        found = matching.ranked_for(detail, today) if detail.kind else []
        lines = [presentation.line(mentor, fit) for mentor, fit in found]
        there = {line.mentor.pk for line in lines}
        kept = [mentor for mentor in detail.wishes if mentor.pk not in there]
        return [*lines, *(presentation.line(mentor, None) for mentor in kept)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen: set[int] = set()
        for name in WISHES:
            mentor = cleaned.get(name)
            if mentor is None:
                continue
            if mentor.pk in chosen:
                self.add_error(name, _("Each wish is another mentor."))
            if self.instance.kind and self.instance.kind not in mentor.offers:
                self.add_error(name, _("This is not a mentor of the kind that you look for."))
            if mentor.user_id is not None and mentor.user_id == self.context.talent.user_id:
                self.add_error(name, _("Nobody is their own mentor."))
            chosen.add(mentor.pk)
        return cleaned

    def layout(self) -> Layout:
        return Layout(*WISHES, HTML('{% include "mentoring/parts/candidates.html" with lines=form.lines %}'))
