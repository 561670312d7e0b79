"""The answer to the button that has a code sent: a part of the page, or the page around it where no script runs."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talentmap.accounts import limits
from talentmap.accounts.access import SignedInRequest
from talentmap.accounts.actions_mobile import ask_code
from talentmap.accounts.checks import CONSOLE_SMS
from talentmap.accounts.forms import MobileField
from talentmap.ui.errors import Refused

WRONG_CODE = gettext_lazy("The code is wrong, used or older than five minutes. Look again, or have a new one sent.")


def asks_for_code(request: HttpRequest) -> bool:
    return request.method == "POST" and "send_code" in request.POST


def send_code(request: SignedInRequest, purpose: str, page: Callable[[dict[str, Any]], HttpResponse]) -> HttpResponse:
    """Send the typed number a code and say so; `page` gives the whole page with what is said."""
    limits.count(request, "mobile-code", "20/h", "100/d")
    told = _told(request, purpose)
    return render(request, "accounts/code_sent.html", told) if request.htmx else page(told)


def _told(request: SignedInRequest, purpose: str) -> dict[str, Any]:
    by = request.user if request.user.is_authenticated else None
    try:
        mobile = MobileField().clean(request.POST.get("mobile", ""))
        code = ask_code(by=by, at=timezone.now(), purpose=purpose, mobile=mobile)
    except ValidationError as error:
        return {"code_told": " ".join(error.messages), "code_tone": "bad"}
    except Refused as refusal:
        return {"code_told": str(refusal), "code_tone": "bad"}
    sent = _("A code is on its way to %(mobile)s. It holds for five minutes.") % {"mobile": mobile}
    return {"code_told": sent, "code_tone": "good", "code_shown": code if shows_codes() else ""}


def shows_codes() -> bool:
    """In a demo that sends no text messages the page is the only place where a newcomer can read the code."""
    return settings.DEMO and settings.SMS_CHANNEL == CONSOLE_SMS
