"""The office's side of the API: tokens, webhooks, their log, and the description for whoever programs against it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from needs.surveys.api import actions, rules
from needs.surveys.api.describing import described
from needs.surveys.api.forms import DeliveryFilter, TokenForm, WebhookForm
from needs.surveys.api.models import ApiToken, Webhook, WebhookDelivery
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on, told_on_page
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.lists import ListPage

_TOKEN_SORTS = {"name": "name", "made": "made_at", "expires": "expires_at"}


def _crumbs(here: Any) -> list[tuple[Any, str]]:
    return [(_("API and webhooks"), reverse("surveys:api")), (here, "")]


@requires(P.MANAGE_API)
@require_safe
def api(request: SignedInRequest) -> HttpResponse:
    tokens = ApiToken.objects.visible_to(request.user).select_related("region", "campaign")
    page = ListPage(request, tokens, sorts=_TOKEN_SORTS, default_sort="-made")
    webhooks = Webhook.objects.visible_to(request.user).select_related("campaign").order_by("ended_at", "-pk")[:100]
    context = {"list": page, "webhooks": webhooks, "now": timezone.now()}
    return render(request, "surveys/api/home.html", context)


@requires(P.MANAGE_API)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def token_new(request: SignedInRequest) -> HttpResponse:
    form = TokenForm(request.POST or None, user=request.user)
    if form.is_valid():
        with told_on(form):
            data = form.cleaned_data
            made, token = actions.make_token(
                by=request.user,
                at=timezone.now(),
                name=data["name"],
                expires_at=form.expires_at(),
                region=data["region"],
                campaign=data["campaign"],
                with_responses=data["with_responses"],
            )
            context = {"token": made, "secret": token, "crumbs": _crumbs(made.name)}
            return render(request, "surveys/api/token_made.html", context)
    return render(request, "surveys/api/token_new.html", {"form": form, "crumbs": _crumbs(_("New token"))})


@requires(P.MANAGE_API)
@require_POST
def token_revoke(request: SignedInRequest, token_pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken.objects.visible_to(request.user), pk=token_pk)
    actions.revoke_token(by=request.user, at=timezone.now(), token=token)
    messages.success(request, _("The token “%(name)s” is revoked.") % {"name": token.name})
    return redirect("surveys:api")


@requires(P.MANAGE_API)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhook_new(request: SignedInRequest) -> HttpResponse:
    form = WebhookForm(request.POST or None, user=request.user)
    if form.is_valid():
        with told_on(form):
            made, secret = actions.make_webhook(by=request.user, at=timezone.now(), **form.cleaned_data)
            context = {"webhook": made, "secret": secret, "crumbs": _crumbs(made.url)}
            return render(request, "surveys/api/webhook_made.html", context)
    return render(request, "surveys/api/webhook_new.html", {"form": form, "crumbs": _crumbs(_("New webhook"))})


def _webhook(request: SignedInRequest, webhook_pk: int) -> Webhook:
    return get_object_or_404(Webhook.objects.visible_to(request.user).select_related("campaign"), pk=webhook_pk)


@requires(P.MANAGE_API)
@require_safe
def webhook(request: SignedInRequest, webhook_pk: int) -> HttpResponse:
    """The log: each delivery, how often it was tried, and what the receiver said."""
    found = _webhook(request, webhook_pk)
    deliveries = found.deliveries.select_related("response").order_by()
    page = ListPage(request, deliveries, DeliveryFilter, sorts={"made": "made_at"}, default_sort="-made")
    context = {"webhook": found, "list": page, "crumbs": _crumbs(found.url), "most": rules.MAX_ATTEMPTS}
    return render(request, "surveys/api/webhook.html", context)


@requires(P.MANAGE_API)
@require_POST
def webhook_end(request: SignedInRequest, webhook_pk: int) -> HttpResponse:
    actions.end_webhook(by=request.user, at=timezone.now(), webhook=_webhook(request, webhook_pk))
    messages.success(request, _("Nothing more is sent to this address."))
    return redirect("surveys:api")


@requires(P.MANAGE_API)
@require_POST
def delivery_again(request: SignedInRequest, delivery_pk: int) -> HttpResponse:
    found = WebhookDelivery.objects.visible_to(request.user).select_related("webhook")
    delivery = get_object_or_404(found, pk=delivery_pk)
    with told_on_page(request):
        actions.try_again(by=request.user, at=timezone.now(), delivery=delivery)
        messages.success(request, _("It is being sent again."))
    return redirect("surveys:webhook", delivery.webhook_id)


@requires(P.MANAGE_API)
@require_safe
def api_guide(request: SignedInRequest) -> HttpResponse:
    context = {
        **described(request.build_absolute_uri),
        "rules": rules,
        "crumbs": _crumbs(_("Description of the API")),
    }
    return render(request, "surveys/api/guide.html", context)
