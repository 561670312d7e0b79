"""Making tokens and webhooks."""

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from needs.surveys.api.calling import check_url
from needs.surveys.api.models import WebhookDelivery
from needs.surveys.api.rules import LONGEST_LIFE
from needs.surveys.campaigns.models import Campaign
from talentmap.accounts.permissions import Permission as P
from talentmap.regions.models import Region
from talentmap.ui.errors import Refused
from talentmap.ui.forms import PageForm


class TokenForm(PageForm):
    name = forms.CharField(
        label=pgettext_lazy("token", "Name"),
        max_length=80,
        help_text=gettext_lazy("Which system reads with it, so that you know it again."),
    )
    campaign = forms.ModelChoiceField(
        label=gettext_lazy("Only this campaign"),
        queryset=Campaign.objects.none(),
        required=False,
        empty_label=gettext_lazy("All campaigns"),
    )
    region = forms.ModelChoiceField(
        label=gettext_lazy("Only this township"),
        queryset=Region.objects.none(),
        required=False,
        empty_label=gettext_lazy("All townships"),
    )
    with_responses = forms.BooleanField(
        label=gettext_lazy("Single responses too"),
        required=False,
        help_text=gettext_lazy("Without it, the token reads results only. Answers that name a person are never read."),
    )
    last_day = forms.DateField(label=gettext_lazy("Valid until"), help_text=gettext_lazy("A year at most."))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["campaign"].queryset = Campaign.objects.visible_to(user, P.MANAGE_API)
        reach = user.reach(P.MANAGE_API)
        townships = Region.objects.townships().active()
        inside = [region.pk for region in townships if reach.covers_code(region.code)]
        fields["region"].queryset = townships.filter(pk__in=inside).order_by("code")
        fields["last_day"].initial = timezone.localdate() + timedelta(days=90)

    def clean_last_day(self) -> date:
        day: date = self.cleaned_data["last_day"]
        today = timezone.localdate()
        if not today <= day < today + LONGEST_LIFE:
            raise ValidationError(_("Choose a day within a year."))
        return day

    def expires_at(self) -> datetime:
        """The end of the last day."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["last_day"] + timedelta(days=1), time.min))


class WebhookForm(PageForm):
    campaign = forms.ModelChoiceField(label=gettext_lazy("Survey campaign"), queryset=Campaign.objects.none())
    url = forms.URLField(
        label=pgettext_lazy("webhook", "Address"),
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("Gets a POST for each approved response of the campaign."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["campaign"].queryset = Campaign.objects.visible_to(user, P.MANAGE_API)

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            check_url(url)
        except Refused as refusal:
            raise ValidationError(str(refusal)) from refusal
        return url


class DeliveryFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        choices=WebhookDelivery.State.choices,
        label=pgettext_lazy("webhook", "State"),
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = WebhookDelivery
        fields: list[str] = []
