"""What an open board does without a browser: it holds the token of its page, and asks with that alone."""

import re

from django.test import Client
from django.urls import reverse


def token_of(client, query=None):
    """As `client`, who is signed in, opens the board."""
    page = client.get(reverse("dashboards:board"), query or {}).content.decode()
    return re.search(r'data-token="([^"]+)"', page).group(1)


def asked(token, query=None, *, page="dashboards:board_data", **headers):
    """The answer to somebody who has no session."""
    return Client().get(reverse(page), query or {}, headers={"X-Board-Token": token, **headers})


def figures(client, query=None):
    """What the board of `client` is told, opened with `query`."""
    return asked(token_of(client, query)).json()


def value(told, code):
    return next(line["value"] for each in told["maps"] for line in each["headlines"] if line["code"] == code)
