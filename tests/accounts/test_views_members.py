import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talentmap.accounts.models import Membership, User
from talentmap.accounts.permissions import Role
from tests.accounts.test_actions import with_second_factor
from tests.factories.accounts import CountyFactory, TownshipFactory, give, user_with
from tests.factories.people import OrganisationFactory, TalentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    user = user_with(Role.OFFICE_STAFF, display_name="经办员")
    client.force_login(user)
    return user


def found(client, **query):
    return [row.display_name for row in client.get(reverse("members"), query).context["list"].rows]


def test_members_are_listed_by_pinyin_and_found(client, staff):
    township = TownshipFactory()
    user_with(Role.TOWNSHIP_CADRE, display_name="张三", username="zhang.san", mobile="13812341234", region=township)
    user_with(Role.BANK_OFFICER, display_name="曾强", organisation=OrganisationFactory(region=township))
    user_with(Role.TALENT, display_name="李四", is_active=False)
    assert found(client) == ["经办员", "李四", "曾强", "张三"]
    assert (
        found(client, q="张")
        == found(client, q="ZHANG")
        == found(client, q="1381234")
        == found(client, q="1234")
        == ["张三"]
    )
    assert found(client, role=Role.BANK_OFFICER) == ["曾强"]
    assert found(client, region=township.pk) == ["曾强", "张三"]
    assert found(client, state="closed") == ["李四"]
    assert found(client, sort="-name")[0] == "张三"


def test_a_whole_mobile_number_finds_no_member_and_is_turned_away(client, staff):
    user_with(Role.TALENT, display_name="李四", mobile="13812341234")
    page = client.get(reverse("members"), {"q": "13812341234"})
    assert page.context["list"].rows == []
    assert "请只填写手机号后四位" in page.content.decode()


@pytest.mark.parametrize("members", [1, 3])
def test_the_list_costs_the_same_however_long(client, staff, members, django_assert_num_queries):
    for _each in range(members):
        give(user_with(Role.TOWNSHIP_CADRE), Role.TALENT)
    client.get(reverse("members"))
    with django_assert_num_queries(8):
        assert len(client.get(reverse("members")).context["list"].rows) == members + 1


def new_member(**changes):
    values = {"display_name": "李四", "username": "Li.Si", "role": Role.TOWNSHIP_CADRE, "mobile": "", "email": ""}
    return {**values, **changes}


def test_a_member_is_let_in_and_the_password_shown_once(client, staff):
    township = TownshipFactory()
    page = client.post(reverse("member_new"), new_member(region=township.pk))
    assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    member = User.objects.get(username="li.si")
    password = page.context["password"]
    assert member.check_password(password) and password in page.content.decode()
    assert password not in client.get(reverse("member", args=[member.pk])).content.decode()
    assert member.memberships.get().region == township


def test_only_what_one_may_give_can_be_chosen(client, staff):
    offered = {value for value, _label in client.get(reverse("member_new")).context["form"].fields["role"].choices}
    assert Role.TOWNSHIP_CADRE in offered and not offered & {Role.OFFICE_STAFF, Role.ADMINISTRATOR, Role.TALENT}
    page = client.post(reverse("member_new"), new_member(role=Role.ADMINISTRATOR, region=CountyFactory().pk))
    assert "role" in page.context["form"].errors
    assert not User.objects.filter(username="li.si").exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, "region"),
        ({"role": Role.BANK_OFFICER}, "organisation"),
        ({"username": "13812341234"}, "username"),
        ({"username": "system"}, "username"),
        ({"mobile": "123"}, "mobile"),
        ({"display_name": ""}, "display_name"),
    ],
)
def test_what_is_missing_or_wrong_is_told_at_its_field(client, staff, changes, field):
    if field != "region" and changes.get("role") is None:
        changes = {**changes, "region": TownshipFactory().pk}
    page = client.post(reverse("member_new"), new_member(**changes))
    assert page.status_code == 200 and list(page.context["form"].errors) == [field]


def test_a_user_name_that_is_taken_is_told_at_its_field(client, staff):
    user_with(Role.TALENT, username="li.si")
    page = client.post(reverse("member_new"), new_member(region=TownshipFactory().pk))
    assert list(page.context["form"].errors) == ["username"]


def test_outside_ones_reach_there_is_nobody(client):
    other_county = CountyFactory(code="511526000000", name="珙县")
    client.force_login(user_with(Role.OFFICE_STAFF, region=other_county))
    here = user_with(Role.TOWNSHIP_CADRE)
    membership = here.memberships.get()
    for name, arguments in (
        ("member", [here.pk]),
        ("member_edit", [here.pk]),
        ("role_give", [here.pk]),
    ):
        assert client.get(reverse(name, args=arguments)).status_code == 404
    for name, arguments in (
        ("member_password", [here.pk]),
        ("member_factor", [here.pk]),
        ("member_let_in", [here.pk]),
        ("role_end", [here.pk, membership.pk]),
    ):
        assert client.post(reverse(name, args=arguments), {"reason": "x"}).status_code == 404


def test_inside_ones_reach_but_above_oneself_one_looks_only(client, staff):
    director = user_with(Role.OFFICE_DIRECTOR)
    page = client.get(reverse("member", args=[director.pk]))
    assert page.status_code == 200 and not page.context["may_manage"]
    assert client.get(reverse("member_edit", args=[director.pk])).status_code == 403
    for name in ("member_password", "member_factor", "member_let_in"):
        assert client.post(reverse(name, args=[director.pk]), {"reason": "x"}).status_code == 403
    ending = reverse("role_end", args=[director.pk, director.memberships.get().pk])
    assert client.post(ending, {"reason": "x"}).status_code == 403


def test_a_role_is_given_and_ended_with_a_reason(client, staff):
    member, township = user_with(Role.TALENT), TownshipFactory()
    values = {"role": Role.TOWNSHIP_CADRE, "region": township.pk}
    assert client.post(reverse("role_give", args=[member.pk]), values).status_code == 302
    given = Membership.objects.get(role=Role.TOWNSHIP_CADRE)
    twice = client.post(reverse("role_give", args=[member.pk]), values)
    assert twice.status_code == 200 and twice.context["form"].errors
    url = reverse("role_end", args=[member.pk, given.pk])
    client.post(url, {"reason": " "})
    assert Membership.objects.active().filter(pk=given.pk).exists(), "no reason, no end"
    client.post(url, {"reason": "moved"})
    assert not Membership.objects.active().filter(pk=given.pk).exists()
    assert client.post(url, {"reason": "moved"}).status_code == 404
    assert "moved" not in client.get(reverse("member", args=[member.pk])).content.decode()


def test_a_role_in_the_wrong_place_is_told_at_the_field(client, staff):
    member = user_with(Role.TALENT)
    values = {"role": Role.TOWNSHIP_CADRE, "region": CountyFactory().pk}
    page = client.post(reverse("role_give", args=[member.pk]), values)
    assert set(page.context["form"].errors) == {"region"}
    values = {"role": Role.BANK_OFFICER, "organisation": OrganisationFactory().pk}
    page = client.post(reverse("role_give", args=[member.pk]), values)
    assert set(page.context["form"].errors) == {"organisation"}


def test_a_role_of_another_account_does_not_end_under_this_one(client, staff):
    member, other = user_with(Role.TALENT), user_with(Role.TOWNSHIP_CADRE)
    url = reverse("role_end", args=[member.pk, other.memberships.get().pk])
    assert client.post(url, {"reason": "x"}).status_code == 404


def test_a_member_is_helped_back_in(client, staff):
    member = with_second_factor(user_with(Role.TOWNSHIP_CADRE))
    assert client.post(reverse("member_password", args=[member.pk]), {"reason": " "}).status_code == 302
    assert not member.notices.exists(), "no reason, no new password"
    shown = client.post(reverse("member_password", args=[member.pk]), {"reason": "his card"}).context["password"]
    member.refresh_from_db()
    assert member.check_password(shown)
    client.post(reverse("member_factor", args=[member.pk]), {"reason": ""})
    member.refresh_from_db()
    assert member.second_factor_since, "no reason, no removal"
    client.post(reverse("member_factor", args=[member.pk]), {"reason": "shown the card"})
    client.post(reverse("member_let_in", args=[member.pk]), {"allowed": "0"})
    member.refresh_from_db()
    assert member.is_active, "no reason, no closing"
    client.post(reverse("member_let_in", args=[member.pk]), {"allowed": "0", "reason": "left"})
    member.refresh_from_db()
    assert member.second_factor_since is None and not member.is_active
    client.post(reverse("member_let_in", args=[member.pk]), {"allowed": "1", "reason": "back"})
    member.refresh_from_db()
    assert member.is_active


def test_a_closed_account_is_out_at_once(client, staff, client_factory):
    member, browser = user_with(Role.TOWNSHIP_CADRE), client_factory()
    browser.force_login(member)
    assert browser.get(reverse("account")).status_code == 200
    client.post(reverse("member_let_in", args=[member.pk]), {"allowed": "0", "reason": "left"})
    assert browser.get(reverse("account")).status_code == 302


def test_a_person_at_the_counter_gets_an_account(client, staff):
    talent = TalentFactory(user=None, phone="13812341234")
    type(talent).objects.filter(pk=talent.pk).update(identity_verified_at=talent.created_at, identity_verified_by=staff)
    page = client.post(reverse("member_for_talent", args=[talent.pk]))
    assert page.status_code == 200 and page.context["member"].mobile == "13812341234"
    assert client.post(reverse("member_for_talent", args=[talent.pk])).status_code == 302
    assert User.objects.filter(mobile="13812341234").count() == 1


def test_correcting_keeps_what_was_typed_when_the_number_is_taken(client, staff):
    member = user_with(Role.TOWNSHIP_CADRE)
    user_with(Role.TALENT, mobile="13812341234")
    values = {"display_name": "赵六", "mobile": "138 1234 1234", "email": ""}
    page = client.post(reverse("member_edit", args=[member.pk]), values)
    assert list(page.context["form"].errors) == ["mobile"] and "赵六" in page.content.decode()
    client.post(reverse("member_edit", args=[member.pk]), {**values, "mobile": "139 1234 1234"})
    member.refresh_from_db()
    assert (member.display_name, member.mobile) == ("赵六", "13912341234")


ABSURD = st.text(max_size=60) | st.sampled_from(["\x00", "-1", "99999999999999999999", "🙂" * 50, "<b>", "system"])


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(first=ABSURD, second=ABSURD, third=ABSURD)
@pytest.mark.parametrize("name", ["member_new", "role_give", "member_edit"])
def test_absurd_values_are_answered(client, staff, name, first, second, third):
    client.raise_request_exception = False
    member = User.objects.filter(username="absurd").first() or user_with(Role.TOWNSHIP_CADRE, username="absurd")
    fields = ("display_name", "username", "mobile", "email", "role", "region", "organisation")
    values = {field: (first, second, third)[place % 3] for place, field in enumerate(fields)}
    url = reverse(name, args=[] if name == "member_new" else [member.pk])
    assert client.post(url, values).status_code in (200, 302, 400)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(query=st.dictionaries(st.sampled_from(["q", "role", "region", "state", "sort", "page"]), ABSURD))
def test_absurd_filters_are_answered(client, staff, query):
    client.raise_request_exception = False
    assert client.get(reverse("members"), query).status_code in (200, 400)
