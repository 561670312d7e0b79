import copy
from pathlib import Path

import pytest

from tests.browser import is_wrong


@pytest.fixture
def odd_urls(settings):
    """The product with a few misbehaving views beside it, and a template of its own for the list's."""
    settings.ROOT_URLCONF = "tests.ui.urls"
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(Path(__file__).parent / "templates")
    settings.TEMPLATES = templates


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["desk", "phone"])
def page(chromium, live_server, request):
    """A page that fails the test for any error of a script, any console error, any request to another host."""
    width, height = request.param
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": width, "height": height}, locale="zh-CN"
    )
    opened, wrongs = context.new_page(), []
    opened.on("pageerror", lambda error: wrongs.append(str(error)))
    opened.on("console", lambda said: wrongs.append(said.text) if is_wrong(said) else None)
    opened.on(
        "request", lambda asked: None if asked.url.startswith((live_server.url, "data:")) else wrongs.append(asked.url)
    )
    yield opened
    context.close()
    assert not wrongs
