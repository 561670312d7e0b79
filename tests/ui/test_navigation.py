import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import resolve, reverse

from talentmap.accounts.permissions import Role
from talentmap.ui import navigation
from tests.factories.accounts import give, user_with
from tests.factories.people import TalentFactory

pytestmark = pytest.mark.django_db
ITEMS = [item for group in navigation.STAFF for item in group.items] + [*navigation.APPLICANT, *navigation.PUBLIC]


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.url_name)
def test_every_entry_leads_to_a_view_that_its_permissions_open(item):
    view = resolve(reverse(item.url_name)).func
    assert set(item.permissions) & set(view.permissions) or {"public", "signed_in"} & set(view.permissions)


@pytest.mark.parametrize("role", Role)
def test_nobody_is_offered_a_page_that_refuses_them(client, role):
    user = user_with(role)
    if role == Role.TALENT:
        TalentFactory(user=user)
    client.force_login(user)
    sections = navigation.staff_sections(user, "/")
    offered = [entry.url for section in sections for entry in section.entries]
    offered += [entry.url for entry in navigation.flat_entries(navigation.APPLICANT, user, "/")]
    for url in offered:
        assert client.get(url).status_code == 200, url


def test_each_kind_of_person_has_their_layout():
    assert navigation.layout_of(AnonymousUser()) == "public"
    assert navigation.layout_of(user_with(Role.TALENT)) == "applicant"
    assert navigation.layout_of(user_with(Role.COUNTY_LEADER)) == "staff"
    both = user_with(Role.TALENT)
    give(both, Role.TOWNSHIP_CADRE)
    assert navigation.layout_of(both) == "staff"


def test_the_most_particular_entry_is_the_current_one():
    director = user_with(Role.OFFICE_DIRECTOR)
    path = reverse("casework:objections")
    current = [e for s in navigation.staff_sections(director, path) for e in s.entries if e.is_current]
    assert [entry.url for entry in current] == [path]


def test_a_group_of_which_nothing_is_offered_is_not_shown():
    leader = user_with(Role.COUNTY_LEADER)
    assert all(section.entries for section in navigation.staff_sections(leader, "/"))


@pytest.mark.parametrize("role", [Role.TALENT, Role.OFFICE_DIRECTOR])
def test_the_frame_of_a_page_is_complete(client, role):
    client.force_login(user_with(role))
    page = client.get("/", follow=True).content.decode()
    for part in (
        'class="skip-link"',
        'id="main"',
        'id="toasts"',
        'id="idle"',
        reverse("sign_out"),
        reverse("notices:inbox"),
    ):
        assert part in page
    assert page.count("<h1") == 1
    assert page.count("<main") == 1
    assert ('class="bottom no-print"' in page) == (role == Role.TALENT)
    assert ('id="side"' in page) == (role != Role.TALENT)
    assert not re.search(r"<[^>]+\sstyle=|<[^>]+\son\w+=|<script(?![^>]*\ssrc=)|<style", page), "inline script or style"


def test_on_a_phone_a_talent_has_five_targets_and_the_last_opens_the_rest():
    bar = navigation.bar(user_with(Role.TALENT), reverse("mentoring:my_pairs"))
    assert len(bar.shown) == 4
    assert bar.is_under_more
    named = [entry.url for entry in (*bar.shown, *bar.more)]
    assert len(named) == len(set(named))
    assert {reverse(item.url_name) for item in (*navigation.APPLICANT, *navigation.PUBLIC)} == set(named)
    assert not navigation.bar(user_with(Role.TALENT), reverse("casework:my")).is_under_more


def test_on_a_phone_a_visitor_reaches_all_that_is_public(client):
    bar = navigation.bar(AnonymousUser(), "/")
    assert [entry.url for entry in bar.shown] == [reverse(item.url_name) for item in navigation.PUBLIC]
    assert (len(bar.shown), bar.more) == (4, ())
    page = client.get("/").content.decode()
    assert 'class="bottom no-print"' in page
    assert "bottom-more" not in page


def test_unread_messages_are_counted_in_the_header(client, monkeypatch):
    monkeypatch.setattr("talentmap.ui.context.unread_count", lambda user: 120)
    client.force_login(user_with(Role.TALENT))
    assert "99+" in client.get("/", follow=True).content.decode()
