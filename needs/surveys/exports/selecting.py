"""Which responses an export holds and what stands beside their answers: one statement, its texts by the database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import F, Func, OuterRef, QuerySet, Subquery, TextChoices, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from needs.surveys.campaigns.models import Campaign
from needs.surveys.columns import AgeBand, Sex
from needs.surveys.exports.cells import choice_words
from needs.surveys.exports.columns import Layout
from needs.surveys.exports.options import FLAGGED, UNFLAGGED, Filters, Options
from needs.surveys.responses.models import Response
from needs.surveys.responses.rules import Flag
from needs.surveys.results.models import WeightCell
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.downloads import harmless

BESIDE = "@"
UUID = "@uuid"
WEIGHT = "@weight"

# What stands beside the answers, by the code under which it is chosen.
TITLES: dict[str, Any] = {
    UUID: gettext_lazy("Response ID"),
    "@version": gettext_lazy("questionnaire version"),
    "@township": gettext_lazy("township"),
    "@village": gettext_lazy("village"),
    "@channel": gettext_lazy("channel"),
    "@interviewer": gettext_lazy("interviewer"),
    "@language": gettext_lazy("language"),
    "@started_at": gettext_lazy("started at"),
    "@finished_at": gettext_lazy("finished at"),
    "@received_at": gettext_lazy("received at"),
    "@state": pgettext_lazy("survey response", "state"),
    "@flags": gettext_lazy("suspicions"),
    "@age_band": gettext_lazy("age band"),
    "@sex": pgettext_lazy("respondent", "sex"),
    "@occupation": pgettext_lazy("respondent", "occupation"),
}


class LocalTime(Func):
    """A moment as local text: the database writes it faster than Python does, and beside it."""

    function = "to_char"
    template = "to_char(%(expressions)s at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS')"
    output_field = TextField()


def _text(path: str) -> Any:
    return Coalesce(Cast(F(path), TextField()), Value(""), output_field=TextField())


_SOURCES: dict[str, Any] = {
    UUID: _text("uuid"),
    "@version": F("version__number"),
    "@township": F("township__name"),
    "@village": _text("village__name"),
    "@channel": F("channel"),
    "@interviewer": _text("interviewer__display_name"),
    "@language": F("language"),
    "@started_at": LocalTime(F("started_at")),
    "@finished_at": LocalTime(F("finished_at")),
    "@received_at": LocalTime(F("received_at")),
    "@state": F("state"),
    "@flags": Func(F("flags"), Value(" "), function="array_to_string", output_field=TextField()),
    "@age_band": F("age_band"),
    "@sex": F("sex"),
    "@occupation": F("occupation"),
}


# What people wrote: in CSV it must not run as a formula.
_WORDS = ("@township", "@village", "@interviewer", "@language", "@occupation")


@dataclass(frozen=True)
class Beside:
    """The columns beside the answers, in the order of the statement; `converts` are those that need one."""

    codes: tuple[str, ...]
    converts: tuple[tuple[int, Callable[[Any], Any]], ...]

    def headings(self, options: Options) -> list[str]:
        titles = {**TITLES, WEIGHT: gettext_lazy("weight")}
        return [str(titles[code]) if options.is_labelled else code.removeprefix(BESIDE) for code in self.codes]

    def cells(self, texts: list[str]) -> list[Any]:
        cells: list[Any] = texts[: len(self.codes)]
        for index, convert in self.converts:
            cells[index] = convert(cells[index])
        return cells


def beside(options: Options, layout: Layout, *, guarded: bool) -> Beside:
    """The columns that were chosen; `guarded` as for `cells.columns_of`: in CSV a number is its text anyway."""
    chosen = [code for code in TITLES if code == UUID or code in options.columns]
    codes = (*chosen, *((WEIGHT,) if options.weights else ()))
    converts: dict[str, Callable[[Any], Any]] = {}
    if guarded:
        converts |= dict.fromkeys(_WORDS, _Harmless().__getitem__)
    else:
        converts |= {"@version": int, WEIGHT: _number}
    if options.is_labelled:
        converts |= {code: _worded(words) for code, words in _words(layout, options).items()}
    return Beside(codes, tuple((index, converts[code]) for index, code in enumerate(codes) if code in converts))


class _Harmless(dict[str, str]):
    """Each of the few names is looked at once."""

    def __missing__(self, name: str) -> str:
        return self.setdefault(name, harmless(name))


def _number(text: str) -> float | str:
    return float(text) if text else ""


def _words(layout: Layout, options: Options) -> dict[str, Mapping[str, Any]]:
    asked = layout.with_role("occupation")
    return {
        "@channel": _labels(Response.Channel),
        "@state": _labels(Response.State),
        "@age_band": _labels(AgeBand),
        "@sex": _labels(Sex),
        "@occupation": choice_words(asked, layout, options) if asked else {},
        "@flags": _labels(Flag),
    }


def _labels(choices: type[TextChoices]) -> dict[str, Any]:
    return {each.value: each.label for each in choices}


def _worded(words: Mapping[str, Any]) -> Callable[[Any], str]:
    known = {name: harmless(str(said)) for name, said in words.items()}

    def say(value: Any) -> str:
        if not value:
            return ""
        found = known.get(value)
        return found if found is not None else harmless("; ".join(known.get(each, each) for each in value.split(" ")))

    return say


def chosen_responses(campaign: Campaign, user: Any, options: Options, *, with_personal: bool) -> QuerySet[Response]:
    """The campaign's responses that `user` may export and the filters leave, in the order in which they arrived."""
    found = Response.objects.visible_to(user, P.EXPORT_RESPONSES).filter(campaign=campaign)
    if with_personal:
        found = found.filter(user.reach(P.READ_RESPONDENTS).q(region="township"))
    if options.version:
        found = found.filter(version_id=options.version)
    return _filtered(found, options.filters).order_by("pk")


def _filtered(found: QuerySet[Response], filters: Filters) -> QuerySet[Response]:
    if filters.states:
        found = found.filter(state__in=filters.states)
    if filters.townships:
        found = found.filter(township__in=filters.townships)
    if filters.since:
        found = found.filter(finished_at__gte=_midnight(filters.since))
    if filters.until:
        found = found.filter(finished_at__lt=_midnight(filters.until) + timedelta(days=1))
    if filters.flags == FLAGGED:
        found = found.exclude(flags=[])
    if filters.flags == UNFLAGGED:
        found = found.filter(flags=[])
    return found


def _midnight(day: str) -> datetime:
    return timezone.make_aware(datetime.combine(date.fromisoformat(day), time.min))


def records(found: QuerySet[Response], columns: Beside, options: Options, *, with_personal: bool) -> QuerySet:
    """A row each: the answers as JSON, what stands beside them, and at the end what names a person."""
    sources = [_SOURCES[code] if code != WEIGHT else _weight(options.weights) for code in columns.codes]
    named = {f"c{index}": source for index, source in enumerate(sources)}
    said = Cast(F("answers"), TextField())
    personal = {"named": Cast(F("personal"), TextField())} if with_personal else {}
    return found.annotate(said=said, **named, **personal).values_list("said", *named, *personal)


def _weight(run: int | None) -> Any:
    cell = WeightCell.objects.filter(
        run=run,
        township=OuterRef("township"),
        age_band=OuterRef("age_band"),
        occupation=OuterRef("occupation"),
        sex=OuterRef("sex"),
    )
    return Coalesce(Cast(Subquery(cell.values("weight")[:1]), TextField()), Value(""), output_field=TextField())


def described(filters: Filters) -> list[tuple[str, str]]:
    """The filters in words, for the page of an export."""
    told = []
    if filters.states:
        words = _labels(Response.State)
        told.append((_("States"), "、".join(str(words.get(state, state)) for state in filters.states)))
    if filters.since or filters.until:
        told.append((_("Finished"), f"{filters.since or '…'} – {filters.until or '…'}"))
    if filters.flags:
        told.append((_("Suspicions"), _("only suspicious") if filters.flags == FLAGGED else _("only without")))
    return told
