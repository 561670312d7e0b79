"""An invitation is taken back, and none stays open beside the entry that the person has already."""

from urllib.parse import quote

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from growth.mentoring import actions
from growth.mentoring.models import Mentor
from talentmap.audit.models import AuditEntry
from talentmap.ui.errors import Refused
from tests.accounts.test_views import form as registration
from tests.factories import mentoring
from tests.factories.accounts import UserFactory
from tests.factories.casework import moment
from tests.growth.mentoring.test_pages import page, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited(office):
    return actions.invite_mentor(by=office.staff, at=timezone.now(), name="赵文华", mobile="13990960002")


def profile(office):
    return {"name": "何强", "organisation_name": "高县茶业", "region": office.township, "capacity": 2,
            **mentoring.PROFILE}  # fmt: skip


def test_the_office_takes_an_invitation_back_and_its_link_ends(client, office, invited):
    address = reverse("mentoring:withdraw_invitation", args=[invited.pk])
    assert f'action="{address}"' in page(client, office.staff, "mentor", invited.pk).content.decode()
    shown = post(client, office.staff2, "withdraw_invitation", invited.pk).content.decode()
    assert address not in shown
    row = Mentor.objects.get(pk=invited.pk)
    assert (row.state, row.invite_token, row.invite_until, row.mobile) == ("withdrawn", "", None, "")
    assert row.decided_by == office.staff2
    over = page(client, UserFactory(), "invitation", invited.invite_token).content.decode()
    assert "邀请已失效" in over and "赵文华" not in over
    with pytest.raises(Refused, match="no longer valid"):
        actions.apply_as_mentor(by=UserFactory(), at=moment(), values=profile(office), token=invited.invite_token)
    entry = AuditEntry.objects.filter(table_name="growth_mentor", row_id=row.pk).latest("pk")
    assert (entry.actor, entry.changes["state"]) == (office.staff2, ["invited", "withdrawn"])
    assert "withdraw_invitation" in entry.action


def test_what_was_taken_back_is_not_renewed_and_the_person_is_invited_anew(office, invited):
    actions.withdraw_invitation(by=office.staff, at=moment(), mentor=invited)
    for act in (actions.renew_invitation, actions.withdraw_invitation):
        with pytest.raises(Refused):
            act(by=office.staff, at=moment(), mentor=invited)
    again = actions.invite_mentor(by=office.staff, at=moment(), name="赵文华", mobile="13990960002")
    assert again.pk != invited.pk


def test_an_invitation_that_was_used_and_that_of_another_office_stay(office, invited):
    with pytest.raises(PermissionDenied):
        actions.withdraw_invitation(by=office.cadre, at=moment(), mentor=invited)
    actions.apply_as_mentor(by=UserFactory(), at=moment(), values=profile(office), token=invited.invite_token)
    with pytest.raises(Refused):
        actions.withdraw_invitation(by=office.staff, at=moment(), mentor=invited)
    assert Mentor.objects.get().state == "applied"


def test_whoever_has_an_entry_uses_it_and_the_invitation_ends(client, office, invited):
    own = mentoring.applied(office)
    actions.refuse_mentor(by=office.staff, at=moment(), mentor=own, reason="材料不全")
    actions.apply_as_mentor(by=own.user, at=moment(), values=profile(office), token=invited.invite_token)
    own.refresh_from_db()
    invited.refresh_from_db()
    assert (own.state, invited.state, invited.invite_token) == ("applied", "withdrawn", "")
    assert invited.decision_reason
    shown = page(client, office.staff, "mentor", invited.pk).content.decode()
    assert invited.decision_reason in shown


def test_the_list_finds_what_was_taken_back(client, office, invited):
    actions.withdraw_invitation(by=office.staff, at=moment(), mentor=invited)
    assert page(client, office.staff, "mentor_list", state="withdrawn").context["list"].rows == [invited]
    assert page(client, office.staff, "mentor_list", state="invited").context["list"].rows == []


def test_whoever_has_no_account_reads_of_the_invitation_and_comes_back_to_it(client, invited):
    address = reverse("mentoring:invitation", args=[invited.invite_token])
    shown = client.get(address).content.decode()
    assert "您受邀担任导师" in shown and "赵文华" not in shown
    onward = f"?next={quote(address, safe='')}"
    assert f'href="{reverse("register")}{onward}"' in shown
    assert f'href="{reverse("register")}{onward}"' in client.get(reverse("sign_in") + onward).content.decode()
    arrived = client.post(reverse("register") + onward, registration(), follow=True)
    assert arrived.redirect_chain == [(address, 302)]
    assert "赵文华" in arrived.content.decode()


@pytest.mark.parametrize("end", [actions.renew_invitation, actions.withdraw_invitation])
def test_an_old_link_says_that_it_is_over_before_anybody_signs_in(client, office, invited, end):
    old = reverse("mentoring:invitation", args=[invited.invite_token])
    end(by=office.staff, at=moment(), mentor=invited)
    shown = client.get(old).content.decode()
    assert "邀请已失效" in shown and "赵文华" not in shown


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "home"])
def test_registering_leads_to_no_other_site(client, elsewhere):
    address = f"{reverse('register')}?next={quote(elsewhere, safe='')}"
    assert client.post(address, registration()).url == reverse("people:my_file")
    assert "example.org" not in client.get(f"{reverse('sign_in')}?next={quote(elsewhere, safe='')}").headers.get(
        "Location", ""
    )
