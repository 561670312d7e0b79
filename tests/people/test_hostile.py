"""Whatever is sent to a form: an answer, never a fault of ours, and nothing half written."""

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talentmap.accounts.permissions import Role
from talentmap.people.choices import Purpose
from talentmap.people.forms import SECTIONS, FamilyForm, SkillForm, StaffFileForm
from talentmap.people.forms_office import (
    AnswerForm,
    ClearNumberForm,
    CorrectionForm,
    ExportForm,
    FindByIdForm,
    LinkAccountForm,
    OrganisationFilter,
    OrganisationForm,
    TalentFilter,
)
from talentmap.people.models import Talent
from talentmap.people.querysets import normalised, person_matches
from talentmap.people.records import DataRequest
from tests.factories.accounts import user_with
from tests.factories.people import AT, ConsentFactory, OrganisationFactory, TalentFactory, talent_with_account

pytestmark = pytest.mark.django_db
NASTY = [
    "", " ", "\u3000", "\x00", "\x1f", "'; drop table talentmap_talent; --", "<script>alert(1)</script>", "{{ 7*7 }}",
    "%s%n", "../../etc/passwd", "=1+1", "张" * 5000, "𠮷𠮷", "\u202eabc", "👍" * 60, "0" * 400, "-1", "1e999", "NaN",
    "Infinity", "9" * 30, "0000-00-00", "9999-12-31", "0001-01-01", "10000-01-01", "2026-02-30", "true", "null", "[]",
    "A", "male", "enterprise", "spouse", "senior", "id_number", "11010519491231002X", "13812341234", "6222023100001234",
    "91110000600037341L", "9" * 5000,
    "family:" + "9" * 5000, "family:1", "on", "\ud7ff\ue000", "ｱ", "１２３", "\r\n", "﷽", "ı", "ß", "²", "①",
]  # fmt: skip
anything = st.one_of(st.sampled_from(NASTY), st.text(max_size=80), st.integers().map(str), st.dates().map(str))
relaxed = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def names_of(form_class):
    return [*form_class.base_fields, "once_token", "consent"]


@pytest.fixture
def everything(client):
    staff = user_with(Role.OFFICE_STAFF)
    talent = talent_with_account()
    ConsentFactory(talent=talent, purpose=Purpose.SHARING)
    asked = DataRequest.objects.create(talent=talent, kind="correct", text="x", asked_at=AT, asked_by=talent.user)
    return {"staff": staff, "talent": talent, "organisation": OrganisationFactory(), "asked": asked}


def survive(client, url, data):
    response = client.post(url, data)
    assert response.status_code in {200, 302, 400, 403, 404, 429}, (url, response.status_code)
    return response


STAFF_FORMS = [
    ("talent_new", (), StaffFileForm),
    ("talent_edit", ("talent",), StaffFileForm),
    ("talent_find", (), FindByIdForm),
    ("talent_link_account", ("talent",), LinkAccountForm),
    ("talent_clear_number", ("talent",), ClearNumberForm),
    ("talent_export_full", (), ExportForm),
    ("organisation_new", (), OrganisationForm),
    ("organisation_edit", ("organisation",), OrganisationForm),
    ("data_request", ("asked",), AnswerForm),
]


@pytest.mark.parametrize(("name", "args", "form_class"), STAFF_FORMS, ids=[each[0] for each in STAFF_FORMS])
def test_forms_of_the_office(client, everything, name, args, form_class):
    client.force_login(everything["staff"])
    url = reverse(f"people:{name}", args=[everything[arg].pk for arg in args])
    prefix = "find-" if form_class is FindByIdForm else ""

    @relaxed
    @given(st.fixed_dictionaries({}, optional={prefix + each: anything for each in names_of(form_class)}))
    def post(data):
        survive(client, url, data)

    post()


@pytest.mark.parametrize("section", SECTIONS)
def test_sections_of_my_file(client, everything, section):
    client.force_login(everything["talent"].user)
    url = reverse("people:section", args=[everything["talent"].pk, section])

    @relaxed
    @given(st.fixed_dictionaries({}, optional=dict.fromkeys(names_of(SECTIONS[section][1]), anything)))
    def post(data):
        survive(client, url, data)

    post()
    for talent in Talent.objects.all():
        talent.full_clean(exclude=["name_pinyin", "name_initials", "name_sort_key"])


@pytest.mark.parametrize(
    ("name", "form_class"), [("skill_new", SkillForm), ("family_new", FamilyForm), ("ask_correction", CorrectionForm)]
)
def test_other_forms_of_my_file(client, everything, name, form_class):
    client.force_login(everything["talent"].user)
    url = reverse(f"people:{name}", args=[] if name == "ask_correction" else [everything["talent"].pk])

    @relaxed
    @given(st.fixed_dictionaries({}, optional=dict.fromkeys(names_of(form_class), anything)))
    def post(data):
        survive(client, url, data)

    post()


@pytest.mark.parametrize(
    ("name", "filter_class"), [("talent_list", TalentFilter), ("organisation_list", OrganisationFilter)]
)
def test_filters(client, everything, name, filter_class):
    client.force_login(everything["staff"])
    url = reverse(f"people:{name}")

    @relaxed
    @given(st.fixed_dictionaries({}, optional=dict.fromkeys([*filter_class.base_filters, "sort", "page"], anything)))
    def get(query):
        assert client.get(url, query).status_code in {200, 400}

    get()


@relaxed
@given(field=anything, reason=anything)
def test_unmasking(client, everything, field, reason):
    client.force_login(everything["staff"])
    survive(client, reverse("people:unmask", args=[everything["talent"].pk]), {"field": field, "reason": reason})


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=120))
def test_any_search(text):
    assert len(normalised(text)) <= 50
    list(Talent.objects.filter(person_matches(text)))


def test_hostile_names_stay_text(client, everything):
    client.force_login(everything["staff"])
    TalentFactory(name="<script>alert(1)</script>")
    shown = client.get(reverse("people:talent_list")).content.decode()
    assert "<script>alert" not in shown
