"""Public links: addresses, posters, invitation codes."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from needs.surveys.campaigns import actions, queries
from needs.surveys.campaigns.codes import public_address
from needs.surveys.campaigns.forms import CodesForm, LinkForm
from needs.surveys.campaigns.models import PublicLink
from needs.surveys.campaigns.pages import below_campaign, campaign_page, visible_campaign
from needs.surveys.campaigns.poster import code_svg, poster
from talentmap.accounts.access import SignedInRequest, check_may, requires
from talentmap.accounts.outcomes import told_on, told_on_page
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.downloads import xlsx_response


@requires(P.MANAGE_CAMPAIGNS)
@require_safe
def campaign_links(request: SignedInRequest, pk: int) -> HttpResponse:
    row = visible_campaign(request, pk)
    check_may(request.user, P.MANAGE_CAMPAIGNS)
    answers = queries.answers_by_link(row)
    codes = {"made": Count("codes"), "used": Count("codes", filter=Q(codes__used_at__isnull=False))}
    found = row.links.select_related("campaign", "region").annotate(**codes)
    links = [(link, public_address(link), drawing(link), answers.get(link.pk, 0)) for link in found]
    context = {**campaign_page(request, row, "surveys:campaign_links"), "links": links}
    context["takes_answers"] = row.takes_answers(timezone.localdate())
    return render(request, "surveys/campaigns/links.html", context)


@requires(P.MANAGE_CAMPAIGNS)
@require_http_methods(["GET", "HEAD", "POST"])
def link_new(request: SignedInRequest, pk: int) -> HttpResponse:
    row = visible_campaign(request, pk)
    check_may(request.user, P.MANAGE_CAMPAIGNS)
    form = LinkForm(request.POST or None, campaign=row)
    if form.is_valid():
        with told_on(form):
            actions.make_link(by=request.user, at=timezone.now(), campaign=row, **form.cleaned_data)
            messages.success(request, _("The link is made. Print its poster, or send its address."))
            return redirect("surveys:campaign_links", row.pk)
    context = {"form": form, "campaign": row, "crumbs": below_campaign(row, _("New link"))}
    return render(request, "surveys/campaigns/link_new.html", context)


def _link(request: SignedInRequest, pk: int, link_pk: int) -> PublicLink:
    row = visible_campaign(request, pk)
    check_may(request.user, P.MANAGE_CAMPAIGNS)
    return get_object_or_404(row.links.select_related("region", "campaign"), pk=link_pk)


@requires(P.MANAGE_CAMPAIGNS)
@require_safe
def link_poster(request: SignedInRequest, pk: int, link_pk: int) -> HttpResponseBase:
    link = _link(request, pk, link_pk)
    name = f"{link.campaign.title} {link.region.name if link.region else '全县'}.pdf"
    disposition = content_disposition_header(False, name) or "inline"
    return HttpResponse(poster(link), content_type="application/pdf", headers={"Content-Disposition": disposition})


@requires(P.MANAGE_CAMPAIGNS)
@require_http_methods(["GET", "HEAD", "POST"])
def link_codes(request: SignedInRequest, pk: int, link_pk: int) -> HttpResponseBase:
    """The answer to the form is the file itself: the codes are in it and nowhere else."""
    link = _link(request, pk, link_pk)
    form = CodesForm(request.POST or None)
    if form.is_valid():
        with told_on(form):
            codes = actions.make_codes(by=request.user, at=timezone.now(), link=link, **form.cleaned_data)
            address, place = public_address(link), link.region.name if link.region else _("All townships")
            rows = ([number, code, place, address] for number, code in enumerate(codes, start=1))
            header = [_("Number"), _("Invitation code"), _("Township"), _("Address")]
            return xlsx_response(
                _("Invitation codes %(place)s") % {"place": place}, header, rows, widths=[8, 20, 16, 60]
            )
    made, used = link.codes.count(), link.codes.exclude(used_at=None).count()
    context: dict[str, Any] = {"form": form, "campaign": link.campaign, "link": link, "made": made, "used": used}
    crumbs = below_campaign(link.campaign, _("Invitation codes"))
    return render(request, "surveys/campaigns/codes.html", {**context, "crumbs": crumbs})


@requires(P.MANAGE_CAMPAIGNS)
@require_POST
def link_close(request: SignedInRequest, pk: int, link_pk: int) -> HttpResponse:
    link = _link(request, pk, link_pk)
    with told_on_page(request):
        actions.close_link(by=request.user, at=timezone.now(), link=link)
        messages.success(request, _("The link takes no more answers."))
    return redirect("surveys:campaign_links", pk)


@requires(P.MANAGE_CAMPAIGNS)
@require_POST
def link_reopen(request: SignedInRequest, pk: int, link_pk: int) -> HttpResponse:
    link = _link(request, pk, link_pk)
    with told_on_page(request):
        actions.reopen_link(by=request.user, at=timezone.now(), link=link)
        messages.success(request, _("The link takes answers again."))
    return redirect("surveys:campaign_links", pk)


def drawing(link: PublicLink) -> str:
    """The QR code comes from our own address, never from input."""
    return mark_safe(code_svg(link))  # noqa: S308
