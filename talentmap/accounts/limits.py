"""How often one address may try what costs us something: a password's check, a text message, a registration."""

from django.http import HttpRequest
from django_ratelimit.core import get_usage
from django_ratelimit.exceptions import Ratelimited


class TooMany(Ratelimited):
    """Told as 429, with the seconds after which it may be tried again."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


def count(request: HttpRequest, group: str, *rates: str) -> None:
    """Count one try of `group` for the request's address; raises TooMany beyond any of `rates`, such as `30/h`."""
    for rate in rates:
        usage = get_usage(request, group=f"{group}-{rate}", key="ip", rate=rate, increment=True)
        if usage and usage["should_limit"]:
            raise TooMany(usage["time_left"])
