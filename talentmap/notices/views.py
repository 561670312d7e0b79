"""A person's inbox and channel preferences; the administrator's list of messages that did not go out."""

import django_filters
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission
from talentmap.notices import actions
from talentmap.notices.forms import PreferencesForm
from talentmap.notices.models import Channel, Delivery, Notice
from talentmap.ui.errors import Refused
from talentmap.ui.lists import ListPage


@requires(Permission.SIGNED_IN)
@require_safe
def inbox(request: SignedInRequest) -> HttpResponse:
    notices = Notice.objects.visible_to(request.user)
    is_unread_only = request.GET.get("unread") == "1"
    page = ListPage(
        request,
        notices.unread() if is_unread_only else notices,
        sorts={"time": "created_at"},
        default_sort="-time",
    )
    newest = notices.order_by("-pk").values_list("pk", flat=True).first()
    context = {"list": page, "is_unread_only": is_unread_only, "newest": newest}
    return render(request, "notices/inbox.html", context)


@requires(Permission.SIGNED_IN)
@require_POST
def open_notice(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mark as read and go where the notice leads."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    actions.mark_read(by=request.user, at=timezone.now(), notice=notice)
    return redirect(notice.link or "notices:inbox")


@requires(Permission.SIGNED_IN)
@require_POST
def mark_all_read(request: SignedInRequest) -> HttpResponse:
    newest = request.POST.get("newest", "")
    if newest.isascii() and newest.isdigit() and len(newest) < 19:
        count = actions.mark_all_read(by=request.user, at=timezone.now(), newest_id=int(newest))
        said = ngettext("%(count)d notice is marked as read.", "%(count)d notices are marked as read.", count)
        messages.success(request, said % {"count": count})
    return redirect("notices:inbox")


@requires(Permission.SIGNED_IN)
@require_http_methods(["GET", "POST"])
def preferences(request: SignedInRequest) -> HttpResponse:
    form = PreferencesForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        actions.set_preferences(by=request.user, at=timezone.now(), wanted=form.wanted)
        messages.success(request, _("Your choice is saved."))
        return redirect("notices:preferences")
    return render(request, "notices/preferences.html", {"form": form})


class DeliveryFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        choices=Delivery.State.choices, label=gettext_lazy("State"), empty_label=gettext_lazy("All")
    )
    channel = django_filters.ChoiceFilter(
        choices=Channel.choices, label=gettext_lazy("Channel"), empty_label=gettext_lazy("All")
    )

    class Meta:
        model = Delivery
        fields: list[str] = []


@requires(Permission.WATCH_DELIVERIES)
@require_safe
def deliveries(request: SignedInRequest) -> HttpResponse:
    found = Delivery.objects.visible_to(request.user).select_related("notice__recipient")
    page = ListPage(request, found, DeliveryFilter, sorts={"number": "pk"}, default_sort="-number")
    failed = Delivery.objects.visible_to(request.user).filter(state=Delivery.State.FAILED).count()
    return render(request, "notices/deliveries.html", {"list": page, "failed": failed})


@requires(Permission.WATCH_DELIVERIES)
@require_POST
def try_again(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery.objects.visible_to(request.user), pk=pk)
    try:
        actions.try_again(by=request.user, at=timezone.now(), delivery=delivery)
        messages.success(request, _("The message is being sent again."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("notices:deliveries")
