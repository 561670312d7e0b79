import pytest
from django.db import connection

from talentmap.accounts.permissions import Role
from talentmap.people.models import Organisation, Talent
from talentmap.people.pinyin import name_keys
from talentmap.people.querysets import person_matches
from tests.factories.accounts import TownshipFactory, UserFactory, VillageFactory, user_with
from tests.factories.people import AT, OrganisationFactory, TalentFactory, credit_code, talent_with_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    TalentFactory(name="张伟", phone="13812341234")
    TalentFactory(name="单雄信", phone="13900005678")
    TalentFactory(name="欧阳娜娜", phone="15000001234")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("张伟", {"张伟"}),
        ("张", {"张伟"}),
        ("伟", {"张伟"}),
        ("雄信", {"单雄信"}),
        ("zhangwei", {"张伟"}),
        ("Zhang Wei", {"张伟"}),
        ("zw", {"张伟"}),
        ("shan", {"单雄信"}),
        ("oynn", {"欧阳娜娜"}),
        ("138", {"张伟"}),
        ("1234", {"张伟", "欧阳娜娜"}),
        ("138 1234 1234", {"张伟"}),
        ("５６７８", {"单雄信"}),
        ("234", set()),
        ("李", set()),
        ("%", set()),
        ("_", set()),
        ("---", set()),
        ("", {"张伟", "单雄信", "欧阳娜娜"}),
        ("   ", {"张伟", "单雄信", "欧阳娜娜"}),
    ],
)
def test_people_are_found_by_what_clerks_type(people, typed, found):
    assert {talent.name for talent in Talent.objects.search(typed)} == found


def test_a_search_from_another_table(people):
    talent = Talent.objects.get(name="张伟")
    user = talent.created_by
    user_model = type(user)
    talent.user = user
    talent.save(update_fields=["user"])
    assert user_model.objects.filter(person_matches("zw", "talent__")).get() == user


@pytest.fixture
def crowd():
    """Enough people for the planner to care."""
    maker = UserFactory()
    surnames = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章"
    given = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚辉玲桂英兰凤洁梅琳素云莲真环雪荣爱妹霄瑞"
    names = [a + b + c for a in surnames for b in given[::4] for c in given[::4]]
    keys = [name_keys(name) for name in names]
    Talent.objects.bulk_create(
        Talent(
            name=name,
            name_sort_key=key.sort_key,
            name_pinyin=key.pinyin,
            name_initials=key.initials,
            phone=f"1{3 + n % 7}{n * 7919 % 10**9:09}",
            created_by=maker,
            created_at=AT,
        )
        for n, (name, key) in enumerate(zip(names, keys, strict=True))
    )
    with connection.cursor() as cursor:
        cursor.execute("analyze talentmap_talent")


@pytest.mark.parametrize("typed", ["张伟", "张", "伟静", "zhangwei", "zwj", "1380000", "1234"])
def test_every_way_of_searching_uses_an_index(crowd, typed):
    plan = Talent.objects.search(typed).explain()
    assert "Seq Scan" not in plan
    assert "Index Cond" in plan


def test_organisations_are_found_by_part_pinyin_and_code():
    tea = OrganisationFactory(name="高县早白尖茶业有限公司", credit_code=credit_code(3))
    OrganisationFactory(name="宜宾银行高县支行")
    for typed in ("早白尖", "茶业", "gaoxianzaobai", "gxzbj", tea.credit_code[:10], tea.credit_code.lower()):
        assert Organisation.objects.search(typed).get() == tea, typed


@pytest.mark.parametrize("typed", ["早白尖茶", "zaobai", "9151152500"])
def test_organisations_are_found_by_index(typed):
    OrganisationFactory(name="高县早白尖茶业有限公司")
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        plan = Organisation.objects.search(typed).order_by().explain()
    assert "Seq Scan" not in plan
    assert "Index Cond: (upper" in plan


def test_who_sees_which_file():
    township = TownshipFactory()
    inside = TalentFactory(region=VillageFactory(parent=township))
    outside = TalentFactory()
    homeless = TalentFactory(region=None)
    everyone = {inside, outside, homeless}
    cadre = user_with(Role.TOWNSHIP_CADRE, region=township)
    assert set(Talent.objects.visible_to(cadre)) == {inside}
    assert set(Talent.objects.visible_to(user_with(Role.OFFICE_STAFF))) == everyone
    for role in (Role.COUNTY_LEADER, Role.BANK_OFFICER, Role.MENTOR, Role.ADMINISTRATOR, Role.TALENT):
        assert not Talent.objects.visible_to(user_with(role)).exists()


def test_a_person_sees_their_own_file_only():
    mine = talent_with_account()
    TalentFactory()
    assert list(Talent.objects.visible_to(mine.user)) == [mine]
    assert not Talent.objects.visible_to(UserFactory()).exists()


def test_lists_leave_the_secrets_in_the_database():
    TalentFactory()
    talent = Talent.objects.without_sensitive().get()
    assert {"id_number", "bank_account", "health_note"} <= talent.get_deferred_fields()
