"""Open answers one by one, and coding them into themes."""

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import Exists, F, Func, OuterRef, Prefetch, QuerySet, TextField, Value
from django.db.models.fields.json import KT, JSONField
from django.db.models.functions import Cast
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from needs.surveys.campaigns.models import Campaign
from needs.surveys.columns import ResponseState
from needs.surveys.responses.models import Response
from needs.surveys.results import actions
from needs.surveys.results.asked import Asked
from needs.surveys.results.models import Coding, Theme
from needs.surveys.results.outline import Question
from needs.surveys.results.views.browsing import question_of
from needs.surveys.results.views.frame import campaign_of, page
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.regions.models import Region
from talentmap.ui.lists import ListPage
from talentmap.ui.search import SearchFilter

PER_PAGE = 50
MOST_AT_ONCE = 200
UNCODED, CODED = "none", "any"


class AnswerFilter(django_filters.FilterSet):
    """Which answers; `texts` was annotated with what was written."""

    q = SearchFilter(method="by_text", label=gettext_lazy("Words of the answer"), max_length=50)
    theme = django_filters.ChoiceFilter(
        label=pgettext_lazy("open answers", "Theme"), choices=(), method="by_theme", empty_label=gettext_lazy("all")
    )
    township = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Township"), queryset=Region.objects.none(), empty_label=gettext_lazy("All townships")
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Review state"), choices=ResponseState.choices, empty_label=gettext_lazy("All states")
    )

    class Meta:
        model = Response
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, themes: list[Theme], townships: QuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [(UNCODED, gettext_lazy("not coded yet")), (CODED, gettext_lazy("coded"))]
        self.filters["theme"].extra["choices"] = [*own, *((str(theme.pk), theme.name) for theme in themes)]
        self.filters["township"].queryset = townships

    def by_text(self, found: QuerySet, _name: str, text: str) -> QuerySet:
        return found.filter(written__icontains=text)

    def by_theme(self, found: QuerySet, _name: str, theme: str) -> QuerySet:
        question = self.request.resolver_match.kwargs["key"] if self.request else ""
        coded = Coding.objects.filter(response=OuterRef("pk"), theme__question=question)
        if theme == UNCODED:
            return found.filter(~Exists(coded))
        return found.filter(Exists(coded if theme == CODED else coded.filter(theme=int(theme))))


def answers_to(user: Any, campaign: Campaign, question: Question) -> QuerySet:
    """The responses in reach that answer the question, `written` being what they say. Nothing personal is read."""
    found = Response.objects.visible_to(user).filter(campaign=campaign).without_answers()
    if question.in_repeat:
        path = f'$.**."{question.key}"'
        texts = Func(F("answers"), Value(path), function="jsonb_path_query_array", output_field=JSONField())
        return found.annotate(texts=texts, written=Cast("texts", TextField())).exclude(written="[]")
    return found.filter(answers__has_key=question.key).annotate(written=KT(f"answers__{question.key}"))


def _asked(request: SignedInRequest, pk: int, key: str, permission: P) -> tuple[Campaign, Asked, Question]:
    campaign = campaign_of(request, pk, permission)
    asked = Asked(request.user, campaign, request.GET)
    question = question_of(asked, key)
    if question.kind != "text":
        raise Http404
    return campaign, asked, question


@requires(P.VIEW_RESPONSES)
@require_safe
def open_answers(request: SignedInRequest, pk: int, key: str) -> HttpResponse:
    campaign, asked, question = _asked(request, pk, key, P.VIEW_RESPONSES)
    themes = list(campaign.themes.filter(question=key).order_by("name"))
    townships = Region.objects.filter(pk__in=map(int, asked.townships)).order_by("code")
    coded = Coding.objects.filter(theme__question=key).select_related("theme", "coded_by").order_by("theme__name")
    rows = (
        answers_to(request.user, campaign, question)
        .select_related("township")
        .prefetch_related(Prefetch("codings", queryset=coded, to_attr="themed"))
    )

    def with_choices(data: Any, **more: Any) -> AnswerFilter:
        return AnswerFilter(data, themes=themes, townships=townships, **more)

    found = ListPage(request, rows, with_choices, default_sort="-pk", page_size=PER_PAGE)  # type: ignore[arg-type]
    label = asked.say(question.label, key)
    url = reverse("surveys:question_result", args=[pk, key])
    context = {
        **page(request, campaign, (label, url), (_("Open answers"), "")),
        "question": question,
        "label": label,
        "list": found,
        "answers": [(row, _lines(row, question)) for row in found.rows],
        "themes": themes,
        "may_code": request.user.may(P.REVIEW_RESPONSES),
        "is_part": not request.user.reach(P.VIEW_RESPONSES).everything,
    }
    return render(request, "surveys/results/answers/list.html", context)


def _lines(row: Any, question: Question) -> list[str]:
    written = row.texts if question.in_repeat else [row.written]
    return [str(text) for text in written]


class CodingForm(forms.Form):
    """Which answers, and a theme of theirs or a new one."""

    answers = forms.TypedMultipleChoiceField(coerce=int, choices=())
    theme = forms.ModelChoiceField(Theme.objects.none(), required=False)
    name = forms.CharField(max_length=60, required=False)
    take_away = forms.BooleanField(required=False)

    def __init__(self, data: Any, *, campaign: Campaign, question: str) -> None:
        super().__init__(data)
        sent = [each for each in data.getlist("answers") if each.isascii() and each.isdigit() and len(each) < 18]
        self.fields["answers"].choices = [(each, each) for each in sent[:MOST_AT_ONCE]]  # type: ignore[attr-defined]
        self.fields["theme"].queryset = campaign.themes.filter(question=question)  # type: ignore[attr-defined]


@requires(P.REVIEW_RESPONSES)
@require_POST
def code_answers(request: SignedInRequest, pk: int, key: str) -> HttpResponse:
    """Give the chosen answers a theme, or take it from them."""
    campaign, _unused, question = _asked(request, pk, key, P.REVIEW_RESPONSES)
    form = CodingForm(request.POST, campaign=campaign, question=key)
    back = _back(request, pk, key)
    if not form.is_valid() or not (form.cleaned_data["theme"] or form.cleaned_data["name"].strip()):
        messages.error(request, _("Choose answers, and a theme or a name for a new one."))
        return redirect(back)
    theme = form.cleaned_data["theme"] or actions.add_theme(
        by=request.user, at=timezone.now(), campaign=campaign, question=key, name=form.cleaned_data["name"]
    )
    rows = list(answers_to(request.user, campaign, question).filter(pk__in=form.cleaned_data["answers"]).only("pk"))
    act = actions.uncode_answers if form.cleaned_data["take_away"] else actions.code_answers
    count = act(by=request.user, at=timezone.now(), theme=theme, responses=rows)
    told = {"count": count, "theme": theme.name}
    messages.success(request, _told(told, is_taken=form.cleaned_data["take_away"]))
    return redirect(back)


def _told(told: dict[str, Any], *, is_taken: bool) -> str:
    if is_taken:
        words = ngettext("“%(theme)s” taken from %(count)s answer.", "“%(theme)s” taken from %(count)s answers.",
                         told["count"])  # fmt: skip
    else:
        words = ngettext("“%(theme)s” given to %(count)s answer.", "“%(theme)s” given to %(count)s answers.",
                         told["count"])  # fmt: skip
    return words % told


def _back(request: SignedInRequest, pk: int, key: str) -> str:
    """To the page of the list from which the form was sent."""
    wanted = request.POST.get("next", "")
    here = reverse("surveys:open_answers", args=[pk, key])
    is_safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if is_safe and wanted.startswith(here) else here


def theme_of(request: SignedInRequest, pk: int, key: str, theme_pk: int) -> Theme:
    campaign = campaign_of(request, pk, P.REVIEW_RESPONSES)
    return get_object_or_404(campaign.themes.filter(question=key), pk=theme_pk)
