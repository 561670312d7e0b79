"""Which pathway the office starts for a person; those that fit by the file come first and say why."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from growth.pathways import facts, rules
from growth.pathways.choices import RuralLevel
from growth.pathways.models import Journey, Pathway
from growth.pathways.queries import offered
from talentmap.ui.forms import PageForm


class StartForm(PageForm):
    pathway = forms.ChoiceField(label=_("Pathway"), widget=forms.RadioSelect)
    rural_level = forms.ChoiceField(
        label=_("Level as practical rural talent"),
        choices=[("", _("Not recognised yet")), *RuralLevel.choices],
        required=False,
        help_text=_("Asked on the pathway of practical rural talents only."),
    )

    def __init__(self, *args: Any, talent: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        level = self.fields["rural_level"].initial = facts.rural_level_of(talent)
        standing = facts.standing_of(talent, at, level)
        under_way = Journey.objects.active().filter(talent=talent).values("pathway")
        self.known = {str(each.pk): each for each in offered().exclude(pk__in=under_way)}
        why = {key: rules.fit(each.audience, standing) for key, each in self.known.items()}
        field: Any = self.fields["pathway"]
        field.choices = [
            (key, f"{self.known[key].title} · {why[key]}" if why[key] else self.known[key].title)
            for key in sorted(self.known, key=lambda key: not why[key])
        ]

    def clean_pathway(self) -> Pathway:
        return self.known[self.cleaned_data["pathway"]]
