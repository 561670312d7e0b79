from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talentmap.accounts.permissions import Role
from talentmap.regions.models import Level, Region
from tests.factories.accounts import CountyFactory, TownshipFactory, VillageFactory, user_with

pytestmark = pytest.mark.django_db
HEAD = "code,name,alt_code,population,population_as_of\n"


@pytest.fixture
def administrator(client):
    user = user_with(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def upload(client, text, name="regions.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    return client.post(reverse("regions:import"), {"file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize("villages", [1, 3])
def test_the_list_costs_the_same_however_long(client, administrator, villages, django_assert_num_queries):
    VillageFactory.create_batch(villages, parent=TownshipFactory())
    client.get(reverse("regions:list"))
    with django_assert_num_queries(7):
        page = client.get(reverse("regions:list"))
    assert len(page.context["list"].rows) == villages + 2


def test_regions_are_found_by_name_code_township_and_level(client, administrator):
    township = TownshipFactory(name="来复镇", code="511525108000")
    VillageFactory(parent=township, name="大坡村")
    other = TownshipFactory(name="文江镇", code="511525100000")

    def found(**query):
        return {row.name for row in client.get(reverse("regions:list"), query).context["list"].rows}

    assert found(q="大坡") == {"大坡村"}
    assert found(q="511525100") == {"文江镇"}
    assert found(township=township.pk) == {"来复镇", "大坡村"}
    assert found(level=Level.TOWNSHIP) == {"来复镇", "文江镇"}
    assert found(level="nonsense", township=other.pk)


def test_an_import_is_shown_first_and_saved_on_confirmation(client, administrator):
    county = Region.objects.get()
    page = upload(client, HEAD + f"{county.code},高县新,,380893,2020-11-01\n511525100000,文江镇,511525115000,,\n")
    assert page.status_code == 200
    assert (page.context["plan"].created, page.context["plan"].updated) == (1, 1)
    assert "高县新" in page.content.decode()
    assert Region.objects.count() == 1
    done = client.post(reverse("regions:import_confirm"), {"signed": page.context["signed"]})
    assert done.status_code == 302
    assert Region.objects.get(code="511525100000").alt_code == "511525115000"
    assert Region.objects.get(code=county.code).population == 380893


def test_excel_is_read_too_and_the_download_is_a_pattern(client, administrator):
    TownshipFactory(code="511525100000", name="文江镇")
    downloaded = b"".join(client.get(reverse("regions:download")).streaming_content)
    assert upload(client, downloaded).context["plan"].changes == ()
    book = openpyxl.Workbook()
    book.active.append(["code", "name"])
    book.active.append(["511525101000", "庆符镇"])
    file = BytesIO()
    book.save(file)
    assert upload(client, file.getvalue(), "r.xlsx").context["plan"].created == 1


def test_every_faulty_cell_is_named_with_row_and_column(client, administrator):
    page = upload(client, HEAD + "51152510000,文江镇,,,\n511525101000,,,x,2020-13-01\n")
    errors = [(error.row, error.letter) for error in page.context["errors"]]
    assert sorted(errors) == [(2, "A"), (3, "B"), (3, "D"), (3, "E")]
    assert Region.objects.count() == 1


def test_rows_that_contradict_each_other_are_named(client, administrator):
    page = upload(client, HEAD + "511525100000,甲,,,\n511525100000,乙,,,\n511525999001,孤村,,,\n")
    assert [error.row for error in page.context["errors"]] == [3, 4]


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x01\x02", b"code\n511525100000\n", b"code,name\n", b"PK\x03\x04nonsense", b"\xd0\xcf\x11\xe0old"],
)
def test_what_is_no_table_is_refused_with_a_reason(client, administrator, content):
    page = upload(client, content)
    assert page.status_code == 200
    assert page.context["form"].errors or page.context["fault"]
    assert Region.objects.count() == 1


def test_a_confirmation_is_the_uploaders_own_and_unchanged(client, administrator):
    signed = upload(client, HEAD + "511525100000,文江镇,,,\n").context["signed"]
    for forged in ("", signed[:-2], signed + "x"):
        assert client.post(reverse("regions:import_confirm"), {"signed": forged}).status_code == 302
    client.force_login(user_with(Role.ADMINISTRATOR))
    client.post(reverse("regions:import_confirm"), {"signed": signed})
    assert Region.objects.count() == 1


def test_a_region_is_corrected_and_keeps_what_was_typed_when_it_cannot_be(client, administrator):
    township = TownshipFactory(code="511525100000")
    url = reverse("regions:edit", args=[township.pk])
    values = {"name": "文江镇", "code": "511525100000", "is_active": "on", "latitude": "28.38812"}
    page = client.post(url, values)
    assert page.status_code == 200 and "28.38812" in page.content.decode()
    done = client.post(url, {**values, "longitude": "104.56339"})
    assert done.status_code == 302
    township.refresh_from_db()
    assert (township.name, str(township.longitude)) == ("文江镇", "104.56339")


def test_a_correction_of_what_somebody_else_changed_meanwhile_is_refused(client, administrator):
    township = TownshipFactory(code="511525100000")
    url = reverse("regions:edit", args=[township.pk])
    assert 'name="version" value="1"' in client.get(url).content.decode()
    values = {"name": "文江镇", "code": "511525100000", "is_active": "on", "version": 1}
    assert client.post(url, values).status_code == 302
    stale = client.post(url, {**values, "name": "文江街道"})
    assert stale.status_code == 200 and "文江街道" in stale.content.decode()
    township.refresh_from_db()
    assert township.name == "文江镇"


def test_another_countys_region_is_not_mine_to_correct(client, administrator):
    elsewhere = CountyFactory(code="511526000000", name="珙县")
    client.force_login(user_with(Role.ADMINISTRATOR, region=elsewhere))
    mine = TownshipFactory(code="511525100000")
    assert client.get(reverse("regions:edit", args=[mine.pk])).status_code == 403


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    values=st.fixed_dictionaries(
        {
            name: st.text(max_size=40) | st.sampled_from(["", "-1", "1e9", "NaN", "Infinity", "９", "511525100000"])
            for name in (
                "name", "code", "alt_code", "population", "population_as_of",
                "latitude", "longitude", "tile_x", "tile_y",
            )
        }
    )
)  # fmt: skip
def test_absurd_values_are_answered(client, administrator, values):
    township, _made = Region.objects.get_or_create(
        code="511525100000", name="文江镇", level=Level.TOWNSHIP, parent=Region.objects.get(level=Level.COUNTY)
    )
    client.raise_request_exception = False
    response = client.post(reverse("regions:edit", args=[township.pk]), values)
    assert response.status_code in (200, 302, 400)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(content=st.binary(max_size=300) | st.text(max_size=200).map(lambda text: (HEAD + text).encode()))
def test_absurd_files_are_answered(client, administrator, content):
    client.raise_request_exception = False
    assert upload(client, content).status_code in (200, 400)
    assert Region.objects.count() == 1
