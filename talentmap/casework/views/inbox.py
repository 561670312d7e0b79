"""The officer's inbox: what waits, how urgent it is, found and sorted by the database."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.casework import actions, calendar, rules, tabs
from talentmap.casework.decisions import bulk_choices
from talentmap.casework.filters import CaseFilter, kept_query
from talentmap.casework.forms import SavedFilterForm
from talentmap.casework.models import Application
from talentmap.casework.rules import Colour, Deadline, WorkingCalendar
from talentmap.casework.views.common import attempt
from talentmap.ui.downloads import xlsx_response
from talentmap.ui.lists import COUNT_CAP, ListPage

SORTS = {
    "due": F("due_on").asc(nulls_last=True),
    "submitted": "submitted_at",
    "number": "number",
    "name": "applicant__name_sort_key",
}
LIST_COLUMNS = (
    "number", "scheme", "state", "stage", "round", "submitted_at", "due_on", "paused_at", "version",
    "applicant__name", "applicant__category", "region__name", "region__level",
    "region__parent__name", "handler__display_name", "handler__username",
)  # fmt: skip
MOST_EXPORTED = 20_000
MARKS = {Colour.NONE: "paused", Colour.GREEN: "in_time", Colour.AMBER: "near", Colour.RED: "overdue"}


@requires(P.VIEW_CASES)
@require_GET
def inbox(request: SignedInRequest) -> HttpResponse:
    if _is_partner_without_cases(request.user):
        return render(request, "casework/inbox_of_partner.html")
    today, current = timezone.localdate(), current_tab(request.GET)
    days = calendar.current()
    page = ListPage(
        request,
        _rows(request.user, current, today),
        CaseFilter,
        sorts=SORTS,
        default_sort=_first_sort(current),
        # No further than the tabs count, but for the list of everything: there a number is worth its time.
        count_cap=COUNT_CAP if current == tabs.EVERYTHING and not request.GET.get("q") else tabs.MOST_COUNTED,
    )
    shown = [] if _swaps_list(request) else tabs.shown_tabs(request.user, today, current)
    _spare_the_count(page, shown)
    mark_deadlines(page.rows, today, days)
    query = kept_query(request.GET.urlencode())
    context = {
        "list": page,
        "tabs": shown,
        "tab": current,
        "most_counted": tabs.MOST_COUNTED,
        "saved_filters": request.user.saved_filters.all(),
        "query": query,
        "quoted_query": quote(query),
        "bulk_actions": bulk_choices(request.user) if page.rows else [],
        "may_export": request.user.may(P.EXPORT_CASES),
        "calendar_warning": calendar.warning(today, days) if request.user.may(P.EDIT_CALENDAR) else "",
    }
    return render(request, "casework/inbox.html", context)


def _is_partner_without_cases(user: Any) -> bool:
    """A bank or a school handles only what is assigned to it; the office's tabs would all be empty to it."""
    return not user.may(P.ACCEPT_CASE) and not Application.objects.in_reach(user).exists()


def _spare_the_count(page: ListPage, shown: list[tabs.ShownTab]) -> None:
    """The list of a tab has been counted with the tabs already, unless a filter narrows it."""
    here = next((tab for tab in shown if tab.current), None)
    if here and here.count is not None and not page.is_filtered:
        page.paginator.count = here.count


def _swaps_list(request: SignedInRequest) -> bool:
    """htmx takes nothing but the list out of the page, so that what stands around it need not be counted."""
    return bool(request.htmx) and request.htmx.target == "list"


def current_tab(query: QueryDict) -> str:
    asked = query.get("tab", "")
    return asked if asked in tabs.BY_CODE else tabs.FIRST


def _first_sort(tab: str) -> str:
    """The most urgent first; among all cases the newest."""
    return "-submitted" if tab == tabs.EVERYTHING else "due"


def _rows(user: Any, tab: str, today: date) -> QuerySet:
    found = tabs.narrowed(tab, user, today)
    return found.select_related("applicant", "region__parent", "handler").only(*LIST_COLUMNS)


def mark_deadlines(rows: Any, today: date, days: WorkingCalendar) -> None:
    """Give each row its deadline with icon, colour and words."""
    for row in rows:
        mark_deadline(row, row.due_on, today, days, paused=row.is_paused)


def mark_deadline(row: Any, due_on: date | None, today: date, days: WorkingCalendar, paused: bool = False) -> None:
    row.deadline = rules.deadline(due_on, today, days)
    row.deadline_mark = MARKS[row.deadline.colour]
    row.deadline_words = deadline_words(row.deadline, paused)


def deadline_words(deadline: Deadline, paused: bool) -> str:
    if deadline.left is None:
        return _("Clock stopped") if paused else ""
    if deadline.colour == Colour.RED:
        late = -deadline.left
        return ngettext("%(days)s working day overdue", "%(days)s working days overdue", late) % {"days": late}
    if deadline.left == 0:
        return _("Due today")
    left = deadline.left
    return ngettext("%(days)s working day left", "%(days)s working days left", left) % {"days": left}


@requires(P.EXPORT_CASES)
@require_GET
def export(request: SignedInRequest) -> HttpResponseBase:
    """What the inbox shows under the same filter, as a workbook; without phone, ID or account numbers."""
    today, current = timezone.localdate(), current_tab(request.GET)
    page = ListPage(
        request, _rows(request.user, current, today), CaseFilter, sorts=SORTS, default_sort=_first_sort(current)
    )
    if page.queryset[MOST_EXPORTED : MOST_EXPORTED + 1].exists():
        messages.error(
            request, _("More than %(count)s applications: narrow the filter first.") % {"count": MOST_EXPORTED}
        )
        return redirect(f"{reverse('casework:inbox')}?{kept_query(request.GET.urlencode())}")
    extra = page.queryset.only(*LIST_COLUMNS, "accepted_at", "decided_at", "decide_due_on", "decision_amount")
    header = [
        _("Number"), _("Service"), _("Applicant"), _("Township or village"), _("State"), _("Handler"),
        _("Sent on"), _("Accepted on"), _("Promised date"), _("Due on"), _("Decided on"), _("Amount decided"),
    ]  # fmt: skip
    name = _("Applications %(date)s") % {"date": today.isoformat()}
    return xlsx_response(name, header, _export_rows(extra))


def _export_rows(found: QuerySet) -> Iterator[list[Any]]:
    for row in found.iterator(chunk_size=2000):
        yield [
            row.number, row.service.title, row.applicant.name, row.region.full_name, row.staff_label,
            str(row.handler or ""), row.sent_on, _day(row.accepted_at), row.decide_due_on, row.due_on,
            _day(row.decided_at), row.decision_amount,
        ]  # fmt: skip


def _day(moment: Any) -> date | None:
    return timezone.localdate(moment) if moment else None


@requires(P.VIEW_CASES)
@require_POST
def save_filter(request: SignedInRequest) -> HttpResponse:
    """Keep the filter under a name; the same name again replaces it."""
    query = kept_query(request.POST.get("query", ""))
    form = SavedFilterForm({"name": request.POST.get("name"), "query": query})
    if form.is_valid():
        done, saved = attempt(request, actions.save_filter, **form.cleaned_data)
        if done:
            messages.success(request, _("The filter “%(name)s” is saved.") % {"name": saved.name})
    else:
        messages.error(request, _("Give the filter a name of at most 40 characters."))
    return redirect(f"{reverse('casework:inbox')}?{query}")


@requires(P.VIEW_CASES)
@require_POST
def delete_filter(request: SignedInRequest, pk: int) -> HttpResponse:
    saved = get_object_or_404(request.user.saved_filters.all(), pk=pk)
    if attempt(request, actions.delete_filter, saved=saved)[0]:
        messages.success(request, _("The filter “%(name)s” is deleted.") % {"name": saved.name})
    return redirect("casework:inbox")


def next_case(user: Any, query: str, today: date, after: Application | None = None) -> Application | None:
    """The case to go on with: the first that waits for this person under the inbox's filter."""
    given = QueryDict(query)
    found = Application.objects.waiting_for(user)
    narrowed = CaseFilter(given, queryset=found).qs if given else found
    if after is not None:
        narrowed = narrowed.exclude(pk=after.pk)
    return narrowed.order_by(F("due_on").asc(nulls_last=True), "pk").first()
