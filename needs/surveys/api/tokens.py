"""Who calls: the token in the request, what it reaches, and how often it may ask."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django_ratelimit.core import get_usage
from ninja.security import HttpBearer

from needs.surveys.api import actions
from needs.surveys.api.models import ApiToken
from needs.surveys.api.rules import digest_of
from needs.surveys.campaigns.models import Campaign
from needs.surveys.responses.models import Response
from needs.surveys.results.filters import Dimension, Filters, filters_of
from talentmap.accounts.permissions import Permission as P

RATE = "600/m"
FAILURES = "30/m"
NOTED_EVERY = timedelta(minutes=1)


class ApiError(Exception):
    """Answered with its status and `{"reasons": [{"code", "text"}]}`."""

    def __init__(self, status: int, code: str, text: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(text)
        self.status, self.code, self.text, self.headers = status, code, text, headers or {}


class Reader:
    """What one token may read: what its maker may, within the token's township and campaign."""

    def __init__(self, token: ApiToken) -> None:
        self.token = token
        self.user: Any = token.made_by

    def campaigns(self) -> QuerySet[Campaign]:
        found = Campaign.objects.visible_to(self.user, P.VIEW_RESULTS)
        if self.token.campaign_id:
            found = found.filter(pk=self.token.campaign_id)
        if self.token.region_id:
            found = found.filter(townships__region=self.token.region_id)
        return found.distinct()

    def responses(self, campaign: Campaign) -> QuerySet[Response]:
        """Raises ApiError for a token without single responses."""
        if not self.token.with_responses or not self.user.may(P.EXPORT_RESPONSES):
            raise ApiError(403, "no_responses", _("This token does not read single responses."))
        within = self.user.reach(P.EXPORT_RESPONSES).q(region="township")
        found = Response.objects.filter(within, campaign=campaign)
        return found.filter(township=self.token.region_id) if self.token.region_id else found

    def filters(self, **chosen: Any) -> Filters:
        """Results of the token's township only, whatever was asked for."""
        filters = filters_of(**chosen)
        if not self.token.region_id:
            return filters
        return filters.only(Dimension.TOWNSHIP, [str(self.token.region_id)])


class TokenAuth(HttpBearer):
    openapi_description = "A token that was made under “API and webhooks”, as `Authorization: Bearer tm_…`."

    def __call__(self, request: HttpRequest) -> Reader:
        found: Reader = super().__call__(request) or self._missing(request)
        return found

    def authenticate(self, request: HttpRequest, token: str) -> Reader:
        found = ApiToken.objects.select_related("made_by", "region").filter(digest=digest_of(token.strip())).first()
        if found is None:
            self._failed(request)
            raise _unknown()
        now = timezone.now()
        _check(found, now)
        _count(request, f"api-{found.pk}", RATE, lambda _group, _request: str(found.pk))
        if found.last_used_at is None or now - found.last_used_at > NOTED_EVERY:
            actions.note_use(by=found.made_by, at=now, token=found)
        return Reader(found)

    def _missing(self, request: HttpRequest) -> Reader:
        self._failed(request)
        raise ApiError(401, "token_missing", _("Send a token: Authorization: Bearer …"), {"WWW-Authenticate": "Bearer"})

    @staticmethod
    def _failed(request: HttpRequest) -> None:
        _count(request, "api-failures", FAILURES, "ip")


def _unknown() -> ApiError:
    return ApiError(401, "token_unknown", _("This token is not known."), {"WWW-Authenticate": "Bearer"})


def _check(token: ApiToken, now: datetime) -> None:
    """Raise ApiError for one that is over, or whose maker lost the role it was made with."""
    challenge = {"WWW-Authenticate": "Bearer"}
    if token.revoked_at is not None:
        raise ApiError(401, "token_revoked", _("This token was revoked."), challenge)
    if token.expires_at <= now:
        raise ApiError(401, "token_expired", _("This token has expired."), challenge)
    if not token.made_by.may(P.MANAGE_API):
        raise ApiError(401, "token_void", _("Who made this token may not do so any more."), challenge)


def _count(request: HttpRequest, group: str, rate: str, key: Any) -> None:
    usage = get_usage(request, group=group, key=key, rate=rate, increment=True)
    if usage and usage["should_limit"]:
        wait = str(max(1, usage["time_left"]))
        text = _("Too many requests: try again in %(seconds)s seconds.") % {"seconds": wait}
        raise ApiError(429, "too_many", text, {"Retry-After": wait})
