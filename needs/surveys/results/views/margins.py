"""Population margins: list, single sets, editing in the browser, reading from a table."""

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from needs.surveys.results import actions, margins_table
from needs.surveys.results.forms import MarginsForm, MarginsUploadForm
from needs.surveys.results.models import Margin, MarginSet, WeightRun
from needs.surveys.results.views.frame import attempt
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.downloads import xlsx_response
from talentmap.ui.lists import ListPage
from talentmap.ui.search import SearchFilter
from talentmap.ui.workbooks import BadFile

SORTS = {"title": "title", "as_of": "as_of", "made": "made_at"}
WIDTHS = (16, 24, 14)


class MarginFilter(django_filters.FilterSet):
    q = SearchFilter(method="by_text", label=gettext_lazy("Title or source"), max_length=50)
    archived = django_filters.ChoiceFilter(
        label=gettext_lazy("Shown"),
        choices=(("all", gettext_lazy("with archived ones")),),
        method="keep",
        empty_label=gettext_lazy("in use"),
    )

    class Meta:
        model = MarginSet
        fields: tuple[str, ...] = ()

    def by_text(self, found: QuerySet, _name: str, text: str) -> QuerySet:
        return found.filter(title__icontains=text) | found.filter(source__icontains=text)

    def keep(self, found: QuerySet, _name: str, _value: str) -> QuerySet:
        return found


@requires(P.WEIGHT_RESULTS)
@require_safe
def margin_list(request: SignedInRequest) -> HttpResponse:
    sets = MarginSet.objects.select_related("made_by")
    if request.GET.get("archived") != "all":
        sets = sets.filter(archived_at=None)
    found = ListPage(request, sets, MarginFilter, sorts=SORTS, default_sort="-as_of")
    return render(request, "surveys/results/margins/list.html", {"list": found})


@requires(P.WEIGHT_RESULTS)
@require_safe
def margins(request: SignedInRequest, margins_pk: int) -> HttpResponse:
    shown = get_object_or_404(MarginSet.objects.select_related("made_by"), pk=margins_pk)
    tables = _tables(_rows(shown))
    totals = {table["total"] for table in tables}
    context = {
        "margins": shown,
        "tables": tables,
        "totals_differ": len(totals) > 1,
        "runs": WeightRun.objects.filter(margins__id=shown.pk).select_related("campaign").order_by("-made_at")[:20],
        "crumbs": _crumbs(shown.title),
    }
    return render(request, "surveys/results/margins/detail.html", context)


def _rows(shown: MarginSet) -> dict[tuple[str, str], int | None]:
    rows = shown.margins.order_by("pk").values_list("dimension", "category", "population")
    return {(dimension, category): population for dimension, category, population in rows}


def _tables(rows: dict[tuple[str, str], int | None]) -> list[dict[str, Any]]:
    """A table a dimension: label, population and share of each category, and the total."""
    known = margins_table.known_categories(margins_table.townships())
    tables = []
    for dimension in Margin.Dimension:
        own = {c: n or 0 for (d, c), n in rows.items() if d == dimension}
        order = [c for c in known.get(dimension, {}) if c in own] or list(own)
        total = sum(own.values())
        lines = [(known.get(dimension, {}).get(c, c), own[c], own[c] / total * 100 if total else 0) for c in order]
        if own:
            tables.append({"label": dimension.label, "lines": lines, "total": total})
    return tables


def _crumbs(here: str) -> list[tuple[str, str]]:
    return [(_("Population margins"), reverse("surveys:margin_list")), (here, "")]


@requires(P.WEIGHT_RESULTS)
@require_http_methods(["GET", "POST"])
def margins_new(request: SignedInRequest) -> HttpResponse:
    """Starts from the inhabitants that are recorded for the townships."""
    return _edit(request, MarginSet(), margins_table.starting_rows(), _("Enter population margins"))


@requires(P.WEIGHT_RESULTS)
@require_http_methods(["GET", "POST"])
def margins_edit(request: SignedInRequest, margins_pk: int) -> HttpResponse:
    shown = get_object_or_404(MarginSet, pk=margins_pk)
    return _edit(request, shown, _rows(shown), _("Change population margins"))


def _edit(
    request: SignedInRequest,
    edited: MarginSet,
    rows: dict[tuple[str, str], int | None],
    title: str,
    *,
    is_upload: bool = False,
) -> HttpResponse:
    data = request.POST if request.method == "POST" and not is_upload else None
    form = MarginsForm(data, instance=edited, rows=rows)
    if data is not None and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("title", "source", "as_of")}
        act, target = (actions.edit_margins, {"margins": edited}) if edited.pk else (actions.make_margins, {})
        saved = attempt(request, act, rows=[(*key, n) for key, n in form.rows.items()], **values, **target)
        if saved:
            messages.success(request, _("The margins are saved."))
            return redirect("surveys:margins", saved.pk)
    context = {
        "form": form,
        "title": title,
        "is_upload": is_upload,
        "action": reverse("surveys:margins_edit", args=[edited.pk]) if edited.pk else reverse("surveys:margins_new"),
        "crumbs": _crumbs(title),
    }
    return render(request, "surveys/results/margins/edit.html", context)


@requires(P.WEIGHT_RESULTS)
@require_http_methods(["GET", "POST"])
def margins_upload(request: SignedInRequest) -> HttpResponse:
    """What the file says is shown in the form, to be looked at and completed; it is saved from there."""
    form = MarginsUploadForm(request.POST or None, request.FILES or None)
    fault, errors = "", tuple[Any, ...]()
    if form.is_valid():
        try:
            rows = margins_table.read_margins(form.cleaned_data["file"])
        except BadFile as bad:
            fault, errors = str(bad), bad.errors
        else:
            return _edit(request, MarginSet(), dict(rows), _("Look through what was read"), is_upload=True)
    context = {"form": form, "fault": fault, "errors": errors, "crumbs": _crumbs(_("Read from a file"))}
    return render(request, "surveys/results/margins/upload.html", context)


@requires(P.WEIGHT_RESULTS)
@require_safe
def margins_template(request: SignedInRequest) -> HttpResponseBase:
    return _file(_("Population margins, empty table"), margins_table.starting_rows())


@requires(P.WEIGHT_RESULTS)
@require_safe
def margins_file(request: SignedInRequest, margins_pk: int) -> HttpResponseBase:
    shown = get_object_or_404(MarginSet, pk=margins_pk)
    return _file(str(shown), _rows(shown))


def _file(name: str, rows: dict[tuple[str, str], int | None]) -> HttpResponseBase:
    header = [column.title for column in margins_table.COLUMNS]
    return xlsx_response(name, header, margins_table.table_rows(rows), sheet=_("Population margins"), widths=WIDTHS)


@requires(P.WEIGHT_RESULTS)
@require_POST
def margins_copy(request: SignedInRequest, margins_pk: int) -> HttpResponse:
    shown = get_object_or_404(MarginSet, pk=margins_pk)
    made = actions.copy_margins(by=request.user, at=timezone.now(), margins=shown)
    messages.success(request, _("This is the copy: change its title, source and day."))
    return redirect("surveys:margins_edit", made.pk)


@requires(P.WEIGHT_RESULTS)
@require_POST
def margins_archive(request: SignedInRequest, margins_pk: int) -> HttpResponse:
    shown = get_object_or_404(MarginSet, pk=margins_pk)
    actions.archive_margins(by=request.user, at=timezone.now(), margins=shown)
    messages.success(request, _("The margins are in use again.") if shown.archived_at else _("Archived."))
    return redirect("surveys:margins", shown.pk)
