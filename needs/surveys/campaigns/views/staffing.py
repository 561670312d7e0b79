"""Interviewers: their board, their assignments, and reminders to townships."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from needs.surveys.campaigns import actions, board
from needs.surveys.campaigns.forms import AssignmentForm
from needs.surveys.campaigns.models import Assignment, Campaign
from needs.surveys.campaigns.pages import below_campaign, campaign_page, visible_campaign
from talentmap.accounts.access import SignedInRequest, check_may, requires
from talentmap.accounts.outcomes import told_on, told_on_page
from talentmap.accounts.permissions import Permission as P
from talentmap.regions.models import Region
from talentmap.ui.downloads import xlsx_response
from talentmap.ui.lists import ListPage, SortLink
from talentmap.ui.search import SearchFilter

BY_NAME = "name"


@dataclass(frozen=True)
class Board:
    """What `list_head.html` needs of a list that is sorted here: it is one row an interviewer, never a long one."""

    path: str
    sort: str

    @property
    def sort_links(self) -> dict[str, SortLink]:
        return {name: self._link(name) for name in board.SORTS}

    def _link(self, name: str) -> SortLink:
        aria = {name: "ascending", f"-{name}": "descending"}.get(self.sort, "none")
        # Of numbers the largest are asked for first.
        turned = {"ascending": f"-{name}", "descending": name}.get(aria, name if name == BY_NAME else f"-{name}")
        return SortLink(url=f"{self.path}?{urlencode({'sort': turned})}", aria=aria)


@requires(P.VIEW_SURVEYS)
@require_safe
def campaign_interviewers(request: SignedInRequest, pk: int) -> HttpResponse:
    row = visible_campaign(request, pk)
    asked = request.GET.get("sort", "")
    sort = asked if asked.removeprefix("-") in board.SORTS else BY_NAME
    context = {
        **campaign_page(request, row, "surveys:campaign_interviewers"),
        "rows": board.in_order(board.board_of(row, request.user), sort),
        "list": Board(request.path, sort),
        "is_part": not request.user.reach(P.VIEW_SURVEYS).everything,
        "shortest": float(row.shortest_minutes),
    }
    return render(request, "surveys/campaigns/interviewers.html", context)


@requires(P.VIEW_SURVEYS)
@require_safe
def interviewers_export(request: SignedInRequest, pk: int) -> HttpResponseBase:
    row = visible_campaign(request, pk)
    header = [_("Interviewer"), _("Assigned to"), _("Target"), _("Approved"), _("Pending"), _("Returned")]
    header += [_("Rejected"), _("Flagged"), _("Median duration (minutes)"), _("Last sync")]
    between = pgettext("between items of a list", ", ")
    rows = (
        [
            each.interviewer.display_name if each.interviewer else _("By themselves, through links"),
            between.join(place.full_name for place in each.places),
            each.target or None,
            each.approved,
            each.pending,
            each.returned,
            each.rejected,
            each.flagged,
            each.minutes,
            each.last,
        ]
        for each in board.in_order(board.board_of(row, request.user), BY_NAME)
    )
    return xlsx_response(_("Interviewers %(title)s") % {"title": row.title}, header, rows)


# assignments ---------------------------------------------------------------------------------------------


class AssignmentFilter(django_filters.FilterSet):
    q = SearchFilter(label=gettext_lazy("Name or pinyin"), method="search", max_length=50)
    state = django_filters.ChoiceFilter(
        label=pgettext_lazy("assignment", "State"),
        method="in_state",
        choices=[
            ("active", pgettext_lazy("assignment", "Active")),
            ("ended", pgettext_lazy("assignment", "Ended")),
        ],
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = Assignment
        fields: tuple[str, ...] = ()

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        word = value.strip().casefold()
        return queryset.filter(
            Q(interviewer__display_name__icontains=word) | Q(interviewer__name_sort_key__contains=word)
        )

    def in_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(ended_at__isnull=value == "active")


def _managed(request: SignedInRequest, pk: int) -> Campaign:
    row = visible_campaign(request, pk)
    check_may(request.user, P.MANAGE_CAMPAIGNS)
    return row


@requires(P.MANAGE_CAMPAIGNS)
@require_safe
def campaign_assignments(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _managed(request, pk)
    page = ListPage(
        request,
        row.assignments.select_related("interviewer", "region__parent"),
        AssignmentFilter,
        sorts={"name": "interviewer__name_sort_key", "place": "region__code", "since": "assigned_at"},
        default_sort="place",
    )
    context = {
        **campaign_page(request, row, "surveys:campaign_interviewers"),
        "list": page,
        "townships": [each.region for each in row.townships.select_related("region")],
    }
    return render(request, "surveys/campaigns/assignments.html", context)


@requires(P.MANAGE_CAMPAIGNS)
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_new(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _managed(request, pk)
    townships = [each.region for each in row.townships.select_related("region")]
    chosen = next((each for each in townships if str(each.pk) == request.GET.get("township")), None)
    chosen = chosen or (townships[0] if townships else None)
    context = {"campaign": row, "crumbs": below_campaign(row, _("Assign an interviewer")), "townships": townships}
    if chosen is None:
        return render(request, "surveys/campaigns/assign.html", context)
    form = AssignmentForm(request.POST or None, township=chosen)
    if form.is_valid():
        with told_on(form):
            made = actions.assign(by=request.user, at=timezone.now(), campaign=row, **form.cleaned_data)
            messages.success(request, _("%(name)s is assigned and told.") % {"name": made.interviewer.display_name})
            return redirect("surveys:campaign_assignments", row.pk)
    return render(request, "surveys/campaigns/assign.html", {**context, "form": form, "chosen": chosen})


@requires(P.MANAGE_CAMPAIGNS)
@require_POST
def assign_cadres(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _managed(request, pk)
    with told_on_page(request):
        count = actions.assign_cadres(by=request.user, at=timezone.now(), campaign=row)
        told = ngettext("%(n)s cadre was assigned and told.", "%(n)s cadres were assigned and told.", count)
        messages.success(request, told % {"n": count} if count else _("Every cadre is assigned already."))
    return redirect("surveys:campaign_assignments", row.pk)


@requires(P.MANAGE_CAMPAIGNS)
@require_POST
def assignment_end(request: SignedInRequest, pk: int, assignment_pk: int) -> HttpResponse:
    row = _managed(request, pk)
    assignment: Any = get_object_or_404(row.assignments.select_related("interviewer", "region"), pk=assignment_pk)
    with told_on_page(request):
        actions.end_assignment(by=request.user, at=timezone.now(), assignment=assignment)
        messages.success(request, _("The assignment of %(name)s has ended.") % {"name": assignment.interviewer})
    return redirect("surveys:campaign_assignments", row.pk)


@requires(P.MANAGE_CAMPAIGNS)
@require_POST
def campaign_remind(request: SignedInRequest, pk: int, region_pk: int) -> HttpResponse:
    row = _managed(request, pk)
    region = get_object_or_404(Region, pk__in=row.townships.filter(region=region_pk).values("region"))
    with told_on_page(request):
        actions.remind(by=request.user, at=timezone.now(), campaign=row, region=region)
        messages.success(request, _("%(place)s was reminded.") % {"place": region.name})
    return redirect("surveys:campaign", row.pk)
