"""The choice of a region, for every form that needs one, and the forms of the regions' own pages."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from talentmap.regions.models import Level, Region
from talentmap.ui.forms import PageForm, PageModelForm


class _GroupedIterator(forms.models.ModelChoiceIterator):
    """Villages under the name of their township; the township itself comes first."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        regions = list(self.queryset.select_related("parent").order_by("code"))
        group: list[Any] = []
        name = ""
        for region in regions:
            if region.level == Level.VILLAGE:
                if region.parent.name != name:
                    yield from _closed(name, group)
                    name, group = region.parent.name, []
                group.append(self.choice(region))
                continue
            yield from _closed(name, group)
            name, group = ("", []) if region.level == Level.COUNTY else (region.name, [self.choice(region)])
            if region.level == Level.COUNTY:
                yield self.choice(region)
        yield from _closed(name, group)


def _closed(name: str, group: list[Any]) -> Iterable[Any]:
    return [(name, group)] if len(group) > 1 else group


class RegionField(forms.ModelChoiceField):
    """A region in use: `RegionField(levels=(Level.TOWNSHIP, Level.VILLAGE), label=…)`."""

    iterator = _GroupedIterator

    def __init__(self, *, levels: Iterable[str] = (), queryset: QuerySet | None = None, **kwargs: Any) -> None:
        regions = Region.objects.active() if queryset is None else queryset
        if levels:
            regions = regions.filter(level__in=tuple(levels))
        kwargs.setdefault("label", _("Region"))
        super().__init__(regions, **kwargs)

    def label_from_instance(self, region: Any) -> str:
        return str(region.full_name)


class RegionForm(PageModelForm):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    fieldsets = (
        (_("Name and codes"), ("name", "code", "alt_code", "is_active")),
        (_("Inhabitants"), ("population", "population_as_of")),
        (_("On the map"), ("latitude", "longitude", "tile_x", "tile_y")),
    )

    class Meta:
        model = Region
        fields = (
            "name",
            "code",
            "alt_code",
            "is_active",
            "population",
            "population_as_of",
            "latitude",
            "longitude",
            "tile_x",
            "tile_y",
        )
        help_texts = {
            "code": _("Twelve digits of the statistical office. What lies below moves along with a new code."),
            "alt_code": _("The code of the civil-affairs ministry, where it differs."),
            "is_active": _("A region no longer in use cannot be chosen, but stays in old records."),
            "latitude": _("Decimal degrees, for example 28.38812."),
            "longitude": _("Decimal degrees, for example 104.56339."),
            "tile_x": _("Where the township stands in the tile map: column from the left, from 0."),
            "tile_y": _("Row from the top, from 0."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version


class RegionImportForm(PageForm):
    file = forms.FileField(
        label=_("Table of regions"),
        help_text=_(
            "CSV or Excel, up to 5,000 rows, with the columns code and name, and if wanted alt_code, population, "
            "population_as_of, latitude, longitude, tile_x, tile_y."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )
