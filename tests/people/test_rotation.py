import io

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import TextField
from django.db.models.functions import Cast

from talentmap.audit.models import AuditEntry
from talentmap.people import rotation
from talentmap.people.models import Talent
from tests.factories.people import TalentFactory

pytestmark = pytest.mark.django_db


def _tokens():
    rows = Talent.objects.annotate(token=Cast("id_number", TextField())).order_by("pk")
    return list(rows.values_list("token", flat=True))


@pytest.fixture
def new_key(settings):
    TalentFactory.create_batch(5)
    key = Fernet.generate_key().decode()
    settings.FIELD_KEYS = [key, *settings.FIELD_KEYS]
    return key


def _under(key):
    return [rotation._is_under(Fernet(key), token) for token in _tokens()]


def test_everything_is_under_the_new_key_and_reads_the_same(new_key, settings):
    before = list(Talent.objects.order_by("pk").values_list("id_number", flat=True))
    call_command("rotate_field_keys", "--batch-size=2", stdout=io.StringIO(), stderr=io.StringIO())
    assert _under(new_key) == [True] * 5
    settings.FIELD_KEYS = [new_key]
    assert list(Talent.objects.order_by("pk").values_list("id_number", flat=True)) == before


def test_an_interrupted_run_goes_on_where_it_stopped(new_key):
    steps = rotation.rotate(batch_size=2)
    while not any(_under(new_key)):
        next(steps)
    steps.close()
    assert _under(new_key) == [True, True, False, False, False]
    rotated = sum(step.rotated for step in rotation.rotate(2) if step.column.model is Talent)
    assert rotated == 3
    assert _under(new_key) == [True] * 5


def test_a_second_run_changes_nothing_and_history_stays_quiet(new_key):
    list(rotation.rotate())
    tokens, entries = _tokens(), AuditEntry.objects.count()
    assert sum(step.rotated for step in rotation.rotate()) == 0
    assert _tokens() == tokens
    assert AuditEntry.objects.count() == entries
    assert not AuditEntry.objects.filter(table_name="talentmap_talent", operation="update").exists()


def test_a_value_saved_meanwhile_is_not_overwritten(new_key):
    talent = Talent.objects.first()
    column = next(c for c in rotation.columns() if c.model is Talent and c.field == "id_number")
    Talent.objects.filter(pk=talent.pk).update(id_number="11010519491231002X")
    assert rotation._swap(column, talent.pk, "what was read before", "stale") == 0
    assert Talent.objects.get(pk=talent.pk).id_number == "11010519491231002X"


def test_what_no_key_fits_is_named_and_left(settings):
    lost = TalentFactory()
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    TalentFactory()
    with pytest.raises(CommandError, match=f"id {lost.pk}"):
        call_command("rotate_field_keys", stdout=io.StringIO(), stderr=io.StringIO())


def test_every_encrypted_column_is_covered():
    names = {str(column) for column in rotation.columns()}
    assert {
        "talentmap_talent.id_number",
        "talentmap_talent.bank_account",
        "talentmap_talent.health_note",
        "talentmap_familymember.id_number",
        "talentmap_datarequest.wanted_value",
    } <= names
