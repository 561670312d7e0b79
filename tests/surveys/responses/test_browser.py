"""What only a browser shows: ticking rows, paging without a reload, deciding by keyboard, on a phone and at a desk."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from needs.surveys.responses.models import Response
from tests.browser import SIZES, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=SIZES, ids=str)
def window(request, office, chromium, live_server, client):
    """The reviewer, signed in, on a phone and at a desk."""
    client.force_login(office.staff)
    with Visitor(chromium, live_server.url, SIZES[request.param]) as visitor:
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
        visitor.context.add_cookies([cookie])
        yield visitor


def list_path(office):
    return f"/needs/surveys/responses/of/{office.campaign.pk}/"


def test_ticking_and_approving_many(window, office):
    chosen, other = office.response(), office.response(flags=["too_fast"])
    window.goes(list_path(office))
    box = window.find(f"input[value='{chosen.pk}:pending:0']")
    box.check()
    expect(window.find("[data-bulk-count]")).to_have_text("1")
    window.follows("[data-bulk-bar] button[value=approved]")
    assert set(Response.objects.filter(state="approved")) == {chosen}
    window.sees(chosen.short_id)
    window.follows(".page-actions a.btn-primary")
    window.sees(other.short_id)


def test_paging_swaps_the_list_and_ticking_still_works(window, office):
    pks = [office.response().pk for _each in range(30)]
    window.goes(list_path(office))
    window.find("#page-after").click()
    first = window.find(f"input[value='{pks[0]}:pending:0']")
    first.check()
    expect(window.find("[data-bulk-count]")).to_have_text("1")
    assert f"after={pks[5]}" in window.page.url
    window.page.go_back()
    expect(window.find(f"#response-{pks[-1]}")).to_be_visible()


def test_a_response_is_read_and_decided_by_keyboard(window, office):
    following = office.response()
    response = office.response(flags=["too_fast"], personal='{"name": "张三"}')
    window.goes(f"/needs/surveys/responses/{response.pk}/")
    summary = window.find("#decision details:has(input[value=rejected]) summary")
    summary.focus()
    window.page.keyboard.press("Enter")
    window.page.keyboard.press("Tab")
    window.page.keyboard.type("与邻居答卷雷同")
    window.page.keyboard.press("Tab")
    window.page.keyboard.press("Enter")
    window.page.wait_for_url(f"**/responses/{following.pk}/**")
    response.refresh_from_db()
    assert (response.state, response.reviews.get().comment) == ("rejected", "与邻居答卷雷同")
