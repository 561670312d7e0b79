import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.exceptions import FieldError
from django.db import connection

from talentmap.people.fields import blind_index, cipher, decrypt, encrypt
from talentmap.people.models import Talent
from tests.factories.people import TalentFactory

pytestmark = pytest.mark.django_db


def _stored(talent, column):
    with connection.cursor() as cursor:
        cursor.execute(f"select {column} from talentmap_talent where id = %s", [talent.pk])
        return cursor.fetchone()[0]


def test_the_database_never_sees_the_number():
    talent = TalentFactory()
    assert talent.id_number not in _stored(talent, "id_number")
    assert decrypt(_stored(talent, "id_number")) == talent.id_number
    assert Talent.objects.get(pk=talent.pk).id_number == talent.id_number
    with connection.cursor() as cursor:
        cursor.execute("select row_to_json(t)::text from talentmap_talent t where id = %s", [talent.pk])
        assert talent.id_number not in cursor.fetchone()[0]


def test_the_same_value_is_stored_differently_each_time_but_found_by_its_index():
    assert encrypt("11010519491231002X") != encrypt("11010519491231002X")
    assert blind_index("11010519491231002x ") == blind_index("11010519491231002X")
    talent = TalentFactory()
    assert Talent.objects.with_id_number(talent.id_number).get() == talent
    assert not Talent.objects.with_id_number("").exists()


def test_the_index_depends_on_its_own_key(settings):
    before = blind_index("11010519491231002X")
    settings.BLIND_INDEX_KEY = "another"
    assert blind_index("11010519491231002X") != before
    assert blind_index("") == ""


@pytest.mark.parametrize("lookup", ["id_number", "id_number__startswith", "id_number__in", "bank_account__gt"])
def test_looking_up_by_the_value_is_refused(lookup):
    with pytest.raises(FieldError):
        list(Talent.objects.filter(**{lookup: "1"}))


def test_empty_stays_empty():
    talent = TalentFactory(id_number="", id_number_index="")
    assert _stored(talent, "id_number") == ""
    assert Talent.objects.filter(id_number="").get() == talent


def test_bulk_writes_encrypt_too():
    talent = TalentFactory()
    Talent.objects.filter(pk=talent.pk).update(health_note="青霉素过敏")
    assert "青霉素" not in _stored(talent, "health_note")
    talent.health_note = "花粉过敏"
    Talent.objects.bulk_update([talent], ["health_note"])
    assert "花粉" not in _stored(talent, "health_note")
    assert Talent.objects.get(pk=talent.pk).health_note == "花粉过敏"


def test_a_lost_key_is_an_error_and_not_an_empty_value(settings):
    talent = TalentFactory()
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(InvalidToken):
        Talent.objects.get(pk=talent.pk)


def test_the_first_key_encrypts_and_all_decrypt(settings):
    old = settings.FIELD_KEYS
    token = encrypt("x")
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *old]
    assert decrypt(token) == "x"
    assert Fernet(settings.FIELD_KEYS[0]).decrypt(encrypt("y").encode()) == b"y"
    assert cipher() is cipher()
