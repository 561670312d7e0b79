"""Monthly briefs: those there are, asking for one, watching it being made, reading and fetching it."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on
from talentmap.accounts.permissions import Permission as P
from talentmap.dashboards import actions
from talentmap.dashboards.brief_models import Brief
from talentmap.dashboards.scope import back_by, townships_for
from talentmap.dashboards.tasks import last_month
from talentmap.regions.models import Region
from talentmap.ui.forms import PageForm
from talentmap.ui.lists import ListPage

MONTHS_BACK = 36
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


class BriefForm(PageForm):
    month = forms.TypedChoiceField(label=gettext_lazy("Month"), coerce=date.fromisoformat)
    region = forms.ModelChoiceField(label=gettext_lazy("Place"), queryset=Region.objects.none(), empty_label=None)

    def __init__(self, *args: Any, user: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = [back_by(last_month(today), number) for number in range(MONTHS_BACK)]
        self.fields["month"].choices = [(str(month), f"{month:%Y-%m}") for month in months]  # type: ignore[attr-defined]
        places = townships_for(user, P.VIEW_DASHBOARDS)
        if user.reach(P.VIEW_DASHBOARDS).everything:
            places = places | Region.objects.filter(code=settings.COUNTY_CODE)
        self.fields["region"].queryset = places.order_by("code")  # type: ignore[attr-defined]
        self.fields["region"].initial = places.order_by("code").first()


def _seen_by(request: SignedInRequest) -> QuerySet[Brief]:
    return Brief.objects.visible_to(request.user).select_related("region", "made_by")


@requires(P.VIEW_DASHBOARDS)
@require_safe
def brief_list(request: SignedInRequest) -> HttpResponse:
    found = ListPage(request, _seen_by(request).defer("figures"), sorts={"month": "month"}, default_sort="-month")
    context = {"list": found, "is_busy": any(row.is_open for row in found.rows)}
    return render(request, "dashboards/brief_list.html", context)


@requires(P.VIEW_DASHBOARDS)
@require_http_methods(["GET", "HEAD", "POST"])
def brief_new(request: SignedInRequest) -> HttpResponse:
    form = BriefForm(request.POST or None, user=request.user, today=timezone.localdate())
    if form.is_valid():
        with told_on(form):
            made = actions.ask_brief(by=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The brief is being made. It will be here when it is done."))
            return redirect("dashboards:brief", made.pk)
    return render(request, "dashboards/brief_new.html", {"form": form})


@requires(P.VIEW_DASHBOARDS)
@require_safe
def brief(request: SignedInRequest, pk: int) -> HttpResponse:
    """The brief with its figures as they were; while it is being made, how far it is."""
    shown = get_object_or_404(_seen_by(request), pk=pk)
    template = "dashboards/brief_progress.html" if request.htmx else "dashboards/brief.html"
    counted_at = shown.figures.get("as_of")
    as_of = datetime.fromisoformat(counted_at) if counted_at else None
    response = render(request, template, {"brief": shown, "as_of": as_of})
    if request.htmx and not shown.is_open:
        response["HX-Refresh"] = "true"  # there is more to show than the progress now
    return response


@requires(P.VIEW_DASHBOARDS)
@require_safe
def brief_file(request: SignedInRequest, pk: int, ending: str) -> HttpResponseBase:
    shown = get_object_or_404(_seen_by(request), pk=pk, state=Brief.State.READY)
    if ending not in TYPES:
        raise Http404
    file = shown.pdf if ending == "pdf" else shown.docx
    name = f"{shown.region.name}-{shown.month:%Y-%m}.{ending}"
    return FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=name,
        content_type=TYPES[ending],
        headers={"Cache-Control": "private, no-store"},
    )
