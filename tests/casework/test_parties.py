"""Stages that are decided outside the office: by organisations one after the other, or by one person of several."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from talentmap.accounts.permissions import Permission, Role
from talentmap.casework import actions, registry
from talentmap.casework.models import Application, Party
from talentmap.casework.scheme import DocumentRule, Stage
from talentmap.casework.states import State
from talentmap.notices.models import Notice
from talentmap.ui.errors import Refused
from tests.casework.sample import SampleScheme, effects
from tests.factories import casework as cases
from tests.factories.accounts import user_with
from tests.factories.casework import moment
from tests.factories.people import OrganisationFactory

pytestmark = pytest.mark.django_db


class Lending(SampleScheme):
    """Office, guarantor, bank; what the bank decides is the decision."""

    code, prefix = "lending", "YC"
    stages = (
        Stage("office", "Office review", Permission.OFFICE_REVIEW, 7),
        Stage("guarantor", "Guarantee", Permission.GUARANTEE, 3, party="organisation"),
        Stage("bank", "Bank's decision", Permission.LEND, 5, party="organisation"),
    )
    documents = (DocumentRule("plan", "Plan", stages=("bank",)), DocumentRule("photo", "Photo", lambda facts: False))
    public_notice = False
    decided_by = "last_stage"

    def __init__(self) -> None:
        self.named: dict = {}

    def party_of(self, application, stage):
        return self.named.get(stage.code)


class Pairing(Lending):
    """Office, then one person after the other until one accepts."""

    code, prefix = "pairing", "YD"
    stages = (Lending.stages[0], Stage("mentor", "Mentor", Permission.MENTOR, 5, party="person", passes_on=True))
    documents = ()


@pytest.fixture
def lending(people, monkeypatch):
    scheme = Lending()
    monkeypatch.setitem(registry._schemes, scheme.code, scheme)
    scheme.named = {"guarantor": OrganisationFactory(kind="guarantor"), "bank": OrganisationFactory(kind="bank")}
    return SimpleNamespace(
        scheme=scheme,
        guarantor=user_with(Role.GUARANTOR_OFFICER, organisation=scheme.named["guarantor"]),
        bank=user_with(Role.BANK_OFFICER, organisation=scheme.named["bank"]),
        other_bank=user_with(Role.BANK_OFFICER, organisation=OrganisationFactory(kind="bank")),
    )


@pytest.fixture
def pairing(people, monkeypatch):
    scheme = Pairing()
    monkeypatch.setitem(registry._schemes, scheme.code, scheme)
    firm = OrganisationFactory()
    first, second = (user_with(Role.MENTOR, organisation=firm) for _ in range(2))
    scheme.named = {"mentor": first}
    return SimpleNamespace(scheme=scheme, first=first, second=second, firm=firm)


def sent(people, code):
    talent = people.talent
    application = actions.start_draft(by=talent, at=moment(), scheme=code, talent=talent.talent)
    values = {"cost": 500, "starts_on": None}
    actions.save_page(by=talent, at=moment(), application=application, page="purpose", values={"purpose": "Tea"})
    actions.save_page(by=talent, at=moment(), application=application, page="cost", values=values)
    for rule in application.service.documents:
        actions.attach(by=talent, at=moment(), application=application, kind=rule.code, upload=cases.picture())
    actions.submit(by=talent, at=moment(), application=application)
    return actions.accept(by=people.cadre, at=moment(), application=application)


def passed(by, application):
    return actions.pass_stage(by=by, at=moment(), application=application)


def sees(user):
    return set(Application.objects.visible_to(user))


def test_each_organisation_sees_a_case_from_its_own_stage_on(people, lending):
    application = sent(people, "lending")
    everybody = (lending.guarantor, lending.bank, lending.other_bank)
    assert [sees(user) for user in everybody] == [set(), set(), set()]
    passed(people.staff, application)
    assert [sees(user) for user in everybody] == [{application}, set(), set()]
    passed(lending.guarantor, application)
    assert [sees(user) for user in everybody] == [{application}, {application}, set()]


def test_each_organisation_decides_at_its_own_stage_only_and_within_its_own_days(people, lending):
    application = sent(people, "lending")
    with pytest.raises(PermissionDenied):
        passed(lending.guarantor, application)
    application = passed(people.staff, application)
    assert (application.stage, str(application.stage_due_on)) == ("guarantor", "2026-03-05")  # Monday 2 March + 3
    for outsider in (people.staff, people.cadre, lending.bank, lending.other_bank):
        with pytest.raises(PermissionDenied):
            passed(outsider, application)
    assert set(Application.objects.waiting_for(lending.guarantor)) == {application}
    application = passed(lending.guarantor, application)
    assert (application.stage, str(application.stage_due_on)) == ("bank", "2026-03-09")
    assert not Application.objects.waiting_for(lending.guarantor)
    assert set(Application.objects.waiting_for(lending.bank)) == {application}


def test_the_last_stage_is_the_decision(people, lending):
    application = passed(lending.guarantor, passed(people.staff, sent(people, "lending")))
    with pytest.raises(Refused):
        passed(lending.bank, application)
    with pytest.raises(PermissionDenied):
        actions.approve(by=people.director, at=moment(), application=application)
    application = actions.approve(by=lending.bank, at=moment(), application=application)
    assert application.state == State.APPROVED
    assert effects(application) == 1


def test_approval_is_not_given_before_the_last_stage(people, lending):
    application = passed(people.staff, sent(people, "lending"))
    with pytest.raises(Refused):
        actions.approve(by=lending.guarantor, at=moment(), application=application)


def test_a_case_is_not_stuck_with_a_party_that_is_silent(people, lending):
    application = passed(people.staff, sent(people, "lending"))
    assert set(actions.allowed(people.director, application)) >= {"return", "reject"}
    assert "reject" not in actions.allowed(people.staff, application)
    rejected = actions.reject(by=people.director, at=moment(), application=application, reason="No answer")
    assert rejected.state == State.REJECTED


def test_a_party_is_told_and_reads_its_part_of_the_case(people, lending, client):
    application = passed(people.staff, sent(people, "lending"))
    assert Notice.objects.filter(recipient=lending.guarantor, kind="case_asked").count() == 1
    plan, photo = application.documents.get(kind="plan"), application.documents.get(kind="photo")
    client.force_login(lending.guarantor)
    page = client.get(reverse("casework:case", args=[application.pk])).content.decode()
    assert people.talent.talent.name in page
    assert application.applicant.masked_id_number not in page
    assert plan.name not in page
    for document in (plan, photo):
        for name in ("casework:viewer", "casework:document"):
            assert client.get(reverse(name, args=[application.pk, document.pk])).status_code == 404
    passed(lending.guarantor, application)
    client.force_login(lending.bank)
    assert client.get(reverse("casework:document", args=[application.pk, plan.pk])).status_code == 200
    assert client.get(reverse("casework:document", args=[application.pk, photo.pk])).status_code == 404
    client.force_login(lending.other_bank)
    for name in ("casework:case", "casework:decide", "casework:take"):
        way = client.get if name == "casework:case" else client.post
        assert way(reverse(name, args=[application.pk])).status_code == 404


def test_a_person_declines_and_the_next_is_asked(people, pairing):
    application = passed(people.staff, sent(people, "pairing"))
    assert sees(pairing.first) == {application}
    assert sees(pairing.second) == set()  # of the same firm
    assert "reject" not in actions.allowed(pairing.first, application)
    assert "return" not in actions.allowed(pairing.first, application)
    later = moment().replace(day=9)
    actions.ask(by=pairing.first, at=later, application=application, stage="mentor", person=pairing.second)
    assert (sees(pairing.first), sees(pairing.second)) == (set(), {application})
    with pytest.raises(PermissionDenied):
        actions.approve(by=pairing.first, at=later, application=application)
    application.refresh_from_db()
    assert str(application.stage_due_on) == "2026-03-16"  # five working days from Monday 9 March
    assert actions.approve(by=pairing.second, at=later, application=application).state == State.APPROVED


def test_asking_again_changes_nothing_and_asking_too_late_is_refused(people, pairing):
    application = passed(people.staff, sent(people, "pairing"))
    again = {"by": people.staff, "at": moment(), "application": application, "stage": "mentor"}
    assert actions.ask(**again, person=pairing.first) == Party.objects.get()
    actions.approve(by=pairing.first, at=moment(), application=application)
    with pytest.raises(Refused):
        actions.ask(**again, person=pairing.second)


def test_one_party_a_stage(people, pairing):
    application = passed(people.staff, sent(people, "pairing"))
    one = {"application": application, "stage": "mentor", "asked_at": moment()}
    for wrong in (
        {"person": pairing.second},
        {"stage": "x", "person": pairing.second, "organisation": pairing.firm},
        {"stage": "x"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Party.objects.create(**{**one, **wrong})
