"""The themes of an open question: added, renamed, merged, deleted."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Max
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from needs.surveys.results import actions
from needs.surveys.results.asked import Asked
from needs.surveys.results.forms import MergeForm, ThemeNameForm
from needs.surveys.results.models import Theme
from needs.surveys.results.views.answers import theme_of
from needs.surveys.results.views.browsing import question_of
from needs.surveys.results.views.frame import attempt, campaign_of, page
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.errors import Refused
from talentmap.ui.lists import ListPage

SORTS = {"name": "name", "answers": "coded", "latest": "latest"}


@requires(P.REVIEW_RESPONSES)
@require_safe
def theme_list(request: SignedInRequest, pk: int, key: str) -> HttpResponse:
    campaign = campaign_of(request, pk, P.REVIEW_RESPONSES)
    themes = campaign.themes.filter(question=key).select_related("made_by")
    counted = themes.annotate(coded=Count("codings"), latest=Max("codings__coded_at"))
    context = {
        **_context(request, campaign, key, _("Themes")),
        "list": ListPage(request, counted, sorts=SORTS, default_sort="name"),
    }
    return render(request, "surveys/results/answers/themes.html", context)


def _context(request: SignedInRequest, campaign: Any, key: str, here: str) -> dict[str, Any]:
    asked = Asked(request.user, campaign, request.GET)
    label = asked.say(question_of(asked, key).label, key)
    result = reverse("surveys:question_result", args=[campaign.pk, key])
    answers = reverse("surveys:open_answers", args=[campaign.pk, key])
    return {
        **page(request, campaign, (label, result), (_("Open answers"), answers), (here, "")),
        "label": label,
        "key": key,
        "title": here,
    }


@requires(P.REVIEW_RESPONSES)
@require_http_methods(["GET", "POST"])
def theme_new(request: SignedInRequest, pk: int, key: str) -> HttpResponse:
    campaign = campaign_of(request, pk, P.REVIEW_RESPONSES)
    context = _context(request, campaign, key, _("New theme"))
    form = ThemeNameForm(request.POST or None)
    if form.is_valid():
        attempt(request, actions.add_theme, campaign=campaign, question=key, name=form.cleaned_data["name"])
        return redirect("surveys:theme_list", pk, key)
    return render(request, "surveys/results/answers/theme.html", {**context, "form": form})


@requires(P.REVIEW_RESPONSES)
@require_http_methods(["GET", "POST"])
def theme_rename(request: SignedInRequest, pk: int, key: str, theme_pk: int) -> HttpResponse:
    theme = theme_of(request, pk, key, theme_pk)
    form = ThemeNameForm(request.POST or None, initial={"name": theme.name})
    if form.is_valid():
        try:
            actions.rename_theme(by=request.user, at=timezone.now(), theme=theme, name=form.cleaned_data["name"])
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            return redirect("surveys:theme_list", pk, key)
    context = _context(request, theme.campaign, key, _("Rename “%(theme)s”") % {"theme": theme.name})
    return render(request, "surveys/results/answers/theme.html", {**context, "form": form})


@requires(P.REVIEW_RESPONSES)
@require_http_methods(["GET", "POST"])
def theme_merge(request: SignedInRequest, pk: int, key: str, theme_pk: int) -> HttpResponse:
    theme = theme_of(request, pk, key, theme_pk)
    others = Theme.objects.filter(campaign=theme.campaign_id, question=key).exclude(pk=theme.pk)
    form = MergeForm(request.POST or None, others=others)
    if form.is_valid():
        attempt(request, actions.merge_theme, theme=theme, into=form.cleaned_data["into"])
        messages.success(request, _("Merged into “%(theme)s”.") % {"theme": form.cleaned_data["into"].name})
        return redirect("surveys:theme_list", pk, key)
    context = _context(request, theme.campaign, key, _("Merge “%(theme)s”") % {"theme": theme.name})
    advice = _("All answers of “%(theme)s” get the other theme; “%(theme)s” is deleted.") % {"theme": theme.name}
    return render(request, "surveys/results/answers/theme.html", {**context, "form": form, "advice": advice})


@requires(P.REVIEW_RESPONSES)
@require_POST
def theme_delete(request: SignedInRequest, pk: int, key: str, theme_pk: int) -> HttpResponse:
    theme = theme_of(request, pk, key, theme_pk)
    actions.delete_theme(by=request.user, at=timezone.now(), theme=theme)
    messages.success(request, _("“%(theme)s” is deleted; the answers stay.") % {"theme": theme.name})
    return redirect("surveys:theme_list", pk, key)
