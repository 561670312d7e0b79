"""Population margins as a table that people fill in with Excel; each cell's fault is told with its row and column."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.files import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from needs.surveys.columns import AgeBand, Sex
from needs.surveys.results.models import Margin
from talentmap.regions.models import Region
from talentmap.ui.workbooks import BadFile, Column, read_table

LIMIT_ROWS = 2000
MOST = 2_000_000_000
LANGUAGES = ("en", "zh-hans")
COLUMNS = (
    Column("dimension", gettext_lazy("Dimension"), aliases=("维度",)),
    Column("category", pgettext_lazy("margin", "Category"), aliases=("类别",)),
    Column("population", gettext_lazy("Population"), aliases=("人口", "人口数")),
)
Rows = dict[tuple[str, str], int]
Dimension = Margin.Dimension


def known_categories(townships: Iterable[Region]) -> dict[str, dict[str, str]]:
    """Categories by dimension with their words; occupations are the questionnaire's own and may be any."""
    return {
        Dimension.TOWNSHIP.value: {str(region.pk): region.name for region in townships},
        Dimension.AGE_BAND.value: {band.value: str(band.label) for band in AgeBand},
        Dimension.SEX.value: {sex.value: str(sex.label) for sex in Sex},
    }


def townships() -> list[Region]:
    return list(Region.objects.active().townships().order_by("code"))


def read_margins(upload: File) -> Rows:
    """The rows by dimension and category. Raises BadFile with the faults of all rows in its `errors`."""
    table = read_table(upload, COLUMNS, LIMIT_ROWS)
    dimensions, categories = _dimension_words(), _category_words()
    rows: Rows = {}
    errors = list(table.errors)
    for row in table.rows:
        if not row["population"]:
            continue  # the empty table lists every category: what is left blank is not part of the margins
        dimension = dimensions.get(_plain(row["dimension"]), "")
        category = _category(dimension, row["category"], categories)
        population = _number(row["population"])
        faults = {
            "dimension": "" if dimension else _("Write township, age band, sex or occupation."),
            "category": "" if category or not dimension else _("No such category: %(name)s.") % {
                "name": row["category"]},
            "population": "" if population is not None else _("Write a whole number from 0 to %(most)s.") % {
                "most": MOST},
        }  # fmt: skip
        if not any(faults.values()) and (dimension, category) in rows:
            faults["category"] = _("This category stands in the table twice.")
        errors += [table.error(row, name, fault) for name, fault in faults.items() if fault]
        if not any(faults.values()) and population is not None:
            rows[dimension, category] = population
    if errors:
        raise BadFile(_("Nothing was read: correct these cells and upload the file again."), errors)
    if not rows:
        raise BadFile(_("No category has a population."))
    return rows


def _category(dimension: str, text: str, categories: Mapping[str, Mapping[str, str]]) -> str:
    if dimension == Dimension.OCCUPATION:
        return text.strip()[:60]
    return categories.get(dimension, {}).get(_plain(text), "")


def _dimension_words() -> dict[str, str]:
    words: dict[str, str] = {}
    for language in LANGUAGES:
        with override(language):
            words |= {_plain(str(each.label)): each.value for each in Dimension}
    return words | {_plain(each.value): each.value for each in Dimension}


def _category_words() -> dict[str, dict[str, str]]:
    """Codes, names in both languages, and for townships also their statistical code."""
    places = townships()
    found: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        with override(language):
            for dimension, categories in known_categories(places).items():
                words = found.setdefault(dimension, {})
                words |= {_plain(label): category for category, label in categories.items()}
    for dimension, enum in ((Dimension.AGE_BAND, AgeBand), (Dimension.SEX, Sex)):
        found[dimension] |= {_plain(value): value for value in enum.values}
    found[Dimension.TOWNSHIP] |= {region.code: str(region.pk) for region in places}
    return found


def _plain(text: str) -> str:
    return "".join(text.split()).casefold().replace("_", "")


def _number(text: str) -> int | None:
    plain = text.replace(",", "").replace("，", "").strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 11 and int(plain) <= MOST else None


def table_rows(rows: Mapping[tuple[str, str], int | None]) -> list[list[Any]]:
    """As the import reads it: what was downloaded can be uploaded."""
    known = known_categories(townships())
    labels = {each.value: str(each.label) for each in Dimension}
    return [
        [labels[dimension], known.get(dimension, {}).get(category, category), population]
        for (dimension, category), population in rows.items()
    ]


def starting_rows() -> dict[tuple[str, str], int | None]:
    """Every township with its recorded inhabitants, every age band and sex to be filled in."""
    rows: dict[tuple[str, str], int | None] = {}
    for region in townships():
        rows[Dimension.TOWNSHIP.value, str(region.pk)] = region.population
    rows |= {(Dimension.AGE_BAND.value, band): None for band in AgeBand.values}
    return rows | {(Dimension.SEX.value, sex): None for sex in Sex.values}
